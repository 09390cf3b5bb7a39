"""What is asked for at the same moment is done together.

One COMMIT, one round trip and one statement then serve many orders. Nobody waits on purpose: work that finds no other
under way starts at once; what comes in meanwhile makes up the next batch (group commit as databases do it).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

__all__ = ["Batch"]

T = TypeVar("T")
R = TypeVar("R")


class Batch(Generic[T, R]):
    """Collects single calls and runs them in batches.

    `run` gets the items of a batch and answers with as many results, in order; a result that is an exception is
    raised to its caller alone. When `run` itself raises, a batch of one raises it; of a larger one each item is run
    again by itself, so that one bad item cannot spoil the others'; `run` must therefore bear to be repeated.
    Exceptions of the kind `shared` are not about one item and go to all of the batch at once.
    A caller that is cancelled leaves its item in the batch.

    `limit` is the most items per batch, `lanes` the most batches at a time.
    """

    def __init__(
        self,
        run: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]],
        *,
        limit: int = 256,
        lanes: int = 2,
        shared: tuple[type[Exception], ...] = (),
    ) -> None:
        self._run = run
        self._limit = limit
        self._lanes = lanes
        self._shared = shared
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def __call__(self, item: T) -> R:
        """Runs `item` in the next batch and gives its result."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._start_lane()
        return await answer

    def _start_lane(self) -> None:
        # One that has just ended is still listed when the callers whose answers it gave ask again.
        if sum(not lane.done() for lane in self._running) < self._lanes and self._waiting:
            lane = asyncio.create_task(self._drain())
            self._running.add(lane)
            lane.add_done_callback(self._running.discard)

    async def _drain(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._limit, len(self._waiting)))]
            await self._run_together(batch)

    async def _run_together(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._run([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to the callers, who know what it means
            if len(batch) == 1 or isinstance(error, self._shared):
                for _, answer in batch:
                    _settle(answer, error)
                return
            for one in batch:
                await self._run_together([one])
            return
        for (_, answer), result in zip(batch, results, strict=True):
            _settle(answer, result)


def _settle(answer: "asyncio.Future[R]", result: R | Exception) -> None:
    if answer.done():  # its caller was cancelled
        return
    if isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)
