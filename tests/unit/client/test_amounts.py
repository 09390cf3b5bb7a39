"""Amounts are exact: whole tokens and smallest units are two ways to say the same integer."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire import Amount, Token
from fillwire.tokens import Tokens

SOL = Token("SOL", "So111", 9, "Solana")
USDC = Token("USDC", "EPjFW", 6, "USD Coin")
TOKENS = Tokens([SOL, USDC])


@pytest.mark.parametrize(
    ("quantity", "raw"),
    [
        ("1.5", 1_500_000_000),
        (Decimal("0.000000001"), 1),
        (2, 2_000_000_000),
        ("1e3", 1_000_000_000_000),
        ("1.50000000000000000000", 1_500_000_000),
        ("0e-999999999", 0),
        ("18446744073.709551615", 2**64 - 1),
    ],
)
def test_a_quantity_of_whole_tokens_is_read_exactly(quantity: Decimal | str | int, raw: int) -> None:
    assert SOL.amount(quantity).raw == raw


@pytest.mark.parametrize("quantity", [1.5, 0.1, float("nan")])
def test_a_float_is_refused_with_what_to_write_instead(quantity: Any) -> None:
    with pytest.raises(TypeError, match="never a float"):
        SOL.amount(quantity)


@pytest.mark.parametrize("quantity", [True, None, b"1", object()])
def test_what_is_no_quantity_at_all_is_a_type_error(quantity: Any) -> None:
    with pytest.raises(TypeError, match="Decimal, str or int"):
        SOL.amount(quantity)


@pytest.mark.parametrize(
    ("quantity", "rule"),
    [
        ("1.0000000001", "at most 9 digits may stand after the decimal point"),
        ("1e-999999999", "at most 9 digits"),
        ("-1", "negative"),
        ("1,5", "not a number"),
        ("", "not a number"),
        ("NaN", "not a finite number"),
        ("Infinity", "not a finite number"),
        ("1e31", "more than an amount can hold"),
        ("1e999999999", "more than an amount can hold"),
    ],
)
def test_nothing_is_rounded_and_the_rule_is_named(quantity: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        SOL.amount(quantity)


@given(raw=st.integers(min_value=0, max_value=10**39 - 1), decimals=st.integers(min_value=0, max_value=30))
def test_whole_tokens_lead_back_to_the_same_smallest_units(raw: int, decimals: int) -> None:
    token = Token("T", "T111", decimals, "Any")
    assert token.amount(Amount("T", raw, decimals).ui).raw == raw


def test_an_amount_shows_itself_both_ways() -> None:
    amount = SOL.amount("1.50")
    assert (amount.raw, amount.ui, str(amount)) == (1_500_000_000, Decimal("1.5"), "1.5 SOL")
    assert str(SOL.amount("0.000000001")) == "0.000000001 SOL"
    assert str(SOL.amount(1000)) == "1000 SOL"


def test_an_amount_of_a_token_that_is_no_longer_listed_keeps_its_smallest_units() -> None:
    amount = TOKENS.amount("GONE", 7)
    assert (amount.raw, str(amount)) == (7, "7 smallest units of GONE")
    with pytest.raises(ValueError, match="lists no token GONE"):
        _ = amount.ui


def test_a_token_is_found_by_symbol_and_by_mint() -> None:
    assert TOKENS.find("SOL") is TOKENS.find("So111") is SOL


def test_an_unknown_token_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match='no token "DOGE"; there are: SOL, USDC'):
        TOKENS.find("DOGE")


def test_an_amount_out_of_an_answer_can_be_given_again_for_its_own_token_only() -> None:
    assert TOKENS.raw("SOL", SOL.amount("1.5")) == 1_500_000_000
    with pytest.raises(ValueError, match=r"1\.5 SOL is not an amount of USDC"):
        TOKENS.raw("USDC", SOL.amount("1.5"))
