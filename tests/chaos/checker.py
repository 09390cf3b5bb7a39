"""The checker: every rule on the evidence of one run. Pure, and linear in what was written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.chaos.evidence import gather
from tests.chaos.history import Record
from tests.chaos.rules import RULES
from tests.chaos.truth import Truth

__all__ = ["Breach", "examine"]


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that was broken: how often, and the first witness."""

    count: int
    witness: str


def examine(records: Sequence[Record], truth: Truth) -> Mapping[str, Breach]:
    """The rules that were broken, by name; none: the run is valid."""
    evidence = gather(records, truth)
    found = {name: list(rule(evidence)) for name, rule in RULES.items()}
    return {name: Breach(len(witnesses), witnesses[0]) for name, witnesses in found.items() if witnesses}
