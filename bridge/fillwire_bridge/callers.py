"""Who calls: what goes to the engine with a call."""

import os
import re
from collections.abc import Mapping
from typing import Final

import grpc

from fillwire_bridge.settings import BridgeSettings
from fillwire_bridge.statuses import Refusal, refused
from fillwire_bridge.upstream import Metadata

__all__ = ["REQUEST_ID", "Unauthenticated", "metadata", "request_id"]

REQUEST_ID: Final = "x-request-id"
"""The header that names a call, both ways, in the bridge's log and in the engine's."""

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_SENDABLE: Final = re.compile(r"[\x20-\x7e]{1,4096}")


class Unauthenticated(Refusal):
    """A call without a token came to a bridge that others than this machine reach, or with one that can be none."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(refused(grpc.StatusCode.UNAUTHENTICATED, reason, message))


def metadata(headers: Mapping[str, str], settings: BridgeSettings) -> Metadata:
    """The metadata of a call that came with `headers`, named in lower case. Raises Unauthenticated.

    An engine without keys takes everybody for its one account; a bridge that others reach must not offer them that.
    """
    named = ((REQUEST_ID, request_id(headers)),)
    if token := headers.get("authorization", ""):
        return (*named, ("authorization", _sendable(token)))
    if not settings.here:
        raise Unauthenticated("API_KEY_MISSING", "this bridge takes no call without `Authorization: Bearer fw_...`")
    return named


def request_id(headers: Mapping[str, str]) -> str:
    """The one that the caller gave, where it is well-formed; else a new one."""
    given = headers.get(REQUEST_ID, "")
    return given if _WELL_FORMED.fullmatch(given) else os.urandom(16).hex()


def _sendable(token: str) -> str:
    # gRPC would answer INTERNAL to characters that it does not send.
    if not _SENDABLE.fullmatch(token):
        raise Unauthenticated("API_KEY_INVALID", "the API key is not valid")
    return token
