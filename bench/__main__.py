"""Runs the measurements and prints a table for people and one line of JSON for each run."""

import argparse
import sys
from collections.abc import Sequence

from bench import engine


def main(argv: Sequence[str] | None = None) -> int:
    """Measures the engine; every loop is bounded by `--orders`."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--orders", type=int, default=1500, help="orders in each run")
    parser.add_argument(
        "--clients", type=int, nargs="+", default=[1, 16, 64], help="orders under way at a time, a run each"
    )
    parser.add_argument("--workers", type=int, default=1, help="worker processes")
    parser.add_argument("--concurrency", type=int, default=50, help="orders at a time in one worker")
    parser.add_argument("--no-watch", action="store_true", help="leave the orders unwatched, and wait for the last one")
    given = parser.parse_args(argv)
    engine.measure(
        orders=given.orders,
        clients=given.clients,
        workers=given.workers,
        concurrency=given.concurrency,
        watch=not given.no_watch,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
