"""The commands for orders that rest: how they are submitted, changed, withdrawn and shown."""

import json
from datetime import timedelta
from typing import Any

import grpc
import pytest

from fillwire.v1 import account_service_pb2, order_pb2, order_service_pb2
from tests.unit.client import messages
from tests.unit.client.conftest import Run
from tests.unit.client.messages import ACCEPTED, ORDER_ID, event, failure, info, order, snapshot, timestamp
from tests.unit.client.scripted import Engine, Refusal

STORED = order_service_pb2.SubmitOrderResponse(order=order("RESTING", 2))
SUBMIT = ("submit", "SOL", "USDC", "1.5")


def resting(**changes: Any) -> order_pb2.Order:
    rests = order("RESTING", 2, **changes)
    rests.spec.limit.limit_price = "170"
    return rests


def spec_of(engine: Engine, run: Run, *options: str) -> order_pb2.OrderSpec:
    """What a submit with these options asks for."""
    engine.script("SubmitOrder", STORED)
    result = run(*SUBMIT, *options)
    assert result.exit_code == 0, result.output
    spec: order_pb2.OrderSpec = engine.asked["SubmitOrder"][-1].spec
    return spec


def test_every_type_can_be_submitted(engine: Engine, run: Run) -> None:
    bound = ("--slippage-bps", "50")
    assert spec_of(engine, run, "--limit", "170").limit.limit_price == "170"
    assert spec_of(engine, run, "--stop", "140", *bound).stop.trigger_price == "140"
    assert spec_of(engine, run, "--take-profit", "180", *bound).take_profit.trigger_price == "180"
    trailing = spec_of(engine, run, "--trail-bps", "50", "--activate", "170", *bound).trailing_stop
    assert (trailing.trail_bps, trailing.activation_price) == (50, "170")
    assert spec_of(engine, run, "--at", "2030-01-01T00:00:00Z", *bound).scheduled.execute_time.seconds == 1893456000
    twap = spec_of(engine, run, "--twap", "10x30s", *bound).twap
    assert (twap.slices, twap.interval.seconds, twap.HasField("start_time")) == (10, 30, False)
    sniper = spec_of(engine, run, "--snipe", "created", "--min-liquidity", "5", *bound).sniper
    assert (sniper.trigger, sniper.min_liquidity) == (1, "5000000000")
    oco = spec_of(engine, run, "--oco", "--limit", "170", "--stop", "140", *bound).oco
    assert (oco.limit.limit_price, oco.stop.trigger_price) == ("170", "140")


def test_the_other_options_of_a_submit(engine: Engine, run: Run) -> None:
    spec = spec_of(engine, run, "--exact-out", "--max-amount-in", "0.02", "--quote", "q-1", "--gtd", "1h")
    assert (spec.amount_out, spec.max_amount_in, spec.quote_id) == ("1500000", "20000000", "q-1")
    assert (spec.time_in_force, spec.HasField("good_till_time")) == (order_pb2.TIME_IN_FORCE_GTD, True)
    assert spec_of(engine, run, "--limit", "170", "--ioc").time_in_force == order_pb2.TIME_IN_FORCE_IOC
    engine.script("SubmitOrder", order_service_pb2.SubmitOrderResponse(order=order(order_id="", request_id="")))
    assert run(*SUBMIT, "--slippage-bps", "50", "--preview").exit_code == 0
    assert engine.asked["SubmitOrder"][-1].validate_only


@pytest.mark.parametrize(
    "wrong",
    [
        ("--limit", "170", "--stop", "140"),
        ("--limit", "170", "--at", "1h"),
        ("--oco",),
        ("--twap", "10"),
        ("--snipe", "never"),
        ("--gtd", "1h", "--ioc"),
        ("--preview", "--watch"),
    ],
    ids=" ".join,
)
def test_options_that_do_not_go_together_are_2(wrong: tuple[str, ...], engine: Engine, run: Run) -> None:
    result = run(*SUBMIT, *wrong)
    assert (result.exit_code, "Error: " in result.stderr) == (2, True)
    assert not engine.asked["SubmitOrder"]


def test_an_order_that_rests_says_what_it_waits_for(engine: Engine, run: Run) -> None:
    rests = resting(filled_amount_in="500000000", filled_amount_out="80000000", cancel_requested=True)
    engine.script("GetOrder", order_service_pb2.GetOrderResponse(order=rests))
    told = run("get", "--client-order-id", "mine").stdout
    assert engine.asked["GetOrder"][0].client_order_id == "mine"
    assert "limit 170" in told
    assert "80 USDC for 0.5 SOL so far" in told
    assert "yes, if that comes in time" in told
    found = json.loads(run("get", ORDER_ID, "-o", "json").stdout)
    assert found["spec"]["type"] == {"kind": "limit", "limit_price": "170"}
    assert (found["hash"], found["cancel_requested"]) == ("", True)


