"""The planted faults still fit the product that they break."""

import subprocess
import sys
from pathlib import Path

from tests.chaos.faults import KINDS
from tests.chaos.planted import PLANTS
from tests.chaos.rules import RULES

ROOT = Path(__file__).parents[2]

BREAK_EVERYTHING = """
import importlib
from tests.chaos.planted import PLANTS

for one in PLANTS.values():
    one.plant()
for name in ("record", "renew"):
    importlib.import_module("fillwire_orders.database").statement(name)
"""


def test_every_planted_fault_finds_what_it_breaks() -> None:
    command = [sys.executable, "-c", BREAK_EVERYTHING]
    broken = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=60)
    assert broken.returncode == 0, broken.stderr


def test_every_planted_fault_names_a_rule_that_is_to_see_it_and_faults_that_bring_it_out() -> None:
    for one in PLANTS.values():
        assert set(one.seen_by) <= RULES.keys()
        assert set(one.kinds) <= KINDS.keys()
    assert len(PLANTS) >= 8
