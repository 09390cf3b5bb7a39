"""The commands that change orders: their arguments and their help."""

from typing import Annotated, cast

import typer

from fillwire.cli import changing, terms
from fillwire.cli.arguments import Kinds, OrderId, given, parsed, session_of
from fillwire.cli.order_types import Typed
from fillwire.cli.times import seconds
from fillwire.filters import CancelFilters
from fillwire.terms import ReplaceTerms

__all__ = ["cancel", "cancel_all", "dead_man", "replace"]


def cancel(
    context: typer.Context,
    order_id: OrderId,
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Where that is open, wait until it is not.")] = False,
) -> int:
    """Withdraw an order, and say truly what became of that."""
    return changing.cancel(session_of(context), order_id, wait=wait)


def cancel_all(
    context: typer.Context,
    *,
    kind: Kinds = None,
    token_in: Annotated[str | None, typer.Option(help="Only orders that give it.")] = None,
    token_out: Annotated[str | None, typer.Option(help="Only orders that get it.")] = None,
) -> int:
    """Withdraw all open orders, or those that the filters name."""
    filters = given(types=kind or None, token_in=token_in, token_out=token_out)
    return changing.cancel_all(session_of(context), cast("CancelFilters", filters))


def replace(
    context: typer.Context,
    order_id: OrderId,
    *,
    amount: Annotated[str | None, typer.Option(help="The exact amount, in whole tokens.")] = None,
    slippage_bps: terms.Slippage = None,
    min_amount_out: terms.MinAmountOut = None,
    max_amount_in: terms.MaxAmountIn = None,
    max_price_impact_bps: terms.MaxImpact = None,
    limit: terms.Limit = None,
    stop: terms.Stop = None,
    take_profit: terms.TakeProfit = None,
    trail_bps: terms.Trail = None,
    activate: terms.Activate = None,
    at: terms.At = None,
    twap: terms.Twap = None,
    begin: terms.Begin = None,
    snipe: terms.Snipe = None,
    min_liquidity: terms.MinLiquidity = None,
    gtd: terms.GoodTill = None,
    deadline: terms.Deadline = None,
    client_order_id: terms.ClientOrderId = None,
    request_id: terms.RequestId = None,
    if_last_seq: Annotated[int | None, typer.Option(help="Only if its last event is still this one.")] = None,
) -> int:
    """Change the terms of a resting order in place; what is not given stays as it is."""
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
        slippage_bps=slippage_bps,
        min_amount_out=min_amount_out,
        max_amount_in=max_amount_in,
        max_price_impact_bps=max_price_impact_bps,
        deadline=deadline,
        client_order_id=client_order_id,
        request_id=request_id,
        if_last_seq=if_last_seq,
        **terms.in_force(gtd),
    )
    return changing.replace(session_of(context), order_id, cast("ReplaceTerms", asked), typed, amount)


def dead_man(
    context: typer.Context,
    after: Annotated[str, typer.Argument(metavar="SPAN|off", help="60s, or 10m; off takes it off.")],
) -> int:
    """Set the dead man's switch: all open orders are withdrawn after SPAN, unless it is set again before."""
    return changing.dead_man(session_of(context), None if after == "off" else parsed(seconds, after))
