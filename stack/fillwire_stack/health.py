"""Asks a server, or a bridge, for its health the way a load balancer does; exit code 0 is well.

A program of its own: the supervisor forks, and a process that forks should not have spoken gRPC.
"""

import argparse
import http.client
import time
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlsplit

import grpc

__all__ = ["is_ready", "is_serving", "main"]

# grpc.health.v1.HealthCheckRequest with no service named, and HealthCheckResponse with status SERVING, on the wire.
_ANY_SERVICE = b""
_SERVING = b"\x08\x01"

_SECONDS: Final = 2.0


def is_serving(target: str) -> bool:
    """Whether the server at `target` says SERVING, within two seconds."""
    # A new channel each time: one that was refused backs off for a second before it looks again.
    with grpc.insecure_channel(target) as channel:
        check: Callable[..., bytes] = channel.unary_unary("/grpc.health.v1.Health/Check")
        try:
            return check(_ANY_SERVICE, timeout=_SECONDS) == _SERVING
        except grpc.RpcError:
            return False


def is_ready(page: str) -> bool:
    """Whether the bridge at `page`, such as "http://127.0.0.1:8080", and the server behind it take orders."""
    connection = http.client.HTTPConnection(urlsplit(page).netloc, timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Exits with 0 where the process is well, else with 1; with `--wait` only when it is."""
    parser = argparse.ArgumentParser(
        prog="python -m fillwire_stack.health", description="Ask a process for its health."
    )
    parser.add_argument("target", metavar="HOST:PORT|http://HOST:PORT", help="a server, or a bridge")
    parser.add_argument("--wait", action="store_true", help="ask until it is well")
    options = parser.parse_args(argv)
    is_well = is_ready if options.target.startswith("http://") else is_serving
    while not (well := is_well(options.target)) and options.wait:
        time.sleep(0.05)
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
