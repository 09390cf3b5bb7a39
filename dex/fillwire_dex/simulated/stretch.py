"""What happens to the pools in the slots from one block to the next, without a database.

In a slot of a moving market pools end, appear and change their venue, chance and arbitrage move them, and then come the transactions that
land in it. Of a longer time than `MOST_SLOTS` in which nobody produced a block only its last slots are lived through;
pools that should have come and gone meanwhile come and go at their beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from fillwire_dex import pools
from fillwire_dex.outcomes import Landed, Refused
from fillwire_dex.simulated.execution import execute
from fillwire_dex.simulated.faults import MOST_STALE_SLOTS
from fillwire_dex.simulated.founding import Founded, Migration, migrated
from fillwire_dex.simulated.live import LivePool, LivePools
from fillwire_dex.simulated.motion import Motion, is_newcomer
from fillwire_dex.snapshot import Birth, Origin
from fillwire_dex.transaction import Transaction

MOST_SLOTS: Final = 150
TRADERS: Final = "traders"

Account = tuple[str, str]
"""An owner and a mint."""


@dataclass(frozen=True, slots=True)
class Past:
    """A pool's state, which held to the end of the slot before `until_slot`."""

    id: str
    until_slot: int
    was: LivePool


@dataclass(slots=True)
class Stretch:
    """The pools on their way from the end of slot `head` to slot `end`, and everything to be written about it.

    `live` are all pools as they are now, `moved` those of them that changed and `born` those that are new, as they
    were founded. `superseded` gives the slot in which a pool first changed, for pools whose earlier state is worth keeping.
    """

    live: LivePools
    end: int
    moved: LivePools = field(default_factory=dict)
    born: dict[str, tuple[Birth, Founded]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    balances: Counter[Account] = field(default_factory=Counter)
    superseded: dict[str, int] = field(default_factory=dict)
    past: list[Past] = field(default_factory=list)
    _halted: frozenset[str] = frozenset()

    def halt(self, venues: frozenset[str]) -> None:
        """Let exactly these venues be halted from now on."""
        if venues == self._halted:
            return
        self._halted = venues
        for id_, pool in self.live.items():
            if pool.halted != (pool.venue in venues):
                self.live[id_] = replace(pool, halted=not pool.halted)

    def halted_on(self, transaction: Transaction) -> str | None:
        """Return the halted venue that keeps a transaction from landing, if any."""
        touched = (self.live.get(leg.pool_id) for leg in transaction.instructions)
        return next((pool.venue for pool in touched if pool and pool.halted), None)

    def move(self, motion: Motion, slot: int, at: datetime) -> None:
        """Let a slot begin."""
        self._end(motion.deaths(slot))
        for founded in motion.births(slot):
            self.open(founded, Birth(slot, at, Origin.FOUNDED))
        for migration in motion.migrations(slot):
            self.migrate(migration, slot, at)
        advance = motion.advance(slot, int(at.timestamp()), self.live)
        self._take(advance.moved)
        for flow in advance.flows:
            self.balances[flow.owner, flow.mint] += flow.amount

    def catch_up(self, motion: Motion, skipped: range, at: datetime) -> None:
        """Let pools come and go that would have done so in these slots; it is as of the one after them."""
        there = motion.newcomers(skipped.stop - 1)
        due = {id_ for newcomer in there for id_ in (newcomer.founded.id, newcomer.id)}
        self._end([id_ for id_ in self.live if is_newcomer(id_) and id_ not in due])
        for newcomer in there:
            if newcomer.since in skipped:
                self.open(newcomer.founded, Birth(skipped.stop, at, Origin.FOUNDED))
            if newcomer.migration:
                self.migrate(newcomer.migration, skipped.stop, at)

    def execute(self, transaction: Transaction, *, slot: int, now: int) -> Landed | Refused:
        """Let a transaction land."""
        outcome, changed = execute(transaction, self.live, slot=slot, now=now)
        if isinstance(outcome, Landed):
            self._take(changed)
            for leg in outcome.legs:
                self.balances[TRADERS, leg.token_in] -= leg.amount_in
                self.balances[TRADERS, leg.token_out] += leg.amount_out
        return outcome

    def open(self, founded: Founded, birth: Birth) -> None:
        """Let a pool appear."""
        pool = pools.decode(founded.kind, founded.state)
        a, b = founded.token_a.mint, founded.token_b.mint
        venue = founded.kind.value
        halted = venue in self._halted
        self.live[founded.id] = LivePool(venue, a, b, 0, pool, halted=halted, slot=birth.slot, birth=birth)
        self.born[founded.id] = (birth, founded)

    def migrate(self, migration: Migration, slot: int, at: datetime) -> str | None:
        """Let a pool end and another one have its liquidity; return its id, None where there is nothing to move."""
        source = self.live.get(migration.source)
        founded = migrated(migration, source) if source else None
        if founded is None:
            return None
        self._end([migration.source])
        self.open(founded, Birth(slot, at, Origin.MIGRATED))
        return founded.id

    def _take(self, changed: Mapping[str, LivePool]) -> None:
        for id_, after in changed.items():
            self._remember(id_, after.slot)
            self.live[id_] = self.moved[id_] = after

    def _remember(self, id_: str, slot: int) -> None:
        """Keep the state that a pool had to the end of an earlier slot."""
        before = self.live[id_]
        if before.slot >= slot or slot < self.end - MOST_STALE_SLOTS:
            return
        if id_ in self.moved or id_ in self.born:
            self.past.append(Past(id_, slot, before))
        else:
            self.superseded[id_] = slot

    def _end(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            if self.live.pop(id_, None) is not None:
                self.ended.append(id_)
