"""A world small enough to be explored whole: one order, its journal, a chain, and two workers who may crash or pause.

The workers run the product's own `execute`. Every await of it is a turn: the world offers what may happen there, and
the explorer takes every way. What goes wrong costs one of the world's faults, of which there are few.
"""

from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any, cast

from fillwire_dex import MarketUnavailable
from fillwire_orders import FINAL, Fenced, Status, StoreUnavailable, Withdrawn
from fillwire_workers.execution import execute
from tests.unit.workers.model.chain import LAST_SLOT, Chain
from tests.unit.workers.model.desk import Desk
from tests.unit.workers.model.journal import ORDER, Journal
from tests.unit.workers.model.turns import Turn, Way, Worker


class World:
    """The truth, who is at work, and what may still go wrong: `faults`, and `starts` of a worker on the order.

    Where `owned`, its owner may want the order withdrawn, once and at any moment. A resting order fires at most twice.
    """

    def __init__(self, journal: Journal, chain: Chain, *, faults: int, starts: int, owned: bool = False) -> None:
        self.journal = journal
        self.chain = chain
        self._faults = faults
        self._starts = starts
        self._owned = owned
        self._fires = 2
        self._workers: dict[str, Worker] = {}
        self._ways: list[Way] | None = None

    def key(self) -> tuple[object, ...]:
        """All that the future depends on; which of the two workers is which does not matter."""
        memories = sorted((*worker.told, (worker.turn.name, "")) for worker in self._workers.values())
        left = self._faults, self._starts, self._fires
        return left, self.journal.key(), self.chain.key(), tuple(memories)

    def ways(self) -> list[Way]:
        """Everything that can happen now, and can be afforded."""
        if self._ways is None:
            every = (*self._of_workers(), *self._of_time(), *self._of_chain(), *self._of_owner())
            self._ways = [way for way in every if not way.fault or self._faults]
        return self._ways

    def take(self, way: Way) -> None:
        """Lets it happen."""
        self._ways = None
        self._faults -= way.fault
        way.act()

    def close(self) -> None:
        """Ends those who are still at work."""
        for worker in list(self._workers.values()):
            self._end(worker)

    def _of_workers(self) -> Iterator[Way]:
        for worker in self._workers.values():
            for way in worker.turn.ways:
                yield Way(f"{worker.name} {worker.turn.name}: {way.name}", partial(self._go_on, worker, way), way.fault)
            yield Way(f"{worker.name} crashes", partial(self._end, worker), fault=True)
        idle = [name for name in ("A", "B") if name not in self._workers]
        if idle and self._starts and self.journal.status not in FINAL:
            yield Way(f"{idle[0]} starts", partial(self._start, idle[0]))

    def _of_time(self) -> Iterator[Way]:
        if self.journal.leased:  # of a worker that is alive only if it is paused, which is a fault
            yield Way("the lease runs out", self._lapse, fault=bool(self._workers))
        if self.chain.slot < LAST_SLOT and self.chain.last_valid:
            yield Way("a slot passes", self._pass)

    def _of_chain(self) -> Iterator[Way]:
        for signature in sorted(set(self.chain.late)):
            yield Way(f"{signature} arrives late", partial(self._arrive, signature))
        for signature in self.chain.may_land():
            yield Way(f"{signature} lands", partial(self.chain.land, signature))
            yield Way(f"{signature} is refused", partial(self._refuse, signature), fault=True)

    def _of_owner(self) -> Iterator[Way]:
        if self._owned and self.journal.status not in FINAL and not self.journal.cancel_requested:
            yield Way("its owner cancels", self.journal.cancel)
        if self._fires and self.journal.status is Status.RESTING and not self.journal.fired:
            yield Way("it fires", self._fire)

    def _fire(self) -> None:
        self._fires -= 1
        self.journal.fire()

    def _go_on(self, worker: Worker, way: Way) -> None:
        try:
            answer = way.act()
        except (StoreUnavailable, MarketUnavailable, Fenced, Withdrawn) as error:
            worker.remember(type(error).__name__)
            self._resume(worker, partial(worker.run.throw, error))
        else:
            worker.remember(type(answer).__name__)
            self._resume(worker, partial(worker.run.send, answer))

    def _resume(self, worker: Worker, go_on: Callable[[], Turn]) -> None:
        try:
            worker.turn = go_on()
        except (StopIteration, StoreUnavailable, Fenced):
            self._end(worker)

    def _start(self, name: str) -> None:
        self._starts -= 1
        desk = cast("Any", Desk(self.journal, self.chain))
        run = cast("Coroutine[Turn, Any, Any]", execute(ORDER, desk))
        self._workers[name] = Worker(name, run, run.send(None))

    def _end(self, worker: Worker) -> None:
        del self._workers[worker.name]
        worker.run.close()

    def _lapse(self) -> None:
        self.journal.leased = False

    def _pass(self) -> None:
        self.chain.slot += 1

    def _arrive(self, signature: str) -> None:
        self.chain.late.remove(signature)
        self.chain.arrive(signature)

    def _refuse(self, signature: str) -> None:
        self.chain.fates[signature] = "refused"
