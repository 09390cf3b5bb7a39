"""Execution is all legs or none, with the very formulas of the quote."""

import json
from collections import Counter

import pytest

from fillwire_dex import (
    Direction,
    ExactIn,
    ExactOut,
    Instruction,
    Landed,
    LandedLeg,
    MalformedTransaction,
    RefusalReason,
    Refused,
    Transaction,
    tokens,
)
from fillwire_dex.simulated.execution import execute
from fillwire_dex.simulated.live import LivePool, LivePools
from fillwire_dex.terms import Terms
from tests.unit.dex.markets import NOW, amm, cpmm, damm

SOL, USDC, JUP = tokens.SOL.mint, tokens.USDC.mint, tokens.JUP.mint


def live() -> LivePools:
    """One SOL/USDC pool of every kind, and two of JUP: one for SOL, one for USDC."""
    pools = {pool.kind.value: LivePool(pool.kind.value, SOL, USDC, 7, pool) for pool in (amm(), cpmm(), damm())}
    pools["jup-sol"] = LivePool("raydium_cpmm", JUP, SOL, 7, cpmm(vault_a=10**16, vault_b=3 * 10**13))
    pools["jup-usdc"] = LivePool("raydium_cpmm", JUP, USDC, 7, cpmm(vault_a=10**16, vault_b=5 * 10**12))
    return pools


def transaction(
    *legs: tuple[str, str, str, int] | tuple[str, str, str, int, int],
    least: int = 1,
    terms: Terms | None = None,
    ends: tuple[str, str] = (SOL, USDC),
) -> Transaction:
    instructions = tuple(Instruction(*(*leg, 0)[:5]) for leg in legs)
    return Transaction("5ign", b"", "o:1", 100, *ends, terms or ExactIn(least), instructions)


SELL_A = ("raydium_amm_v4", SOL, USDC, 10**9)
SELL_B = ("raydium_cpmm", SOL, USDC, 10**9)


def landed(outcome: Landed | Refused) -> Landed:
    assert isinstance(outcome, Landed), outcome
    return outcome


def refused(outcome: Landed | Refused) -> RefusalReason:
    assert isinstance(outcome, Refused)
    return outcome.reason


def left_over(legs: tuple[LandedLeg, ...]) -> Counter[str]:
    """What the legs brought of each token, less what they sold."""
    flow: Counter[str] = Counter()
    for leg in legs:
        flow[leg.token_out] += leg.amount_out
        flow[leg.token_in] -= leg.amount_in
    return flow


def test_every_leg_brings_its_quote_and_moves_its_pool() -> None:
    outcome, changed = execute(transaction(SELL_A, SELL_B), live(), slot=5, now=NOW)
    quotes = [pool.quote_exact_in(Direction.A_TO_B, 10**9, now=NOW) for pool in (amm(), cpmm())]
    assert [leg.amount_out for leg in landed(outcome).legs] == [quote.amount_out for quote in quotes]
    assert changed["raydium_amm_v4"].pool == amm().after(quotes[0])
    assert {after.version for after in changed.values()} == {8}
    assert changed["raydium_cpmm"].flow_a == 10**9
    assert changed["raydium_cpmm"].flow_b == -quotes[1].amount_out


def test_a_pool_used_twice_is_moved_twice() -> None:
    outcome, changed = execute(transaction(SELL_A, SELL_A), live(), slot=5, now=NOW)
    legs = landed(outcome).legs
    assert legs[0].amount_out > legs[1].amount_out
    assert changed["raydium_amm_v4"].version == 9


DETOUR = (
    ("jup-sol", SOL, JUP, 10**9, 300 * 10**6),
    ("raydium_amm_v4", SOL, USDC, 10**9, 160 * 10**6),
    ("jup-usdc", JUP, USDC, 300 * 10**6, 150 * 10**6),
)


def test_a_leg_sells_all_that_the_one_before_it_brought_and_not_what_was_planned() -> None:
    outcome, changed = execute(transaction(*DETOUR), live(), slot=5, now=NOW)
    first, direct, second = landed(outcome).legs
    assert second.amount_in == first.amount_out != DETOUR[2][3]
    assert left_over(landed(outcome).legs)[JUP] == 0
    assert landed(outcome).amount_in == 2 * 10**9
    assert landed(outcome).amount_out == direct.amount_out + second.amount_out
    assert changed["jup-usdc"].flow_a == first.amount_out


def test_legs_share_what_was_brought_as_they_were_planned_to_share_it() -> None:
    shared = transaction(
        ("jup-sol", SOL, JUP, 10**9, 300),
        ("jup-usdc", JUP, USDC, 100, 50),
        ("jup-usdc", JUP, USDC, 101, 50),
        ("jup-usdc", JUP, USDC, 99, 50),
    )
    outcome, _ = execute(shared, live(), slot=5, now=NOW)
    brought, *sold = landed(outcome).legs
    assert sum(leg.amount_in for leg in sold) == brought.amount_out
    assert [round(leg.amount_in / brought.amount_out, 3) for leg in sold] == [0.333, 0.337, 0.33]


def test_what_is_sold_of_the_own_token_is_fixed() -> None:
    outcome, _ = execute(transaction(*DETOUR), live(), slot=5, now=NOW)
    assert [leg.amount_in for leg in landed(outcome).legs[:2]] == [10**9, 10**9]


BUY = (
    ("jup-sol", SOL, JUP, 10**9, 320 * 10**6),
    ("raydium_amm_v4", SOL, USDC, 10**9, 100 * 10**6),
    ("jup-usdc", JUP, USDC, 300 * 10**6, 150 * 10**6),
)


