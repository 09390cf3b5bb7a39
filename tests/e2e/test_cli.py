"""The command line, as a person types it."""

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

from tests.e2e.system import System

FILLWIRE = Path(sys.executable).with_name("fillwire")


def fillwire(system: System | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    target = {"FILLWIRE_TARGET": system.target if system else "127.0.0.1:1", "NO_COLOR": "1", "COLUMNS": "140"}
    return subprocess.run(
        [FILLWIRE, *arguments], check=False, capture_output=True, text=True, timeout=60, env={**os.environ, **target}
    )


def submit(system: System, *arguments: str) -> subprocess.CompletedProcess[str]:
    return fillwire(system, "submit", "SOL", "USDC", "0.001", "--slippage-bps", "5000", *arguments)


def test_a_person_submits_and_watches(system: System) -> None:
    done = submit(system, "--watch")
    assert done.returncode == 0, done.stderr
    told = done.stdout.lower()
    steps = [told.index(step) for step in ("pending", "routing", "building", "submitted", "confirmed")]
    assert steps == sorted(steps)
    assert re.search(r"raydium|meteora", told)
    assert re.search(r"\b[1-9A-HJ-NP-Za-km-z]{86,88}\b", done.stdout)


def test_a_program_reads_a_line_of_json_for_each_event(system: System) -> None:
    done = submit(system, "--watch", "-o", "jsonl")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["status"] for line in lines if "seq" in line][-1].upper().endswith("CONFIRMED")


def test_an_order_can_be_found_again(system: System) -> None:
    mine = uuid.uuid4().hex
    made = submit(system, "--wait", "-o", "json", "--client-order-id", mine)
    assert made.returncode == 0, made.stderr
    order_id = json.loads(made.stdout)["order_id"]
    assert json.loads(fillwire(system, "get", order_id, "-o", "json").stdout)["order_id"] == order_id
    assert order_id in fillwire(system, "list", "-o", "jsonl").stdout
    again = fillwire(system, "watch", order_id)
    assert again.returncode == 0
    assert "confirmed" in again.stdout.lower()


def test_a_quote_shows_every_pool_and_the_proof(system: System) -> None:
    quoted = fillwire(system, "quote", "SOL", "USDC", "100")
    assert quoted.returncode == 0, quoted.stderr
    assert len(re.findall(r"SOL-USDC", quoted.stdout)) >= 6
    assert "bps" in quoted.stdout


def test_tokens_and_venues_are_listed(system: System) -> None:
    assert "So11111111111111111111111111111111111111112" in fillwire(system, "tokens").stdout
    assert "raydium" in fillwire(system, "venues").stdout


def test_a_request_that_fails_exits_with_its_code(system: System) -> None:
    key = str(uuid.uuid4())
    assert submit(system, "--request-id", key).returncode == 0
    reused = fillwire(system, "submit", "SOL", "USDC", "0.002", "--slippage-bps", "50", "--request-id", key)
    assert (reused.returncode, "amount" in reused.stderr) == (7, True)
    assert fillwire(system, "get", str(uuid.uuid4())).returncode == 3
    assert fillwire(system, "submit", "SOL", "SOL", "1", "--slippage-bps", "50").returncode == 2
    assert fillwire(system, "submit", "SOL", "USDC", "banana", "--slippage-bps", "50").returncode == 2
    assert fillwire(None, "venues", "--timeout", "2").returncode == 4


def test_an_order_that_fails_is_an_exit_code_too(system: System) -> None:
    failed = fillwire(system, "submit", "SOL", "USDC", "0.001", "--min-amount-out", "100", "--wait", "--timeout", "30s")
    assert failed.returncode == 1, failed.stderr


def test_the_doctor_finds_a_healthy_engine_healthy(system: System) -> None:
    seen = fillwire(system, "doctor")
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert fillwire(None, "doctor").returncode != 0
