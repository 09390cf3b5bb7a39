"""Somebody's web server on this machine: pages of another origin than the bridge's."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

__all__ = ["MODULES", "PAGES", "served"]

PAGES: Final = Path(__file__).with_name("pages")
MODULES: Final = Path(__file__).parents[2] / "typescript"

_PACKAGES: Final = ("@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web", "grpc-web")


@contextmanager
def served() -> Iterator[str]:
    """The origin of a site with `pages/`, and the packages that they import as npm has installed them.

    Its page `/` is empty but for the names of these packages.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), _Files) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Files(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/":
            return self._answer("text/html; charset=utf-8", _page())
        if self.path == "/favicon.ico":
            return self._answer("image/x-icon", "")
        return super().do_GET()

    def translate_path(self, path: str) -> str:
        root = PAGES if path.startswith("/pages/") else MODULES
        return str(root / path.removeprefix("/pages/").lstrip("/"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so named where it is overridden
        """Tests are quiet."""

    def _answer(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(text.encode())


def _page() -> str:
    imports = {name: url for package in _PACKAGES for name, url in _modules(package).items()}
    return f'<!doctype html><title>a site</title><script type="importmap">{json.dumps({"imports": imports})}</script>'


def _modules(package: str) -> Mapping[str, str]:
    """What its names lead to, as its package.json says."""
    described = json.loads((MODULES / "node_modules" / package / "package.json").read_text())
    exports = described.get("exports") or {".": {"import": f"./{described['module']}"}}
    return {
        package + name.removeprefix("."): f"/node_modules/{package}/{leads['import'].removeprefix('./')}"
        for name, leads in exports.items()
    }
