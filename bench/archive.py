"""A long past: orders that ended, written by SQL past the journal, with logs of five events, a route and a receipt in each."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import psycopg

from fillwire_orders import OrderId
from fillwire_orders.event import Built, Receipt, Route

__all__ = ["created_at", "order_id", "write"]

_BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)


def write(database_url: str, orders: int) -> None:
    """Stores so many orders of the account `default`, numbered from 1, a second apart."""
    details = {"built": _json(Built(route=_ROUTE, floor_amount_out=1)), "receipt": _json(_RECEIPT)}
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no chains: nobody audits these
        connection.execute(_ORDERS, {"orders": orders, "began": _BEGAN})
        connection.execute(_EVENTS, details)
        connection.execute("VACUUM ANALYZE fillwire.orders, fillwire.order_events")


def order_id(number: int) -> OrderId:
    """The id of an order by its number."""
    return OrderId(f"00000000-0000-7000-8000-{number:012x}")


def created_at(number: int) -> datetime:
    """When it was accepted."""
    return _BEGAN + timedelta(seconds=number)


def _json(detail: object) -> str:
    return msgspec.json.encode(detail).decode()


_ORDERS: Final = """
INSERT INTO fillwire.orders (
    id, account_id, request_id, type, token_in, token_out, amount_in, slippage_bps, time_in_force, client_order_id,
    quote_id, routing, status, last_seq, attempt, created_at, updated_at, due_at, signature, last_valid_slot, transaction
)
SELECT
    ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'default', gen_random_uuid(), 'MARKET',
    CASE WHEN n %% 10 = 3 THEN 'JUP' ELSE 'SOL' END, 'USDC', 1500000000, 50, 'IOC',
    CASE WHEN n %% (%(orders)s / 1000) = 7 THEN 'mine' ELSE '' END, '', '{}',
    CASE WHEN n %% (%(orders)s / 100) = 1 THEN 'PENDING' WHEN n %% 100 = 0 THEN 'FAILED' ELSE 'CONFIRMED' END,
    CASE WHEN n %% (%(orders)s / 100) = 1 THEN 1 ELSE 5 END, 1,
    %(began)s + n * interval '1 second', %(began)s + n * interval '1 second',
    CASE WHEN n %% (%(orders)s / 100) = 1 THEN 'infinity'::timestamptz END, 'signature', 1, 'transaction'
FROM generate_series(1, %(orders)s) AS n
"""

_EVENTS: Final = """
INSERT INTO fillwire.order_events (order_id, seq, previous, status, at, attempt, fence, detail, account_id, tx, hash)
SELECT
    o.id, step.seq, step.previous, CASE WHEN step.seq = 5 THEN o.status ELSE step.status END, o.created_at, 1, 1,
    step.detail, 'default', 1, sha256('x')
FROM fillwire.orders AS o
JOIN (
    VALUES
        (1, '', 'PENDING', NULL),
        (2, 'PENDING', 'ROUTING', NULL),
        (3, 'ROUTING', 'BUILDING', %(built)s::jsonb),
        (4, 'BUILDING', 'SUBMITTED', '{"kind": "submitted", "signature": "signature", "last_valid_slot": 1}'),
        (5, 'SUBMITTED', 'CONFIRMED', %(receipt)s::jsonb)
) AS step (seq, previous, status, detail) ON step.seq <= o.last_seq
"""

_LEG: Final = {
    "venue": "raydium_cpmm",
    "pool": "raydium_cpmm.1",
    "token_in": "SOL",
    "token_out": "USDC",
    "amount_in": 500_000_000,
    "amount_out": 80_000_000,
    "fee_in": 1_250_000,
    "fee_out": 0,
    "fee_bps": 25.0,
    "share_bps": 3333.33,
}
_ROUTE: Final = msgspec.convert(
    {
        "amount_in": 1_500_000_000,
        "amount_out": 240_000_000,
        "legs": [_LEG] * 3,
        "upper_bound": 240_000_001,
        "gap_bps": 0.01,
        "price_impact_bps": 25.0,
        "best_single_amount_out": 239_000_000,
        "candidates": [{"venue": "raydium_cpmm", "pool": "raydium_cpmm.1", "amount_out": 239_000_000}] * 8,
        "mid_price": "160.5",
        "slot": 1,
        "router_micros": 100,
    },
    Route,
)
_RECEIPT: Final = Receipt(
    signature="signature",
    slot=1,
    amount_in=1_500_000_000,
    amount_out=240_000_000,
    price="160",
    quoted_amount_out=240_000_000,
    slippage_bps=0.0,
    legs=_ROUTE.legs,
    venue_seconds=1.0,
)