def test_the_events_of_an_order_that_rests_are_told(engine: Engine, run: Run) -> None:
    fired = order_pb2.Fired(condition=order_pb2.ORDER_TYPE_TRAILING_STOP, price="139.9", best_price="150", pool="p.1")
    progress = order_pb2.Progress(
        slices_begun=3, slices_filled=2, filled_amount_in="500000000", filled_amount_out="80000000"
    )
    engine.script(
        "WatchOrder",
        snapshot("FAILED", 7),
        event(1),
        event(2, "RESTING", resting=order_pb2.Resting(trigger_price="170")),
        event(3, "RESTING", replaced=order_pb2.Replaced(spec=resting().spec, request_id="r")),
        event(4, "RESTING", progress=progress),
        event(5, "ROUTING", fired=fired),
        event(
            6, "RESTING", resting=order_pb2.Resting(trigger_time=timestamp(ACCEPTED), cause=failure("LIMIT_NOT_MET"))
        ),
        event(7, "FAILED", failure=failure("NO_SLICE_FILLED", "nothing")),
    )
    lines = [line[28:].strip() for line in run("watch", ORDER_ID).stdout.splitlines()]
    assert lines == [
        "1.5 SOL -> USDC",
        "until 170",
        "new terms: 1.5 SOL -> USDC, limit 170",
        "slice 3, 2 filled, 80 USDC for 0.5 SOL so far",
        "trailing stop, met at 139.9, best was 150, pool p.1",
        "until 2026-01-02 03:04:05 UTC; again: LIMIT_NOT_MET: the price moved",
        "NO_SLICE_FILLED: nothing",
    ]


RESULTS = {"CANCELLED": (0, "is cancelled"), "PENDING": (0, "perhaps on its way"), "TOO_LATE": (1, "it is CONFIRMED")}


@pytest.mark.parametrize("result", RESULTS)
def test_a_cancel_tells_the_truth(result: str, engine: Engine, run: Run) -> None:
    number = order_service_pb2.CancelResult.Value(f"CANCEL_RESULT_{result}")
    engine.script("CancelOrder", order_service_pb2.CancelOrderResponse(order=order("CONFIRMED", 5), result=number))
    done = run("cancel", ORDER_ID)
    exit_code, told = RESULTS[result]
    assert (done.exit_code, told in done.stdout) == (exit_code, True)
    assert json.loads(run("cancel", ORDER_ID, "-o", "json").stdout)["result"] == result


@pytest.mark.parametrize(("end", "exit_code"), [("CANCELLED", 0), ("CONFIRMED", 1)])
def test_a_cancel_can_wait_until_it_is_known(end: str, exit_code: int, engine: Engine, run: Run) -> None:
    pending = order_service_pb2.CANCEL_RESULT_PENDING
    engine.script("CancelOrder", order_service_pb2.CancelOrderResponse(order=order("SUBMITTED", 4), result=pending))
    engine.script("WatchOrder", snapshot(end, 5), event(5, end))
    assert run("cancel", ORDER_ID, "--wait").exit_code == exit_code


def test_all_orders_are_cancelled_by_filters(engine: Engine, run: Run) -> None:
    engine.script("CancelAllOrders", order_service_pb2.CancelAllOrdersResponse(cancelled=3, pending=1))
    assert "3 cancelled, 1 in hand" in run("cancel-all", "--type", "limit", "--token-in", "SOL").stdout
    (asked,) = engine.asked["CancelAllOrders"]
    assert (list(asked.types), asked.token_in) == ([2], "SOL")


def test_the_dead_mans_switch_is_set_and_taken_off(engine: Engine, run: Run) -> None:
    answer = order_service_pb2.CancelAllOrdersAfterResponse
    engine.script("CancelAllOrdersAfter", answer(cancel_time=timestamp(ACCEPTED)))
    engine.script("CancelAllOrdersAfter", answer())
    assert "2026-01-02 03:04:05 UTC" in run("dead-man", "90s").stdout
    assert "is off" in run("dead-man", "off").stdout
    assert [asked.timeout.ToTimedelta() for asked in engine.asked["CancelAllOrdersAfter"]] == [
        timedelta(seconds=90),
        timedelta(0),
    ]
    assert run("dead-man", "soon").exit_code == 2


