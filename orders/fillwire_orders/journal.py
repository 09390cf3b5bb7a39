"""The journal: the one truth about every order, in PostgreSQL.

    submit       an order is stored with its first events; from then on it is never lost
    claim        a worker gets it, with a lease and a fence
    record       one step: state, event and claim change in one transaction, or not at all
    renew        the lease goes on
    hand_back    the lease ends, somebody else may go on
    due          what ought to be claimed and is not

A crash between any two of them leaves a state that `claim` gives to the next worker. All time is the database's.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import msgspec
import uuid_utils

from fillwire_orders.batch import Batch
from fillwire_orders.claims import Claim, Claimed, NotNow, Step, Wait
from fillwire_orders.conditions import Limit, Scheduled, Stop, TakeProfit, Twap
from fillwire_orders.database import Pool, fetch
from fillwire_orders.errors import Fenced, RequestIdReused, StoreUnavailable, Withdrawn
from fillwire_orders.event import Event, Resting
from fillwire_orders.order import AccountId, Order, OrderId, RequestId, Terms
from fillwire_orders.reading import Reader
from fillwire_orders.status import FINAL, Status, allowed

__all__ = [
    "DEFAULT_ACCOUNT",
    "DISPATCH_GRACE",
    "LEASE",
    "Dispatch",
    "Journal",
    "Submission",
    "drafted",
    "waiting",
]

DEFAULT_ACCOUNT: Final = AccountId("default")
"""Whose orders all are where no key is asked for; the migration makes it."""

LEASE: Final = 10.0
"""Seconds a claim holds without being renewed; a dead worker's orders are free after that."""

DISPATCH_GRACE: Final = 2.0
"""Seconds an order may be due and unclaimed before the sweeper has it queued again."""


_GOING_ON: Final = frozenset({Status.BUILDING, Status.SUBMITTED, Status.RETRYING, Status.RESTING})
"""Steps that lead towards a swap; an order whose owner wants it withdrawn takes none of them."""

_AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Submission(msgspec.Struct, frozen=True):
    """The order, and whether it had been there before."""

    order: Order
    deduplicated: bool


class Dispatch(msgspec.Struct, frozen=True):
    """That an order is due: the `dispatch`-th time it is queued, `attempt` attempts behind it.

    `urgent`: a worker had it and is gone; it goes before those that nobody has begun.
    """

    order_id: OrderId
    dispatch: int
    attempt: int
    urgent: bool = False


class _Draft(msgspec.Struct, frozen=True):
    id: OrderId
    account_id: AccountId
    request_id: RequestId
    terms: Terms
    arrival_mid_price: Decimal | None


