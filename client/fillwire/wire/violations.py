"""Collects what is wrong with a request before it is sent, so that a caller hears of every bad field at once."""

import contextlib
from collections.abc import Iterator

from fillwire.errors import InvalidRequest, Violation

__all__ = ["Violations"]


class Violations:
    """The bad fields of one request."""

    def __init__(self) -> None:
        self._found: list[Violation] = []

    @contextlib.contextmanager
    def within(self, field: str) -> Iterator[None]:
        """Takes a `ValueError` of the block as what is wrong with `field`. A `TypeError` is the caller's own."""
        try:
            yield
        except ValueError as error:
            self._found.append(Violation(field, str(error)))

    def check(self) -> None:
        """Raises `InvalidRequest`, as the engine would, where anything was found."""
        if self._found:
            message = "; ".join(f"{one.field}: {one.description}" for one in self._found)
            raise InvalidRequest(message, reason="INVALID_REQUEST", violations=tuple(self._found))
