"""Proves the router: random markets, and oracles that know nothing of it.

`python -m tests.proof` or `make proof`.
Prints a table, a line of JSON for each row, and what is wrong with how to see it again; exits with 1 if anything is.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from typing import Final

from tests.proof.markets import Part, draw
from tests.proof.report import Row, Standing, figures, row_of, table
from tests.proof.trial import examine

SHARES: Final = {Part.DIRECT: 1.0, Part.NETWORKS: 0.25, Part.GRIDS: 0.5}
"""How many markets each part draws, as a share of those asked for."""

CONIC_EVERY: Final = {Part.DIRECT: 10, Part.NETWORKS: 10, Part.GRIDS: 30}
"""One market in so many is also put to cvxpy, which takes longest."""


def prove(part: Part, numbers: Sequence[int], *, seed: int, conic_every: int) -> list[Row]:
    """Examine markets of one part and return a row for each standing that their orders have."""
    rows = {standing: row_of(part, standing) for standing in Standing}
    for number in numbers:
        market = draw(part, seed=seed, number=number)
        for verdict in examine(market, with_conic=number % conic_every == 0):
            rows[Standing.of(market, verdict)].add(market, verdict)
    return [row for row in rows.values() if row.orders]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="proof", description=__doc__)
    parser.add_argument(
        "--markets", type=int, default=2000, help="direct ones; a quarter as many networks, half as many grids"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--part", type=Part, choices=list(Part), help="this part only")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="this market of each part only, by every oracle")
    given = parser.parse_args(argv)
    began = time.perf_counter()
    rows: list[Row] = []
    for part in [given.part] if given.part else Part:
        numbers = range(round(given.markets * SHARES[part])) if given.only is None else [given.only]
        rows += prove(part, numbers, seed=given.seed, conic_every=CONIC_EVERY[part] if given.only is None else 1)
        print(f"{part}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(table(rows))
    for row in rows:
        print(json.dumps(figures(row)))
    violations = [violation for row in rows for violation in row.violations]
    print("\n".join(violations[:40]) or "No bound was beaten and no route is wasteful.")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
