"""The campaign: every planted fault in a run of its own; each must be caught, by a rule that is there for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.chaos.planted import PLANTS
from tests.chaos.scenario import Scenario

__all__ = ["campaign"]


def campaign(names: Sequence[str], run: Callable[[Scenario], dict[str, Any]]) -> Iterator[tuple[str, bool, str]]:
    """For each fault its name, whether it was caught, and the witness or what was broken instead.

    What a run left behind stays where the fault was missed.
    """
    for name in names:
        plant = PLANTS[name]
        found = run(plant.scenario)
        broken = found["broken"]
        witnesses = [f"{rule}: {broken[rule]['first']}" for rule in plant.seen_by if rule in broken]
        if witnesses:
            shutil.rmtree(found["kept"])
        yield name, bool(witnesses), witnesses[0] if witnesses else f"broken was {sorted(broken) or 'nothing'}"
