"""The story of an order, to the letter."""

import dataclasses
from datetime import timedelta
from decimal import Decimal
from typing import Any

from fillwire.amount import Token
from fillwire.cli.changes import changes
from fillwire.cli.explain import lay_out_explanation
from fillwire.cli.fills import lay_out_fills, outcome
from fillwire.cli.pen import Pen
from fillwire.explanation import Explanation
from fillwire.receipt import Receipt
from fillwire.tokens import Tokens
from fillwire.wire.orders import read_explanation, read_order
from tests.unit.client import messages
from tests.unit.client.routes import DIRECT, TREE, amount, candidate, leg, route
from tests.unit.client.text import text

TOKENS = Tokens([Token("SOL", "So111", 9, "Solana"), Token("USDC", "EPjFW", 6, "USD Coin")])


def story(**changed: Any) -> Explanation:
    message = messages.explanation()
    for name, value in changed.items():
        setattr(message.order, name, value)
    return read_explanation(message, TOKENS)


def test_the_story_goes_from_the_terms_over_each_attempt_to_the_receipt() -> None:
    assert list(lay_out_explanation(Pen(80), story(), fold=True)) == text(
        """
        order     01890a5d-ac96-774b-bcce-b302099a8057
        status    CONFIRMED
        wants     1.5 SOL -> USDC
        slippage  at most 50 bps
        at least  238.8 USDC
        accepted  2026-01-02 03:04:05.000000 UTC

        Events
          1     0.000 s  PENDING      1.5 SOL -> USDC
          2     0.250 s  ROUTING
          3     0.500 s  BUILDING     raydium_cpmm 60 %, meteora_damm_v2 40 %; 240 USDC,
                                      at least 238.8 USDC
          4     0.750 s  SUBMITTED    signature f1rst
          5     1.000 s  RETRYING     retry 1 of 3: SLIPPAGE_EXCEEDED: the price moved
          6     1.250 s  ROUTING
          7     1.500 s  BUILDING     raydium_cpmm 45 %, meteora_damm_v2 55 %; 239.9
                                      USDC, at least 238.8 USDC
          8     1.750 s  SUBMITTED    signature 5econd
          9     2.000 s  CONFIRMED    239.99 USDC for 1.5 SOL at 159.99333 by
                                      raydium_cpmm, meteora_damm_v2; signature 5igNature

        Attempt 1
        outcome    SLIPPAGE_EXCEEDED: the price moved
        signature  f1rst

        gives            240 USDC for 1.5 SOL
        price impact     3.50 bps
        best pool alone  239 USDC, raydium_cpmm.1
        gained on it     41.84 bps
        never more than  240.000024 USDC; the route is 0.0010 bps below
        routed in        420 µs, on the pools of slot 77

        LEG                PAIR           SHARE       IN       OUT  FEE BPS
        raydium_cpmm.1     SOL -> USDC  60.00 %  0.9 SOL  144 USDC    10.00
        meteora_damm_v2.7  SOL -> USDC  40.00 %  0.6 SOL   96 USDC    10.00

        SOL ─┬─  60.00 %  █████████████████████                raydium_cpmm.1    ─→ USDC
             └─  40.00 %  ██████████████                       meteora_damm_v2.7 ─→ USDC

        POOL               ALONE GIVES USDC  BEHIND BPS  VERDICT
        raydium_cpmm.1                  239       41.60  used
        meteora_damm_v2.7               238       83.30  used
        raydium_amm_v4.3                  -           -  insufficient_liquidity
        insufficient_liquidity: it holds too little even for a share

        Attempt 2
        outcome    landed in slot 82
        signature  5econd

        Changed since attempt 1
        pools read  3 slots later
        mid price   160.05 -> 159.98, -4.37 bps
        quote       240 USDC -> 239.9 USDC, -4.17 bps
        split       raydium_cpmm.1 60.00 % -> 45.00 %
                    meteora_damm_v2.7 40.00 % -> 55.00 %

        gives            239.9 USDC for 1.5 SOL
        price impact     3.50 bps
        best pool alone  239 USDC, raydium_cpmm.1
        gained on it     37.66 bps
        never more than  240.000024 USDC; the route is 0.0010 bps below
        routed in        420 µs, on the pools of slot 80

        LEG                PAIR           SHARE       IN       OUT  FEE BPS
        raydium_cpmm.1     SOL -> USDC  45.00 %  0.9 SOL  144 USDC    10.00
        meteora_damm_v2.7  SOL -> USDC  55.00 %  0.6 SOL   96 USDC    10.00

        SOL ─┬─  45.00 %  ███████████████▊                     raydium_cpmm.1    ─→ USDC
             └─  55.00 %  ███████████████████▎                 meteora_damm_v2.7 ─→ USDC

        POOL               ALONE GIVES USDC  BEHIND BPS  VERDICT
        raydium_cpmm.1                  239       41.60  used
        meteora_damm_v2.7               238       83.30  used
        raydium_amm_v4.3                  -           -  insufficient_liquidity
        insufficient_liquidity: it holds too little even for a share

        Filled
        LEG                     IN     QUOTED    FILLED  ERROR BPS
        raydium_cpmm.1     0.9 SOL   144 USDC  144 USDC      +0.00
        meteora_damm_v2.7  0.6 SOL  96.1 USDC   96 USDC     -10.41

        got              239.99 USDC for 1.5 SOL
        price            159.99333
        against quote    -0.40 bps
        against arrival  -3.54 bps, the mid was 160.05
        against bound    -0.42 bps
        against minimum  +49.83 bps, at least 238.8 USDC was wanted
        time             0.700 s of the venues, 0.300 s of the engine
        """
    )


