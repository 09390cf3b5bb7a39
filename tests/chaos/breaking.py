"""How the product is broken: each function takes one promise's support away from the process it is called in.

What is broken is imported by the function that breaks it: a server must not pay for a worker's modules.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import asyncio
import importlib
import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

__all__ = [
    "ack_before_commit",
    "blind_triggers",
    "blind_update",
    "body_ignored",
    "ends_at_submitted",
    "fires_at_any_price",
    "floor_ignored",
    "lost_retry",
    "no_owner_check",
    "no_sweep",
    "no_venue_key",
    "pubsub_only_watch",
    "request_id_ignored",
    "resume_off_by_one",
    "timeout_is_failed",
    "withdrawal_ignored",
]


def no_venue_key() -> None:
    """Every send is a transaction of its own, so it lands as often as it is sent."""
    from fillwire_dex import Outcome, SendResult, Transaction
    from fillwire_workers.desk import Desk

    send, outcome, last = Desk.send, Desk.outcome, dict[str, str]()

    async def send_anew(self: Desk, transaction: Transaction) -> SendResult:
        document = {**json.loads(transaction.payload), "nonce": secrets.token_hex(8)}
        fresh = Transaction.decode(json.dumps(document).encode())
        last[transaction.signature] = fresh.signature
        return await send(self, fresh)

    async def outcome_of_last(self: Desk, signature: str) -> Outcome:
        return await outcome(self, last.get(signature, signature))

    Desk.send, Desk.outcome = send_anew, outcome_of_last  # type: ignore[method-assign]


def timeout_is_failed() -> None:
    """A send whose answer is lost counts as one that never arrived."""
    from fillwire_dex import Accepted, Expired, SendResult, SendUnknown, Transaction
    from fillwire_workers.desk import Desk

    send = Desk.send

    async def send_or_fail(self: Desk, transaction: Transaction) -> SendResult:
        result = await send(self, transaction)
        return Accepted(transaction.signature, Expired(0)) if isinstance(result, SendUnknown) else result

    Desk.send = send_or_fail  # type: ignore[method-assign]


def ack_before_commit() -> None:
    """A submit is acknowledged while it is being stored."""
    from fillwire_orders import AccountId, Journal, OrderId, RequestId, Submission, Terms
    from fillwire_orders import journal as module

    storing: set[asyncio.Task[Any]] = set()

    async def submit(
        self: Journal,
        account_id: AccountId,
        request_id: RequestId,
        terms: Terms,
        *,
        arrival_mid_price: Decimal | None = None,
    ) -> Submission:
        draft = module._Draft(OrderId(str(uuid.uuid4())), account_id, request_id, terms, arrival_mid_price)
        task = asyncio.ensure_future(self._submits(draft))
        storing.add(task)
        task.add_done_callback(lambda done: done.exception())
        return Submission(module._new_order(draft, datetime.now(UTC), b""), deduplicated=False)

    Journal.submit = submit  # type: ignore[method-assign]


def pubsub_only_watch() -> None:
    """A watch believes the channel, and never asks the journal whether it missed something."""
    from fillwire_orders import Event, Feed, Reader
    from fillwire_orders.follower import Follower

    async def never(self: Feed) -> None:
        await asyncio.Event().wait()

    async def told(reader: Reader, follower: Follower) -> Sequence[Event]:
        follower.stale = False
        return [event for event in follower.take() if event.seq > follower.sent_seq]

    Feed._check = never  # type: ignore[method-assign]
    importlib.import_module("fillwire_orders.watch")._next = told  # type: ignore[attr-defined]


def no_sweep() -> None:
    """Nobody looks for orders that the queue forgot."""
    from fillwire_workers.sweeper import Sweeper

    async def sweep(self: Sweeper) -> int:
        return 0

    Sweeper.sweep = sweep  # type: ignore[method-assign]


def blind_update() -> None:
    """Steps are written without asking whose the order is by now, or where it stands."""
    _rewrite(
        "record",
        (b"AND o.fence = step.fence", b""),
        (b"AND o.last_seq = step.seq - 1", b""),
        (b"AND o.status = step.previous", b""),
        (b"last_seq = step.seq,", b"last_seq = o.last_seq + 1,"),
        (b"SELECT step.id, step.seq,", b"SELECT step.id, moved.last_seq,"),
    )
    _rewrite("renew", (b"AND o.fence = held.fence", b""))


def lost_retry() -> None:
    """An order that is to be tried again is put off for a day."""
    from fillwire_orders import Claim, Event, Step
    from fillwire_workers.desk import Desk

    record = Desk.record

    async def put_off(self: Desk, claim: Claim, step: Step) -> Event:
        return await record(self, claim, step if step.delay is None else replace(step, delay=86_400.0))

    Desk.record = put_off  # type: ignore[method-assign]


def floor_ignored() -> None:
    """The transaction does not enforce the order's least output, and no route is too bad."""
    from fillwire_dex import Route, Transaction
    from fillwire_dex.simulated import SimulatedMarket
    from fillwire_workers import bounds

    build = SimulatedMarket.build

    def build_without_floor(self: SimulatedMarket, route: Route, **terms: Any) -> Transaction:
        loose = {"min_amount_out": 1} if terms.get("min_amount_out") else {"max_amount_in": 2**64 - 1}
        return build(self, route, **{**terms, **loose})

    SimulatedMarket.build = build_without_floor  # type: ignore[method-assign]
    bounds.unacceptable = lambda found, order: None


