"""Asks a server for its health the way a load balancer does; exit code 0 is SERVING.

A program of its own: the supervisor forks, and a process that forks should not have spoken gRPC.
"""

import argparse
import time
from collections.abc import Callable, Sequence

import grpc

__all__ = ["is_serving", "main"]

# grpc.health.v1.HealthCheckRequest with no service named, and HealthCheckResponse with status SERVING, on the wire.
_ANY_SERVICE = b""
_SERVING = b"\x08\x01"


def is_serving(target: str) -> bool:
    """Whether the server at `target` says SERVING, within two seconds."""
    # A new channel each time: one that was refused backs off for a second before it looks again.
    with grpc.insecure_channel(target) as channel:
        check: Callable[..., bytes] = channel.unary_unary("/grpc.health.v1.Health/Check")
        try:
            return check(_ANY_SERVICE, timeout=2.0) == _SERVING
        except grpc.RpcError:
            return False


def main(argv: Sequence[str] | None = None) -> int:
    """Exits with 0 where TARGET serves, else with 1; with `--wait` only when it does."""
    parser = argparse.ArgumentParser(prog="python -m fillwire_stack.health", description="Ask a server for its health.")
    parser.add_argument("target", metavar="HOST:PORT")
    parser.add_argument("--wait", action="store_true", help="ask until it serves")
    options = parser.parse_args(argv)
    while not (serving := is_serving(options.target)) and options.wait:
        time.sleep(0.05)
    return 0 if serving else 1


if __name__ == "__main__":
    raise SystemExit(main())
