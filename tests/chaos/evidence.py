"""The evidence: history and truth, put in the order in which the rules ask for them. Linear in their size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fillwire_orders import FINAL
from tests.chaos.history import About, Record, Type
from tests.chaos.truth import StoredEvent, StoredOrder, Swap, Truth

__all__ = ["Asked", "Evidence", "Session", "Spell", "gather"]

_NEVER: Final = 2**63
_ASKED: Final = (
    *(About.SUBMIT, About.READ, About.PRY, About.WATCH),
    *(About.CANCEL, About.CANCEL_ALL, About.REPLACE),
)


@dataclass(slots=True)
class Asked:
    """A request and its answer; `type` stays INVOKE where none came."""

    proc: str
    invoked_at: int
    value: Mapping[str, Any]
    type: Type = Type.INVOKE
    answered_at: int = _NEVER
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return str(self.answer.get("code", ""))

    @property
    def order_id(self) -> str:
        """The order it was about, or that it made."""
        return str(self.value.get("order_id") or self.answer.get("order_id", ""))


@dataclass(slots=True)
class Session:
    """One connection of a watch: what was asked, the events in the order in which they came, how it ended."""

    asked: Asked
    events: list[Record] = field(default_factory=list)
    after_end: bool = False

    @property
    def order_id(self) -> str:
        return self.asked.order_id

    @property
    def after_seq(self) -> int:
        return int(self.asked.value["after_seq"])


@dataclass(slots=True)
class Spell:
    """A fault from its beginning to its end."""

    kind: str
    began_at: int
    healed_at: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """`healed_at` is when the last fault was over, `rest_at` when the waiting ended, with `unfinished` orders still open."""

    submits: Sequence[Asked]
    reads: Sequence[Asked]
    pries: Sequence[Asked]
    cancels: Sequence[Asked]
    replacements: Sequence[Asked]
    withdrew_all: bool
    """Whether everything that might rest for ever was asked to be withdrawn."""
    sessions: Sequence[Session]
    spells: Sequence[Spell]
    healed_at: int
    rest_at: int
    unfinished: Sequence[str]
    orders: Mapping[str, StoredOrder]
    logs: Mapping[str, Sequence[StoredEvent]]
    transactions: Mapping[str, Sequence[Swap]]
    missing: Mapping[str, int]
    forged: Sequence[str]
    children: Mapping[str, Sequence[StoredOrder]]
    acknowledged: Mapping[str, int]
    """When each order was acknowledged first, by the order's id."""

    def is_final(self, order_id: str) -> bool:
        """Whether the stored order is final."""
        return order_id in self.orders and self.orders[order_id].status in FINAL


def gather(records: Sequence[Record], truth: Truth) -> Evidence:
    """Sorts what was written down."""
    asked: dict[About, dict[int, Asked]] = {about: {} for about in _ASKED}
    sessions: dict[int, Session] = {}
    moments = {About.HEALED: _NEVER, About.REST: _NEVER}
    unfinished: list[str] = []
    for record in records:
        if record.f is About.EVENT:
            sessions[record.op].after_end |= sessions[record.op].asked.type is not Type.INVOKE
            sessions[record.op].events.append(record)
        elif record.f in moments:
            moments[record.f] = record.t
            unfinished += record.value.get("unfinished", [])
        elif record.f in asked:
            one = _answered(asked[record.f], record)
            if record.f is About.WATCH and record.type is Type.INVOKE:
                sessions[record.op] = Session(one)
    logs, transactions = defaultdict(list), defaultdict(list)
    for event in truth.events:
        logs[event.order_id].append(event)
    for swap in truth.swaps:
        transactions[swap.order_id].append(swap)
    submits = list(asked[About.SUBMIT].values())
    return Evidence(
        submits=submits,
        reads=list(asked[About.READ].values()),
        pries=list(asked[About.PRY].values()),
        cancels=list(asked[About.CANCEL].values()),
        replacements=list(asked[About.REPLACE].values()),
        withdrew_all=bool(asked[About.CANCEL_ALL]),
        sessions=list(sessions.values()),
        spells=_spells(records),
        healed_at=moments[About.HEALED],
        rest_at=moments[About.REST],
        unfinished=unfinished,
        orders={order.id: order for order in truth.orders},
        logs=dict(logs),
        transactions=dict(transactions),
        missing=truth.missing,
        forged=truth.forged,
        children=_children(truth),
        acknowledged=_acknowledged(submits),
    )


def _children(truth: Truth) -> Mapping[str, Sequence[StoredOrder]]:
    children = defaultdict(list)
    for order in truth.orders:
        if order.parent_id is not None:
            children[order.parent_id].append(order)
    return dict(children)


def _answered(open_ones: dict[int, Asked], record: Record) -> Asked:
    if record.type is Type.INVOKE:
        one = open_ones[record.op] = Asked(record.proc, record.t, record.value)
    else:
        one = open_ones[record.op]
        one.type, one.answered_at, one.answer = record.type, record.t, record.value
    return one


def _acknowledged(submits: Sequence[Asked]) -> dict[str, int]:
    first: dict[str, int] = {}
    for submit in submits:
        if submit.type is Type.OK:
            first[submit.order_id] = min(submit.answered_at, first.get(submit.order_id, _NEVER))
    return first


def _spells(records: Sequence[Record]) -> list[Spell]:
    spells: dict[int, Spell] = {}
    for record in records:
        if record.f is About.FAULT:
            spells[record.op] = Spell(str(record.value["kind"]), record.t, _NEVER)
        elif record.f is About.HEAL:
            spells[record.op].healed_at = record.t
    return list(spells.values())
