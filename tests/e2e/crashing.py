"""Runs a process of the engine that dies at named points, and starts it again each time as a supervisor would.

`python -m tests.e2e.crashing MODULE`, where MODULE is one that the product would run. Nothing of this is in the
product: its own methods are wrapped here, before its own `main` is called. Where an order shall be crashed upon is
written into `FILLWIRE_CRASHES` (`Plan`), under its client_order_id; any process that passes such a point with that
order sends itself SIGKILL. So many orders die at points of their own at the same time, each as often as was planned.

    claim.*  building.*  submitted.*  send.*  outcome.*  reconciling.*  retrying.*  confirmed.*  failed.*
    submit.*  announced  watch.N  due.after  pushed

`*` is `before` or `after`, seen from the COMMIT or the venue's answer; N counts the frames of a watch.
"""

import functools
import importlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any, Final

from fillwire_stack.children import die_with
from tests.e2e.crashes import DIRECTORY, Plan

SILENT: Final = "silent"
"""An order whose client_order_id begins so is met by a market that is silent for a while."""

SILENCE_SECONDS: Final = 4.0

ANY: Final = "sweeper"
"""Under which name the sweeper's crashes are planned, which sees to all orders at once."""

_plan: Plan
_order: ContextVar[str] = ContextVar("order", default="")


def main(argv: Sequence[str]) -> int:
    """Runs `argv[0]` until it ends by something else than one of its crashes."""
    global _plan  # noqa: PLW0603 - one process, one plan
    _plan = Plan(os.environ[DIRECTORY])
    run = _prepared(argv[0])
    child = 0
    stopping = False

    def stop(number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True
        os.kill(child, number)

    signal.signal(signal.SIGTERM, stop)
    tie = die_with(os.getpid(), signal.SIGKILL)
    while True:
        # A fork, because importing the product takes a hundred times as long.
        child = os.fork()
        if child == 0:
            if tie:
                tie()
            os._exit(_born(run))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if stopping or code != -signal.SIGKILL:
            return code


def _born(run: Callable[[], int]) -> int:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return run()


def _prepared(module: str) -> Callable[[], int]:
    match module:
        case "fillwire_server":
            _crash_server()
        case "fillwire_workers":
            _crash_worker()
        case _:
            _crash_sweeper()
    package = module if module.endswith("sweeper") else f"{module}.main"
    run: Callable[[], int] = importlib.import_module(package).main
    return run


def _crash_worker() -> None:
    from fillwire_dex import MarketUnavailable  # noqa: PLC0415 - each process wraps what is its own
    from fillwire_orders import Claimed, Journal, Reader  # noqa: PLC0415
    from fillwire_workers.desk import Desk  # noqa: PLC0415

    claim, record, send, outcome = Journal.claim, Journal.record, Desk.send, Desk.outcome
    heard: dict[str, float] = {}

    async def claiming(self: Journal, order_id: Any, worker: str) -> Any:
        reader: Reader = self._reader
        found = await reader._stories(order_id)
        name = found[0].terms.client_order_id if found else ""
        _plan.passing("claim.before", name)
        answer = await claim(self, order_id, worker)
        if isinstance(answer, Claimed):
            _order.set(name)
            _plan.taken_by(name)
            _plan.passing("claim.after", name)
        return answer

    async def recording(self: Journal, claim: Any, step: Any) -> Any:
        point = step.status.lower()
        _plan.passing(f"{point}.before", claim.client_order_id)
        event = await record(self, claim, step)
        _plan.passing(f"{point}.after", claim.client_order_id)
        return event

    def speaking(point: str, ask: Callable[..., Awaitable[Any]]) -> Any:
        @functools.wraps(ask)
        async def speak(self: Desk, subject: Any) -> Any:
            name = _order.get()
            _plan.passing(f"{point}.before", name)
            if (
                name.startswith(SILENT)
                and time.monotonic() - heard.setdefault(name, time.monotonic()) < SILENCE_SECONDS
            ):
                raise MarketUnavailable("silence")
            answer = await ask(self, subject)
            _plan.passing(f"{point}.after", name)
            return answer

        return speak

    _put(Journal, claim=claiming, record=recording)
    _put(Desk, send=speaking("send", send), outcome=speaking("outcome", outcome))


def _crash_server() -> None:
    from fillwire_orders import Dispatcher, Journal  # noqa: PLC0415
    from fillwire_server.service import OrderService  # noqa: PLC0415

    submit, announce, watch = Journal.submit, Dispatcher.announce, OrderService.WatchOrder

    async def submitting(self: Journal, account: Any, request_id: Any, terms: Any, **more: Any) -> Any:
        _order.set(terms.client_order_id)
        _plan.passing("submit.before", terms.client_order_id)
        answer = await submit(self, account, request_id, terms, **more)
        _plan.passing("submit.after", terms.client_order_id)
        return answer

    def announcing(self: Dispatcher, order_id: Any) -> None:
        announce(self, order_id)
        _plan.passing("announced", _order.get())

    async def watching(self: OrderService, request: Any, context: Any) -> AsyncIterator[Any]:
        name, number = "", 0
        async for frame in watch(self, request, context):
            name = frame.snapshot.spec.client_order_id or name
            yield frame
            number += 1
            _plan.passing(f"watch.{number}", name)

    _put(Journal, submit=submitting)
    _put(Dispatcher, announce=announcing)
    _put(OrderService, WatchOrder=watching)


def _crash_sweeper() -> None:
    from fillwire_orders import Journal  # noqa: PLC0415
    from fillwire_orders.queue import OrderQueue  # noqa: PLC0415

    due, push = Journal.due, OrderQueue.push

    async def sweeping(self: Journal, **limits: Any) -> Any:
        found = await due(self, **limits)
        if found:
            _plan.passing("due.after", ANY)
        return found

    def pushing(self: OrderQueue, *due: Any, **how: Any) -> None:
        push(self, *due, **how)
        _plan.passing("pushed", ANY)

    _put(Journal, due=sweeping)
    _put(OrderQueue, push=pushing)


def _put(owner: type, **methods: Any) -> None:
    for name, method in methods.items():
        setattr(owner, name, method)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
