"""Lets the options that every command shares stand anywhere: `fillwire get ID -o json`, as people type it."""

from collections.abc import Iterator, Sequence
from typing import Final

from fillwire.cli import engine

__all__ = ["MissingValue", "hoist"]

_VALUED: Final = frozenset({"--target", "--token", "--output", "-o", "--timeout"})
_FLAGS: Final = frozenset({"--tls", "--quiet", "-q", "--no-color"})


class MissingValue(ValueError):
    """A shared option stands last, without its value."""


def hoist(args: Sequence[str]) -> list[str]:
    """The arguments with the shared options first; those of an engine command, and all after `--`, stay in place.

    Raises `MissingValue`.
    """
    shared: list[str] = []
    own: list[str] = []
    rest = iter(args)
    for arg in rest:
        if not own and arg in engine.COMMANDS:
            return [*shared, arg, *rest]
        if arg == "--":
            return [*shared, *own, arg, *rest]
        if _is_shared(arg):
            shared += [arg, _value(arg, rest)] if arg in _VALUED else [arg]
        else:
            own.append(arg)
    return shared + own


def _is_shared(arg: str) -> bool:
    return arg in _VALUED | _FLAGS or arg.partition("=")[0] in _VALUED or arg in {"-ojson", "-ojsonl", "-otable"}


def _value(arg: str, rest: Iterator[str]) -> str:
    try:
        return next(rest)
    except StopIteration:
        raise MissingValue(f"Option '{arg}' requires an argument.") from None
