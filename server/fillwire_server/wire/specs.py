"""What was asked for, as the contract says it."""

from typing import Final, assert_never

from google.protobuf.duration_pb2 import Duration

from fillwire.v1 import order_pb2 as pb
from fillwire.v1 import route_pb2
from fillwire_orders import (
    Condition,
    Limit,
    Oco,
    Routing,
    Scheduled,
    Sniper,
    Stop,
    TakeProfit,
    Terms,
    TimeInForce,
    TrailingStop,
    Trigger,
    Twap,
)
from fillwire_server.wire.scalars import amount, duration, moment, plain, timestamp

__all__ = ["TIMES_IN_FORCE", "TRIGGERS", "spec"]

TIMES_IN_FORCE: Final = {
    TimeInForce.IOC: pb.TIME_IN_FORCE_IOC,
    TimeInForce.GTC: pb.TIME_IN_FORCE_GTC,
    TimeInForce.GTD: pb.TIME_IN_FORCE_GTD,
}

TRIGGERS: Final = {
    Trigger.ANY: pb.SniperOrder.TRIGGER_UNSPECIFIED,
    Trigger.POOL_CREATED: pb.SniperOrder.TRIGGER_POOL_CREATED,
    Trigger.LIQUIDITY_MIGRATED: pb.SniperOrder.TRIGGER_LIQUIDITY_MIGRATED,
}


def spec(it: Terms) -> pb.OrderSpec:
    """The terms of an order."""
    told = pb.OrderSpec(
        token_in=it.token_in,
        token_out=it.token_out,
        slippage_bps=it.slippage_bps,
        min_amount_out=amount(it.min_amount_out),
        max_amount_in=amount(it.max_amount_in),
        max_price_impact_bps=it.max_price_impact_bps,
        deadline=moment(it.deadline),
        time_in_force=TIMES_IN_FORCE[it.time_in_force],
        good_till_time=moment(it.good_till_time),
        client_order_id=it.client_order_id,
        quote_id=it.quote_id,
        routing=None if it.routing == Routing() else _routing(it.routing),
    )
    # Of the two sides, only the exact one may be set.
    if it.amount_in is not None:
        told.amount_in = str(it.amount_in)
    else:
        told.amount_out = str(it.amount_out)
    _say(told, it.condition)
    return told


def _say(told: pb.OrderSpec, condition: Condition | None) -> None:
    match condition:
        case None:
            told.market.SetInParent()
        case Limit():
            told.limit.CopyFrom(_limit(condition))
        case Stop():
            told.stop.CopyFrom(_stop(condition))
        case TakeProfit(price=price):
            told.take_profit.trigger_price = plain(price)
        case TrailingStop(trail_bps=trail_bps, activation_price=price):
            told.trailing_stop.trail_bps = trail_bps
            told.trailing_stop.activation_price = "" if price is None else plain(price)
        case Scheduled(at=at):
            told.scheduled.execute_time.CopyFrom(timestamp(at))
        case Twap():
            told.twap.CopyFrom(_twap(condition))
        case Sniper(trigger=trigger, min_liquidity=least):
            told.sniper.CopyFrom(pb.SniperOrder(trigger=TRIGGERS[trigger], min_liquidity=amount(least)))
        case Oco(limit=limit, stop=stop):
            told.oco.CopyFrom(pb.OcoOrder(limit=_limit(limit), stop=_stop(stop)))
        case _:
            assert_never(condition)


def _limit(it: Limit) -> pb.LimitOrder:
    return pb.LimitOrder(limit_price=plain(it.price))


def _stop(it: Stop) -> pb.StopOrder:
    return pb.StopOrder(trigger_price=plain(it.price))


def _twap(it: Twap) -> pb.TwapOrder:
    interval: Duration = duration(it.interval_seconds)
    return pb.TwapOrder(slices=it.slices, interval=interval, start_time=moment(it.at))


def _routing(it: Routing) -> route_pb2.RoutingOptions:
    return route_pb2.RoutingOptions(
        max_legs=it.max_legs,
        max_hops=it.max_hops,
        include_venues=it.include_venues,
        exclude_venues=it.exclude_venues,
    )