def resume_off_by_one() -> None:
    """A watch that resumes begins one event too late."""
    from fillwire_server import validation

    watching = validation.watching

    def one_later(request: Any) -> Any:
        wanted = watching(request)
        return replace(wanted, after_seq=wanted.after_seq + 1) if wanted.after_seq else wanted

    validation.watching = one_later


def request_id_ignored() -> None:
    """Every submit makes an order, whatever its request id."""
    from fillwire_orders import AccountId, Journal, RequestId, Submission, Terms

    submit = Journal.submit

    async def submit_anew(
        self: Journal, account_id: AccountId, request_id: RequestId, terms: Terms, **more: Decimal | None
    ) -> Submission:
        return await submit(self, account_id, RequestId(str(uuid.uuid4())), terms, **more)

    Journal.submit = submit_anew  # type: ignore[method-assign]


def body_ignored() -> None:
    """A request id answers for whatever is asked under it."""
    from fillwire_orders import Terms

    Terms.differing = lambda self, other: []  # type: ignore[method-assign]


def ends_at_submitted() -> None:
    """A stream ends once the transaction is on its way."""
    from fillwire_orders import FINAL, Status

    importlib.import_module("fillwire_orders.watch").FINAL = FINAL | {Status.SUBMITTED}  # type: ignore[attr-defined]


def no_owner_check() -> None:
    """Whoever knows an order's id is told of it."""
    from fillwire_orders import AccountId, Event, Order, OrderId, OrderNotFound, Reader

    async def order(self: Reader, account_id: AccountId, order_id: OrderId) -> Order:
        return (await self.story(account_id, order_id))[0]

    async def story(self: Reader, account_id: AccountId, order_id: OrderId) -> tuple[Order, Sequence[Event]]:
        found = await self._stories(order_id)
        if found is None:
            raise OrderNotFound(order_id)
        return found

    Reader.order, Reader.story = order, story  # type: ignore[method-assign]


def withdrawal_ignored() -> None:
    """A worker goes on with an order whose owner wants it withdrawn."""
    _rewrite("record", (b"AND NOT (step.goes_on AND o.cancel_requested_at IS NOT NULL)", b""))


def fires_at_any_price() -> None:
    """Whatever waits for a price is met by the next one."""
    from fillwire_workers.triggers.ladder import Ladder

    reach = Ladder.reach
    Ladder.reach = lambda self, level: reach(self, Decimal("Infinity"))  # type: ignore[method-assign]


def blind_triggers() -> None:
    """Nobody looks at prices."""
    from fillwire_workers.triggers.side import Side

    Side.turn = lambda self, mid: iter(())  # type: ignore[method-assign]


def _rewrite(name: str, *changes: tuple[bytes, bytes]) -> None:
    """Changes the text of a statement."""
    database = importlib.import_module("fillwire_orders.database")
    statement = database.statement

    def rewritten(wanted: str) -> bytes:
        text: bytes = statement(wanted)
        for seen, instead in changes if wanted == name else ():
            if seen not in text:
                raise AssertionError(f"{name}.sql no longer says {seen!r}")
            text = text.replace(seen, instead)
        return text

    database.statement = rewritten  # type: ignore[attr-defined]
