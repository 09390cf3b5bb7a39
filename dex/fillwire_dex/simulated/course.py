"""How a block goes: what lands in which slot, between the moves of the market."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from fillwire_dex.errors import MalformedTransaction
from fillwire_dex.outcomes import Expired, RefusalReason, Refused
from fillwire_dex.simulated import ledger
from fillwire_dex.simulated.faults.chance import Chance
from fillwire_dex.simulated.faults.scripted import Halts
from fillwire_dex.simulated.market_motion import MarketMotion
from fillwire_dex.simulated.mirror import Sight
from fillwire_dex.simulated.motion import Motion
from fillwire_dex.simulated.stretch import MOST_SLOTS, Stretch
from fillwire_dex.transaction import Transaction

MOST_DUE: Final = 500
"""How many transactions a block has room for."""

Results = dict[str, ledger.Final]


class Due(NamedTuple):
    """A transaction that waits; `slot` is None for one that never lands."""

    signature: str
    payload: bytes
    fate: str
    last_valid_slot: int
    slot: int | None


class Course:
    """How a block goes, from slot to slot."""

    def __init__(self, sight: Sight, chance: Chance, halts: Halts, due: Sequence[Due]) -> None:
        self._sight = sight
        self._chance = chance
        self._halts = halts
        self._results: Results = {}
        self._stretch = Stretch(dict(sight.live), _end(sight, due))
        self._waiting = deque(self._landings(due))

    def run(self, motion: Motion) -> tuple[Stretch, Results]:
        """Return what became of the pools and of what was due."""
        stretch, head = self._stretch, self._sight.head
        if self._sight.motion is MarketMotion.MOVING:
            first = max(head + 1, stretch.end - MOST_SLOTS + 1)
            if first > head + 1:
                self._land_before(first)
                stretch.catch_up(motion, range(head + 1, first), self._sight.time(first))
            for slot in range(first, stretch.end + 1):
                self._land_before(slot)
                stretch.halt(self._halted(slot))
                stretch.move(motion, slot, self._sight.time(slot))
        self._land_before(stretch.end + 1)
        return stretch, self._results

    def _landings(self, due: Sequence[Due]) -> Iterator[tuple[int, Due]]:
        """Give what lands in this block with its slot, and settle what can no longer land.

        A transaction lands in the slot it was due in, but not before the last block's: another process may have been
        told that it did not. One that is due only after this block is left for the next.
        """
        for one in due:
            slot = None if one.slot is None else max(one.slot, self._sight.head)
            if slot is None or slot > one.last_valid_slot:
                if one.last_valid_slot < self._stretch.end:
                    self._results[one.signature] = Expired(one.last_valid_slot + 1)
            elif slot <= self._stretch.end:
                yield slot, one

    def _land_before(self, end: int) -> None:
        """Settle what lands in slots before this one."""
        while self._waiting and self._waiting[0][0] < end:
            slot, one = self._waiting.popleft()
            self._results[one.signature] = self._settle(one, slot)

    def _settle(self, one: Due, slot: int) -> ledger.Final:
        if one.fate == "refuse":
            return Refused(slot, RefusalReason.SIMULATED, "simulated fault")
        try:
            # Bytes that are no transaction must not keep the others from landing.
            sent = Transaction.decode(one.payload)
        except MalformedTransaction as error:
            return Refused(slot, RefusalReason.MALFORMED, str(error))
        self._stretch.halt(self._halted(slot))
        if venue := self._stretch.halted_on(sent):
            self._halts.feel(venue)
        return self._stretch.execute(sent, slot=slot, now=self._sight.second(slot))

    def _halted(self, slot: int) -> frozenset[str]:
        """Return the venues that execute nothing in a slot."""
        by_chance = {venue for venue in self._chance.rates if venue and self._chance.is_halted(venue, slot)}
        return frozenset(self._halts.venues() | by_chance)


def _end(sight: Sight, due: Sequence[Due]) -> int:
    """Return the slot that the block ends with: the present one, unless there is more due than it has room for."""
    last = due[-1].slot if len(due) == MOST_DUE else None
    return max(sight.head, sight.present if last is None else min(last, sight.present))
