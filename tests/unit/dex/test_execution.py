"""Execution is all legs or none, with the very formulas of the quote."""

from fillwire_dex import Direction, Instruction, Landed, RefusalReason, Refused, Transaction, tokens
from fillwire_dex.simulated.execution import LivePool, LivePools, execute
from tests.unit.dex.markets import NOW, amm, cpmm, damm

SOL, USDC = tokens.SOL.mint, tokens.USDC.mint


def live() -> LivePools:
    """One SOL/USDC pool of every kind."""
    return {pool.kind.value: LivePool(pool.kind.value, SOL, USDC, 7, pool) for pool in (amm(), cpmm(), damm())}


def transaction(*legs: tuple[str, str, str, int], least: int = 1) -> Transaction:
    return Transaction("5ign", b"", "o:1", least, 100, tuple(Instruction(*leg) for leg in legs))


SELL_A = ("raydium_amm_v4", SOL, USDC, 10**9)
SELL_B = ("raydium_cpmm", SOL, USDC, 10**9)


def test_every_leg_brings_its_quote_and_moves_its_pool() -> None:
    outcome, changed = execute(transaction(SELL_A, SELL_B), live(), slot=5, now=NOW)
    assert isinstance(outcome, Landed)
    quotes = [pool.quote_exact_in(Direction.A_TO_B, 10**9, now=NOW) for pool in (amm(), cpmm())]
    assert [leg.amount_out for leg in outcome.legs] == [quote.amount_out for quote in quotes]
    assert changed["raydium_amm_v4"].pool == amm().after(quotes[0])
    assert {after.version for after in changed.values()} == {8}
    assert changed["raydium_cpmm"].flow_a == 10**9
    assert changed["raydium_cpmm"].flow_b == -quotes[1].amount_out


def test_a_pool_used_twice_is_moved_twice() -> None:
    outcome, changed = execute(transaction(SELL_A, SELL_A), live(), slot=5, now=NOW)
    assert isinstance(outcome, Landed)
    assert outcome.legs[0].amount_out > outcome.legs[1].amount_out
    assert changed["raydium_amm_v4"].version == 9


def test_a_leg_can_buy_what_another_sells() -> None:
    back = ("raydium_cpmm", USDC, SOL, 100 * 10**6)
    outcome, changed = execute(transaction(SELL_A, back), live(), slot=5, now=NOW)
    assert isinstance(outcome, Landed)
    assert changed["raydium_cpmm"].flow_b == 100 * 10**6


def refused(outcome: Landed | Refused) -> RefusalReason:
    assert isinstance(outcome, Refused)
    return outcome.reason


def test_one_leg_that_fails_takes_back_the_others() -> None:
    for broken, reason in [
        (("nowhere", SOL, USDC, 10**9), RefusalReason.UNKNOWN_POOL),
        (("raydium_cpmm", SOL, tokens.JUP.mint, 10**9), RefusalReason.UNKNOWN_POOL),
        (("meteora_damm_v2", SOL, USDC, 10**18), RefusalReason.INSUFFICIENT_LIQUIDITY),
        (("raydium_cpmm", SOL, USDC, 1), RefusalReason.AMOUNT_TOO_SMALL),
        (("raydium_cpmm", SOL, USDC, 0), RefusalReason.AMOUNT_TOO_SMALL),
    ]:
        outcome, changed = execute(transaction(SELL_A, broken), live(), slot=5, now=NOW)
        assert refused(outcome) is reason
        assert changed == {}


def test_the_total_decides_about_the_minimum() -> None:
    landed, _ = execute(transaction(SELL_A, SELL_B), live(), slot=5, now=NOW)
    assert isinstance(landed, Landed)
    total = landed.amount_out
    enough, _ = execute(transaction(SELL_A, SELL_B, least=total), live(), slot=5, now=NOW)
    short, changed = execute(transaction(SELL_A, SELL_B, least=total + 1), live(), slot=5, now=NOW)
    assert enough == landed
    assert refused(short) is RefusalReason.SLIPPAGE_EXCEEDED
    assert changed == {}
