"""All that is wrong with one request, so that its caller hears of it at once."""

from typing import Final

from fillwire_bridge.statuses import Malformed, Violation

__all__ = ["Faults"]

_MOST: Final = 20


class Faults:
    """The malformed fields of a request, in the order in which they were found: as many as help to correct a client.

    What was read of a request that has any is of no use; nobody gets past `check` with it.
    """

    def __init__(self) -> None:
        self._found: list[Violation] = []

    def note(self, field: str, rule: str) -> None:
        """Remembers a field, "" for the whole request, and the rule it breaks. Raises Malformed for the twentieth."""
        self._found.append(Violation(field, rule))
        if len(self._found) >= _MOST:
            self.check()

    def check(self) -> None:
        """Raises Malformed where anything was found."""
        if self._found:
            first, *others = self._found
            raise Malformed(first.field, first.rule, *others)
