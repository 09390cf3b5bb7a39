"""The options that say an order's terms, shared by the commands that submit and change orders."""

from datetime import datetime
from typing import Annotated, Final

import typer

from fillwire.cli.arguments import parsed, time
from fillwire.cli.order_types import Slices, slices
from fillwire.status import SniperTrigger, TimeInForce

__all__ = [
    "Activate", "At", "Begin", "ClientOrderId", "Deadline", "GoodTill", "Limit", "MaxAmountIn", "MaxImpact",
    "MinAmountOut", "MinLiquidity", "RequestId", "Slippage", "Snipe", "Stop", "TakeProfit", "Trail", "Twap", "in_force",
]  # fmt: skip

_PRICE: Final = "PRICE"
_EVENTS: Final = {
    "any": SniperTrigger.ANY,
    "created": SniperTrigger.POOL_CREATED,
    "migrated": SniperTrigger.LIQUIDITY_MIGRATED,
}


def _slices(text: str) -> Slices:
    return parsed(slices, text)


def _event(text: str) -> SniperTrigger:
    if text.lower() not in _EVENTS:
        raise typer.BadParameter(f'"{text}" is none of {", ".join(_EVENTS)}')
    return _EVENTS[text.lower()]


Slippage = Annotated[int | None, typer.Option(help="How far it may be worse than the quote.")]
MinAmountOut = Annotated[str | None, typer.Option(help="The least output, in whole tokens.")]
MaxAmountIn = Annotated[str | None, typer.Option(help="The most input, in whole tokens; with --exact-out.")]
MaxImpact = Annotated[int | None, typer.Option(help="The most to move the price.")]
Deadline = Annotated[
    datetime | None, typer.Option(parser=time, metavar="TIME", help="2030-01-31T12:00:00Z, or 30s from now.")
]
GoodTill = Annotated[
    datetime | None, typer.Option("--gtd", parser=time, metavar="TIME", help="When it leaves the market.")
]
ClientOrderId = Annotated[str | None, typer.Option(help="Your own reference.")]
RequestId = Annotated[str | None, typer.Option(help="Idempotency key, a UUID: the same again does nothing new.")]

Limit = Annotated[
    str | None,
    typer.Option(metavar=_PRICE, help="Rest until all of it goes at this price or better."),
]
Stop = Annotated[str | None, typer.Option(metavar=_PRICE, help="Rest until the mid falls to it.")]
TakeProfit = Annotated[str | None, typer.Option(metavar=_PRICE, help="Rest until the mid rises to it.")]
Trail = Annotated[int | None, typer.Option("--trail-bps", help="Rest until the mid is so far below its best.")]
Activate = Annotated[str | None, typer.Option(metavar=_PRICE, help="With --trail-bps: the price that arms it.")]
At = Annotated[datetime | None, typer.Option(parser=time, metavar="TIME", help="Rest until then.")]
Twap = Annotated[
    Slices | None,
    typer.Option(parser=_slices, metavar="10x30s", help="Cut it into slices over time."),
]
Begin = Annotated[
    datetime | None,
    typer.Option(parser=time, metavar="TIME", help="With --twap: when the first one goes."),
]
Snipe = Annotated[
    SniperTrigger | None,
    typer.Option(parser=_event, metavar="any|created|migrated", help="Rest until a pool appears."),
]
MinLiquidity = Annotated[str | None, typer.Option(help="With --snipe: what the pool holds of TOKEN_IN, at least.")]


def in_force(good_till: datetime | None, *, ioc: bool = False) -> dict[str, object]:
    """How long the order stays, as the SDK names it. Raises `BadParameter` where both are given."""
    if good_till and ioc:
        raise typer.BadParameter("--gtd and --ioc exclude each other")
    force = TimeInForce.GTD if good_till else TimeInForce.IOC if ioc else None
    return {"time_in_force": force, "good_till_time": good_till}
