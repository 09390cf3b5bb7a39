"""The command line, as a person types it."""

import asyncio
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

from fillwire_dex.simulated import Fault, FaultKind, SimulatedMarket
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
    assert re.search(r"raydium|meteora|orca", told)
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


def test_a_quote_shows_the_split_every_pool_and_the_proof(system: System) -> None:
    quoted = fillwire(system, "quote", "SOL", "USDC", "100")
    assert quoted.returncode == 0, quoted.stderr
    assert len(re.findall(r"SOL-USDC", quoted.stdout)) >= 6
    assert re.search(r"never more than +\S+ USDC; the route is \S+ bps below", quoted.stdout)
    shares = [float(share) for share in re.findall(r"[-─] +([\d.]+) %", quoted.stdout)]
    assert abs(sum(shares) / 100 - round(sum(shares) / 100)) < 0.001


def test_a_quote_keeps_to_its_limits(system: System) -> None:
    def legs(*limits: str) -> list[str]:
        quoted = fillwire(system, "quote", "SOL", "USDC", "100", "-o", "json", *limits)
        assert quoted.returncode == 0, quoted.stderr
        return [leg["venue"] for leg in json.loads(quoted.stdout)["route"]["legs"]]

    assert legs("--max-legs", "1", "--max-hops", "1", "--venue", "raydium_cpmm") == ["raydium_cpmm"]
    assert "raydium_cpmm" not in legs("--not-venue", "raydium_cpmm")


def test_an_exact_output_is_quoted_by_what_it_takes(system: System) -> None:
    quoted = fillwire(system, "quote", "SOL", "USDC", "1000", "--exact-out", "-o", "json")
    assert quoted.returncode == 0, quoted.stderr
    route = json.loads(quoted.stdout)["route"]
    assert (route["exact_out"], route["amount_out"]["ui"]) == (True, "1000")
    assert int(route["bound"]["raw"]) <= int(route["amount_in"]["raw"])


async def test_an_order_tells_why_it_was_retried_and_what_it_cost(system: System, market: SimulatedMarket) -> None:
    await market.script(Fault(FaultKind.REFUSE, times=1))
    made = await asyncio.to_thread(submit, system, "--wait", "-o", "json", "--timeout", "30s")
    assert made.returncode == 0, made.stderr
    order_id = json.loads(made.stdout)["order_id"]
    told = await asyncio.to_thread(fillwire, system, "explain", order_id)
    assert told.returncode == 0, told.stderr
    sections = re.findall(r"^(?:Events|Attempt \d|Changed.*|Filled)$", told.stdout, re.MULTILINE)
    assert sections == ["Events", "Attempt 1", "Attempt 2", "Changed since attempt 1", "Filled"]
    assert re.search(r"outcome +VENUE_REFUSED", told.stdout)
    assert re.search(r"against quote +[+-]\d", told.stdout)
    assert re.search(r"against bound +[+-]\d", told.stdout)


def test_tokens_venues_and_pools_are_listed(system: System) -> None:
    assert "So11111111111111111111111111111111111111112" in fillwire(system, "tokens").stdout
    assert "raydium" in fillwire(system, "venues").stdout
    listed = [json.loads(line) for line in fillwire(system, "pools", "SOL", "USDC", "-o", "jsonl").stdout.splitlines()]
    assert len(listed) >= 6
    assert all({pool["token_a"], pool["token_b"]} == {"SOL", "USDC"} for pool in listed)


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


def test_a_person_changes_and_withdraws_an_order_that_rests(system: System) -> None:
    made = fillwire(system, "submit", "SOL", "USDC", "0.001", "--limit", "1000000", "--gtd", "1h", "--quiet")
    assert made.returncode == 0, made.stderr
    order_id = made.stdout.strip()
    assert "limit 1000000" in fillwire(system, "get", order_id).stdout
    changed = fillwire(system, "replace", order_id, "--limit", "999999", "--amount", "0.002", "-o", "json")
    assert changed.returncode == 0, changed.stderr
    assert json.loads(changed.stdout)["spec"]["type"] == {"kind": "limit", "limit_price": "999999"}
    assert "is cancelled" in fillwire(system, "cancel", order_id).stdout
    late = fillwire(system, "replace", order_id, "--limit", "5")
    assert (late.returncode, late.stdout) == (1, "")
    seen = fillwire(system, "watch", order_id)
    assert (seen.returncode, "new terms: 0.002 SOL -> USDC, limit 999999" in seen.stdout) == (1, True)
    done = json.loads(submit(system, "--wait", "-o", "json").stdout)
    assert fillwire(system, "cancel", done["order_id"]).returncode == 1


def test_all_orders_of_the_account_are_followed_and_gone_on_with(system: System) -> None:
    for _ in range(2):
        assert submit(system, "--wait").returncode == 0
    every = fillwire(system, "watch", "--all", "--from-start", "--count", "10", "-o", "jsonl", "--timeout", "30s")
    assert every.returncode == 0, every.stderr
    events = [json.loads(line) for line in every.stdout.splitlines()]
    assert len({(event["order_id"], event["seq"]) for event in events}) == 10
    more = fillwire(
        system, "watch", "--all", "--cursor", events[0]["cursor"], "--count", "9", "-o", "jsonl", "--timeout", "30s"
    )
    assert [json.loads(line) for line in more.stdout.splitlines()] == events[1:]


def test_prices_quotes_and_the_account_are_shown(system: System) -> None:
    price = json.loads(fillwire(system, "prices", "SOL/USDC", "--count", "1", "-o", "jsonl").stdout)
    assert float(price["mid_price"]) > 1
    assert " at " in fillwire(system, "quote", "SOL", "USDC", "100", "--stream", "--count", "1").stdout
    assert "default" in fillwire(system, "account").stdout
    assert fillwire(system, "prices", "SOL/NOTHING", "--count", "1").returncode == 2


def test_the_doctor_finds_a_healthy_engine_healthy(system: System) -> None:
    seen = fillwire(system, "doctor")
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert fillwire(None, "doctor").returncode != 0
