"""Tells whether a delivery of a webhook is the engine's, by version 1 of https://www.standardwebhooks.com.

It needs no client and no gRPC, so that the smallest of receivers can use it.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, Final

from fillwire.errors import WebhookNotVerified

__all__ = ["verify_webhook"]

_PREFIX: Final = "whsec_"


def verify_webhook(
    headers: Mapping[str, str],
    body: bytes | str,
    secret: str,
    *,
    tolerance_seconds: float = 300.0,
    now: float | None = None,
) -> dict[str, Any]:
    """The event of a delivery, as its JSON says it: an `OrderEvent` of the contract.

    `body` is the body as it came, before anything has parsed it; `headers` may be in any case. `now` is the time by
    the receiver's clock, seconds since 1970.
    Raises `WebhookNotVerified` where no signature is right, or its time is more than `tolerance_seconds` from now;
    `ValueError` for a secret that is none, an empty one too: with that anybody could sign. The same event may come
    again, with the same `webhook-id`.
    """
    named = {name.lower(): value for name, value in headers.items()}
    content = body.encode() if isinstance(body, str) else body
    moment = _moment(named.get("webhook-timestamp", ""))
    signed = b".".join((named.get("webhook-id", "").encode(), str(moment).encode(), content))
    expected = base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()
    if not _any_is(expected, named.get("webhook-signature", "")):
        raise WebhookNotVerified("no signature of the delivery is right")
    # Said so that a tolerance that is no number lets nothing pass.
    if not abs((time.time() if now is None else now) - moment) <= tolerance_seconds:
        raise WebhookNotVerified("the delivery was signed too long ago, or in the future")
    event: dict[str, Any] = json.loads(content)
    return event


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError('a secret is "whsec_" and base64')
    return key


def _moment(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise WebhookNotVerified("the delivery does not say when it was signed") from None


def _any_is(expected: str, signatures: str) -> bool:
    """Whether one of the signatures is the expected one; while a secret is changed there may be several."""
    given = (signature.partition(",") for signature in signatures.split())
    return any(version == "v1" and hmac.compare_digest(expected.encode(), text.encode()) for version, _, text in given)
