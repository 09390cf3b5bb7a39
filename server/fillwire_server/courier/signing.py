"""The signature of a delivery, as the Standard Webhooks specification has it."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

__all__ = ["headers", "new_secret", "shown"]

_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


def new_secret() -> bytes:
    """A secret that nobody else has."""
    return secrets.token_bytes(_SECRET_BYTES)


def shown(secret: bytes) -> str:
    """The secret as its owner gets to see it, once."""
    return _PREFIX + base64.b64encode(secret).decode()


def headers(message_id: str, body: bytes, *, secret: bytes, timestamp: int) -> dict[str, str]:
    """The headers that tell whose message it is; `timestamp` is when it is sent, in seconds since 1970."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.digest(secret, signed, hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
