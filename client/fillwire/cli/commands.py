"""The client's commands: their arguments and their help."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, cast

import typer

from fillwire.cli import market, orders
from fillwire.cli.arguments import Amount, MaxLegs, OrderId, TokenIn, TokenOut, time
from fillwire.cli.orders import Follow
from fillwire.cli.session import Session
from fillwire.route import Routing
from fillwire.status import Status
from fillwire.terms import Filters, SubmitTerms

__all__ = ["ALL"]


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
        "routing": None if max_legs is None else Routing(max_legs=max_legs),
    }
    terms = cast("SubmitTerms", {name: value for name, value in given.items() if value is not None})
    follow = Follow.WATCH if watch else Follow.WAIT if wait else Follow.NOT
    return orders.submit(_session(context), (token_in, token_out), amount, terms, follow)


def watch(
    context: typer.Context,
    order_id: OrderId,
    after_seq: Annotated[int, typer.Option(help="Only events after this one.")] = 0,
) -> int:
    """Show every step of an order until it is final."""
    return orders.watch(_session(context), order_id, after_seq)


def get(context: typer.Context, order_id: OrderId) -> int:
    """Print an order as it is now."""
    return orders.get(_session(context), order_id)


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
    return orders.list_orders(_session(context), limit, page_token, filters)


def quote(
    context: typer.Context, token_in: TokenIn, token_out: TokenOut, amount: Amount, max_legs: MaxLegs = None
) -> int:
    """Print what AMOUNT would give now: every pool, the split over them, and how good it is proven to be."""
    routing = None if max_legs is None else Routing(max_legs=max_legs)
    return market.quote(_session(context), (token_in, token_out), amount, routing)


def tokens(context: typer.Context) -> int:
    """Print the tokens that can be swapped."""
    return market.tokens(_session(context))


def venues(context: typer.Context) -> int:
    """Print the venues and how they are."""
    return market.venues(_session(context))


def doctor(context: typer.Context) -> int:
    """Look at the way to the engine, its health and its stores, and say what mends each fault."""
    # Not at the top: it loads gRPC, for which the help of any command would wait.
    from fillwire.cli.doctor import doctor  # noqa: PLC0415

    return doctor(_session(context))


def _session(context: typer.Context) -> Session:
    return context.ensure_object(Session)


ALL: Final[tuple[tuple[str, Callable[..., int]], ...]] = (
    ("submit", submit),
    ("watch", watch),
    ("get", get),
    ("list", list_),
    ("quote", quote),
    ("tokens", tokens),
    ("venues", venues),
    ("doctor", doctor),
)