def test_exact_output_is_bought_to_the_last_unit_and_nothing_is_left_between_the_legs() -> None:
    wanted = transaction(*BUY, terms=ExactOut(250 * 10**6, 10**12))
    outcome, changed = execute(wanted, live(), slot=5, now=NOW)
    first, direct, second = landed(outcome).legs
    assert landed(outcome).amount_out == direct.amount_out + second.amount_out == 250 * 10**6
    assert (direct.pool_id, second.pool_id) == ("raydium_amm_v4", "jup-usdc")
    assert left_over(landed(outcome).legs)[JUP] == 0
    assert first.amount_out == second.amount_in != BUY[0][4]
    assert landed(outcome).amount_in == first.amount_in + direct.amount_in
    assert direct.amount_in == amm().quote_exact_out(Direction.A_TO_B, 100 * 10**6, now=NOW).amount_in
    assert set(changed) == {"jup-sol", "raydium_amm_v4", "jup-usdc"}


def test_exact_output_shares_what_has_to_be_bought_as_planned() -> None:
    wanted = transaction(
        ("jup-sol", SOL, JUP, 10**9, 100),
        ("jup-sol", SOL, JUP, 10**9, 200),
        ("jup-usdc", JUP, USDC, 300, 150 * 10**6),
        terms=ExactOut(150 * 10**6, 10**12),
    )
    outcome, _ = execute(wanted, live(), slot=5, now=NOW)
    *bought, sold = landed(outcome).legs
    assert sum(leg.amount_out for leg in bought) == sold.amount_in
    assert bought[0].amount_out * 2 == pytest.approx(bought[1].amount_out, abs=2)


def test_exact_output_that_takes_too_much_is_refused() -> None:
    total = landed(execute(transaction(*BUY, terms=ExactOut(250 * 10**6, 10**12)), live(), slot=5, now=NOW)[0])
    enough = transaction(*BUY, terms=ExactOut(250 * 10**6, total.amount_in))
    assert execute(enough, live(), slot=5, now=NOW)[0] == total
    short, changed = execute(
        transaction(*BUY, terms=ExactOut(250 * 10**6, total.amount_in - 1)), live(), slot=5, now=NOW
    )
    assert refused(short) is RefusalReason.SLIPPAGE_EXCEEDED
    assert changed == {}


def test_one_leg_that_fails_takes_back_the_others() -> None:
    for broken, reason in [
        (("nowhere", SOL, USDC, 10**9), RefusalReason.UNKNOWN_POOL),
        (("jup-usdc", SOL, USDC, 10**9), RefusalReason.UNKNOWN_POOL),
        (("meteora_damm_v2", SOL, USDC, 10**18), RefusalReason.INSUFFICIENT_LIQUIDITY),
        (("raydium_cpmm", SOL, USDC, 1), RefusalReason.AMOUNT_TOO_SMALL),
        (("raydium_cpmm", SOL, USDC, 0), RefusalReason.AMOUNT_TOO_SMALL),
    ]:
        outcome, changed = execute(transaction(SELL_A, broken), live(), slot=5, now=NOW)
        assert refused(outcome) is reason
        assert changed == {}


def test_a_halted_pool_refuses_whatever_uses_it() -> None:
    pools = live()
    pools["jup-usdc"] = LivePool("raydium_cpmm", JUP, USDC, 7, cpmm(), halted=True)
    outcome, changed = execute(transaction(*DETOUR), pools, slot=5, now=NOW)
    assert refused(outcome) is RefusalReason.VENUE_HALTED
    assert changed == {}


def test_the_total_decides_about_the_minimum() -> None:
    total = landed(execute(transaction(SELL_A, SELL_B), live(), slot=5, now=NOW)[0])
    enough, _ = execute(transaction(SELL_A, SELL_B, least=total.amount_out), live(), slot=5, now=NOW)
    short, changed = execute(transaction(SELL_A, SELL_B, least=total.amount_out + 1), live(), slot=5, now=NOW)
    assert enough == total
    assert refused(short) is RefusalReason.SLIPPAGE_EXCEEDED
    assert changed == {}


@pytest.mark.parametrize(
    "legs",
    [
        [],
        [("jup-usdc", JUP, USDC, 5)],
        [("jup-usdc", JUP, USDC, 5), ("jup-sol", SOL, JUP, 5)],
        [("raydium_cpmm", SOL, USDC, 5), ("jup-sol", SOL, JUP, 5)],
        [("raydium_cpmm", SOL, USDC, 5), ("raydium_cpmm", USDC, SOL, 5)],
    ],
)
def test_legs_that_would_leave_something_over_are_no_transaction(legs: list[tuple[str, str, str, int]]) -> None:
    with pytest.raises(MalformedTransaction):
        transaction(*legs)


def test_exact_output_that_its_legs_do_not_add_up_to_is_no_transaction() -> None:
    with pytest.raises(MalformedTransaction, match="250000000, not 250000001"):
        transaction(*BUY, terms=ExactOut(250 * 10**6 + 1, 10**12))


def test_a_transaction_of_the_first_format_executes_as_it_did() -> None:
    document = {
        "format": 1,
        "reference": "o:1",
        "last_valid_slot": 100,
        "min_amount_out": "5",
        "legs": [[pool, sold, bought, str(amount)] for pool, sold, bought, amount in (SELL_A, SELL_B)],
    }
    old = Transaction.decode(json.dumps(document).encode())
    assert execute(old, live(), slot=5, now=NOW) == execute(transaction(SELL_A, SELL_B), live(), slot=5, now=NOW)
