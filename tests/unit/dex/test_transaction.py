"""A transaction is its payload: decodable, unique by reference, the same for the same arguments."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_dex import ExactIn, ExactOut, MalformedTransaction, Route, Transaction, base58, router, tokens
from fillwire_dex.route import Mode
from tests.unit.dex.markets import at_price, market

ROUTE = router.best(market([at_price("160", 8_000_000), at_price("160", 4_000_000)]), amount_in=10**10)


def signed(reference: str = "order:1", min_amount_out: int = 5, last_valid_slot: int = 150) -> Transaction:
    return Transaction.sign(ROUTE, min_amount_out=min_amount_out, reference=reference, last_valid_slot=last_valid_slot)


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert signed() == signed()


def test_a_payload_decodes_to_the_transaction_it_came_from() -> None:
    transaction = signed()
    assert Transaction.decode(transaction.payload) == transaction
    assert [leg.amount_in for leg in transaction.instructions] == [leg.amount_in for leg in ROUTE.legs]
    assert [leg.amount_out for leg in transaction.instructions] == [leg.amount_out for leg in ROUTE.legs]
    assert (transaction.reference, transaction.terms, transaction.last_valid_slot) == ("order:1", ExactIn(5), 150)
    assert (transaction.token_in, transaction.token_out) == (tokens.SOL.mint, tokens.USDC.mint)


BUYING = replace(ROUTE, mode=Mode.EXACT_OUT)


def test_a_route_of_exact_output_is_limited_by_what_it_may_take() -> None:
    transaction = Transaction.sign(BUYING, max_amount_in=10**10 + 7, reference="order:1", last_valid_slot=150)
    assert transaction.terms == ExactOut(ROUTE.amount_out, 10**10 + 7)
    assert Transaction.decode(transaction.payload) == transaction


@pytest.mark.parametrize(
    ("route", "limits"),
    [
        (ROUTE, {}),
        (ROUTE, {"max_amount_in": 5}),
        (ROUTE, {"min_amount_out": 5, "max_amount_in": 5}),
        (BUYING, {}),
        (BUYING, {"min_amount_out": 5}),
        (BUYING, {"min_amount_out": 5, "max_amount_in": 5}),
    ],
)
def test_a_route_has_the_limit_of_its_mode_and_no_other(route: Route, limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="alone"):
        Transaction.sign(route, **limits, reference="order:1", last_valid_slot=150)


def test_anything_that_differs_changes_the_signature() -> None:
    others = [signed("order:2"), signed(min_amount_out=6), signed(last_valid_slot=151)]
    assert len({transaction.signature for transaction in [signed(), *others]}) == 4


def test_a_signature_is_64_bytes_of_base58() -> None:
    signature = signed().signature
    assert 86 <= len(signature) <= 88
    assert not set(signature) & set("0OIl+/")


def written(**changes: object) -> bytes:
    """The bytes of a good transaction but for some of its fields."""
    return json.dumps({**json.loads(signed().payload), **changes}).encode()


LEG = ["pool", tokens.SOL.mint, tokens.USDC.mint]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"1",
        b'{"format":2}',
        b'{"format":1,"legs":[["x"]]}',
        written(format=3),
        written(legs=[]),
        written(legs=[[*LEG, "-1", "5"]]),
        written(legs=[[*LEG, str(1 << 64), "5"]]),
        written(legs=[[*LEG, "many", "5"]]),
        written(token_in=tokens.JUP.mint),
        written(last_valid_slot="soon"),
        written(min_amount_out=None),
    ],
)
def test_foreign_bytes_are_refused(payload: bytes) -> None:
    with pytest.raises(MalformedTransaction):
        Transaction.decode(payload)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"\0", "1"),
        (b"\0\0\x01", "112"),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    ],
)
def test_base58_is_what_others_write(content: bytes, text: str) -> None:
    assert base58.encode(content) == text


@given(st.binary(max_size=70))
def test_base58_keeps_every_byte(content: bytes) -> None:
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    text = base58.encode(content)
    number = 0
    for digit in text:
        number = number * 58 + alphabet.index(digit)
    zeros = len(text) - len(text.lstrip("1"))
    assert bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8) == content
