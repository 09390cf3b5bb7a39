"""All paths below /v1, but for the WebSocket."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from fillwire_bridge import statuses
from fillwire_bridge.layers import refusing
from fillwire_bridge.parts import Parts
from fillwire_bridge.rest import refusals
from fillwire_bridge.rest.resource import Resource
from fillwire_bridge.rest.table import TABLE, Row

__all__ = ["routes"]

_DOCUMENT: Final = Path(__file__).with_name("openapi.json")


def routes(parts: Parts) -> list[BaseRoute]:
    """The table's, the document that describes them, and last an answer for every other path."""
    resources = [Route(path, Resource(parts, rows)) for path, rows in _by_path().items()]
    return [*resources, Route("/v1/openapi.json", _document), Route("/v1/{path:path}", _Nothing())]


def _by_path() -> Mapping[str, Sequence[Row]]:
    """Those with a verb in the path come first: `{order_id}` would take it for a part of the id."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(TABLE, key=lambda row: ":" not in row.path):
        rows[row.path].append(row)
    return rows


def _document(_: Request) -> Response:
    return Response(_DOCUMENT.read_bytes(), headers={"cache-control": "no-cache"}, media_type="application/json")


class _Nothing:
    """Whatever is asked of it, in whatever way."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = refusals.not_found(scope["path"])
        refusing.count(scope, statuses.reason(refusal.status))
        await refusals.answer(refusal)(scope, receive, send)