class Journal:
    """Writes orders; every process that does has one.

    What different orders need at the same moment shares a statement and a COMMIT (`Batch`).
    Every method raises `StoreUnavailable` when PostgreSQL does not answer; the outcome is then unknown, and each can
    be called again: submit by its request id, the others by the claim's fence.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._reader = Reader(pool)
        shared = (StoreUnavailable,)
        self._submits = Batch(self._submit_all, shared=shared)
        self._claims: Batch[tuple[OrderId, str], Claimed | Wait | NotNow] = Batch(self._claim_all, shared=shared)
        self._steps = Batch(self._record_all, shared=shared)

    async def submit(
        self,
        account_id: AccountId,
        request_id: RequestId,
        terms: Terms,
        *,
        arrival_mid_price: Decimal | None = None,
    ) -> Submission:
        """Stores an order, durably, once per account and request id; one that waits for something rests from then on.

        The same terms again give the order as it is now; other terms raise `RequestIdReused`.
        """
        draft = _Draft(OrderId(str(uuid_utils.uuid7())), account_id, request_id, terms, arrival_mid_price)
        stored = await self._submits(draft)
        if stored is not None:
            return Submission(_new_order(draft, *stored), deduplicated=False)
        order = await self.repeated(account_id, request_id, terms)
        # Its own id: the answer to the first try was lost, and the statement run again found what it had stored.
        return Submission(order, deduplicated=order.id != draft.id)

    async def repeated(self, account_id: AccountId, request_id: RequestId, terms: Terms) -> Order:
        """The order that was submitted with this request id and these terms, as it is now.

        Raises `RequestIdReused` where its terms were others, `OrderNotFound` where there is none.
        """
        order, submitted = await self._reader.order_by_request(account_id, request_id)
        if names := terms.differing(submitted):
            raise RequestIdReused(order.id, names)
        return order

    async def claim(self, order_id: OrderId, worker: str) -> Claimed | Wait | NotNow:
        """Gives the order to `worker` for `LEASE` seconds.

        An order that begins an attempt enters ROUTING with it. `Wait` says in how many seconds its retry is due;
        `NotNow`, that there is nothing to do: it is final, held by another worker, or unknown.
        """
        return await self._claims((order_id, worker))

    async def record(self, claim: Claim, step: Step) -> Event:
        """Takes one step of a claimed order and gives its event, to be published; `claim` moves on with it.

        Raises `Fenced` when the claim is no longer good, `Withdrawn` when the step would go on with an order that its
        owner wants withdrawn; then nothing was changed.
        """
        if not allowed(claim.status, step.status):
            raise AssertionError(f"{claim.status} -> {step.status} is not a step")
        at, hash_ = await self._steps((claim, step))
        claim.status = step.status
        claim.last_seq += 1
        return claim.event(at, step.detail, hash_)

    async def renew(self, claims: Sequence[Claim]) -> set[OrderId]:
        """Prolongs the leases by `LEASE` seconds from now; gives the orders that are still the caller's."""
        params = {**_held(claims), "lease": LEASE}
        return {OrderId(row[0]) for row in await fetch(self._pool, "renew", params)}

    async def hand_back(self, claims: Sequence[Claim]) -> None:
        """Ends the leases where the orders stand; the sweeper sees to it that another worker goes on."""
        await fetch(self._pool, "hand_back", _held(claims))

    async def due(self, *, backlog_seconds: float = 0.0, limit: int = 500) -> Sequence[Dispatch]:
        """Gives what is due and in nobody's hands, longest overdue first, to be queued again.

        `backlog_seconds` is how long the job that is next in the queue has waited; what was queued after it is left
        alone. Nothing is given twice within `DISPATCH_GRACE` seconds, also not to two sweepers.
        """
        params = {
            "backlog": backlog_seconds,
            "limit": limit,
            "dispatch_grace": DISPATCH_GRACE,
        }
        return [Dispatch(*row) for row in await fetch(self._pool, "due", params)]

    async def _submit_all(self, drafts: Sequence[_Draft]) -> Sequence[tuple[datetime, bytes] | None]:
        rows = await fetch(
            self._pool,
            "submit",
            {"drafts": _json([_draft(draft) for draft in drafts]), "dispatch_grace": DISPATCH_GRACE},
        )
        stored = {order_id: (created_at, hash_) for order_id, created_at, hash_ in rows}
        return [stored.get(draft.id) for draft in drafts]

    async def _claim_all(self, wanted: Sequence[tuple[OrderId, str]]) -> Sequence[Claimed | Wait | NotNow]:
        worker = wanted[0][1]  # a process is one worker
        ids = list({order_id for order_id, _ in wanted})
        claims: dict[str, Claimed | Wait | NotNow] = {
            row[0]: Claimed.of(row) for row in await fetch(self._pool, "claim", _claim_params(ids, worker))
        }
        if missing := [order_id for order_id in ids if order_id not in claims]:
            waits = await fetch(self._pool, "why_not", {"ids": missing})
            claims.update({row[0]: Wait(max(row[1], 0.0)) for row in waits})
        # Asked for twice in one batch, the second asker must not get the same claim.
        return [claims.pop(order_id, NotNow()) for order_id, _ in wanted]

    async def _record_all(self, steps: Sequence[tuple[Claim, Step]]) -> Sequence[tuple[datetime, bytes] | Exception]:
        rows = await fetch(
            self._pool,
            "record",
            {"steps": _json([_step(claim, step) for claim, step in steps]), "dispatch_grace": DISPATCH_GRACE},
        )
        taken = {order_id: (at, hash_) for order_id, at, hash_ in rows}
        if missing := [_step(claim, step) for claim, step in steps if claim.order_id not in taken]:
            # Fenced, withdrawn, or taken by a first try whose answer was lost: nobody else can have taken it under this
            # fence.
            found = await fetch(self._pool, "taken", {"steps": _json(missing)})
            taken.update({order_id: (at, hash_) for order_id, at, hash_ in found})
        withdrawn = await self._withdrawn([one for one in missing if one["id"] not in taken])
        return [
            taken.get(claim.order_id)
            or (Withdrawn(claim.order_id) if claim.order_id in withdrawn else Fenced(claim.order_id))
            for claim, _ in steps
        ]

    async def _withdrawn(self, steps: Sequence[dict[str, object]]) -> set[str]:
        going_on = [step for step in steps if step["goes_on"]]
        return (
            {row[0] for row in await fetch(self._pool, "withdrawn", {"steps": _json(going_on)})} if going_on else set()
        )


