"""The commands, as a person or a program runs them: what is printed where, and with which exit code."""

import json
from typing import Any

import grpc
import pytest
from typer.testing import Result

from fillwire.v1 import market_service_pb2, order_pb2, order_service_pb2
from tests.unit.client import messages
from tests.unit.client.conftest import Run
from tests.unit.client.messages import ORDER_ID, REQUEST_ID, bad_request, event, failure, info, order, receipt, snapshot
from tests.unit.client.scripted import Engine, Refusal, Silence

SUBMIT = ("submit", "SOL", "USDC", "1.5", "--slippage-bps", "50")
STORED = order_service_pb2.SubmitOrderResponse(order=order())
CONFIRMED = (
    snapshot(),
    event(1),
    event(2),
    event(3, building=order_pb2.Building(route=messages.route(), floor_amount_out="238800000")),
    event(4, submitted=order_pb2.Submitted(signature="5igNature", last_valid_slot=99)),
    event(5, receipt=receipt()),
)
FAILED = (snapshot(), event(1), event(2, "FAILED", failure=failure()))


def documents(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_submit_prints_the_order_and_exits_with_0(engine: Engine, run: Run) -> None:
    engine.script("SubmitOrder", STORED)
    result = run(*SUBMIT, "--client-order-id", "mine", "--request-id", REQUEST_ID, "--max-legs", "2")
    assert result.exit_code == 0
    assert ORDER_ID in result.stdout
    request = engine.asked["SubmitOrder"][0]
    assert (request.request_id, request.spec.client_order_id, request.spec.routing.max_legs) == (REQUEST_ID, "mine", 2)


def test_submit_quietly_prints_the_id_and_nothing_else(engine: Engine, run: Run) -> None:
    engine.script("SubmitOrder", STORED)
    result = run(*SUBMIT, "--quiet")
    assert (result.stdout, result.stderr) == (f"{ORDER_ID}\n", "")


def test_a_quiet_watch_prints_the_events_and_nothing_else(engine: Engine, run: Run) -> None:
    engine.script("SubmitOrder", STORED)
    engine.script("WatchOrder", snapshot(), event(1), Refusal(grpc.StatusCode.UNAVAILABLE))
    engine.script("WatchOrder", snapshot(), *CONFIRMED[2:])
    result = run(*SUBMIT, "--watch", "-q")
    assert len(result.stdout.splitlines()) == 5
    assert result.stderr == ""


def test_submit_and_watch_prints_a_line_for_each_event_in_a_pipe(engine: Engine, run: Run) -> None:
    engine.script("SubmitOrder", STORED)
    engine.script("WatchOrder", *CONFIRMED)
    result = run(*SUBMIT, "--watch")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert [status for line in lines for status in messages.STEPS if status in line] == list(messages.STEPS)
    assert "0.500 s" in lines[2]
    assert "raydium_cpmm 60 %, meteora_damm_v2 40 %; 240 USDC, at least 238.8 USDC" in lines[2]
    assert "5igNature" in lines[3]
    assert "239.99 USDC for 1.5 SOL at 159.99333 by raydium_cpmm, meteora_damm_v2" in lines[4]
    assert ORDER_ID in result.stderr


def test_jsonl_is_one_object_for_each_event_with_amounts_as_strings(engine: Engine, run: Run) -> None:
    engine.script("SubmitOrder", STORED)
    engine.script("WatchOrder", *CONFIRMED)
    result = run(*SUBMIT, "--watch", "-o", "jsonl")
    assert result.exit_code == 0
    events = documents(result)
    assert [(found["seq"], found["status"]) for found in events] == list(enumerate(messages.STEPS, start=1))
    assert events[4]["detail"]["kind"] == "receipt"
    assert events[4]["detail"]["amount_out"] == {"token": "USDC", "raw": "239990000", "ui": "239.99"}
    assert events[4]["detail"]["price"] == "159.993333"
    assert events[0]["time"] == "2026-01-02T03:04:05Z"
    assert events[0]["detail"] is None


def test_json_is_one_document_at_the_end(engine: Engine, run: Run) -> None:
    engine.script("WatchOrder", *CONFIRMED)
    result = run("watch", ORDER_ID, "-o", "json")
    assert len(json.loads(result.stdout)["events"]) == 5


def test_an_order_that_fails_is_1_however_it_is_followed(engine: Engine, run: Run) -> None:
    engine.script("SubmitOrder", STORED)
    engine.script("WatchOrder", *FAILED)
    engine.script("GetOrder", order_service_pb2.GetOrderResponse(order=order("FAILED", 2, failure=failure())))
    for result in (run(*SUBMIT, "--watch"), run(*SUBMIT, "--wait"), run("watch", ORDER_ID)):
        assert result.exit_code == 1
        assert "SLIPPAGE_EXCEEDED: the price moved" in result.stdout


def test_wait_prints_the_order_as_it_ended(engine: Engine, run: Run) -> None:
    engine.script("SubmitOrder", STORED)
    engine.script("WatchOrder", snapshot(), event(5))
    confirmed = order("CONFIRMED", 5, receipt=receipt(), signature="5igNature")
    engine.script("GetOrder", order_service_pb2.GetOrderResponse(order=confirmed))
    result = run(*SUBMIT, "--wait", "-o", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["receipt"]["signature"] == "5igNature"


def test_watch_resumes_after_a_lost_connection_and_says_so_beside_the_result(engine: Engine, run: Run) -> None:
    engine.script("WatchOrder", snapshot(), event(1), Refusal(grpc.StatusCode.UNAVAILABLE))
    engine.script("WatchOrder", snapshot(), *CONFIRMED[2:])
    result = run("watch", ORDER_ID)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 5
    assert "cut off (UNAVAILABLE); resuming after seq 1" in result.stderr


def test_watch_can_begin_after_an_event(engine: Engine, run: Run) -> None:
    engine.script("WatchOrder", snapshot("CONFIRMED", 5), *CONFIRMED[4:])
    result = run("watch", ORDER_ID, "--after-seq", "3")
    assert engine.asked["WatchOrder"][0].after_seq == 3
    assert len(result.stdout.splitlines()) == 2


REFUSALS = {
    grpc.StatusCode.INVALID_ARGUMENT: 2,
    grpc.StatusCode.OUT_OF_RANGE: 2,
    grpc.StatusCode.NOT_FOUND: 3,
    grpc.StatusCode.UNAVAILABLE: 4,
    grpc.StatusCode.RESOURCE_EXHAUSTED: 4,
    grpc.StatusCode.UNAUTHENTICATED: 5,
    grpc.StatusCode.PERMISSION_DENIED: 5,
    grpc.StatusCode.DEADLINE_EXCEEDED: 6,
    grpc.StatusCode.ALREADY_EXISTS: 7,
    grpc.StatusCode.ABORTED: 7,
    grpc.StatusCode.FAILED_PRECONDITION: 1,
    grpc.StatusCode.UNIMPLEMENTED: 1,
    grpc.StatusCode.INTERNAL: 1,
    grpc.StatusCode.UNKNOWN: 1,
    grpc.StatusCode.CANCELLED: 1,
    grpc.StatusCode.DATA_LOSS: 1,
}


@pytest.mark.parametrize(("code", "exit_code"), REFUSALS.items())
def test_every_refusal_has_its_exit_code(code: grpc.StatusCode, exit_code: int, engine: Engine, run: Run) -> None:
    engine.script("GetOrder", Refusal(code, "the reason why"))
    result = run("get", ORDER_ID)
    assert result.exit_code == exit_code
    assert result.stderr.startswith("error: the reason why\n")
    assert result.stdout == ""


def test_no_status_is_left_out_of_the_exit_codes() -> None:
    assert set(REFUSALS) == set(grpc.StatusCode) - {grpc.StatusCode.OK}


def test_a_reused_request_id_is_a_conflict(engine: Engine, run: Run) -> None:
    details = (info("REQUEST_ID_REUSED", fields="amount_in"), bad_request(spec__amount_in="differs"))
    engine.script("SubmitOrder", Refusal(grpc.StatusCode.ALREADY_EXISTS, "other body", details))
    result = run(*SUBMIT)
    assert result.exit_code == 7
    assert "spec.amount_in: differs" in result.stderr


def test_every_bad_field_has_a_line(engine: Engine, run: Run) -> None:
    detail = bad_request(spec__amount_in="must be positive", request_id="must be a UUID")
    engine.script("SubmitOrder", Refusal(grpc.StatusCode.INVALID_ARGUMENT, "two fields", (detail,)))
    result = run(*SUBMIT)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "error: the request is not valid",
        "  spec.amount_in: must be positive",
        "  request_id: must be a UUID",
    ]


def test_an_amount_that_is_too_fine_is_refused_before_it_is_sent(engine: Engine, run: Run) -> None:
    result = run("submit", "SOL", "USDC", "1.0000000001", "--slippage-bps", "50")
    assert result.exit_code == 2
    assert "at most 9 digits may stand after the decimal point" in result.stderr
    assert not engine.asked["SubmitOrder"]


def test_an_engine_that_is_not_there_is_4_with_what_to_do(run: Run) -> None:
    result = run("get", ORDER_ID, "--target", "127.0.0.1:1")
    assert result.exit_code == 4
    assert "`fillwire up` starts one" in result.stderr


def test_an_engine_that_is_silent_is_6_after_the_timeout(engine: Engine, run: Run) -> None:
    engine.script("GetOrder", Silence())
    assert run("get", ORDER_ID, "--timeout", "50ms").exit_code == 6
    engine.script("WatchOrder", snapshot(), event(1), Silence())
    assert run("watch", ORDER_ID, "--timeout", "0.1").exit_code == 6


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fillwire.cli.orders.get", interrupted)
    assert run("get", ORDER_ID).exit_code == 130


@pytest.mark.parametrize(
    "wrong",
    [
        ("get",),
        ("submit", "SOL", "USDC"),
        ("nonsense",),
        ("get", ORDER_ID, "--nonsense"),
        ("get", ORDER_ID, "--target"),
        ("get", ORDER_ID, "-o", "yaml"),
        ("get", ORDER_ID, "--timeout", "soon"),
        (*SUBMIT, "--deadline", "soon"),
        (*SUBMIT, "--deadline", "2030-01-01T00:00:00"),
        (*SUBMIT, "--watch", "--wait"),
        ("list", "--status", "LOST"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_is_2(wrong: tuple[str, ...], run: Run) -> None:
    result = run(*wrong)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_shared_options_may_stand_before_and_after_the_command(engine: Engine, run: Run) -> None:
    engine.script("GetOrder", order_service_pb2.GetOrderResponse(order=order()))
    ways = (("-o", "json", "get", ORDER_ID), ("get", ORDER_ID, "-ojson"), ("get", "--output=json", ORDER_ID))
    first, *others = (run(*way) for way in ways)
    assert json.loads(first.stdout)["order_id"] == ORDER_ID
    assert [other.stdout for other in others] == [first.stdout] * 2


def test_a_token_travels_with_every_call(engine: Engine, run: Run) -> None:
    run("tokens", "--token", "5ecret")
    assert engine.metadata[0]["authorization"] == "Bearer 5ecret"


def test_list_prints_a_page_and_how_to_get_the_next(engine: Engine, run: Run) -> None:
    page = order_service_pb2.ListOrdersResponse(orders=[order("FAILED", 3, failure=failure())], next_page_token="more")
    engine.script("ListOrders", page)
    result = run("list", "--status", "failed", "--status", "EXPIRED", "--limit", "1", "--page-token", "here")
    asked = engine.asked["ListOrders"][0]
    assert (list(asked.statuses), asked.page_size, asked.page_token) == ([9, 11], 1, "here")
    assert "SLIPPAGE_EXCEEDED" in result.stdout
    assert "--page-token more" in result.stderr
    assert [found["status"] for found in documents(run("list", "-o", "jsonl"))] == ["FAILED"]
    assert json.loads(run("list", "-o", "json").stdout)["next_page_token"] == "more"


def test_doctor_finds_an_engine_that_works(engine: Engine, run: Run) -> None:
    engine.script("ListVenues", market_service_pb2.ListVenuesResponse(venues=[messages.venue("raydium_cpmm")]))
    result = run("doctor")
    assert result.exit_code == 0
    assert "answers" in result.stdout
    assert "FAIL" not in result.stdout


@pytest.mark.parametrize(
    ("code", "exit_code", "fix"),
    [
        (grpc.StatusCode.UNAUTHENTICATED, 5, "FILLWIRE_TOKEN"),
        (grpc.StatusCode.UNAVAILABLE, 4, "fillwire up"),
    ],
)
def test_doctor_says_what_mends_a_fault(
    code: grpc.StatusCode, exit_code: int, fix: str, engine: Engine, run: Run
) -> None:
    engine.script("ListVenues", Refusal(code))
    result = run("doctor")
    assert result.exit_code == exit_code
    assert fix in next(line for line in result.stdout.splitlines() if "fix:" in line)


def test_doctor_looks_at_the_stores_that_are_named(engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.script("ListVenues", market_service_pb2.ListVenuesResponse())
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:5ecret@127.0.0.1:1/fillwire")
    monkeypatch.setenv("REDIS_URL", "redis://:5ecret@127.0.0.1:1/0")
    result = run("doctor", "-o", "jsonl")
    assert result.exit_code == 4
    findings = {found["subject"]: found for found in documents(result)}
    assert findings["DATABASE_URL"]["exit_code"] == findings["REDIS_URL"]["exit_code"] == 4
    assert "correct REDIS_URL" in findings["REDIS_URL"]["fix"]
    assert "5ecret" not in result.output
