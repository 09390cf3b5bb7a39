"""Going through a route leg by leg: every quote asked again, every unit accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fillwire_dex import AmountTooSmall, InsufficientLiquidity, Listing, Mode, Route, Token
from tests.proof.economy import NOW
from tests.proof.markets import Market
from tests.proof.orders import Order


def faults(market: Market, order: Order, route: Route) -> list[str]:
    """Return what is wrong with a route as an execution of the order."""
    return [
        *_of_terms(order, route),
        *_of_ledger(route),
        *_of_quotes(market, route),
        *_of_singles(market, order, route),
    ]


def _of_terms(order: Order, route: Route) -> Iterator[str]:
    fixed = route.amount_in if order.mode is Mode.EXACT_IN else route.amount_out
    if route.mode is not order.mode or fixed != order.amount:
        yield f"asked for {order}, the route is {route.mode} of {fixed}"
    if not 0 < len(route.legs) <= order.max_legs:
        yield f"{len(route.legs)} legs where {order.max_legs} are allowed"
    if route.gap_bps < 0:
        yield f"a gap of {route.gap_bps} bps"


def _of_ledger(route: Route) -> Iterator[str]:
    """Follow each token's balance: nothing is sold before it arrives, nothing is left on the way."""
    balances = Counter({route.token_in: route.amount_in})
    for leg in route.legs:
        balances[leg.token_in] -= leg.amount_in
        balances[leg.token_out] += leg.amount_out
        if balances[leg.token_in] < 0:
            yield f"{leg.pool_id} sells {leg.token_in.symbol} that has not arrived"
    left = {token.symbol: units for token, units in balances.items() if units and token != route.token_out}
    if left or balances[route.token_out] != route.amount_out:
        yield f"left over: {left}; brought {balances[route.token_out]}, promised {route.amount_out}"


def _of_quotes(market: Market, route: Route) -> Iterator[str]:
    listings = {listing.id: listing for listing in market.snapshot.listings}
    for pool_id, times in Counter(leg.pool_id for leg in route.legs).items():
        if times > 1:
            yield f"{pool_id} is used {times} times"
    for leg in route.legs:
        amount = leg.amount_in if route.mode is Mode.EXACT_IN else leg.amount_out
        quoted = _quoted(listings[leg.pool_id], leg.token_in, route.mode, amount)
        if quoted != (leg.amount_in, leg.amount_out):
            yield f"{leg.pool_id} quotes {quoted}, the leg says {(leg.amount_in, leg.amount_out)}"


def _of_singles(market: Market, order: Order, route: Route) -> Iterator[str]:
    """Compare the route with every pool that can fill the order alone."""
    own = order.net(_other(order, route.amount_in, route.amount_out), len(route.legs))
    for listing in market.snapshot.listings:
        if {listing.token_a, listing.token_b} != {route.token_in, route.token_out}:
            continue
        try:
            single = order.net(_other(order, *_quoted(listing, route.token_in, order.mode, order.amount)), 1)
        except (AmountTooSmall, InsufficientLiquidity):
            continue
        if single > own if order.mode is Mode.EXACT_IN else single < own:
            yield f"{listing.id} alone comes to {single}, the route to {own}"


def _other(order: Order, amount_in: int, amount_out: int) -> int:
    """Return the amount that the order leaves open."""
    return amount_out if order.mode is Mode.EXACT_IN else amount_in


def _quoted(listing: Listing, sold: Token, mode: Mode, amount: int) -> tuple[int, int]:
    """Return what goes into a pool and what comes out, the one or the other being the amount."""
    direction = listing.direction(sold)
    if mode is Mode.EXACT_IN:
        swap = listing.pool.quote_exact_in(direction, amount, now=NOW)
    else:
        swap = listing.pool.quote_exact_out(direction, amount, now=NOW)
    return swap.amount_in, swap.amount_out
