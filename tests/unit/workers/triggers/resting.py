"""Resting orders as tests make them, and a market that is nothing but prices."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fillwire_orders import OrderId
from fillwire_orders.conditions import Condition
from fillwire_orders.resting import RestingOrder

PAIR = ("SOL", "USDC")
ARMED = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = itertools.count(1)


def order(condition: Condition, **changes: Any) -> RestingOrder:
    """An order to sell 1.5 SOL, but for `changes`; its id grows with every call."""
    given: dict[str, Any] = {
        "id": OrderId(f"{next(_numbers):08x}-0000-7000-8000-000000000000"),
        "seq": 2,
        "token_in": "SOL",
        "token_out": "USDC",
        "condition": condition,
        "armed_at": ARMED,
        "amount_in": 1_500_000_000,
        **changes,
    }
    return RestingOrder(**given)


def price(text: str | int) -> Decimal:
    return Decimal(text)
