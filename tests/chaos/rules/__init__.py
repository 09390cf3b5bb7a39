"""The rules: one function for each promise; each gives a sentence for every place where it is broken."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.chaos.evidence import Evidence
from tests.chaos.rules import (
    ending,
    firing,
    logs,
    owners,
    reads,
    replacements,
    slices,
    submits,
    swaps,
    watches,
    withdrawals,
)

__all__ = ["RULES", "Rule"]

Rule = Callable[[Evidence], Iterator[str]]

RULES: Final[Mapping[str, Rule]] = {
    rule.__name__: rule
    for module in (submits, reads, owners, watches, logs, firing, slices, withdrawals, replacements, swaps, ending)
    for rule in (getattr(module, name) for name in module.__all__)
}
