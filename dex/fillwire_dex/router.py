"""Best execution of an exact-in swap over all direct pools of a pair.

Every pool is quoted for the whole amount; the amount is split over their curves (`split`,
`waterfill`) and the legs are quoted exactly; the better of the split and the best single pool is
kept, and certified by a bound that no split can beat (`certificate`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from time import perf_counter_ns

from fillwire_dex import explain
from fillwire_dex.certificate import upper_bound
from fillwire_dex.contender import Contender
from fillwire_dex.errors import AmountTooSmall, InsufficientLiquidity, NoRoute
from fillwire_dex.explain import Choice
from fillwire_dex.pools.pool import Swap
from fillwire_dex.route import Route, Verdict
from fillwire_dex.snapshot import Listing, Snapshot
from fillwire_dex.split import Split, cautious
from fillwire_dex.waterfill import Curve, last_price

Execution = dict[int, Swap]
"""The exact swap of each contender that is used."""


def best(
    snapshot: Snapshot,
    *,
    amount_in: int,
    max_legs: int = 4,
    venues: Collection[str] | None = None,
    excluded_venues: Collection[str] = (),
    leg_cost: int = 0,
) -> Route:
    """Return the best split of `amount_in` over the snapshot's pools.

    `venues` names the only ones allowed (None: all), `excluded_venues` those never used.
    `leg_cost` is what one more leg costs, in raw units of token_out.
    The route never brings less, net of that cost, than the best single pool.

    Raises AmountTooSmall, InsufficientLiquidity or NoRoute.
    """
    started_ns = perf_counter_ns()
    if amount_in <= 0:
        raise AmountTooSmall("the amount must be positive")
    if max_legs < 1 or leg_cost < 0:
        raise ValueError("a route needs at least one leg, and a leg costs at least nothing")
    allowed, excluded = _sieve(snapshot.listings, venues, excluded_venues)
    if not allowed:
        raise NoRoute(f"no pool that may be used trades {snapshot.token_in.symbol}/{snapshot.token_out.symbol}")
    contenders = [Contender.of(listing, snapshot, amount_in) for listing in allowed]
    search = Split([cautious(contender.curve) for contender in contenders], amount_in, max_legs, leg_cost)
    execution = _execution(search, contenders, snapshot.now)
    bound = _bound(search, [contender.curve for contender in contenders])
    choice = Choice(snapshot, amount_in, leg_cost, contenders, excluded, execution, search.dropped, bound)
    if choice.amount_out == 0:
        raise AmountTooSmall(f"{amount_in} units buy nothing")
    return explain.route(choice, started_ns=started_ns)


def _sieve(
    listings: Sequence[Listing], venues: Collection[str] | None, excluded_venues: Collection[str]
) -> tuple[list[Listing], list[Listing]]:
    """Return the listings that may be used, and the others."""
    allowed: list[Listing] = []
    excluded: list[Listing] = []
    for listing in listings:
        permitted = venues is None or listing.venue in venues
        usable = permitted and listing.venue not in excluded_venues
        (allowed if usable else excluded).append(listing)
    return allowed, excluded


def _execution(search: Split, contenders: Sequence[Contender], now: int) -> Execution:
    """Return the better of the split and the best single pool, net of what legs cost."""
    split = _quoted_split(search, contenders, now)
    single = _single(contenders)
    options = [option for option in (split, single) if option is not None]
    if not options:
        raise InsufficientLiquidity(f"{search.max_legs} pools cannot take {search.amount} units together")
    return max(options, key=lambda legs: sum(s.amount_out for s in legs.values()) - search.leg_cost * len(legs))


def _quoted_split(search: Split, contenders: Sequence[Contender], now: int) -> Execution | None:
    """Return the exact quotes of the split, dropping pools that do not take their share."""
    while (legs := search.solve()) is not None:
        execution: Execution = {}
        for index, taken in legs.items():
            try:
                execution[index] = contenders[index].quote(taken, now)
            except InsufficientLiquidity:
                search.dropped[index] = Verdict.INSUFFICIENT_LIQUIDITY
        empty = [i for i, swap in execution.items() if not swap.amount_out]
        if len(execution) == len(legs) and (not empty or len(legs) == 1):
            return execution
        search.dropped.update(dict.fromkeys(empty, Verdict.DUST))
    return None


def _single(contenders: Sequence[Contender]) -> Execution | None:
    wholes = {i: c.whole for i, c in enumerate(contenders) if c.whole is not None}
    if not wholes:
        return None
    index = max(wholes, key=lambda i: wholes[i].amount_out)
    return {index: wholes[index]}


def _bound(search: Split, curves: Sequence[Curve]) -> int:
    """Return the tightest certificate among the prices the search has met.

    It has met none when the amount is all that the pools can take; then the last of their prices is the tightest.
    """
    prices = search.prices or {min(last_price(segment) for curve in curves for segment in curve)}
    limits = {"max_legs": search.max_legs, "leg_cost": search.leg_cost}
    return min(upper_bound(curves, search.amount, price, **limits) for price in prices)
