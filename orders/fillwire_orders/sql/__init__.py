"""The journal's statements, one file each, named by the verb; `statement("claim")` reads one."""

from functools import cache
from importlib.resources import files

__all__ = ["statement"]


@cache
def statement(name: str) -> bytes:
    """The text of `name`.sql, without its comments."""
    text = files(__package__).joinpath(f"{name}.sql").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return "\n".join(lines).encode()
