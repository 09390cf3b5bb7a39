"""The command `fillwire`."""

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; `argv` is without the program's name, `None` takes it from the process. Gives the exit code."""
    # Not at the top: whoever asks for the entry point does not yet want Typer.
    from fillwire.cli.app import app  # noqa: PLC0415

    try:
        app(args=argv, prog_name="fillwire")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    return 0
