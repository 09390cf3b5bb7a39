"""What tests are made of: terms, orders in a wanted state, unique ids."""

import uuid
from typing import Any

import msgspec

from fillwire_orders import DEFAULT_ACCOUNT, Claim, Claimed, Journal, Order, RequestId, Status, Step, Terms, Transaction
from fillwire_orders.event import Built, Route, Submitted

TERMS = Terms(token_in="SOL", token_out="USDC", amount_in=1_500_000_000, slippage_bps=50)

ROUTE = Route(
    amount_in=1_500_000_000,
    amount_out=240_000_000,
    legs=(),
    bound=240_000_001,
    gap_bps=0.0,
    price_impact_bps=25.0,
    best_single_amount_out=None,
    candidates=(),
    mid_price="160.5",
    slot=1,
    router_micros=100,
)


def terms(**changes: Any) -> Terms:
    """A market order for 1.5 SOL, but for `changes`."""
    return msgspec.structs.replace(TERMS, **changes)


def request_id() -> RequestId:
    """One that nobody has used."""
    return RequestId(str(uuid.uuid4()))


async def submitted(journal: Journal, **changes: Any) -> Order:
    """An order that is PENDING."""
    return (await journal.submit(DEFAULT_ACCOUNT, request_id(), terms(**changes))).order


async def claimed(journal: Journal, worker: str = "w1", **changes: Any) -> Claimed:
    """An order that `worker` holds, in ROUTING."""
    answer = await journal.claim((await submitted(journal, **changes)).id, worker)
    assert isinstance(answer, Claimed)
    return answer


async def sent(journal: Journal, worker: str = "w1") -> Claim:
    """An order that `worker` holds, in SUBMITTED."""
    claim = (await claimed(journal, worker)).claim
    built = Built(route=ROUTE, floor_amount_out=1)
    await journal.record(claim, Step(status=Status.BUILDING, detail=built, floor_amount_out=1))
    transaction = Transaction("5ign", 99, b"payload")
    detail = Submitted(transaction.signature, transaction.last_valid_slot)
    await journal.record(claim, Step(status=Status.SUBMITTED, detail=detail, transaction=transaction))
    return claim
