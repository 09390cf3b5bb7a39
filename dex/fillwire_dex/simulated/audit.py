"""Counting every token: none is made and none is lost, and every vault holds what its pool can owe."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fillwire_dex import pools
from fillwire_dex.simulated.connection import Connections, Row, fetch


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A vault that holds less than its pool's curve."""

    pool_id: str
    mint: str
    held: int
    owed: int


@dataclass(frozen=True, slots=True)
class Audit:
    """By mint, what was ever minted, what all vaults hold, and what all owners gained together."""

    minted: Mapping[str, int]
    in_vaults: Mapping[str, int]
    gained: Mapping[str, int]
    shortfalls: tuple[Shortfall, ...]

    @property
    def missing(self) -> dict[str, int]:
        """By mint, how much less there is than was minted; empty when it all adds up."""
        mints = {*self.minted, *self.in_vaults, *self.gained}
        held = {mint: self.in_vaults.get(mint, 0) + self.gained.get(mint, 0) for mint in mints}
        return {mint: self.minted.get(mint, 0) - held[mint] for mint in mints if self.minted.get(mint, 0) != held[mint]}

    @property
    def is_clean(self) -> bool:
        """Whether it all adds up and every vault holds enough."""
        return not self.missing and not self.shortfalls


async def take(connections: Connections) -> Audit:
    """Count everything at one moment, between two blocks."""
    rows = await fetch(connections, "audit")
    minted, gained = (json.loads(text) if text else {} for text in rows[0][:2])
    listed = [row[2:] for row in rows if row[2] is not None]
    in_vaults: Counter[str] = Counter()
    for _, _, mint_a, mint_b, vault_a, vault_b, _ in listed:
        in_vaults[mint_a] += int(vault_a)
        in_vaults[mint_b] += int(vault_b)
    return Audit(minted, in_vaults, gained, tuple(_shortfalls(listed)))


def _shortfalls(listed: Sequence[Row]) -> Iterator[Shortfall]:
    for id_, kind, mint_a, mint_b, vault_a, vault_b, state in listed:
        owed_a, owed_b = pools.decode(kind, json.loads(state)).reserves()
        for mint, held, owed in ((mint_a, int(vault_a), owed_a), (mint_b, int(vault_b), owed_b)):
            if held < owed:
                yield Shortfall(id_, mint, held, owed)