def _new_order(draft: _Draft, created_at: datetime, hash_: bytes) -> Order:
    rests = draft.terms.rests
    return Order(
        id=draft.id,
        account_id=draft.account_id,
        request_id=draft.request_id,
        terms=draft.terms,
        status=Status.RESTING if rests else Status.PENDING,
        last_seq=2 if rests else 1,
        attempt=0,
        created_at=created_at,
        updated_at=created_at,
        arrival_mid_price=draft.arrival_mid_price,
        hash=hash_,
    )


def _draft(draft: _Draft) -> dict[str, object]:
    return {
        "id": draft.id,
        "account_id": draft.account_id,
        "request_id": draft.request_id,
        **drafted(draft.terms),
        "arrival_mid_price": draft.arrival_mid_price,
        "rests": draft.terms.rests,
        "resting": waiting(draft.terms) if draft.terms.rests else None,
    }


def drafted(terms: Terms) -> dict[str, object]:
    """The terms as the statements take them; `wake_at` is when time itself first matters to a resting order."""
    return {**msgspec.structs.asdict(terms), "wake_at": _wake_at(terms)}


def waiting(terms: Terms) -> Resting:
    """What an order with these terms waits for, as its event tells it."""
    match terms.condition:
        case Limit(price=price) | Stop(price=price) | TakeProfit(price=price):
            return Resting(trigger_price=f"{price:f}")
        case Scheduled(at=at) | Twap(at=at):
            return Resting(trigger_time=at)
        case _:
            return Resting()


def _wake_at(terms: Terms) -> datetime | None:
    begins = terms.condition.at or _AT_ONCE if isinstance(terms.condition, Scheduled | Twap) else None
    return min(filter(None, (begins, terms.good_till_time, terms.deadline)), default=None)


def _claim_params(ids: Sequence[OrderId], worker: str) -> dict[str, object]:
    return {"ids": ids, "worker": worker, "lease": LEASE}


def _held(claims: Sequence[Claim]) -> dict[str, list[object]]:
    return {
        "id": [claim.order_id for claim in claims],
        "fence": [claim.fence for claim in claims],
    }


def _step(claim: Claim, step: Step) -> dict[str, object]:
    sent = step.transaction
    return {
        "id": claim.order_id,
        "fence": claim.fence,
        "seq": claim.last_seq + 1,
        "previous": claim.status,
        "status": step.status,
        "detail": step.detail,
        "floor_amount_out": step.floor_amount_out,
        "ceiling_amount_in": step.ceiling_amount_in,
        "filled_amount_in": step.filled_amount_in,
        "filled_amount_out": step.filled_amount_out,
        "venue_seconds": step.venue_seconds,
        "signature": sent and sent.signature,
        "last_valid_slot": sent and sent.last_valid_slot,
        "transaction": sent and sent.payload,
        "delay": step.delay,
        "final": step.status in FINAL,
        "rests": step.status is Status.RESTING,
        "goes_on": step.status in _GOING_ON,
    }


def _json(rows: Sequence[dict[str, object]]) -> str:
    """Rows for `json_to_recordset`: one parameter for all of a batch; psycopg's arrays cost ten times as much."""
    return msgspec.json.encode(rows).decode()
