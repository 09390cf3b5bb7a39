"""Which calls are let in, and as what."""

from typing import Final, NoReturn

from google.rpc import status_pb2  # type: ignore[import-untyped]

from fillwire_bridge import protojson, statuses
from fillwire_bridge.contract import METHODS, Method
from fillwire_bridge.metrics import REFUSED
from fillwire_bridge.socket import frames
from fillwire_bridge.socket.closing import Closed, Code
from fillwire_bridge.socket.limits import Limits
from fillwire_bridge.socket.pace import Pace
from fillwire_bridge.statuses import NotServed, Refusal

__all__ = ["Admission"]

_SOON: Final = 1.0


class Admission:
    """The door of one socket; it is shut where it is knocked at without end."""

    def __init__(self, limits: Limits, *, max_calls: int) -> None:
        self._max_calls = max_calls
        self._shut: status_pb2.Status | None = None
        self._starts = Pace(limits.calls_per_second, burst=limits.calls_per_second)
        self._refusals = Pace(limits.refusals_per_second, burst=50 * limits.refusals_per_second)

    def admit(self, call: frames.Call, *, open_calls: int) -> tuple[Method, bytes]:
        """The method and its message. Raises Refusal, which ends the call, and Closed."""
        if self._shut:
            raise Refusal(self._shut)
        if wait := self._starts.wait_seconds():
            self._turn_away("RATE_LIMITED", "more calls are started than may be", wait)
        if open_calls >= self._max_calls:
            self._turn_away("OPEN_CALLS", f"{self._max_calls} calls are open: end one first", _SOON)
        method = METHODS.get(call.method)
        if method is None:
            raise NotServed(call.method)
        return method, protojson.message(method.request, call.request).SerializeToString()

    def shut(self, status: status_pb2.Status) -> None:
        """Lets nobody in any more, and says `status` to whoever comes."""
        self._shut = status

    def _turn_away(self, reason: str, message: str, seconds: float) -> NoReturn:
        if self._refusals.wait_seconds():
            REFUSED.labels(reason).inc()
            raise Closed(Code.TOO_MANY, message)
        raise Refusal(statuses.too_many(reason, message, retry_seconds=seconds))