def test_a_resting_order_is_replaced(engine: Engine, run: Run) -> None:
    engine.script("GetOrder", order_service_pb2.GetOrderResponse(order=resting()))
    engine.script("ReplaceOrder", order_service_pb2.ReplaceOrderResponse(order=resting()))
    done = run("replace", ORDER_ID, "--limit", "171.5", "--amount", "2")
    assert done.exit_code == 0, done.output
    (asked,) = engine.asked["ReplaceOrder"]
    assert (asked.spec.limit.limit_price, asked.spec.amount_in, asked.if_last_seq) == ("171.5", "2000000000", 2)
    assert run("replace", ORDER_ID, "--stop", "140").exit_code == 2
    engine.script("ReplaceOrder", Refusal(grpc.StatusCode.FAILED_PRECONDITION, "gone", (info("ORDER_NOT_RESTING"),)))
    run("replace", ORDER_ID, "--limit", "172")
    assert run("replace", ORDER_ID, "--limit", "172").exit_code == 1


def test_orders_are_listed_by_what_they_are(engine: Engine, run: Run) -> None:
    engine.script("ListOrders", order_service_pb2.ListOrdersResponse(orders=[resting()]))
    shown = run("list", "--type", "limit", "--type", "OCO", "--parent", ORDER_ID, "--token-in", "SOL", "--since", "1h")
    assert "limit 170" in shown.stdout
    (asked,) = engine.asked["ListOrders"]
    assert (list(asked.types), asked.parent_order_id, asked.token_in) == ([2, 9], ORDER_ID, "SOL")
    assert asked.HasField("create_time_from")


def test_an_account_and_its_webhooks_are_shown(engine: Engine, run: Run) -> None:
    answer = account_service_pb2.GetAccountResponse(account_id="desk", orders_per_minute=100)
    answer.scopes.append(account_service_pb2.SCOPE_READ)
    engine.script("GetAccount", answer)
    told = run("account").stdout
    assert ("desk" in told, "at most 100" in told, "read" in told) == (True, True, True)

    webhook = account_service_pb2.Webhook(webhook_id="w1", url="https://here.example", enabled=True)
    created = account_service_pb2.CreateWebhookResponse(webhook=webhook, secret="whsec_c2VjcmV0")
    engine.script("CreateWebhook", created)
    engine.script("ListWebhooks", account_service_pb2.ListWebhooksResponse(webhooks=[webhook]))
    engine.script("UpdateWebhook", account_service_pb2.UpdateWebhookResponse(webhook=webhook))
    engine.script("DeleteWebhook", account_service_pb2.DeleteWebhookResponse())
    made = run("webhooks", "create", "https://here.example", "--status", "CONFIRMED", "-o", "json")
    assert json.loads(made.stdout)["secret"] == "whsec_c2VjcmV0"
    listed = run("webhooks")
    assert ("w1" in listed.stdout, "whsec" in listed.stdout) == (True, False)
    assert run("webhooks", "update", "w1", "--off").exit_code == 0
    assert run("webhooks", "delete", "w1").exit_code == 0
    assert list(engine.asked["CreateWebhook"][0].statuses) == [8]
    (updated,) = engine.asked["UpdateWebhook"]
    assert (updated.HasField("enabled"), updated.enabled, updated.HasField("url")) == (True, False, False)


def test_the_story_of_an_order_tells_its_cost_and_what_it_waited_for(engine: Engine, run: Run) -> None:
    told = messages.explanation()
    told.order.receipt.cost.CopyFrom(messages.cost())
    told.order.spec.stop.trigger_price = "140"
    told.attempts[0].fired.CopyFrom(order_pb2.Fired(condition=order_pb2.ORDER_TYPE_STOP, price="139.9"))
    engine.script("ExplainOrder", told)
    shown = run("explain", ORDER_ID).stdout
    assert "stop at 140" in shown
    assert "fired by   stop, met at 139.9" in shown
    assert "13.54 bps: drift +0.50, fees +10.00, impact +2.64, slippage +0.40" in shown
    assert "239 USDC by raydium_amm_v4; 41.84 bps better than that" in shown


def test_the_story_of_a_twap_order_sums_up_its_children(engine: Engine, run: Run) -> None:
    told = messages.explanation()
    told.order.receipt.ClearField("legs")
    told.order.receipt.ClearField("signature")
    engine.script("ExplainOrder", told)
    shown = run("explain", ORDER_ID).stdout
    assert "ERROR BPS" not in shown
    assert "239.99 USDC for 1.5 SOL" in shown
