"""A cursor comes back from a client as it was given, or not at all."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fillwire_orders import BadCursor, Cursor, OrderId
from fillwire_orders.cursor import origin_of

ORIGIN = origin_of(7, 1, "default")
CURSORS = some.builds(
    Cursor,
    origin=some.binary(min_size=6, max_size=6),
    tx=some.integers(0, 2**63 - 1),
    order_id=some.uuids().map(lambda it: OrderId(str(it))),
    seq=some.integers(0, 2**31),
)


@given(CURSORS)
def test_a_cursor_is_read_as_it_was_written(cursor: Cursor) -> None:
    assert Cursor.read(cursor.text) == cursor
    assert len(cursor.text) == 52


@given(some.text())
def test_any_other_text_is_no_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.read(text)


@given(CURSORS, some.integers(0, 51), some.sampled_from("AZaz09-_"))
def test_a_cursor_that_was_cut_or_mistyped_is_no_cursor(cursor: Cursor, place: int, letter: str) -> None:
    text = cursor.text
    wrong = text[:place] + letter + text[place + 1 :]
    for one in {wrong, text[:place], text + letter} - {text}:
        with pytest.raises(BadCursor):
            Cursor.read(one)


def test_a_cursor_moves_forward_only() -> None:
    order_id = OrderId(str(uuid.uuid4()))
    cursor = Cursor(ORIGIN, 5).at(7, order_id, 2)
    assert cursor.past(7) == cursor.past(6) == cursor
    assert cursor.past(8) == Cursor(ORIGIN, 8)


def test_databases_and_accounts_have_origins_of_their_own() -> None:
    assert len({ORIGIN, origin_of(8, 1, "default"), origin_of(7, 2, "default"), origin_of(7, 1, "other")}) == 4
