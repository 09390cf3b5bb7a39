"""The simulated market's statements, one file each, named by the verb."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> bytes:
    """Return the text of `name`.sql without its comments."""
    lines = files(__package__).joinpath(f"{name}.sql").read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--")).encode()
