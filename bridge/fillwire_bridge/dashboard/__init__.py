"""The dashboard: a page of plain files, which speaks to the bridge's WebSocket."""

from collections.abc import Mapping
from os import PathLike, stat_result
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from fillwire_bridge.parts import Parts

__all__ = ["routes"]

_STATIC: Final = Path(__file__).parent / "static"

_TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".md": "text/markdown; charset=utf-8",
}
"""What a machine believes of these depends on its own tables, and a browser runs no module of another type."""


def routes(_parts: Parts) -> list[BaseRoute]:
    """Every path that nobody else answers is a file of the page, or 404; "/" is its index."""
    return [Route("/{path:path}", _Files(directory=_STATIC, html=True), name="dashboard")]


class _Files(StaticFiles):
    """Files that a browser asks for again each time, at the price of a 304: a new version of the bridge is seen at once."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = "no-cache"
        if content_type := _TYPES.get(Path(full_path).suffix):
            response.headers["content-type"] = content_type
        return response
