"""What is wrong with one log: the chain is broken, the steps are none, or the order's row says something else."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec

from fillwire_orders.audit.chain import JSON_TERMS, genesis, link
from fillwire_orders.event import Detail, Progress, Receipt, Replaced
from fillwire_orders.order import Terms
from fillwire_orders.status import Status, allowed

__all__ = ["Fault", "Finding", "check"]

Row = Mapping[str, Any]
"""A row of the database by its columns; JSON is its text."""

_DETAIL: Final = msgspec.json.Decoder(Detail)
_AMOUNTS: Final = ("amount_in", "amount_out", "min_amount_out", "max_amount_in", "quoted_amount")


class Fault(StrEnum):
    """What was done to a log."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a log is broken, and how; `seq` is that of the first event it is about."""

    order_id: str
    seq: int
    fault: Fault
    message: str


def check(order: Row, log: Sequence[Row]) -> Iterator[Finding]:
    """All that is wrong with an order's log, which is in the order of its seq; nothing: it is as it was written."""
    for seq, fault, message in _check(order, log):
        yield Finding(order["id"], seq, fault, message)


_Told = Iterator[tuple[int, Fault, str]]


def _check(order: Row, log: Sequence[Row]) -> _Told:
    yield from _gaps(order, log)
    yield from _links(order, log)
    yield from _steps(log)
    if log and log[-1]["seq"] == order["last_seq"]:
        yield from _row(order, log)


def _gaps(order: Row, log: Sequence[Row]) -> _Told:
    last_seq, expected = order["last_seq"], 1
    for seq in [*(event["seq"] for event in log), last_seq + 1]:
        if expected < seq <= last_seq + 1:
            which = f"event {expected}" if seq == expected + 1 else f"events {expected} to {seq - 1}"
            yield expected, Fault.MISSING, f"{which} of {last_seq}"
        expected = max(expected, seq + 1)
    for event in log:
        if event["seq"] > last_seq:
            yield event["seq"], Fault.ADDED, f"the order's row knows of {last_seq} events"


def _links(order: Row, log: Sequence[Row]) -> _Told:
    """Each event against the hash before it.

    A change is told where it was made: what comes after it holds by the hash that is stored or, where only that was
    changed, by the one that should be. After a gap nothing can be said of the next event.
    """
    before: set[bytes] = {genesis(order)}
    expected = 1
    for event in log:
        links = {link(one, event) for one in before} if event["seq"] == expected else {event["hash"]}
        if event["hash"] not in links:
            what = "the event, its hash, or what was submitted" if event["seq"] == 1 else "the event or its hash"
            yield event["seq"], Fault.CHANGED, f"{what}: the hash is not that of what is stored"
        if event["account_id"] != order["account_id"]:
            yield event["seq"], Fault.CHANGED, "its account_id is not the order's"
        before = {event["hash"], *links}
        expected = event["seq"] + 1


def _steps(log: Sequence[Row]) -> _Told:
    status, seq = "", 0
    for event in log:
        follows = event["seq"] > seq + 1 or event["previous"] == status
        if not follows or not _allowed(event["previous"], event["status"]):
            yield event["seq"], Fault.CHANGED, f"{event['previous'] or 'nothing'} -> {event['status']} is no step"
        status, seq = event["status"], event["seq"]


def _allowed(before: str, after: str) -> bool:
    known = {"", *Status}
    return {before, after} <= known and after != "" and allowed(Status(before) if before else None, Status(after))


def _row(order: Row, log: Sequence[Row]) -> _Told:
    """The row of an order that tells of its last event and of the terms in force."""
    last = log[-1]
    stored = {name: last[name] for name in ("status", "attempt")} | {"updated_at": last["at"]}
    if log[0]["seq"] == 1:
        stored["created_at"] = log[0]["at"]
    details = [detail for event in log if (detail := _detail(event)) is not None]
    stored |= next((_filled(one) for one in reversed(details) if isinstance(one, Receipt | Progress)), {})
    for name, value in stored.items():
        if order[name] != value:
            yield last["seq"], Fault.CHANGED, f"the order's row: {name} is {order[name]}, its log says {value}"
    if fields := _changed_terms(order, details):
        yield last["seq"], Fault.CHANGED, f"the order's row: {', '.join(fields)} not as submitted or replaced"


def _detail(event: Row) -> Detail | None:
    """`None` also for one that cannot be read; that it was changed, its hash says."""
    with contextlib.suppress(msgspec.MsgspecError):
        return None if event["detail"] is None else _DETAIL.decode(event["detail"])
    return None


def _filled(detail: Receipt | Progress) -> dict[str, int]:
    if isinstance(detail, Receipt):
        return {"filled_amount_in": detail.amount_in, "filled_amount_out": detail.amount_out}
    return {"filled_amount_in": detail.filled_amount_in, "filled_amount_out": detail.filled_amount_out}


def _changed_terms(order: Row, details: Sequence[Detail]) -> Sequence[str]:
    """The terms in the row that are not those in force."""
    in_force = next((one.terms for one in reversed(details) if isinstance(one, Replaced)), order["submitted"])
    try:
        return [] if in_force is None else msgspec.json.decode(in_force, type=Terms).differing(_terms(order))
    except msgspec.MsgspecError:
        return ["terms"]


def _terms(order: Row) -> Terms:
    given = {name: order[name] for name in Terms.__struct_fields__}
    given |= {name: None if order[name] is None else int(order[name]) for name in _AMOUNTS}
    given |= {name: None if order[name] is None else msgspec.json.decode(order[name]) for name in JSON_TERMS}
    return msgspec.convert(given, Terms)
