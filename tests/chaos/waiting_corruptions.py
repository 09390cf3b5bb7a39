"""How the stories of orders that wait are corrupted, and the rule that each corruption breaks."""

from __future__ import annotations

from typing import Final

import msgspec

from tests.chaos.history import About, Type
from tests.chaos.paper import Corruption, Paper
from tests.chaos.waiting_stories import SLICED

__all__ = ["WAITING_CORRUPTIONS"]


def _forge_a_log(paper: Paper) -> None:
    paper.truth = msgspec.structs.replace(paper.truth, forged=["order plain at 3 is changed"])


def _turn_the_owner_away(paper: Paper) -> None:
    paper.change(paper.first(About.SUBMIT, Type.INFO), code="UNAUTHENTICATED")


def _know_nothing_of_it(paper: Paper) -> None:
    place = paper.first(About.CANCEL, Type.OK)
    paper.records[place] = msgspec.structs.replace(paper.records[place], type=Type.FAIL, value={"code": "NOT_FOUND"})


def _route_what_has_not_fired(paper: Paper) -> None:
    paper.relog("limited", 3, detail=None)


def _route_what_has_never_rested(paper: Paper) -> None:
    paper.relog("limited", 2, status="PENDING", detail=None)
    paper.relog("limited", 3, detail=None)


def _fire_twice(paper: Paper) -> None:
    paper.relog(
        "moved", 5, detail={"kind": "fired", "condition": "STOP", "at": "2026-11-21T00:00:00Z", "price": "0.25"}
    )


def _fire_without_resting(paper: Paper) -> None:
    paper.relog("limited", 3, previous="RETRYING")


def _fire_below_the_limit(paper: Paper) -> None:
    paper.relog("limited", 3, price="0.0999")


def _fire_by_the_price_of_old_terms(paper: Paper) -> None:
    paper.relog("moved", 4, price="0.31")


def _pay_less_than_the_limit(paper: Paper) -> None:
    paper.reswap("limited", amount_out="99")


def _take_more_than_the_ceiling(paper: Paper) -> None:
    paper.reswap("exact", amount_in="1001")


def _give_less_than_asked(paper: Paper) -> None:
    paper.reswap("exact", amount_out="99")


def _raise_the_ceiling(paper: Paper) -> None:
    paper.reorder("exact", max_amount_in="999")


def _forget_a_slice_s_amount(paper: Paper) -> None:
    paper.reorder(SLICED, filled_amount_in="500")


def _tell_more_than_the_slices_got(paper: Paper) -> None:
    paper.relog(SLICED, 7, amount_out=101)


def _fail_what_has_swapped(paper: Paper) -> None:
    paper.reorder(SLICED, status="FAILED")


def _go_on_after_the_parent(paper: Paper) -> None:
    paper.relog("slice-2", 5, at_us=2_000_000_000_000_000)


def _end_with_a_slice_to_come(paper: Paper) -> None:
    paper.reorder(SLICED, condition={"type": "TWAP", "slices": 3, "interval_seconds": 1.0})


def _slice_twice(paper: Paper) -> None:
    paper.reorder("slice-2", request_id="another")


def _go_on_though_cancelled(paper: Paper) -> None:
    paper.change(paper.first(About.CANCEL, Type.OK, result="CANCELLED"), last_seq=2)


def _swap_what_was_cancelled(paper: Paper) -> None:
    swap = msgspec.structs.replace(paper.truth.swaps[0], signature="s-late", reference="withdrawn:1")
    paper.add("swaps", swap)


def _be_late_for_what_was_cancelled(paper: Paper) -> None:
    paper.change(paper.first(About.CANCEL, Type.OK, result="CANCELLED"), result="TOO_LATE")


def _be_late_for_another_end(paper: Paper) -> None:
    paper.change(paper.first(About.CANCEL, Type.OK, result="TOO_LATE"), status="EXPIRED")


def _try_again_though_withdrawn(paper: Paper) -> None:
    paper.relog("held", 5, status="RETRYING", detail={"kind": "retrying", "retry": 1})


def _never_end_though_withdrawn(paper: Paper) -> None:
    paper.reorder("held", status="SUBMITTED")


def _withdraw_of_its_own_accord(paper: Paper) -> None:
    place = paper.first(About.CANCEL, order_id="withdrawn")
    del paper.records[place : place + 2]


def _lose_a_replacement(paper: Paper) -> None:
    paper.relog("moved", 3, request_id="nobody")


def _replace_by_another_price(paper: Paper) -> None:
    paper.relog("moved", 3, terms={"condition": {"type": "STOP", "price": "0.4"}})


def _replace_though_refused(paper: Paper) -> None:
    place = paper.first(About.REPLACE, Type.OK)
    refused = {"code": "FAILED_PRECONDITION"}
    paper.records[place] = msgspec.structs.replace(paper.records[place], type=Type.FAIL, value=refused)


def _replace_twice(paper: Paper) -> None:
    event = next(one for one in paper.truth.events if (one.order_id, one.seq) == ("moved", 3))
    paper.add("events", event)


def _replace_of_its_own_accord(paper: Paper) -> None:
    place = paper.first(About.REPLACE)
    del paper.records[place : place + 2]


WAITING_CORRUPTIONS: Final[list[tuple[str, Corruption]]] = [
    ("forged_log", _forge_a_log),
    ("owner_turned_away", _turn_the_owner_away),
    ("lost_read", _know_nothing_of_it),
    ("routed_unfired", _route_what_has_not_fired),
    ("routed_unfired", _route_what_has_never_rested),
    ("fired_twice", _fire_twice),
    ("fired_twice", _fire_without_resting),
    ("fired_too_soon", _fire_below_the_limit),
    ("fired_too_soon", _fire_by_the_price_of_old_terms),
    ("fill_beyond_limit", _pay_less_than_the_limit),
    ("fill_above_ceiling", _take_more_than_the_ceiling),
    ("fill_above_ceiling", _give_less_than_asked),
    ("lowered_floor", _raise_the_ceiling),
    ("slices_do_not_add_up", _forget_a_slice_s_amount),
    ("slices_do_not_add_up", _tell_more_than_the_slices_got),
    ("slices_do_not_add_up", _fail_what_has_swapped),
    ("slice_outlived_its_order", _go_on_after_the_parent),
    ("slice_outlived_its_order", _end_with_a_slice_to_come),
    ("invented_order", _slice_twice),
    ("cancelled_and_went_on", _go_on_though_cancelled),
    ("cancelled_and_went_on", _swap_what_was_cancelled),
    ("late_for_nothing", _be_late_for_what_was_cancelled),
    ("late_for_nothing", _be_late_for_another_end),
    ("withdrawn_and_went_on", _try_again_though_withdrawn),
    ("withdrawn_and_went_on", _never_end_though_withdrawn),
    ("withdrawn_unasked", _withdraw_of_its_own_accord),
    ("replacement_lost", _lose_a_replacement),
    ("replacement_lost", _replace_by_another_price),
    ("replacement_lost", _replace_though_refused),
    ("replaced_unasked", _replace_twice),
    ("replaced_unasked", _replace_of_its_own_accord),
]
