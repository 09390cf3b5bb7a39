"""Replay quote vectors (schema dex-quote-vectors/1) against the pools of fillwire_dex.

`python -m tests.vectors.replay FILE...` prints, per kind, how many cases and steps were run and
how many differ, and exits non-zero when any differs or had to be skipped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fillwire_dex import Direction, InsufficientLiquidity, Pool, Swap, UnsupportedPool, pools
from fillwire_dex.pools import MeteoraDammV2, MeteoraDlmm, PoolKind
from fillwire_dex.pools.concentrated.course import TicksExhausted
from tests.vectors.reports import filled, posted, report

SCHEMA = "dex-quote-vectors/1"
EXPLAINED = 5
"""How many differences of a file are printed."""

POOL_KINDS = {
    "meteora_dlmm_limit_orders": PoolKind.METEORA_DLMM,
    "meteora_damm_v2_base_fees": PoolKind.METEORA_DAMM_V2,
}
"""Where a file is not named after the kind of its pools."""

REMARKS = ("sdk_differs", "reason")
"""Keys of an expectation that say something about the SDK, not about the swap."""

Vector = Mapping[str, Any]


class NotCarried(Exception):
    """The vector asks for something the pool does not have."""


@dataclass
class Tally:
    """What one file came to."""

    kind: str
    cases: int = 0
    steps: int = 0
    skipped: int = 0
    differing: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.differing and not self.skipped and self.cases + self.steps > 0

    def add(self, name: str, differences: list[str]) -> None:
        self.differing += bool(differences)
        self.differences += [f"{name}: {difference}" for difference in differences]


def replay(path: Path) -> Tally:
    """Run every case and every step of one file."""
    vectors = json.loads(path.read_text())
    if vectors["schema"] != SCHEMA:
        raise SystemExit(f"{path}: schema {vectors['schema']!r} is not {SCHEMA}")
    tally = Tally(vectors["kind"])
    kind = POOL_KINDS.get(tally.kind, tally.kind)
    states = {state["id"]: state for state in vectors["pools"]}
    for case in vectors["cases"]:
        try:
            pool = pools.decode(kind, states[case["pool"]])
            differences, _ = _run(pool, case)
        except (UnsupportedPool, NotCarried):
            tally.skipped += 1
            continue
        tally.cases += 1
        tally.add(case["id"], differences)
    for sequence in vectors["sequences"]:
        _replay_sequence(tally, sequence)
    return tally


def _replay_sequence(tally: Tally, sequence: Vector) -> None:
    """Run the steps one after the other; what cannot be run is skipped with all that follows."""
    steps, ran = sequence["steps"], 0
    try:
        pool = pools.decode(tally.kind, sequence["initial"])
        for step in steps:
            differences, pool = _run(pool, step)
            tally.add(f"{sequence['id']}[{ran}]", differences)
            ran += 1
    except (UnsupportedPool, NotCarried):
        tally.skipped += len(steps) - ran
    tally.steps += ran


def _run(pool: Pool, vector: Vector) -> tuple[list[str], Pool]:
    """Return what differs from the expectation, and the state after the swap."""
    expect = vector["expect"]
    try:
        swap = _quote(pool, vector)
    except TicksExhausted as error:
        return _differences(expect, filled(error)), pool
    except InsufficientLiquidity:
        got = "insufficient_liquidity"
        return ([] if expect["status"] == got else [f"{expect['status']} expected, got {got}"]), pool
    after = pool.after(swap)
    wanted = {key: expect[key] for key in expect if key not in (*REMARKS, "post")}
    left = 0 if vector["mode"] == "exact_out" else int(vector["amount"]) - swap.amount_in
    differences = _differences(wanted, report(pool, swap, left))
    return differences + _differences(expect.get("post", {}), posted(pool, after)), after


def _quote(pool: Pool, vector: Vector) -> Swap:
    direction, amount, now = _arguments(vector)
    match pool, vector["mode"]:
        case MeteoraDammV2(), "exact_in":
            return pool.quote_exact_in(direction, amount, now=now, referral=_referral(vector))
        case MeteoraDammV2(), "exact_out":
            return pool.quote_exact_out(direction, amount, now=now, referral=_referral(vector))
        case MeteoraDammV2(), "partial_in":
            return pool.quote_partial_in(direction, amount, now=now, referral=_referral(vector))
        case MeteoraDlmm(), "partial_in":
            return pool.quote_partial_in(direction, amount, now=now)
        case _, "exact_in":
            return pool.quote_exact_in(direction, amount, now=now)
        case _, "exact_out":
            return pool.quote_exact_out(direction, amount, now=now)
        case _, mode:
            raise NotCarried(mode)


def _arguments(vector: Vector) -> tuple[Direction, int, int]:
    return Direction(vector["direction"]), int(vector["amount"]), int(vector.get("timestamp", 0))


def _referral(vector: Vector) -> bool:
    return bool(vector.get("has_referral", False))


def _differences(wanted: Vector, got: Mapping[str, object]) -> list[str]:
    """Compare as text, so that a value no pool reports counts as a difference too."""
    return [
        f"{key} expected {value}, got {got.get(key)}"
        for key, value in wanted.items()
        if str(value) != str(got.get(key))
    ]


def main(files: list[str]) -> int:
    """Replay the files and print one line for each; return the exit status."""
    if not files:
        print("usage: python -m tests.vectors.replay FILE...", file=sys.stderr)
        return 2
    tallies = [replay(Path(file)) for file in files]
    for tally in tallies:
        print(
            f"{tally.kind}: {tally.cases} cases and {tally.steps} steps run, "
            f"{tally.differing} differ, {tally.skipped} skipped"
        )
        for difference in tally.differences[:EXPLAINED]:
            print(f"  {difference}")
    return 0 if all(tally.passed for tally in tallies) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
