"""What a real order cost adds up, is reported, and its log is found whole by the audit."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.system import System
from tests.e2e.test_cli import FILLWIRE, fillwire


def audited(system: System, order_id: str) -> subprocess.CompletedProcess[str]:
    """The audit of one order."""
    environment = {**os.environ, "DATABASE_URL": system.database_url}
    return subprocess.run(
        [FILLWIRE, "audit", "--order", order_id],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )


@pytest.mark.parametrize(
    "terms",
    [
        ("SOL", "USDC", "12.5", "--slippage-bps", "5000"),
        ("SOL", "USDC", "900", "--slippage-bps", "5000", "--exact-out"),
        ("SOL", "USDC", "1", "--limit", "1"),
        ("SOL", "USDC", "1", "--stop", "100000", "--slippage-bps", "5000"),
        ("SOL", "USDC", "1", "--at", "0s", "--slippage-bps", "5000"),
        ("SOL", "USDC", "2", "--twap", "2x1s", "--slippage-bps", "5000"),
    ],
    ids=["market", "exact-out", "limit", "stop", "scheduled", "twap"],
)
def test_the_log_of_every_type_is_whole_and_every_swap_has_its_cost(system: System, terms: tuple[str, ...]) -> None:
    made = fillwire(system, "submit", *terms, "--wait", "-o", "json")
    assert made.returncode == 0, made.stderr
    order = json.loads(made.stdout)
    assert audited(system, order["order_id"]).returncode == 0
    listed = fillwire(system, "list", "--parent", order["order_id"], "-o", "jsonl").stdout.splitlines()
    swaps: list[dict[str, Any]] = [json.loads(line) for line in listed] or [order]
    for swap in swaps:
        cost = swap["receipt"]["cost"]
        parts = sum(cost[f"{part}_bps"] for part in ("drift", "fee", "impact", "slippage"))
        assert parts == pytest.approx(cost["total_bps"], abs=1e-6)
        assert cost["fee_bps"] > 0


def test_the_report_is_of_the_orders_there_were(system: System, tmp_path: Path) -> None:
    assert fillwire(system, "submit", "SOL", "USDC", "1", "--slippage-bps", "5000", "--wait").returncode == 0
    out = tmp_path / "report.html"
    written = fillwire(system, "report", "--from", "1h", "--out", str(out))
    assert written.returncode == 0, written.stderr
    assert "SOL <span>" in out.read_text("utf-8")
    totals = json.loads(fillwire(system, "report", "--from", "1h", "-o", "json").stdout)["totals"]
    assert sum(one["orders"] for one in totals if (one["token_in"], one["token_out"]) == ("SOL", "USDC")) >= 1
