"""Messages of the engine, as the tests want them."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import grpc
from google.protobuf import any_pb2, timestamp_pb2
from google.protobuf.message import Message

# It brings stubs, and no py.typed that would say so.
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

from fillwire.v1 import account_service_pb2, market_service_pb2, order_pb2, order_service_pb2, route_pb2

ORDER_ID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
REQUEST_ID: Final = "123e4567-e89b-12d3-a456-426614174000"
ACCEPTED: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

ORDERS: Final = order_service_pb2.DESCRIPTOR.services_by_name["OrderService"]
MARKET: Final = market_service_pb2.DESCRIPTOR.services_by_name["MarketService"]
ACCOUNTS: Final = account_service_pb2.DESCRIPTOR.services_by_name["AccountService"]

TOKENS: Final = market_service_pb2.ListTokensResponse(
    tokens=[
        market_service_pb2.Token(symbol="SOL", mint="So111", decimals=9, name="Solana"),
        market_service_pb2.Token(symbol="USDC", mint="EPjFW", decimals=6, name="USD Coin"),
    ]
)

STEPS: Final = ("PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED")
"""The way of an order that meets no trouble; the seq of each is its place, from 1."""


def timestamp(moment: datetime) -> timestamp_pb2.Timestamp:
    result = timestamp_pb2.Timestamp()
    result.FromDatetime(moment)
    return result


def order(status: str = "PENDING", last_seq: int = 1, **changes: Any) -> order_pb2.Order:
    """An order for 1.5 SOL in USDC."""
    fields: dict[str, Any] = {
        "order_id": ORDER_ID,
        "request_id": REQUEST_ID,
        "spec": order_pb2.OrderSpec(token_in="SOL", token_out="USDC", amount_in="1500000000", slippage_bps=50),
        "status": order_pb2.OrderStatus.Value(f"ORDER_STATUS_{status}"),
        "last_seq": last_seq,
        "create_time": timestamp(ACCEPTED),
        "update_time": timestamp(ACCEPTED + timedelta(seconds=last_seq)),
    }
    return order_pb2.Order(**(fields | changes))


def snapshot(status: str = "PENDING", last_seq: int = 1) -> order_service_pb2.WatchOrderResponse:
    return order_service_pb2.WatchOrderResponse(snapshot=order(status, last_seq))


def event(seq: int, status: str | None = None, **detail: Any) -> order_service_pb2.WatchOrderResponse:
    """The event with that place in the log; its status is the one of `STEPS` where none is given."""
    message = order_pb2.OrderEvent(
        order_id=ORDER_ID,
        seq=seq,
        status=order_pb2.OrderStatus.Value(f"ORDER_STATUS_{status or STEPS[seq - 1]}"),
        time=timestamp(ACCEPTED + timedelta(milliseconds=250 * (seq - 1))),
        attempt=1,
        **detail,
    )
    return order_service_pb2.WatchOrderResponse(event=message)


def account_event(
    cursor: str, seq: int, status: str | None = None, order_id: str = ORDER_ID, **detail: Any
) -> order_service_pb2.WatchOrdersResponse:
    """The same event as the stream of the account has it."""
    message = order_pb2.OrderEvent()
    message.CopyFrom(event(seq, status, **detail).event)
    message.order_id, message.token_in, message.token_out = order_id, "SOL", "USDC"
    return order_service_pb2.WatchOrdersResponse(event=message, cursor=cursor)


def account_heartbeat(cursor: str) -> order_service_pb2.WatchOrdersResponse:
    return order_service_pb2.WatchOrdersResponse(heartbeat=order_service_pb2.Heartbeat(), cursor=cursor)


def heartbeat(last_seq: int) -> order_service_pb2.WatchOrderResponse:
    return order_service_pb2.WatchOrderResponse(heartbeat=order_service_pb2.Heartbeat(last_seq=last_seq))


def route() -> route_pb2.Route:
    """1.5 SOL over two pools, a third one left out."""
    return route_pb2.Route(
        amount_in="1500000000",
        amount_out="240000000",
        legs=[
            route_pb2.Leg(
                venue="raydium_cpmm",
                pool="raydium_cpmm.1",
                token_in="SOL",
                token_out="USDC",
                amount_in="900000000",
                amount_out="144000000",
                fee_in="900000",
                share_bps=6000,
                fee_bps=10,
            ),
            route_pb2.Leg(
                venue="meteora_damm_v2",
                pool="meteora_damm_v2.7",
                token_in="SOL",
                token_out="USDC",
                amount_in="600000000",
                amount_out="96000000",
                fee_out="96000",
                share_bps=4000,
                fee_bps=10,
            ),
        ],
        upper_bound="240000024",
        gap_bps=0.001,
        price_impact_bps=3.5,
        mid_price="160.05",
        best_single_amount_out="239000000",
        candidates=[
            route_pb2.Candidate(
                venue="raydium_cpmm", pool="raydium_cpmm.1", amount_out="239000000", used=True, behind_bps=41.6
            ),
            route_pb2.Candidate(
                venue="meteora_damm_v2", pool="meteora_damm_v2.7", amount_out="238000000", used=True, behind_bps=83.3
            ),
            route_pb2.Candidate(venue="raydium_amm_v4", pool="raydium_amm_v4.3", reason="insufficient_liquidity"),
        ],
        slot=77,
        router_micros=420,
    )


def exact_out_route() -> route_pb2.Route:
    """240 USDC by way of JUP, a pool of the pair left out."""
    return route_pb2.Route(
        amount_in="1500000000",
        amount_out="240000000",
        legs=[
            route_pb2.Leg(
                venue="meteora_dlmm",
                pool="meteora_dlmm.4",
                token_in="SOL",
                token_out="JUP",
                amount_in="1500000000",
                amount_out="300000000",
                share_bps=10000,
            ),
            route_pb2.Leg(
                venue="raydium_clmm",
                pool="raydium_clmm.2",
                token_in="JUP",
                token_out="USDC",
                amount_in="300000000",
                amount_out="240000000",
                share_bps=10000,
            ),
        ],
        lower_bound="1499999000",
        gap_bps=0.0067,
        best_single_amount_in="1501500000",
        best_single_amount_out="240000000",
        candidates=[
            route_pb2.Candidate(
                venue="raydium_cpmm",
                pool="raydium_cpmm.1",
                token_in="SOL",
                token_out="USDC",
                amount_in="1501500000",
                amount_out="240000000",
                reason="outpriced",
                behind_bps=10,
                haircut_bps=2.5,
            ),
            route_pb2.Candidate(
                venue="meteora_dlmm", pool="meteora_dlmm.4", token_in="SOL", token_out="JUP", used=True
            ),
        ],
        slot=77,
        router_micros=420,
    )


def cost(**changes: Any) -> order_pb2.ExecutionCost:
    """What the receipt below cost."""
    fields: dict[str, Any] = {
        "total_bps": 13.54,
        "drift_bps": 0.5,
        "fee_bps": 10,
        "impact_bps": 2.64,
        "slippage_bps": 0.4,
        "second_best_venue": "raydium_amm_v4",
        "second_best_amount": "239000000",
        "saved_bps": 41.84,
    }
    return order_pb2.ExecutionCost(**(fields | changes))


def receipt() -> order_pb2.Receipt:
    result = order_pb2.Receipt(
        signature="5igNature",
        slot=78,
        amount_in="1500000000",
        amount_out="239990000",
        price="159.993333",
        quoted_amount_out="240000000",
        slippage_bps=-0.4,
        legs=route().legs,
        arrival_mid_price="160.05",
    )
    result.venue_time.FromMilliseconds(700)
    result.engine_time.FromMilliseconds(300)
    return result


def failure(reason: str = "SLIPPAGE_EXCEEDED", message: str = "the price moved") -> order_pb2.Failure:
    return order_pb2.Failure(reason=order_pb2.FailureReason.Value(f"FAILURE_REASON_{reason}"), message=message)


def quote() -> market_service_pb2.Quote:
    return market_service_pb2.Quote(
        token_in="SOL",
        token_out="USDC",
        route=route(),
        price="160",
        mid_price="160.05",
        expire_time=timestamp(ACCEPTED),
    )


def venue(name: str, reason: str = "", **changes: Any) -> market_service_pb2.Venue:
    return market_service_pb2.Venue(
        name=name, title=name.title(), pool_count=3, available=not reason, reason=reason, **changes
    )


def score(**changes: Any) -> market_service_pb2.VenueScore:
    """A venue that fills a little less than it quotes."""
    fields: dict[str, Any] = {
        "haircut_bps": 3.25,
        "fill_error_bps": -1.5,
        "reject_rate": 0.0125,
        "samples": 40.5,
        "applied": True,
    }
    result = market_service_pb2.VenueScore(**(fields | changes))
    result.latency.FromMilliseconds(430)
    return result


def pool() -> market_service_pb2.Pool:
    return market_service_pb2.Pool(
        pool="raydium_cpmm.1",
        venue="raydium_cpmm",
        token_a="SOL",
        token_b="USDC",
        price="160.05",
        fee_bps=25,
        reserve_a="1000000000000",
        reserve_b="160050000000",
        version=9,
        slot=77,
    )


def explanation() -> order_service_pb2.ExplainOrderResponse:
    """Two attempts: the first one met a price that had moved, the second one landed."""
    second = route()
    second.amount_out, second.mid_price, second.slot = "239900000", "159.98", 80
    second.legs[0].share_bps, second.legs[1].share_bps = 4500, 5500
    done = receipt()
    done.slot = 82
    for leg, quoted in zip(done.legs, ("144000000", "96100000"), strict=True):
        leg.quoted_amount_out = quoted
    attempt = order_service_pb2.ExplainOrderResponse.Attempt
    changed = order(
        "CONFIRMED", 9, receipt=done, route=second, attempt=2, floor_amount_out="238800000", signature="5econd"
    )
    story = [
        event(1),
        event(2),
        event(3, building=order_pb2.Building(route=route(), floor_amount_out="238800000")),
        event(4, submitted=order_pb2.Submitted(signature="f1rst", last_valid_slot=99)),
        event(5, "RETRYING", retrying=order_pb2.Retrying(retry=1, max_retries=3, cause=failure())),
        event(6, "ROUTING"),
        event(7, "BUILDING", building=order_pb2.Building(route=second, floor_amount_out="238800000")),
        event(8, "SUBMITTED", submitted=order_pb2.Submitted(signature="5econd", last_valid_slot=120)),
        event(9, "CONFIRMED", receipt=done),
    ]
    return order_service_pb2.ExplainOrderResponse(
        order=changed,
        events=[frame.event for frame in story],
        attempts=[
            attempt(attempt=1, route=route(), signature="f1rst", failure=failure()),
            attempt(attempt=2, route=second, signature="5econd"),
        ],
    )


def info(reason: str, **metadata: str) -> Message:
    """The ErrorInfo of an error."""
    detail: Message = error_details_pb2.ErrorInfo(reason=reason, domain="fillwire.dev", metadata=metadata)
    return detail


def bad_request(**fields: str) -> Message:
    """The BadRequest of an error: what is wrong by field; `__` stands for the dot in a path."""
    violations = [
        error_details_pb2.BadRequest.FieldViolation(field=field.replace("__", "."), description=description)
        for field, description in fields.items()
    ]
    detail: Message = error_details_pb2.BadRequest(field_violations=violations)
    return detail


def retry_info(seconds: float) -> Message:
    detail = error_details_pb2.RetryInfo()
    detail.retry_delay.FromMilliseconds(round(seconds * 1000))
    message: Message = detail
    return message


def trailers(code: grpc.StatusCode, message: str, *details: Message) -> tuple[tuple[str, str | bytes], ...]:
    """The trailing metadata in which an error's details travel."""
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    status = status_pb2.Status(code=code.value[0], message=message, details=packed)
    return (("grpc-status-details-bin", status.SerializeToString()),)
