"""Where a client wants its events delivered."""

from collections.abc import Sequence
from dataclasses import dataclass

from fillwire.v1 import account_service_pb2 as pb
from fillwire_orders import Cursor, Status, WebhookNotFound
from fillwire_server.courier.addresses import BadAddress, checked
from fillwire_server.refusals import InvalidRequest
from fillwire_server.validation.form import Form
from fillwire_server.validation.listing import statuses
from fillwire_server.validation.streaming import cursor

__all__ = ["WebhookChange", "WebhookWish", "webhook_change", "webhook_id", "webhook_wish"]

_SHOWN = 64


@dataclass(frozen=True, slots=True)
class WebhookWish:
    """A webhook as it is asked for; `after` of `None`: what comes from now on."""

    url: str
    statuses: Sequence[Status]
    after: Cursor | None


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What is to change of a webhook; `None` stays as it is."""

    webhook_id: str
    url: str | None
    enabled: bool | None
    after: Cursor | None
    rotates: bool


def webhook_wish(request: pb.CreateWebhookRequest, *, allow_private: bool) -> WebhookWish:
    """Reads a request for a webhook; raises `InvalidRequest`."""
    form = Form()
    wish = WebhookWish(
        _url(form, request.url, allow_private=allow_private),
        statuses(form, request.statuses),
        cursor(form, request.cursor) if request.cursor else None,
    )
    form.check()
    return wish


def webhook_change(request: pb.UpdateWebhookRequest, *, allow_private: bool) -> WebhookChange:
    """Reads a request to change one; raises `InvalidRequest`, `WebhookNotFound` for an id that none can have."""
    form = Form()
    change = WebhookChange(
        webhook_id(request.webhook_id),
        _url(form, request.url, allow_private=allow_private) if request.HasField("url") else None,
        request.enabled if request.HasField("enabled") else None,
        cursor(form, request.cursor) if request.HasField("cursor") else None,
        request.rotate_secret,
    )
    form.check()
    return change


def webhook_id(text: str) -> str:
    """The id in its canonical form; raises `InvalidRequest` for none, `WebhookNotFound` for one that none can have."""
    form = Form()
    if not text:
        form.refuse("webhook_id", "must be given")
    form.check()
    canonical = form.uuid("webhook_id", text)
    try:
        form.check()
    except InvalidRequest:
        raise WebhookNotFound(text[:_SHOWN]) from None
    return canonical


def _url(form: Form, url: str, *, allow_private: bool) -> str:
    try:
        checked(url, allow_private=allow_private)
    except BadAddress as error:
        form.refuse("url", str(error))
    return url
