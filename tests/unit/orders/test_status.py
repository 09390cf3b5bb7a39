"""The table of transitions is the only rule, and it says what the design says."""

from itertools import product

import pytest

from fillwire_orders.schema import METADATA, SCHEMA
from fillwire_orders.status import FINAL, TRANSITIONS, Status, allowed

_NEXT = {
    None: {"PENDING"},
    Status.PENDING: {"RESTING", "ROUTING", "CANCELLED", "EXPIRED"},
    Status.RESTING: {"RESTING", "ROUTING", "CONFIRMED", "FAILED", "CANCELLED", "EXPIRED"},
    Status.ROUTING: {"BUILDING", "RETRYING", "RESTING", "FAILED", "CANCELLED", "EXPIRED"},
    Status.BUILDING: {"SUBMITTED", "RETRYING", "RESTING", "FAILED", "CANCELLED", "EXPIRED"},
    Status.SUBMITTED: {"CONFIRMED", "RETRYING", "RESTING", "FAILED", "CANCELLED", "RECONCILING"},
    Status.RECONCILING: {"CONFIRMED", "RETRYING", "RESTING", "FAILED", "CANCELLED"},
    Status.RETRYING: {"ROUTING", "CANCELLED", "EXPIRED"},
    Status.CONFIRMED: set(),
    Status.FAILED: set(),
    Status.CANCELLED: set(),
    Status.EXPIRED: set(),
}


@pytest.mark.parametrize(("before", "after"), list(product((None, *Status), Status)))
def test_a_step_is_allowed_exactly_where_the_design_says_so(before: Status | None, after: Status) -> None:
    assert allowed(before, after) == (after in _NEXT[before])


def test_nothing_leads_out_of_a_final_state() -> None:
    assert {Status.CONFIRMED, Status.FAILED, Status.CANCELLED, Status.EXPIRED} == FINAL
    assert not [pair for pair in TRANSITIONS if pair[0] in FINAL]


def test_what_may_have_been_sent_is_neither_given_up_nor_begun_anew() -> None:
    for sent in (Status.SUBMITTED, Status.RECONCILING):
        assert not allowed(sent, Status.EXPIRED)
        assert not allowed(sent, Status.ROUTING)


def test_the_database_repeats_the_table_and_nothing_else() -> None:
    events = METADATA.tables[f"{SCHEMA}.order_events"]
    (check,) = [str(one.sqltext) for one in events.constraints if str(one.name).endswith("_step")]  # type: ignore[attr-defined]
    listed = {tuple(pair.split(">")) for pair in check.split("(")[-1].rstrip(")").replace("'", "").split(", ")}
    assert listed == {(str(before or ""), str(after)) for before, after in TRANSITIONS}
