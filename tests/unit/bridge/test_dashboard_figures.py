"""The dashboard's figures of execution quality are those of the command line's report, to the digit."""

import json
import random
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from google.protobuf.json_format import MessageToDict

from fillwire.amount import Amount, Token
from fillwire.report import figures, texts
from fillwire.tokens import Tokens
from fillwire.v1.order_service_pb2 import ReportExecutionResponse
from fillwire.wire.executions import read_report

SCRIPT: Final = Path(__file__).parents[1] / "dashboard" / "figures.mjs"
SYMBOLS: Final = ("BONK", "SOL", "USDC")
VENUES: Final = ("meteora_dlmm", "orca_whirlpool", "raydium_cpmm")


def test_reports_are_summed_up_as_the_command_line_does() -> None:
    reports = [_report(random.Random(seed)) for seed in range(60)]
    told = _told(reports=[MessageToDict(report) for report in reports])["reports"]
    assert told == [_figures(report) for report in reports]


def test_a_mean_time_is_rounded_from_its_microseconds() -> None:
    times = [timedelta(microseconds=12_500), timedelta(microseconds=12_500), timedelta(microseconds=12_501)]
    report = ReportExecutionResponse(totals=[_row(random.Random(5), venue="") for _ in times])
    for row, time in zip(report.totals, times, strict=True):
        row.orders, row.token_in, row.token_out = 1, "SOL", "USDC"
        row.mean_time.FromTimedelta(time)
    [told] = _told(reports=[MessageToDict(report)])["reports"]
    assert told == _figures(report)
    assert told["pairs"][0]["whole"]["time"] == "12 ms"


def test_costs_are_rounded_as_the_command_line_does() -> None:
    given = (
        [quarters / 4 for quarters in range(-40, 41)] + _numbers(-1e3, 1e3) + [0.05, -0.05, -0.04, 0.35, 1e-9, 12345.65]
    )
    assert _told(bps=given)["bps"] == [texts.bps(value) for value in given]


def test_times_are_rounded_as_the_command_line_does() -> None:
    given = [0.0005, 0.0125, 0.9995, 1.25, 99.95, 99.96, 100.0, 135.0, *_numbers(0, 2), *_numbers(0, 1e4)]
    assert _told(times=given)["times"] == [" ".join(texts.time(seconds)) for seconds in given]


def test_amounts_have_the_digits_of_the_command_line() -> None:
    rng = random.Random(7)
    raws = [
        0,
        1,
        5,
        9_999_995,
        99_999_950,
        123_456_500_000,
        10**27 - 1,
        *(rng.randrange(10 ** rng.randrange(1, 27)) for _ in range(400)),
    ]
    given = [(raw, decimals) for raw in raws for decimals in (None, 0, 5, 6, 9)]
    told = _told(quantities=[(str(raw), decimals) for raw, decimals in given])["quantities"]
    assert told == [texts.quantity(Amount("SOL", raw, decimals)) for raw, decimals in given]


def test_shares_are_rounded_as_the_command_line_does() -> None:
    given = [(1, 3), (2, 3), (1, 200), (3, 200), (5, 200), (0, 7), (7, 7), (0, 0), (10**38 + 1, 2 * 10**38)]
    told = _told(shares=[(str(part), str(whole)) for part, whole in given])["shares"]
    assert told == [texts.share(part, whole) for part, whole in given]


def _told(**given: Sequence[Any]) -> Mapping[str, Any]:
    node = shutil.which("node")
    if not node:
        pytest.skip("there is no node on PATH, which runs the dashboard's modules")
    nothing: dict[str, Sequence[Any]] = {name: [] for name in ("reports", "bps", "times", "quantities", "shares")}
    run = subprocess.run(
        [node, str(SCRIPT)],
        input=json.dumps({**nothing, **given}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    answer: Mapping[str, Any] = json.loads(run.stdout)
    return answer


def _report(rng: random.Random) -> ReportExecutionResponse:
    rows = [_row(rng, venue=rng.choice(VENUES)) for _ in range(rng.randrange(9))]
    return ReportExecutionResponse(rows=rows, totals=[_row(rng, venue="") for _ in range(rng.randrange(7))])


def _row(rng: random.Random, *, venue: str) -> ReportExecutionResponse.Row:
    """Of few tokens and days, so that rows come together; with and without what may be absent."""
    token_in, token_out = rng.sample(SYMBOLS, 2)
    row = ReportExecutionResponse.Row(
        day=f"2026-11-{rng.randint(1, 9):02}",
        token_in=token_in,
        token_out=token_out,
        venue=venue,
        orders=rng.randrange(1, 50),
        amount_in=str(rng.randrange(10 ** rng.randrange(1, 24))),
        amount_out=str(rng.randrange(10 ** rng.randrange(1, 24))),
    )
    if rng.random() < 0.8:
        for name in ("total", *figures.PARTS, "saved"):
            setattr(row.cost, f"{name}_bps", rng.choice([0.0, rng.uniform(-80, 80)]))
    if not venue and rng.random() < 0.8:
        row.mean_time.FromTimedelta(timedelta(microseconds=rng.randrange(10 ** rng.randrange(4, 9))))
    return row


def _figures(report: ReportExecutionResponse) -> Mapping[str, Any]:
    """What the page of the command line shows; see `fillwire.report.page`."""
    read = read_report(report, Tokens([Token(symbol, symbol, 9, symbol) for symbol in SYMBOLS]))
    found = figures.pairs(read)
    return {
        "pairs": [
            {
                "pair": [one.token_in, one.token_out],
                "whole": _sums(one.whole) if one.whole else None,
                "venues": [[venue, _sums(sums)] for venue, sums in one.venues.items()],
            }
            for one in found
        ],
        "days": [texts.day(day) for day in figures.days(read)],
        "venues": list(figures.venues(read)),
        "overall": _overall([one.whole for one in found if one.whole]),
    }


def _sums(sums: figures.Sums) -> Mapping[str, Any]:
    return {
        "orders": sums.orders,
        "given": texts.quantity(Amount("", sums.amount_in.raw, 9)),
        "got": texts.quantity(Amount("", sums.amount_out.raw, 6)),
        "cost": sums.cost and {name: texts.bps(value) for name, value in sums.cost.items()},
        "time": None if sums.mean_time is None else " ".join(texts.time(sums.mean_time.total_seconds())),
    }


def _overall(wholes: Sequence[figures.Sums]) -> Sequence[Any]:
    costs = [(one.cost, one.orders) for one in wholes if one.cost]
    total, saved = (figures.mean((cost[name], orders) for cost, orders in costs) for name in ("total", "saved"))
    seconds = figures.mean((one.mean_time.total_seconds(), one.orders) for one in wholes if one.mean_time)
    return [
        sum(one.orders for one in wholes),
        None if total is None else texts.bps(total),
        None if saved is None else texts.bps(saved),
        None if seconds is None else " ".join(texts.time(seconds)),
    ]


def _numbers(low: float, high: float) -> list[float]:
    rng = random.Random(high)
    return [rng.uniform(low, high) for _ in range(500)]
