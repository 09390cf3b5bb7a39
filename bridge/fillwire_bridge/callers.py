"""Who calls: what goes to the engine with a call."""

import os
import re
from collections.abc import Mapping
from typing import Final

import grpc

from fillwire_bridge.settings import BridgeSettings
from fillwire_bridge.statuses import refused
from fillwire_bridge.upstream import Metadata

__all__ = ["REQUEST_ID", "Unauthenticated", "metadata"]

REQUEST_ID: Final = "x-request-id"
"""The header that names a call, both ways, in the bridge's log and in the engine's."""

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class Unauthenticated(Exception):
    """A call without a token came to a bridge that others than this machine reach."""

    status: Final = refused(
        grpc.StatusCode.UNAUTHENTICATED,
        "TOKEN_MISSING",
        "this bridge takes no call without `Authorization: Bearer KEY`",
    )


def metadata(headers: Mapping[str, str], settings: BridgeSettings) -> Metadata:
    """The metadata of a call that came with `headers`, named in lower case. Raises Unauthenticated.

    An engine without keys takes everybody for its one account; a bridge that others reach must not offer them that.
    """
    token = headers.get("authorization", "")
    if not token and not settings.here:
        raise Unauthenticated
    named = ((REQUEST_ID, _request_id(headers)),)
    return (*named, ("authorization", token)) if token else named


def _request_id(headers: Mapping[str, str]) -> str:
    given = headers.get(REQUEST_ID, "")
    return given if _WELL_FORMED.fullmatch(given) else os.urandom(16).hex()
