"""The report: what it sums up, what it draws, and the page it makes of it."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fillwire.amount import Amount
from fillwire.execution import Execution, ExecutionReport
from fillwire.receipt import Cost
from fillwire.report import figures, page, texts
from fillwire.report.columns import Column, Part, columns
from fillwire.v1 import order_pb2, order_service_pb2
from tests.unit.client.conftest import Run
from tests.unit.client.scripted import Engine

MADE = datetime(2026, 11, 21, 12, tzinfo=UTC)
VOID = {"meta"}


def cost(**bps: float) -> Cost:
    """What is not given costs nothing."""
    given = {f"{name}_bps": bps.get(name, 0.0) for name in (*figures.PARTS, "total", "saved")}
    return Cost(**given, second_best_venue="", second_best_amount=None)


def row(amount_in: int, *, day: int = 21, venue: str = "", pair: str = "SOL USDC", **more: Any) -> Execution:
    """The executions of one day."""
    token_in, token_out = pair.split()
    given = {"orders": 1, "cost": None, "mean_time": None, **more}
    return Execution(
        day=date(2026, 11, day),
        token_in=token_in,
        token_out=token_out,
        venue=venue,
        amount_in=Amount(token_in, amount_in, 9),
        amount_out=Amount(token_out, amount_in // 10, 6),
        **given,
    )


REPORT = ExecutionReport(
    rows=(
        row(60, venue="v", cost=cost(fee=10.0, slippage=1.0)),
        row(40, venue="w <&>", day=19),
        row(5, venue="v", pair="BONK SOL"),
    ),
    totals=(
        row(300, day=19, cost=cost(total=10.0, fee=10.0), orders=2, mean_time=timedelta(seconds=1)),
        row(100, cost=cost(total=30.0, drift=-5.0, impact=35.0, saved=8.0), orders=1, mean_time=timedelta(seconds=4)),
    ),
)


class Elements(HTMLParser):
    """All elements of a page, each of which must be closed where it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_rows_of_a_pair_are_weighted_by_what_was_given() -> None:
    pair, part = figures.pairs(REPORT)
    assert pair.whole is not None
    assert pair.whole.cost is not None
    assert (pair.whole.orders, pair.whole.amount_in.raw, pair.whole.mean_time) == (3, 400, timedelta(seconds=2))
    assert pair.whole.cost == {"drift": -1.25, "fee": 7.5, "impact": 8.75, "slippage": 0.0, "total": 15.0, "saved": 2.0}
    assert (part.token_in, part.whole, list(part.venues)) == ("BONK", None, ["v"])


def test_the_days_have_no_gap() -> None:
    assert [one.day for one in figures.days(REPORT)] == [19, 20, 21]
    assert figures.days(ExecutionReport(rows=(), totals=())) == ()


def test_a_page_is_whole_and_asks_nobody_for_anything() -> None:
    text = page(REPORT, made_at=MADE)
    elements = Elements(text)
    assert [tag for tag, _ in elements.seen].count("svg") == 2  # of costs and of fills; what was only a part has none
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in elements.seen}
    assert not {name for _, attributes in elements.seen for name in attributes} & {"src", "href", "srcset"}
    assert not re.search(r"https?:|url\(|@import", text)
    assert "w &lt;&amp;&gt;" in text
    assert "w <&>" not in text


def test_a_venue_has_one_colour_everywhere() -> None:
    text = page(REPORT, made_at=MADE)
    assert len(set(re.findall(r'<i class="(venue-\d)"></i>v<', text))) == 1


def test_a_page_about_nothing_says_so() -> None:
    text = page(ExecutionReport(rows=(), totals=()), made_at=MADE)
    Elements(text)
    assert "No order was confirmed" in text


def heights(drawn: str, kind: str) -> list[float]:
    """Of the parts of a kind."""
    return [float(height) for height in re.findall(rf'class="{kind}"[^>]*height="([\d.]+)"', drawn)]


def test_parts_are_as_high_as_their_values_and_negative_ones_hang_below() -> None:
    given = [Column("a", [Part("up", 30.0), Part("down", -10.0)], 20.0), Column("b", [Part("up", 15.0)])]
    drawn = columns("t", given, level=str)
    (whole, half), (down,) = heights(drawn, "up"), heights(drawn, "down")
    gap = 1.5
    assert (whole + gap) == pytest.approx(2 * (half + gap), abs=0.2)
    assert (whole + gap) == pytest.approx(3 * (down + gap), abs=0.2)
    zero = float(re.findall(r'class="zero"[^>]*y1="([\d.]+)"', drawn)[0])
    below = float(re.findall(r'class="down"[^>]* y="([\d.]+)"', drawn)[0])
    assert below == pytest.approx(zero, abs=0.1)


