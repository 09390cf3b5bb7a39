"""What a watch promises: every event once, in order, as it is stored, and OK only after the final one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fillwire_orders import FINAL
from tests.chaos.evidence import Evidence, Session
from tests.chaos.history import Record, Type
from tests.chaos.truth import StoredEvent, essence

__all__ = [
    "altered_event",
    "ended_early",
    "event_after_end",
    "foreign_event",
    "gap_in_watch",
    "repeated_event",
    "unended_watch",
]


def gap_in_watch(evidence: Evidence) -> Iterator[str]:
    """I3: no event is missing between two that came, nor before the first."""
    for session in evidence.sessions:
        for last, seq in _steps(session):
            if seq > last + 1:
                yield f"{_name(session)} went from {last} to {seq}"


def repeated_event(evidence: Evidence) -> Iterator[str]:
    """I3: none comes twice, or after a later one."""
    for session in evidence.sessions:
        for last, seq in _steps(session):
            if seq <= last:
                yield f"{_name(session)} gave {seq} after {last}"


def altered_event(evidence: Evidence) -> Iterator[str]:
    """I3: each is the stored one."""
    for session in evidence.sessions:
        log = evidence.logs.get(session.order_id, ())
        for event in session.events:
            if (told := _told(event)) != (stored := _stored(log, told[0])):
                yield f"{_name(session)} told {told}, and stored is {stored}"


def foreign_event(evidence: Evidence) -> Iterator[str]:
    """I3, I6: each is of the order that is watched."""
    for session in evidence.sessions:
        for event in session.events:
            if event.value["order_id"] != session.order_id:
                yield f"{_name(session)} gave an event of order {event.value['order_id']}"


def ended_early(evidence: Evidence) -> Iterator[str]:
    """I3: OK comes only after the final event."""
    for session in evidence.sessions:
        if session.asked.type is Type.OK:
            log = evidence.logs.get(session.order_id, ())
            last = max([session.after_seq, *(seq for _, seq in _steps(session))])
            if _stored(log, last)[1] not in FINAL:
                yield f"{_name(session)} ended with OK after {last}"


def event_after_end(evidence: Evidence) -> Iterator[str]:
    """I3: nothing comes after the final event, and nothing after the end of the stream."""
    for session in evidence.sessions:
        statuses = [str(event.value["status"]) for event in session.events]
        if session.after_end or any(status in FINAL for status in statuses[:-1]):
            yield f"{_name(session)} gave {', '.join(statuses)}"


def unended_watch(evidence: Evidence) -> Iterator[str]:
    """I3, I8: at rest, every watch of an order that has ended has been told so."""
    for session in evidence.sessions:
        if session.asked.code == "UNENDED" and evidence.is_final(session.order_id):
            last = max([session.after_seq, *(seq for _, seq in _steps(session))])
            yield f"{_name(session)} still waited after {last} when the order had long ended"


def _steps(session: Session) -> Iterator[tuple[int, int]]:
    """Pairs of what had been seen and what came next."""
    last = session.after_seq
    for event in session.events:
        seq = int(event.value["seq"])
        yield last, seq
        last = max(last, seq)


def _told(event: Record) -> tuple[object, ...]:
    value = event.value
    return value["seq"], value["status"], value["at_us"], value["attempt"], value["detail"]


def _stored(log: Sequence[StoredEvent], seq: object) -> tuple[object, ...]:
    if not isinstance(seq, int) or not 0 < seq <= len(log):
        return seq, "absent"
    event = log[seq - 1]
    return event.seq, event.status, event.at_us, event.attempt, essence(event.detail)


def _name(session: Session) -> str:
    return f"the watch of order {session.order_id} by {session.asked.proc} after {session.after_seq}"
