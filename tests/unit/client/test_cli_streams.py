"""The commands that show what goes on without an end: events of the account, quotes, prices."""

import json

import grpc
import pytest

from fillwire.v1 import market_service_pb2
from tests.unit.client.conftest import Run
from tests.unit.client.messages import ACCEPTED, ORDER_ID, account_event, account_heartbeat, quote, receipt, timestamp
from tests.unit.client.scripted import Engine, Refusal, Silence

CUT = Refusal(grpc.StatusCode.UNAVAILABLE)


def test_all_events_are_shown_and_how_to_go_on(engine: Engine, run: Run) -> None:
    engine.script("WatchOrders", account_heartbeat("0"), account_event("1", 1), CUT)
    engine.script("WatchOrders", account_event("2", 2), account_event("3", 5, receipt=receipt()), Silence())
    shown = run("watch", "--all", "-n", "3", "--status", "PENDING", "--token-in", "SOL", "--final")
    assert shown.exit_code == 0, shown.output
    first, _, last = shown.stdout.splitlines()
    assert first == f"03:04:05.000  {ORDER_ID}    1  PENDING      SOL -> USDC"
    assert "239.99 USDC for 1.5 SOL" in last
    assert "goes on with --cursor 3" in shown.stderr
    assert "resuming behind its cursor" in shown.stderr
    asked = engine.asked["WatchOrders"][0]
    assert (list(asked.statuses), asked.token_in, asked.terminal_only) == ([1], "SOL", True)


def test_programs_get_the_cursor_with_each_event(engine: Engine, run: Run) -> None:
    engine.script("WatchOrders", account_event("8", 1), account_event("9", 2), Silence())
    lines = run("watch", "--all", "--cursor", "7", "-n", "2", "-o", "jsonl").stdout.splitlines()
    assert [(found["seq"], found["cursor"]) for found in map(json.loads, lines)] == [(1, "8"), (2, "9")]
    assert engine.asked["WatchOrders"][0].cursor == "7"


@pytest.mark.parametrize("wrong", [(), ("--all", ORDER_ID), (ORDER_ID, "--final"), (ORDER_ID, "-n", "1")], ids=" ".join)
def test_a_watch_is_of_one_order_or_of_all(wrong: tuple[str, ...], run: Run) -> None:
    assert run("watch", *wrong).exit_code == 2


def test_quotes_are_shown_as_they_change(engine: Engine, run: Run) -> None:
    answers = [market_service_pb2.StreamQuotesResponse(quote=quote()) for _ in range(2)]
    answers[1].quote.price = "161"
    engine.script("StreamQuotes", *answers, Silence())
    shown = run("quote", "SOL", "USDC", "1.5", "--stream", "-n", "2", "--interval", "250ms")
    assert shown.exit_code == 0, shown.output
    assert [line.split("  ")[1:3] for line in shown.stdout.splitlines()] == [
        ["240 USDC", "at 160"],
        ["240 USDC", "at 161"],
    ]
    assert engine.asked["StreamQuotes"][0].min_interval.ToMilliseconds() == 250
    assert run("quote", "SOL", "USDC", "1.5", "-n", "2").exit_code == 2


def test_prices_are_shown_as_they_move(engine: Engine, run: Run) -> None:
    moved = [
        market_service_pb2.WatchPricesResponse(pair="SOL/USDC", mid_price=price, time=timestamp(ACCEPTED))
        for price in ("160.05", "160.06")
    ]
    engine.script("WatchPrices", *moved, Silence())
    shown = run("prices", "SOL/USDC", "--count", "2")
    assert shown.stdout.splitlines() == ["03:04:05.000  SOL/USDC  160.05", "03:04:05.000  SOL/USDC  160.06"]
    (found,) = map(json.loads, run("prices", "-n", "1", "-o", "jsonl").stdout.splitlines())
    assert (found["token_a"], found["mid_price"]) == ("SOL", "160.05")
    assert [list(asked.pairs) for asked in engine.asked["WatchPrices"]] == [["SOL/USDC"], []]


def test_a_stream_ends_with_its_timeout_and_6(engine: Engine, run: Run) -> None:
    engine.script("WatchPrices", Silence())
    assert run("prices", "--timeout", "100ms").exit_code == 6
    engine.script("WatchOrders", account_heartbeat("0"), Silence())
    assert run("watch", "--all", "--timeout", "100ms").exit_code == 6
