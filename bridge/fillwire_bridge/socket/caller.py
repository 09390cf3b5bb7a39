"""Who calls over a socket."""

from collections.abc import Mapping
from typing import Final

import grpc

from fillwire.v1.account_service_pb2 import GetAccountResponse
from fillwire_bridge import statuses
from fillwire_bridge.callers import Unauthenticated, metadata
from fillwire_bridge.contract import METHODS
from fillwire_bridge.metrics import REFUSED
from fillwire_bridge.parts import Parts
from fillwire_bridge.socket.closing import Closed, Code
from fillwire_bridge.upstream import Metadata

__all__ = ["Caller"]

_GET_ACCOUNT: Final = METHODS["AccountService/GetAccount"]
_SECONDS: Final = 10.0


class Caller:
    """Whom the headers of the upgrade name, or else the token of the first message."""

    def __init__(self, headers: Mapping[str, str], parts: Parts) -> None:
        """Nobody may be named yet."""
        self._headers = headers
        self._parts = parts

    def metadata(self) -> Metadata:
        """What goes with each call. Raises Closed."""
        try:
            return metadata(self._headers, self._parts.settings)
        except Unauthenticated as error:
            REFUSED.labels(statuses.reason(error.status)).inc()
            reason = str(error) if self._headers.get("authorization") else "say hello with a token first"
            raise Closed(Code.UNAUTHENTICATED, reason) from None

    async def named(self, token: str) -> str:
        """Takes the name that `token` gives, if the engine takes it too, and gives its account. Raises Closed."""
        if token:
            self._headers = {**self._headers, "authorization": f"Bearer {token}"}
        try:
            return await self._account()
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.UNAUTHENTICATED:
                raise Closed(Code.UNAUTHENTICATED, error.details() or "") from None
            raise Closed(Code.UNASKED, "the engine cannot be asked now") from None

    async def _account(self) -> str:
        with self._parts.upstream.ask(_GET_ACCOUNT, b"", metadata=self.metadata(), timeout=_SECONDS) as answer:
            return GetAccountResponse.FromString(await answer).account_id
