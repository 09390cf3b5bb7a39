"""A market in memory: the simulated one without a database, for whoever wants to see what orders would come to.

It has the same rules, slot by slot: pools end and appear, chance and arbitrage move them, then the transactions of the
slot are executed in the order given. The same seed, pools and transactions give the same world to the last byte.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from fillwire_dex import pools, tokens
from fillwire_dex.outcomes import Landed, Refused
from fillwire_dex.simulated import genesis
from fillwire_dex.simulated.execution import execute
from fillwire_dex.simulated.founding import Founded, Migration, migrated
from fillwire_dex.simulated.live import LivePool, LivePools
from fillwire_dex.simulated.motion import Flow, Motion, Owner
from fillwire_dex.snapshot import Birth, Listing, Origin, PoolId, Snapshot
from fillwire_dex.tokens import Token
from fillwire_dex.transaction import Transaction

TRADERS: Final = "traders"
SLOT_MS: Final = 400
STARTED: Final = 1_750_000_000
"""The time of slot 0 in unix seconds; any would do."""


class World:
    """All pools and balances at the end of `slot`.

    `vaults` holds by pool id what its program keeps of a and b; `balances` what owners gained since the beginning, by
    (owner, mint). With `motion` None nothing moves but by transactions.
    """

    def __init__(self, motion: Motion | None, founded: Iterable[Founded] | None = None) -> None:
        self.motion = motion
        self.slot = 0
        self.live: LivePools = {}
        self.vaults: dict[str, tuple[int, int]] = {}
        self.balances: defaultdict[tuple[str, str], int] = defaultdict(int)
        for pool in genesis.pools() if founded is None else founded:
            self._open(pool, Origin.GENESIS)

    @property
    def now(self) -> int:
        """The time of the slot in unix seconds."""
        return STARTED + self.slot * SLOT_MS // 1_000

    @property
    def time(self) -> datetime:
        """The time at which the slot begins."""
        return datetime.fromtimestamp(STARTED, UTC) + timedelta(milliseconds=self.slot * SLOT_MS)

    def step(self, transactions: Sequence[Transaction] = ()) -> list[Landed | Refused]:
        """Go one slot further and execute these transactions in it."""
        self.slot += 1
        if self.motion:
            self._move(self.motion)
        return [self.execute(transaction) for transaction in transactions]

    def execute(self, transaction: Transaction) -> Landed | Refused:
        """Land a transaction in the present slot."""
        outcome, changed = execute(transaction, self.live, slot=self.slot, now=self.now)
        for pool_id, after in changed.items():
            before = self.live[pool_id]
            self.balances[TRADERS, after.token_a] -= after.flow_a - before.flow_a
            self.balances[TRADERS, after.token_b] -= after.flow_b - before.flow_b
        self._take(changed)
        return outcome

    def found(self, founded: Founded) -> None:
        """Open a pool, whose vaults liquidity providers fill."""
        self._fill(founded, Origin.FOUNDED)

    def migrate(self, migration: Migration) -> None:
        """Let a pool end and another one have its liquidity, where there is any to move."""
        source = self.live.get(migration.source)
        founded = migrated(migration, source) if source else None
        if founded:
            self._close(migration.source)
            self._fill(founded, Origin.MIGRATED)

    def snapshot(self, token_in: Token, token_out: Token) -> Snapshot:
        """Return all pools as the router takes them, for a swap of these tokens."""
        listings = tuple(self._listing(pool_id, live) for pool_id, live in sorted(self.live.items()))
        return Snapshot(token_in, token_out, self.slot, self.now, listings)

    def totals(self) -> dict[str, int]:
        """Return by mint what all vaults and owners have together; it never changes."""
        totals: defaultdict[str, int] = defaultdict(int)
        for pool_id, held in self.vaults.items():
            live = self.live[pool_id]
            for mint, amount in zip((live.token_a, live.token_b), held, strict=True):
                totals[mint] += amount
        for (_, mint), amount in self.balances.items():
            totals[mint] += amount
        return dict(totals)

    def digest(self) -> str:
        """Return the SHA-256 of every pool's version, vaults and state, and of every balance."""
        held = {
            pool_id: [live.version, *map(str, self.vaults[pool_id]), live.pool.state()]
            for pool_id, live in self.live.items()
        }
        balances = {f"{owner} {mint}": str(amount) for (owner, mint), amount in self.balances.items() if amount}
        canonical = json.dumps([self.slot, held, balances], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _move(self, motion: Motion) -> None:
        for pool_id in motion.deaths(self.slot):
            if pool_id in self.live:
                self._close(pool_id)
        for founded in motion.births(self.slot):
            self.found(founded)
        for migration in motion.migrations(self.slot):
            self.migrate(migration)
        advance = motion.advance(self.slot, self.now, self.live)
        self._take(advance.moved)
        for flow in advance.flows:
            self._gain(flow)

    def _take(self, moved: LivePools) -> None:
        """Let pools be as they became, and put into their vaults what flowed."""
        for pool_id, after in moved.items():
            before = self.live[pool_id]
            vault_a, vault_b = self.vaults[pool_id]
            self.vaults[pool_id] = (
                vault_a + after.flow_a - before.flow_a,
                vault_b + after.flow_b - before.flow_b,
            )
            self.live[pool_id] = after

    def _fill(self, founded: Founded, origin: Origin) -> None:
        self._open(founded, origin)
        self._gain(Flow(Owner.LIQUIDITY, founded.token_a.mint, -founded.vault_a))
        self._gain(Flow(Owner.LIQUIDITY, founded.token_b.mint, -founded.vault_b))

    def _open(self, founded: Founded, origin: Origin) -> None:
        pool = pools.decode(founded.kind, founded.state)
        a, b = founded.token_a.mint, founded.token_b.mint
        birth = Birth(self.slot, self.time, origin)
        self.live[founded.id] = LivePool(founded.kind.value, a, b, 0, pool, slot=self.slot, birth=birth)
        self.vaults[founded.id] = (founded.vault_a, founded.vault_b)

    def _close(self, pool_id: str) -> None:
        live = self.live.pop(pool_id)
        vault_a, vault_b = self.vaults.pop(pool_id)
        self._gain(Flow(Owner.LIQUIDITY, live.token_a, vault_a))
        self._gain(Flow(Owner.LIQUIDITY, live.token_b, vault_b))

    def _gain(self, flow: Flow) -> None:
        self.balances[flow.owner, flow.mint] += flow.amount

    def _listing(self, pool_id: str, live: LivePool) -> Listing:
        token_a, token_b = tokens.find(live.token_a), tokens.find(live.token_b)
        return Listing(PoolId(pool_id), live.venue, token_a, token_b, live.version, live.slot, live.pool, live.birth)
