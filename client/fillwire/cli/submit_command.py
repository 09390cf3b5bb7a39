"""The command `submit`: its arguments and its help."""

from typing import Annotated, cast

import typer

from fillwire.cli import orders, terms
from fillwire.cli.arguments import (
    Amount,
    MaxHops,
    MaxLegs,
    NotVenues,
    TokenIn,
    TokenOut,
    Venues,
    given,
    limits,
    session_of,
)
from fillwire.cli.order_types import Typed, order_type
from fillwire.cli.orders import Follow
from fillwire.order_type import OrderType
from fillwire.terms import SubmitTerms

__all__ = ["submit"]


def submit(
    context: typer.Context,
    token_in: TokenIn,
    token_out: TokenOut,
    amount: Amount,
    *,
    exact_out: Annotated[bool, typer.Option("--exact-out", help="AMOUNT is what to get, not what to give.")] = False,
    slippage_bps: terms.Slippage = None,
    min_amount_out: terms.MinAmountOut = None,
    max_amount_in: terms.MaxAmountIn = None,
    max_price_impact_bps: terms.MaxImpact = None,
    limit: terms.Limit = None,
    stop: terms.Stop = None,
    oco: Annotated[bool, typer.Option("--oco", help="With --limit and --stop: whichever comes first.")] = False,
    take_profit: terms.TakeProfit = None,
    trail_bps: terms.Trail = None,
    activate: terms.Activate = None,
    at: terms.At = None,
    twap: terms.Twap = None,
    begin: terms.Begin = None,
    snipe: terms.Snipe = None,
    min_liquidity: terms.MinLiquidity = None,
    ioc: Annotated[bool, typer.Option("--ioc", help="Swap at once or fail; with --limit it does not rest.")] = False,
    gtd: terms.GoodTill = None,
    deadline: terms.Deadline = None,
    quote: Annotated[str | None, typer.Option(help="The id of a quote to bind the order to.")] = None,
    max_legs: MaxLegs = None,
    max_hops: MaxHops = None,
    venue: Venues = None,
    not_venue: NotVenues = None,
    client_order_id: terms.ClientOrderId = None,
    request_id: terms.RequestId = None,
    preview: Annotated[bool, typer.Option("--preview", help="Check everything, submit nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Show every step until the order is final.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Say nothing until the order is final.")] = False,
) -> int:
    """Submit an order: give AMOUNT of TOKEN_IN for TOKEN_OUT, now or when its price, time or event comes.

    A bound is needed: --slippage-bps or --min-amount-out, with --exact-out --max-amount-in; --limit is one itself.
    """
    typed = Typed(
        limit=limit,
        stop=stop,
        take_profit=take_profit,
        trail_bps=trail_bps,
        activate=activate,
        at=at,
        twap=twap,
        begin=begin,
        snipe=snipe,
        min_liquidity=min_liquidity,
    )
    asked = given(
        amount_out=amount if exact_out else None,
        slippage_bps=slippage_bps,
        min_amount_out=min_amount_out,
        max_amount_in=max_amount_in,
        max_price_impact_bps=max_price_impact_bps,
        deadline=deadline,
        client_order_id=client_order_id,
        request_id=request_id,
        quote_id=quote,
        validate_only=preview or None,
        type=_type(typed, oco=oco),
        **limits(max_legs, max_hops, venue, not_venue),
        **terms.in_force(gtd, ioc=ioc),
    )
    follow = _follow(watch=watch, wait=wait, preview=preview)
    pair, give = (token_in, token_out), None if exact_out else amount
    return orders.submit(session_of(context), pair, give, cast("SubmitTerms", asked), follow)


def _type(typed: Typed, *, oco: bool) -> OrderType | None:
    try:
        return order_type(typed, oco=oco)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _follow(*, watch: bool, wait: bool, preview: bool) -> Follow:
    if watch + wait + preview > 1:
        raise typer.BadParameter("--watch, --wait and --preview exclude each other")
    return Follow.WATCH if watch else Follow.WAIT if wait else Follow.NOT
