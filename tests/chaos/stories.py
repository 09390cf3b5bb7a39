"""A story in which every promise is kept, to be corrupted: history and truth as a run of a minute leaves them.

plain     submitted by two clients at once, watched, cut off, resumed, read
retried   refused by the venue once, swapped at the second attempt
hopeless  below its minimum every time, failed
silent    the answer to its submit was lost; stored and swapped all the same
refused   another body under plain's request id, and a request that is not one

Those of orders that wait are in `waiting_stories`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tests.chaos.history import About, Recorder, Type
from tests.chaos.truth import StoredEvent, StoredOrder, Swap, Truth, body_of, essence
from tests.chaos.waiting_stories import told_of_waiting

__all__ = ["BODY", "WAY", "told"]

BODY: Final = body_of({"token_in": "SOL", "token_out": "USDC", "amount_in": 1000, "slippage_bps": 50})
HOPELESS: Final = body_of({"token_in": "SOL", "token_out": "USDC", "amount_in": 1000, "min_amount_out": 900})
OTHER: Final = body_of({"token_in": "SOL", "token_out": "USDC", "amount_in": 2000, "slippage_bps": 50})

WAY: Final = ("PENDING", "ROUTING", "BUILDING", "SUBMITTED", "CONFIRMED")
RETRIED: Final = (*WAY[:4], "RETRYING", *WAY[1:])
HOPELESS_WAY: Final = (
    "PENDING",
    "ROUTING",
    "RETRYING",
    "ROUTING",
    "RETRYING",
    "ROUTING",
    "RETRYING",
    "ROUTING",
    "FAILED",
)

_SECOND: Final = 1_000_000_000


def told(recorder: Recorder) -> Truth:
    """Tells the story to `recorder` and gives the truth behind it."""
    logs = {
        "plain": _log("plain", WAY),
        "retried": _log("retried", RETRIED),
        "hopeless": _log("hopeless", HOPELESS_WAY),
        "silent": _log("silent", WAY),
    }
    _submit(recorder, "client-1", "plain")
    _submit(recorder, "client-2", "plain", deduplicated=True)
    fault = recorder.invoke("nemesis", About.FAULT, kind="kill_worker", target="worker-1")
    _submit(recorder, "client-1", "retried")
    op = recorder.invoke("client-3", About.SUBMIT, request_id="r-silent", body=BODY)
    recorder.note("client-3", Type.INFO, About.SUBMIT, op, code="UNAVAILABLE")
    _refused(recorder, "r-plain", OTHER, "ALREADY_EXISTS")
    _refused(recorder, "r-no-request", BODY, "INVALID_ARGUMENT")
    _submit(recorder, "client-2", "hopeless", body=HOPELESS)
    orders, events, swaps = told_of_waiting(recorder)
    _watch(recorder, "plain", logs["plain"][:3], after_seq=0, end=(Type.INFO, "UNAVAILABLE"))
    recorder.note("nemesis", Type.OK, About.HEAL, fault)
    recorder.note("nemesis", Type.INFO, About.HEALED)
    _watch(recorder, "plain", logs["plain"][3:], after_seq=3, end=(Type.OK, ""))
    _watch(recorder, "retried", logs["retried"], after_seq=0, end=(Type.OK, ""))
    _watch(recorder, "hopeless", logs["hopeless"], after_seq=0, end=(Type.OK, ""))
    op = recorder.invoke("client-2", About.READ, order_id="plain")
    recorder.note("client-2", Type.OK, About.READ, op, status="CONFIRMED", last_seq=5)
    op = recorder.invoke("stranger", About.PRY, order_id="plain")
    recorder.note("stranger", Type.FAIL, About.PRY, op, code="NOT_FOUND")
    _submit(recorder, "client-1", "silent")
    recorder.note("nemesis", Type.INFO, About.REST)
    return Truth(
        orders=[*(_order(name, log) for name, log in logs.items()), *orders],
        events=[*(event for log in logs.values() for event in log), *events],
        swaps=[
            _swap("plain", 1, "landed"),
            _swap("retried", 1, "refused"),
            _swap("retried", 2, "landed"),
            _swap("silent", 1, "landed"),
            *swaps,
        ],
    )


def _submit(recorder: Recorder, client: str, name: str, *, body: str = BODY, deduplicated: bool = False) -> None:
    op = recorder.invoke(client, About.SUBMIT, request_id=f"r-{name}", body=body)
    recorder.note(client, Type.OK, About.SUBMIT, op, order_id=name, deduplicated=deduplicated)


def _refused(recorder: Recorder, request_id: str, body: str, code: str) -> None:
    op = recorder.invoke("client-2", About.SUBMIT, request_id=request_id, body=body)
    recorder.note("client-2", Type.FAIL, About.SUBMIT, op, code=code)


def _watch(
    recorder: Recorder, name: str, events: Sequence[StoredEvent], *, after_seq: int, end: tuple[Type, str]
) -> None:
    op = recorder.invoke("watcher", About.WATCH, order_id=name, after_seq=after_seq)
    for event in events:
        value = {"order_id": name, "seq": event.seq, "status": event.status, "at_us": event.at_us}
        detail = {"attempt": event.attempt, "detail": essence(event.detail)}
        recorder.note("watcher", Type.INFO, About.EVENT, op, **value, **detail)
    recorder.note("watcher", end[0], About.WATCH, op, code=end[1])


def _log(name: str, way: Sequence[str]) -> list[StoredEvent]:
    events, attempt = [], 0
    for seq, status in enumerate(way, 1):
        attempt += status == "ROUTING"
        events.append(
            StoredEvent(
                order_id=name,
                seq=seq,
                previous=way[seq - 2] if seq > 1 else "",
                status=status,
                at_us=1_700_000_000_000_000 + seq,
                attempt=attempt,
                detail=_detail(name, status, attempt),
            )
        )
    return events


def _detail(name: str, status: str, attempt: int) -> dict[str, Any] | None:
    match status:
        case "BUILDING":
            return {"kind": "built", "floor_amount_out": 90}
        case "SUBMITTED":
            return {"kind": "submitted", "signature": f"s-{name}-{attempt}"}
        case "RETRYING":
            return {"kind": "retrying", "retry": attempt}
        case "CONFIRMED":
            amounts = {"amount_in": 1000, "amount_out": 100, "slot": 7}
            return {"kind": "receipt", "signature": f"s-{name}-{attempt}", **amounts}
        case "FAILED":
            return {"kind": "failure", "reason": "SLIPPAGE_EXCEEDED"}
        case _:
            return None


def _order(name: str, log: Sequence[StoredEvent]) -> StoredOrder:
    hopeless = name == "hopeless"
    return StoredOrder(
        id=name,
        request_id=f"r-{name}",
        body=HOPELESS if hopeless else BODY,
        status=log[-1].status,
        last_seq=len(log),
        attempt=log[-1].attempt,
        min_amount_out="900" if hopeless else None,
        floor_amount_out=None if hopeless else "90",
        signature=None if hopeless else f"s-{name}-{log[-1].attempt}",
    )


def _swap(name: str, attempt: int, status: str) -> Swap:
    landed = status == "landed"
    return Swap(
        signature=f"s-{name}-{attempt}",
        reference=f"{name}:{attempt}",
        status=status,
        amount_in="1000" if landed else None,
        amount_out="100" if landed else None,
        slot=7,
        last_valid_slot=9,
    )