def test_what_hangs_below_does_not_lift_what_stands_above() -> None:
    parts = [Part("down", -10.0), Part("up", 30.0)]
    assert columns("t", [Column("a", parts)], level=str).count("<rect") == 3
    turned = [columns("t", [Column("a", given)], level=str) for given in (parts, parts[::-1])]
    assert sorted(re.findall("<rect [^>]*>", turned[0])) == sorted(re.findall("<rect [^>]*>", turned[1]))


@pytest.mark.parametrize("highest", [0.0, 1e-9, 0.37, 1.0, 17.0, 99.9, 12_345.0, 3e15])
def test_the_axis_holds_every_value_in_a_few_even_steps(highest: float) -> None:
    drawn = columns("t", [Column("", [Part("up", highest)])], level=str)
    levels = [float(level) for level in re.findall(r'"end">([^<]+)<', drawn)]
    assert levels[0] == 0
    assert levels[-1] >= highest
    assert 2 <= len(levels) <= 7
    assert {round((after - before) / levels[1], 6) for before, after in pairwise(levels)} == {1}


@pytest.mark.parametrize(
    ("raw", "decimals", "text"),
    [
        (0, 9, "0"),
        (1, 9, "0.000000001"),
        (1_500_000_000, 9, "1.5"),
        (123_456_789_012, 9, "123.457"),
        (10**18 + 1, 6, "1,000,000,000,000"),
        (1234, None, "1,234"),
        (10**40 + 1, 6, "10,000,000,000,000,000,000,000,000,000,000,000"),
    ],
)
def test_amounts_are_told_to_six_digits(raw: int, decimals: int | None, text: str) -> None:
    assert texts.quantity(Amount("T", raw, decimals)) == text


@pytest.mark.parametrize(("bps", "text"), [(0.04, "0.0"), (-0.04, "0.0"), (-1.26, "\u22121.3"), (12.0, "12.0")])
def test_costs_have_one_digit(bps: float, text: str) -> None:
    assert texts.bps(bps) == text


def answer() -> order_service_pb2.ReportExecutionResponse:
    """One order."""
    total = order_service_pb2.ReportExecutionResponse.Row(
        day="2026-11-21",
        token_in="SOL",
        token_out="USDC",
        orders=7,
        amount_in="1500000000",
        amount_out="240000000",
        cost=order_pb2.ExecutionCost(total_bps=12.5, fee_bps=12.5),
    )
    return order_service_pb2.ReportExecutionResponse(totals=[total])


def test_the_command_writes_the_page(engine: Engine, run: Run, tmp_path: Path) -> None:
    engine.script("ReportExecution", answer())
    out = tmp_path / "costs.html"
    result = run("report", "--from", "2026-11-01T00:00:00Z", "--to", "2026-11-21T00:00:00Z", "--out", str(out))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "7 orders" in result.stderr
    assert "12.5" in out.read_text("utf-8")
    (asked,) = engine.asked["ReportExecution"]
    assert asked.confirm_time_from.ToDatetime(tzinfo=UTC) == datetime(2026, 11, 1, tzinfo=UTC)
    assert asked.confirm_time_before.ToDatetime(tzinfo=UTC) == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_span_is_so_long_ago(engine: Engine, run: Run) -> None:
    engine.script("ReportExecution", answer())
    result = run("report", "--from", "30d", "--token-in", "SOL", "--out", "-")
    assert result.stdout.startswith("<!doctype html>")
    (asked,) = engine.asked["ReportExecution"]
    ago = datetime.now(UTC) - asked.confirm_time_from.ToDatetime(tzinfo=UTC)
    assert timedelta(days=30) <= ago < timedelta(days=30, minutes=5)
    assert (asked.token_in, asked.HasField("confirm_time_before")) == ("SOL", False)


def test_with_json_the_figures_are_printed(engine: Engine, run: Run) -> None:
    engine.script("ReportExecution", answer())
    printed = json.loads(run("report", "-o", "json").stdout)
    assert (printed["totals"][0]["day"], printed["totals"][0]["cost"]["total_bps"]) == ("2026-11-21", 12.5)
