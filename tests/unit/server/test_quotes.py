"""A quote binds the order it was given for, of the account it was given to, while it lives; and nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from fillwire_dex.tokens import SOL, USDC
from fillwire_orders import AccountId, Routing
from fillwire_server.quotes import QUOTE_LIVES, Quotes
from fillwire_server.refusals import InvalidRequest, QuoteExpired
from fillwire_server.validation import Wanted
from tests.builders import TERMS

NOW = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=UTC)
ME = AccountId("me")
KEY = "a-key-for-tests-only"
ROUTING = Routing(max_legs=2, exclude_venues=("raydium_cpmm",))


def signed(quotes: Quotes, amount: int = 240_000_000, **changes: Any) -> str:
    fields = {"amount_in": 1_500_000_000, "amount_out": None, "routing": ROUTING} | changes
    return quotes.sign(ME, Wanted(SOL, USDC, **fields), amount=amount, expires_at=NOW + QUOTE_LIVES)


def bound(quote_id: str, *, account: str = ME, now: datetime = NOW, **changes: Any) -> Any:
    terms = msgspec.structs.replace(TERMS, quote_id=quote_id, **({"routing": ROUTING} | changes))
    return Quotes(KEY).bind(AccountId(account), terms, now=now)


def test_an_order_is_bound_to_the_amount_that_another_server_with_the_same_key_quoted() -> None:
    terms, late = bound(signed(Quotes(KEY)))
    assert (terms.quoted_amount, late) == (240_000_000, None)


def test_of_an_exact_output_the_input_is_what_was_quoted() -> None:
    quote_id = signed(Quotes(KEY), 7, amount_in=None, amount_out=2**64 - 1)
    terms, _ = bound(quote_id, amount_in=None, amount_out=2**64 - 1, max_amount_in=9)
    assert terms.quoted_amount == 7


def test_an_order_without_a_quote_stays_as_it_is() -> None:
    assert Quotes(KEY).bind(ME, TERMS, now=NOW) == (TERMS, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"account": "you"},
        {"token_in": "JUP"},
        {"token_in": "USDC", "token_out": "SOL"},
        {"amount_in": 1_500_000_001},
        {"amount_in": None, "amount_out": 1_500_000_000},
        {"routing": Routing()},
        {"routing": Routing(max_legs=2)},
    ],
    ids=repr,
)
def test_a_quote_for_something_else_binds_nothing(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        bound(signed(Quotes(KEY)), **changes)
    assert [one.field for one in refused.value.violations] == ["spec.quote_id"]


@pytest.mark.parametrize("place", range(0, 44, 3))
def test_a_quote_of_which_a_letter_is_changed_binds_nothing(place: int) -> None:
    quote_id = signed(Quotes(KEY))
    other = "B" if quote_id[place] == "A" else "A"
    with pytest.raises(InvalidRequest):
        bound(quote_id[:place] + other + quote_id[place + 1 :])


@pytest.mark.parametrize("quote_id", ["x", "\u0661", "A" * 44, "A" * 60_000, "\x00"])
def test_what_is_no_quote_binds_nothing(quote_id: str) -> None:
    with pytest.raises(InvalidRequest):
        bound(quote_id)


def test_a_quote_of_servers_with_another_key_binds_nothing() -> None:
    with pytest.raises(InvalidRequest):
        bound(signed(Quotes("another key for tests")))


def test_a_quote_that_has_expired_says_so_and_what_it_promised() -> None:
    quote_id = signed(Quotes(KEY))
    last, late = bound(quote_id, now=NOW + QUOTE_LIVES - timedelta(microseconds=1))
    assert late is None
    terms, late = bound(quote_id, now=NOW + QUOTE_LIVES)
    assert isinstance(late, QuoteExpired)
    assert late.expired_at == NOW + QUOTE_LIVES
    assert terms == last  # a repetition of an order that was in time has the same terms