def test_an_order_without_a_route_has_a_story_too() -> None:
    failed = messages.explanation()
    failed.order.CopyFrom(messages.order("FAILED", 3, failure=messages.failure("NO_ROUTE", "no pool")))
    del failed.events[3:], failed.attempts[1:]
    failed.attempts[0].ClearField("route")
    failed.attempts[0].ClearField("signature")
    failed.attempts[0].failure.CopyFrom(messages.failure("NO_ROUTE", "no pool"))
    lines = list(lay_out_explanation(Pen(80), read_explanation(failed, TOKENS), fold=True))
    assert lines[1:3] == ["status    FAILED", "failed    NO_ROUTE: no pool"]
    assert lines[-2:] == ["Attempt 1", "outcome  NO_ROUTE: no pool"]


def test_the_status_has_its_colour() -> None:
    def status(name: str) -> str:
        told = dataclasses.replace(story().order, status=read_order(messages.order(name), TOKENS).status)
        lines = lay_out_explanation(Pen(80, color=True), dataclasses.replace(story(), order=told), fold=True)
        return list(lines)[1].split("  ")[-1]

    assert [status(name) for name in ("CONFIRMED", "FAILED", "RETRYING")] == [
        "\x1b[32mCONFIRMED\x1b[0m",
        "\x1b[31mFAILED\x1b[0m",
        "\x1b[33mRETRYING\x1b[0m",
    ]


def test_an_attempt_under_way_says_where_it_is() -> None:
    going = story()
    told = dataclasses.replace(going.order, receipt=None, status=read_order(messages.order("SUBMITTED"), TOKENS).status)
    lines = list(lay_out_explanation(Pen(80), dataclasses.replace(going, order=told), fold=True))
    assert lines[lines.index("Attempt 2") + 1] == "outcome    SUBMITTED"
    assert "Filled" not in lines


def test_what_an_earlier_attempt_came_to_is_not_guessed() -> None:
    untold = messages.explanation()
    untold.attempts[0].ClearField("failure")
    lines = list(lay_out_explanation(Pen(80), read_explanation(untold, TOKENS), fold=True))
    assert lines[lines.index("Attempt 1") + 1] == "signature  f1rst"


def test_a_leg_that_is_gone_says_why_and_a_new_one_that_it_is_new() -> None:
    after = dataclasses.replace(
        TREE, candidates=(candidate("meteora_damm_v2.SOL-USDC.1", "excluded"),), slot=79, mid_price=None
    )
    assert changes(DIRECT, after) == [
        ("pools read", "2 slots later"),
        ("mid price", ""),
        ("quote", ""),
        ("split", "raydium_amm_v4.SOL-USDC.1 60.46 % -> 62.00 %"),
        ("", "meteora_damm_v2.SOL-USDC.1 39.52 % -> nothing: excluded"),
        ("", "raydium_cpmm.SOL-USDC.1 0.02 % -> 10.00 %"),
        ("", "meteora_dlmm.SOL-JUP.1 nothing -> 28.00 %"),
        ("", "raydium_clmm.JUP-USDC.1 nothing -> 70.00 %"),
        ("", "raydium_cpmm.JUP-USDC.1 nothing -> 30.00 %"),
    ]


def test_the_same_split_is_said_to_be_the_same() -> None:
    assert [fact for fact in changes(DIRECT, DIRECT) if fact[1]] == [
        ("pools read", "0 slots later"),
        ("split", "the same split"),
    ]


def test_an_exact_output_is_quoted_by_what_it_takes() -> None:
    before = dataclasses.replace(DIRECT, exact_out=True)
    after = dataclasses.replace(before, amount_in=amount("5.05", "SOL"))
    assert changes(before, after)[2] == ("quote", "5 SOL -> 5.05 SOL, +100.00 bps")


def receipt(**changed: Any) -> Receipt:
    fields: dict[str, Any] = {
        "signature": "5ig",
        "slot": 80,
        "amount_in": amount("5.05", "SOL"),
        "amount_out": amount("798.12", "USDC"),
        "price": Decimal("158.0435"),
        "quoted_amount_out": None,
        "slippage_bps": 0.0,
        "legs": (leg("raydium_cpmm", "5.05 SOL -> 798.12 USDC", 100),),
        "venue_time": timedelta(seconds=1),
        "engine_time": timedelta(milliseconds=20),
        "arrival_mid_price": None,
    }
    return Receipt(**({"quoted_amount_in": None, "cost": None} | fields | changed))


def test_a_quote_that_was_not_recorded_is_a_dash() -> None:
    assert lay_out_fills(Pen(80), receipt()) == text(
        """
        LEG                            IN  QUOTED       FILLED  ERROR BPS
        raydium_cpmm.SOL-USDC.1  5.05 SOL       -  798.12 USDC          -
        """
    )


def test_the_bound_of_an_exact_output_is_missed_by_taking_more() -> None:
    order = dataclasses.replace(
        story().order,
        route=route(exact_out=True, bound=amount("5", "SOL")),
        floor_amount_out=None,
    )
    told = dict(outcome(order, receipt()))
    assert told["against bound"] == "-100.00 bps"
    assert told["against minimum"] == told["against arrival"] == ""
