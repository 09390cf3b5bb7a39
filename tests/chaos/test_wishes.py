"""What clients wish for is what the server understands, and what the checker expects to be stored."""

import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from fillwire.v1.order_service_pb2 import SubmitOrderRequest
from fillwire_server import validation
from tests.chaos.truth import body_of, body_of_terms
from tests.chaos.wishes import Wish, Wishes, spec

MIDS = {("SOL", "USDC"): "155.2", ("USDC", "SOL"): "0.00644", ("SOL", "JUP"): "190.1", ("JUP", "USDC"): "0.8164"}


def wishes(count: int) -> list[Wish]:
    asking = Wishes("client-1", random.Random(7), lambda a, b: Decimal(MIDS[a, b]))
    return [asking.next() for _ in range(count)]


def stored(wish: Wish) -> str:
    ask = validation.submission(SubmitOrderRequest(spec=spec(wish)), now=datetime.now(UTC), venues=[])
    return body_of_terms(msgspec.json.decode(msgspec.json.encode(ask.terms)))


def test_every_wish_is_a_valid_order_and_is_stored_as_it_was_asked() -> None:
    for wish in wishes(1000):
        assert stored(wish) == body_of(wish)


def test_most_wishes_are_market_orders_and_every_type_of_a_run_is_among_them() -> None:
    types = Counter((wish["type"], wish["time_in_force"], "amount_out" in wish) for wish in wishes(1000))
    assert types.most_common(1)[0][0] == ("MARKET", "IOC", False)
    assert {kind for kind, _, _ in types} == {"MARKET", "LIMIT", "STOP", "TAKE_PROFIT", "SCHEDULED", "TWAP", "OCO"}
    assert {("LIMIT", "IOC", False), ("LIMIT", "GTC", False), ("MARKET", "IOC", True)} <= types.keys()


def test_who_knows_no_prices_wishes_for_market_orders() -> None:
    asking = Wishes("client-1", random.Random(7), lambda a, b: None)
    assert {asking.next()["type"] for _ in range(100)} == {"MARKET"}


def test_another_price_changes_nothing_else() -> None:
    wish = next(one for one in wishes(1000) if one["type"] == "STOP")
    moved = Wishes("client-1", random.Random(8), lambda a, b: Decimal(MIDS[a, b]) * 2).moved(wish)
    assert moved is not None
    assert {name for name in wish if wish[name] != moved[name]} == {"price"}
