"""Runs the engine through a storm and says whether it kept its promises.

`python -m tests.chaos --duration 60 --seed 7` or `make chaos DURATION=60 SEED=7`.
Prints a line of JSON and exits with 1 where a promise was broken; all that is needed to see why is then kept.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import structlog

from tests.chaos.campaign import campaign
from tests.chaos.checker import examine
from tests.chaos.faults import KINDS
from tests.chaos.history import read_history
from tests.chaos.planted import PLANTS
from tests.chaos.report import figures
from tests.chaos.scenario import Scenario
from tests.chaos.storm import HISTORY, available, weather
from tests.chaos.truth import read_truth

_EVERY_PLANT = "all"


def run(scenario: Scenario, *, keep: Path | None = None) -> dict[str, Any]:
    """Runs a scenario and gives its figures; what an invalid run left behind stays, in `keep` or where it is said."""
    directory = keep or Path(tempfile.mkdtemp(prefix="fillwire-chaos-"))
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o711)
    (directory / "scenario.json").write_bytes(msgspec.json.encode(scenario))
    try:
        asyncio.run(weather(scenario, directory))
    except BaseException:
        print(f"chaos: it did not come to its end; what it left is in {directory}", file=sys.stderr)
        raise
    for store in ("postgres", "valkey"):  # what they held is in the truth
        shutil.rmtree(directory / store, ignore_errors=True)
    found = judge(directory)
    if found["verdict"] == "VALID" and keep is None:
        shutil.rmtree(directory)
    return found


def judge(directory: Path) -> dict[str, Any]:
    """Judges what a run left behind."""
    scenario = msgspec.json.decode((directory / "scenario.json").read_bytes(), type=Scenario)
    with (directory / HISTORY).open(encoding="utf-8") as lines:
        records = read_history(lines)
    truth = read_truth(directory)
    found = {"seed": scenario.seed, "duration_s": scenario.duration, **figures(records, truth, examine(records, truth))}
    return found | {"unavailable": available(scenario)[1], "kept": str(directory)}


def main(argv: Sequence[str] | None = None) -> int:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    given = _parser().parse_args(argv)
    if given.replay:
        return _told(judge(given.replay))
    if given.planted:
        return _planted(list(PLANTS) if given.planted == _EVERY_PLANT else [given.planted])
    scenario = Scenario(
        seed=given.seed,
        duration=given.duration,
        rate=given.rate,
        kinds=tuple(given.kinds),
        hold=given.hold,
        rest=given.rest,
    )
    found = run(scenario, keep=given.keep)
    too_little = found["acknowledged"] < given.least_orders or found["faults"] < given.least_faults
    if too_little:
        print(f"too little happened: {found['acknowledged']} orders, {found['faults']} faults", file=sys.stderr)
    return _told(found) or int(too_little)


def _planted(names: Sequence[str]) -> int:
    missed = 0
    for name, caught, why in campaign(names, run):
        missed += not caught
        print(f"{'caught' if caught else 'MISSED'}  {name}  {why}", flush=True)
    return 1 if missed else 0


def _told(found: dict[str, Any]) -> int:
    if found["verdict"] == "VALID" and not Path(found["kept"]).exists():
        del found["kept"]
    print(json.dumps(found))
    for name, broken in found["broken"].items():
        print(f"{name} ({broken['count']}): {broken['first']}", file=sys.stderr)
    return 1 if found["broken"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--duration", type=float, default=60.0, help="seconds of storm")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rate", type=float, default=Scenario().rate, help="orders a second")
    parser.add_argument("--kinds", type=_kinds, default=(), help="only these faults, with commas between")
    parser.add_argument("--hold", type=float, help="let every fault last so many seconds")
    parser.add_argument("--rest", type=float, default=Scenario().rest, help="seconds until every order must be final")
    parser.add_argument("--least-orders", type=int, default=0, help="fail where fewer were acknowledged")
    parser.add_argument("--least-faults", type=int, default=0, help="fail where fewer struck")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep history, truth and logs here, valid or not")
    parser.add_argument("--replay", type=Path, metavar="DIR", help="judge again what a run left behind")
    parser.add_argument("--planted", choices=[*PLANTS, _EVERY_PLANT], help="break the product, and see it caught")
    return parser


def _kinds(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in KINDS]:
        raise argparse.ArgumentTypeError(f"no such fault: {', '.join(unknown)}; there are {', '.join(KINDS)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
