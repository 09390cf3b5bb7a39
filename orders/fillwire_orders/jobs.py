"""The job: what RQ carries from the one who stores an order to the one who executes it.

A job says "these orders are due" and nothing else; all that matters is read from the journal. RQ would run any
importable function that somebody writes into Redis, whatever the serializer (rq/rq#2389). So a job is signed with a
key that Redis never sees, names one function, and has nothing else that RQ could be made to call.
"""

import hmac
import json
import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, Protocol

from rq import Retry
from rq.job import Job

from fillwire_orders.order import OrderId

__all__ = [
    "FUNCTION",
    "MAX_RETRIES",
    "QUEUE",
    "RETRY_INTERVALS",
    "JobRefused",
    "OrderJob",
    "SignedJSON",
    "retries",
]

QUEUE: Final = "orders"
"""One queue per worker: RQ can lose a job between two queues."""

FUNCTION: Final = "execute"
"""The only function a job may name. It is never looked up: the worker knows what it means."""

RETRY_INTERVALS: Final = (1, 2, 4)
"""Seconds from a failed attempt to the next one."""

MAX_RETRIES: Final = len(RETRY_INTERVALS)

_ORDER_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Runner(Protocol):
    """What a worker does with the orders of a job."""

    def __call__(self, order_ids: Sequence[OrderId], /) -> None:
        """Executes them; raises when RQ is to retry the job."""


class JobRefused(Exception):
    """The job is not one of ours: unsigned, or naming another function, or malformed."""


def retries(attempt: int) -> Retry | None:
    """RQ's Retry for an order that is at its `attempt`-th attempt (0: before the first); `None`: it was the last.

    The journal decides when the next attempt is due. RQ may come too early, then the worker waits; never too late.
    """
    left = RETRY_INTERVALS[max(attempt - 1, 0) :]
    return Retry(max=len(left), interval=list(left)) if left else None


class SignedJSON:
    """RQ's serializer: an HMAC-SHA256 of the JSON text, then the text.

    A replayed job is harmless (the journal hands an order out once), so the signature holds no time.
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self.__qualname__ = type(self).__qualname__  # RQ's worker asks a serializer for its name

    def dumps(self, value: Any, /) -> bytes:
        """Signs."""
        body = json.dumps(value, separators=(",", ":")).encode()
        return self._sign(body) + body

    def loads(self, data: bytes, /) -> Any:
        """Checks and reads; raises `JobRefused`."""
        signature, body = data[:32], data[32:]
        if not hmac.compare_digest(signature, self._sign(body)):
            raise JobRefused("the signature is not ours")
        return json.loads(body)

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


class OrderJob(Job):
    """An RQ job that can only be "execute these orders".

    `runs` is set by the worker; whoever only enqueues leaves it alone.
    """

    runs: ClassVar["Runner | None"] = None

    success_callback = failure_callback = stopped_callback = None

    @property
    def order_ids(self) -> list[OrderId]:
        """The orders that are due; raises `JobRefused` for a job that is not ours."""
        if self.func_name != FUNCTION or self.instance or self.kwargs:
            raise JobRefused(f"names {str(self.func_name)[:64]!r}")
        ids = list(self.args)
        if not ids or not all(isinstance(one, str) and _ORDER_ID.fullmatch(one) for one in ids):
            raise JobRefused("carries something else than order ids")
        if not self.id.startswith(ids[0]):
            raise JobRefused("its id is not that of its order")
        return [OrderId(one) for one in ids]

    @property
    def func(self) -> Callable[..., None]:
        """What RQ is to call: the worker's own function, never one looked up by name."""
        if self.runs is None:
            raise JobRefused("this process executes nothing")
        return self._run

    def _run(self, *_: object) -> None:
        if self.runs is not None:
            self.runs(self.order_ids)

    def send_webhooks(self, *_: object, **__: object) -> None:
        """Does nothing: whoever writes to Redis must not choose whom this process calls."""
