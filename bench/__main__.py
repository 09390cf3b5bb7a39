"""Runs the measurements: a table for people and, for machines, lines of JSON."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bench import attacks, bridge, engine, idle, paging, pools, resting, routes, soak, streams

PARTS: Final[Mapping[str, Callable[..., object]]] = {
    "engine": engine.measure,
    "idle": idle.measure,
    "pools": pools.measure,
    "routes": routes.measure,
    "streams": streams.measure,
    "bridge": bridge.measure,
    "attacks": attacks.measure,
    "soak": soak.measure,
    "resting": resting.measure,
    "paging": paging.measure,
}
"""What measures each part; its arguments are the parser's, by name."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measures what is named; without a name pools, routes and the engine, with few orders."""
    given = vars(_parser().parse_args(argv))
    if what := given.pop("what"):
        PARTS[what](**given)
        return 0
    pools.measure(repeats=9)
    routes.measure(orders=4)
    engine.measure(orders=300, clients=[16], workers=1, concurrency=50, watch=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=main.__doc__)
    parts = parser.add_subparsers(dest="what", title="parts")
    whole = parts.add_parser("engine", help="orders through the whole engine: real processes, venues that take no time")
    whole.add_argument("--orders", type=int, default=1500, help="orders in each run")
    whole.add_argument(
        "--clients", type=int, nargs="+", default=[1, 16, 64], help="orders under way at a time, a run each"
    )
    whole.add_argument("--workers", type=int, default=1, help="worker processes")
    whole.add_argument("--concurrency", type=int, default=50, help="orders at a time in one worker")
    whole.add_argument(
        "--no-watch", dest="watch", action="store_false", help="leave the orders unwatched, and wait for the last one"
    )
    calm = parts.add_parser("idle", help="what the processes take while there are no orders")
    calm.add_argument("--seconds", type=float, default=30.0, help="how long, in a still market and in a moving one")
    quotes = parts.add_parser("pools", help="one quote of each kind of pool")
    quotes.add_argument("--repeats", type=int, default=51, help="pools of each kind; the median is told")
    best = parts.add_parser("routes", help="one route, beside general solvers on the same market")
    best.add_argument("--orders", type=int, default=12, help="markets of each size; the median is told")
    many = parts.add_parser("streams", help="many watches on one server, which is killed under them")
    many.add_argument("--watches", type=int, default=10_000, help="watches, an order each")
    many.add_argument("--deaf", type=int, default=100, help="watchers that never read, for three times 20 s")
    front = parts.add_parser("bridge", help="the browser bridge: what events cost on their way, and how late they come")
    front.add_argument("--sockets", type=int, default=1_000, help="WebSockets, an order each")
    front.add_argument("--rate", type=float, default=40.0, help="how many of these orders run a second")
    rude = parts.add_parser("attacks", help="a decent client beside rude ones, each a process of its own")
    rude.add_argument("--turns", type=int, default=3, help="how often it is alone, and how often it is not")
    rude.add_argument("--seconds", type=float, default=5.0, help="how long each time")
    long = parts.add_parser("soak", help="half of what the engine can do, for a long time: whether anything grows")
    long.add_argument("--minutes", type=float, default=10.0, help="how long; the first fifth is the warm-up")
    long.add_argument("--rate", type=float, help="orders a second; by default half of what is measured first")
    still = parts.add_parser("resting", help="orders that rest: memory, restart, and from the price to the fire")
    still.add_argument("--orders", type=int, default=100_000, help="orders that rest all the while")
    still.add_argument("--rounds", type=int, default=100, help="how often a price fires one order")
    still.add_argument("--burst", type=int, default=1_000, help="orders that one price fires at the end")
    lists = parts.add_parser("paging", help="pages of a list of a million orders, first, middle and last")
    lists.add_argument("--orders", type=int, default=1_000_000, help="orders, of one account; 1,000 at least")
    lists.add_argument("--repeats", type=int, default=101, help="how often each page is asked for")
    return parser


if __name__ == "__main__":
    sys.exit(main())
