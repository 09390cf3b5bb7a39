"""Posts one event to one webhook."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

import httpx
from google.protobuf.json_format import MessageToJson

from fillwire_orders.account_log import Entry
from fillwire_orders.webhooks import Webhook
from fillwire_server import wire
from fillwire_server.courier import signing
from fillwire_server.courier.addresses import Address, BadAddress, Unreachable, resolved

__all__ = ["Post", "Refused"]

_SECONDS: Final = 10.0
"""How long a receiver has for its answer."""

_AGENT: Final = "fillwire-webhooks/1"
_NO_LIMIT: Final = httpx.Limits(max_connections=None, max_keepalive_connections=100)


class Refused(Exception):
    """The receiver did not take the event; the message says what it did instead."""


class Post:
    """Posts events; used as an async context manager, for all webhooks of a process."""

    def __init__(self, *, allow_private: bool, clock: Callable[[], float] = time.time) -> None:
        self._allow_private = allow_private
        self._clock = clock
        # No redirects: they would lead past the check of the address. No proxy of the environment's, for the same reason.
        self._client = httpx.AsyncClient(timeout=_SECONDS, limits=_NO_LIMIT, follow_redirects=False, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def deliver(self, webhook: Webhook, entry: Entry) -> None:
        """Returns when the event was taken; raises `Refused`. The same event has the same id each time."""
        event = entry.event
        told = wire.event(event, accepted_at=entry.accepted_at, pair=(entry.token_in, entry.token_out))
        body = MessageToJson(told, indent=None).encode()
        signed = signing.headers(
            f"{event.order_id}:{event.seq}", body, secret=webhook.secret, timestamp=int(self._clock())
        )
        try:
            status = await self._post(await resolved(webhook.url, allow_private=self._allow_private), body, signed)
        except (Unreachable, BadAddress) as error:
            raise Refused(str(error)) from error
        except httpx.TimeoutException as error:
            raise Refused(f"no answer within {_SECONDS:g} s") from error
        except httpx.HTTPError as error:
            raise Refused(f"{type(error).__name__}: {error}"[:200]) from error
        if not httpx.codes.is_success(status):
            raise Refused(f"answered {status}")

    async def _post(self, address: Address, body: bytes, signed: dict[str, str]) -> int:
        url = httpx.URL(address.url)
        request = self._client.build_request(
            "POST",
            url.copy_with(host=address.number),
            content=body,
            headers={"host": url.netloc.decode(), "content-type": "application/json", "user-agent": _AGENT, **signed},
            extensions={"sni_hostname": address.host},
        )
        answer = await self._client.send(request, stream=True)
        await answer.aclose()  # nothing that it says matters
        return answer.status_code
