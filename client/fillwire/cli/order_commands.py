"""The commands about orders: their arguments and their help."""

from datetime import datetime
from typing import Annotated, cast

import typer

from fillwire.cli import orders
from fillwire.cli.arguments import (
    All,
    Amount,
    MaxHops,
    MaxLegs,
    NotVenues,
    OrderId,
    TokenIn,
    TokenOut,
    Venues,
    limits,
    session_of,
    time,
)
from fillwire.cli.orders import Follow
from fillwire.status import Status
from fillwire.terms import Filters, SubmitTerms

__all__ = ["explain", "get", "list_", "submit", "watch"]


def submit(
    context: typer.Context,
    token_in: TokenIn,
    token_out: TokenOut,
    amount: Amount,
    *,
    slippage_bps: Annotated[int | None, typer.Option(help="How far the output may fall below the quote.")] = None,
    min_amount_out: Annotated[str | None, typer.Option(help="The least output, in whole tokens.")] = None,
    max_price_impact_bps: Annotated[int | None, typer.Option(help="The most to move the price.")] = None,
    max_legs: MaxLegs = None,
    max_hops: MaxHops = None,
    venue: Venues = None,
    not_venue: NotVenues = None,
    deadline: Annotated[
        datetime | None, typer.Option(parser=time, metavar="TIME", help="2030-01-31T12:00:00Z, or 30s from now.")
    ] = None,
    client_order_id: Annotated[str | None, typer.Option(help="Your own reference.")] = None,
    request_id: Annotated[
        str | None, typer.Option(help="Idempotency key, a UUID: the same again is no new order.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Show every step until the order is final.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Say nothing until the order is final.")] = False,
) -> int:
    """Submit a market order: give AMOUNT of TOKEN_IN for TOKEN_OUT.

    One of --slippage-bps and --min-amount-out is needed.
    """
    if watch and wait:
        raise typer.BadParameter("--watch and --wait exclude each other")
    given = {
        "slippage_bps": slippage_bps,
        "min_amount_out": min_amount_out,
        "max_price_impact_bps": max_price_impact_bps,
        "deadline": deadline,
        "client_order_id": client_order_id,
        "request_id": request_id,
        **limits(max_legs, max_hops, venue, not_venue),
    }
    terms = cast("SubmitTerms", {name: value for name, value in given.items() if value is not None})
    follow = Follow.WATCH if watch else Follow.WAIT if wait else Follow.NOT
    return orders.submit(session_of(context), (token_in, token_out), amount, terms, follow)


def watch(
    context: typer.Context,
    order_id: OrderId,
    after_seq: Annotated[int, typer.Option(help="Only events after this one.")] = 0,
) -> int:
    """Show every step of an order until it is final."""
    return orders.watch(session_of(context), order_id, after_seq)


def get(context: typer.Context, order_id: OrderId) -> int:
    """Print an order as it is now."""
    return orders.get(session_of(context), order_id)


def list_(
    context: typer.Context,
    status: Annotated[
        list[Status] | None, typer.Option(case_sensitive=False, help="Only orders in it; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most; 200 is the most there is.")] = 20,
    page_token: Annotated[str, typer.Option(help="Continues an earlier list.", show_default=False)] = "",
) -> int:
    """Print orders, newest first."""
    filters = Filters(statuses=status) if status else Filters()
    return orders.list_orders(session_of(context), limit, page_token, filters)


def explain(context: typer.Context, order_id: OrderId, *, every: All = False) -> int:
    """Tell the whole story of an order: its attempts, their routes and quotes, why it was retried, what was filled."""
    # Not at the top: no other command draws it.
    from fillwire.cli.explain import explain  # noqa: PLC0415

    return explain(session_of(context), order_id, fold=not every)
