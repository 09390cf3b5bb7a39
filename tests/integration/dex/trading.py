"""What the tests of the simulated market do to it."""

import asyncio
from collections.abc import Sequence
from itertools import count
from typing import Any

from fillwire_dex import (
    Accepted,
    Expired,
    Landed,
    Market,
    Outcome,
    Pending,
    Refused,
    Route,
    SendResult,
    Token,
    Transaction,
    Unseen,
    router,
    tokens,
)
from fillwire_dex.simulated import MarketMotion, SimulatedMarket
from fillwire_dex.simulated.connection import Connections
from fillwire_dex.simulated.world import STARTED

SOL = 10**9
SLOW = 3600.0
_references = count(1)


async def quoted(
    market: Market, amount: int = SOL, *, sell: Token = tokens.SOL, buy: Token = tokens.USDC, max_legs: int = 4
) -> tuple[Route, int]:
    """A route on the market as it is, and the slot it was read in."""
    snapshot = await market.pools(sell, buy)
    return router.best(snapshot, amount_in=amount, max_legs=max_legs), snapshot.slot


async def built(
    market: Market, amount: int = SOL, *, least: int | None = None, venue: str | None = None, **pair: Any
) -> Transaction:
    """A transaction nobody has sent, on the market as it is; `least` is 1 unless given."""
    route, slot = await quoted(market, amount, **pair)
    if venue is not None:
        snapshot = await market.pools(route.token_in, route.token_out)
        route = router.best(snapshot, amount_in=amount, venues=[venue])
    floor = 1 if least is None else least
    return market.build(route, min_amount_out=floor, reference=f"test:{next(_references)}", slot=slot)


async def sent(market: Market, transaction: Transaction) -> Any:
    """The answer to sending one transaction."""
    [answer] = await market.send([transaction])
    return answer


def known(answers: Sequence[SendResult]) -> list[Outcome]:
    """What accepted transactions are known to have become."""
    outcomes = []
    for answer in answers:
        assert isinstance(answer, Accepted)
        outcomes.append(answer.outcome)
    return outcomes


def all_landed(answers: Sequence[SendResult]) -> list[Landed]:
    """What transactions brought that landed at once."""
    landed = []
    for one in known(answers):
        assert isinstance(one, Landed)
        landed.append(one)
    return landed


async def outcome(market: Market, transaction: Transaction) -> Outcome:
    """What is known of one transaction."""
    [answer] = await market.outcomes([transaction.signature])
    return answer


async def settled(
    market: Market, transaction: Transaction, *, timeout_seconds: float = 10.0
) -> Landed | Refused | Expired:
    """What became of a transaction, asked for until it is final."""
    async with asyncio.timeout(timeout_seconds):
        while True:
            match await outcome(market, transaction):
                case Pending() | Unseen():
                    await asyncio.sleep(0)
                case final:
                    return final


async def begin(connections: Connections, market: SimulatedMarket, slot: int = 0) -> None:
    """Let time stand at a slot of a market that began when a World does, and let it move from there on."""
    async with connections.connection() as connection:
        await connection.execute("UPDATE market.chain SET genesis = to_timestamp(%s)", [STARTED])
    await market.hold_clock(slot)
    await market.set_motion(MarketMotion.MOVING)


async def pass_slots(connections: Connections, slots: int) -> None:
    """Let the market's time go by, by moving its beginning into the past."""
    async with connections.connection() as connection:
        await connection.execute(
            "UPDATE market.chain SET genesis = genesis - %s * slot_ms * interval '1 millisecond'", [slots]
        )


async def rows(connections: Connections, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What the database says."""
    async with connections.connection() as connection:
        found: list[tuple[Any, ...]] = await (await connection.execute(query.encode(), parameters)).fetchall()
    return found


async def vaults(connections: Connections) -> dict[str, int]:
    """How much of each token the pools hold together."""
    found = await rows(
        connections,
        """
        SELECT token, sum(held) FROM (
            SELECT token_a AS token, vault_a AS held FROM market.pools
            UNION ALL
            SELECT token_b, vault_b FROM market.pools
        ) AS sides GROUP BY token
        """,
    )
    return {token: int(held) for token, held in found}


async def states(connections: Connections) -> dict[str, Any]:
    """The state of every pool there is, by id."""
    return dict(await rows(connections, "SELECT id, state FROM market.pools WHERE NOT ended"))
