"""What the swap promises: at most one for an order, told with its own amounts, never below the order's floor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from fillwire_orders import Status
from tests.chaos.evidence import Evidence
from tests.chaos.truth import StoredOrder, Swap

__all__ = [
    "confirmed_without_its_fill",
    "double_swap",
    "failed_but_swapped",
    "fill_above_ceiling",
    "fill_below_floor",
    "fill_beyond_limit",
    "stray_swap",
    "tokens_missing",
]

_ANY: Final = 2**128


def double_swap(evidence: Evidence) -> Iterator[str]:
    """I7: at most one transaction of an order landed, over all its attempts."""
    for order_id in evidence.transactions:
        if len(landed := _landed(evidence, order_id)) > 1:
            yield f"order {order_id} swapped {len(landed)} times: {', '.join(one.reference for one in landed)}"


def confirmed_without_its_fill(evidence: Evidence) -> Iterator[str]:
    """I7: a confirmed order landed, with the signature and the amounts that it tells."""
    for order in _in(evidence, Status.CONFIRMED):
        if order.type == "TWAP":
            continue  # its children have landed
        last = evidence.logs.get(order.id, ())[-1:]
        receipt = (last[0].detail if last else None) or {}
        told = {name: str(receipt.get(name)) for name in ("signature", "amount_in", "amount_out", "slot")}
        fills = [{name: str(getattr(one, name)) for name in told} for one in _landed(evidence, order.id)]
        if told not in fills:
            yield f"order {order.id} tells {told}, the ledger has {fills}"


def failed_but_swapped(evidence: Evidence) -> Iterator[str]:
    """I7: an order that ended otherwise swapped nothing, and nothing of it is on its way."""
    for order in _in(evidence, Status.FAILED, Status.EXPIRED, Status.CANCELLED):
        alive = [one for one in evidence.transactions.get(order.id, ()) if one.status in {"landed", "pending"}]
        if alive:
            yield f"order {order.id} is {order.status}, and {alive[0].reference} is {alive[0].status}"


def fill_below_floor(evidence: Evidence) -> Iterator[str]:
    """No swap gives less than the order's floor, nor than the client's own minimum."""
    for order in evidence.orders.values():
        least = max(int(order.floor_amount_out or 0), int(order.min_amount_out or 0))
        for one in _landed(evidence, order.id):
            if int(one.amount_out or 0) < least:
                yield f"order {order.id} got {one.amount_out} and wants {least} at least"


def fill_above_ceiling(evidence: Evidence) -> Iterator[str]:
    """No swap takes more than the order's ceiling, nor than the client's own maximum, and none gives another amount."""
    for order in evidence.orders.values():
        most = min(int(bound) for bound in (order.ceiling_amount_in, order.max_amount_in, _ANY) if bound)
        for one in _landed(evidence, order.id):
            wrong = order.amount_out is not None and int(one.amount_out or 0) < int(order.amount_out)
            if int(one.amount_in or 0) > most or wrong:
                yield f"order {order.id} gave {one.amount_in} for {one.amount_out}, and gives {most} at most"


def fill_beyond_limit(evidence: Evidence) -> Iterator[str]:
    """A limit order is swapped at its price or better, all of it together."""
    for order in evidence.orders.values():
        if order.type != "LIMIT" or order.condition is None:
            continue
        bound = int(order.condition["amount"])
        for one in _landed(evidence, order.id):
            if int(one.amount_out or 0) < bound if order.amount_in else int(one.amount_in or 0) > bound:
                yield f"order {order.id} gave {one.amount_in} for {one.amount_out}; its limit is {order.condition}"


def stray_swap(evidence: Evidence) -> Iterator[str]:
    """Every transaction is one that its order's log has told of, before it was sent."""
    for order_id, sent in evidence.transactions.items():
        log = evidence.logs.get(order_id, ())
        recorded = {event.detail["signature"] for event in log if event.detail and event.status == Status.SUBMITTED}
        for one in sent:
            if one.signature not in recorded:
                yield f"transaction {one.reference} was sent, and is in no log"


def tokens_missing(evidence: Evidence) -> Iterator[str]:
    """The market's own audit: no token was made or lost."""
    for where, amount in evidence.missing.items():
        yield f"{where} lacks {amount}"


def _in(evidence: Evidence, *statuses: Status) -> Iterator[StoredOrder]:
    return (order for order in evidence.orders.values() if order.status in statuses)


def _landed(evidence: Evidence, order_id: str) -> Sequence[Swap]:
    return [one for one in evidence.transactions.get(order_id, ()) if one.status == "landed"]
