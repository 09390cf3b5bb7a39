"""The checker lets a story pass in which every promise is kept, and names the promise that a corrupted one breaks."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.chaos.checker import examine
from tests.chaos.history import About, Recorder, Type, read_history
from tests.chaos.paper import Corruption, Paper
from tests.chaos.rules import RULES
from tests.chaos.stories import told
from tests.chaos.truth import read_truth
from tests.chaos.waiting_corruptions import WAITING_CORRUPTIONS


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    ticks = itertools.count(1_000_000_000, 1_000_000)
    with Recorder(tmp_path / "history.jsonl", clock=lambda: next(ticks)) as recorder:
        truth = told(recorder)
        yield Paper(recorder.records, truth)


def _lose(paper: Paper) -> None:
    paper.remove("orders", lambda row: row.id != "hopeless")
    paper.remove("events", lambda row: row.order_id != "hopeless")


def _name_another(paper: Paper) -> None:
    paper.change(paper.first(About.SUBMIT, Type.OK, deduplicated=True), order_id="retried")


def _store_twice(paper: Paper) -> None:
    paper.restore("orders", 1, request_id="r-plain")


def _accept_another_body(paper: Paper) -> None:
    paper.change(paper.first(About.SUBMIT, request_id="r-retried"), body='{"amount_in": "7"}')


def _refuse_its_own(paper: Paper) -> None:
    place = paper.first(About.SUBMIT, Type.FAIL, code="ALREADY_EXISTS")
    op = paper.records[place].op
    asked = next(n for n, one in enumerate(paper.records) if one.op == op and one.type is Type.INVOKE)
    paper.change(asked, body=paper.truth.orders[0].body)


def _store_what_was_refused(paper: Paper) -> None:
    order = msgspec.structs.replace(paper.truth.orders[0], id="ghost", request_id="r-no-request")
    paper.add("orders", order)


def _invent(paper: Paper) -> None:
    paper.add("orders", msgspec.structs.replace(paper.truth.orders[0], id="ghost", request_id="r-ghost"))


def _forget_what_was_acknowledged(paper: Paper) -> None:
    place = paper.first(About.READ, Type.OK)
    paper.records[place] = msgspec.structs.replace(paper.records[place], type=Type.FAIL, value={"code": "NOT_FOUND"})


def _read_the_past(paper: Paper) -> None:
    paper.change(paper.first(About.READ, Type.OK), last_seq=2)


def _tell_a_stranger(paper: Paper) -> None:
    place = paper.first(About.PRY, Type.FAIL)
    paper.records[place] = msgspec.structs.replace(paper.records[place], type=Type.OK, value={"last_seq": 5})


def _tell_a_stranger_that_it_is_another_s(paper: Paper) -> None:
    paper.change(paper.first(About.PRY, Type.FAIL), code="PERMISSION_DENIED")


def _answer_in_riddles(paper: Paper) -> None:
    paper.change(paper.first(About.SUBMIT, Type.INFO), code="INTERNAL", message="KeyError")


def _skip_an_event(paper: Paper) -> None:
    paper.drop(paper.events("retried")[4])


def _begin_one_too_late(paper: Paper) -> None:
    paper.drop(paper.events("plain")[3])


def _repeat_an_event(paper: Paper) -> None:
    place = paper.events("retried")[4]
    paper.records.insert(place, paper.records[place])


def _swap_two_events(paper: Paper) -> None:
    one, two = paper.events("retried")[3:5]
    paper.records[one], paper.records[two] = paper.records[two], paper.records[one]


def _alter_a_status(paper: Paper) -> None:
    paper.change(paper.events("plain")[1], status="BUILDING")


def _alter_an_amount(paper: Paper) -> None:
    paper.change(paper.events("plain")[4], detail="receipt s-plain-1 1000 101")


def _mix_two_orders(paper: Paper) -> None:
    paper.change(paper.events("plain")[0], order_id="retried")


def _end_before_the_end(paper: Paper) -> None:
    place = paper.first(About.WATCH, Type.INFO)
    paper.records[place] = msgspec.structs.replace(paper.records[place], type=Type.OK, value={})


def _go_on_after_the_end(paper: Paper) -> None:
    place = paper.events("plain")[-1]
    paper.records.insert(place + 1, paper.records[place])


def _speak_after_hanging_up(paper: Paper) -> None:
    place = paper.events("plain")[-1]
    paper.records[place], paper.records[place + 1] = paper.records[place + 1], paper.records[place]


def _leave_a_watcher_waiting(paper: Paper) -> None:
    place = paper.first(About.WATCH, Type.INFO)
    paper.change(place, code="UNENDED")


def _lose_a_row_of_the_log(paper: Paper) -> None:
    paper.remove("events", lambda row: (row.order_id, row.seq) != ("silent", 3))


def _jump(paper: Paper) -> None:
    paper.remove("events", lambda row: (row.order_id, row.seq) not in {("silent", 2), ("silent", 3)})


def _end_twice(paper: Paper) -> None:
    paper.restore("events", 2, status="FAILED")


def _keep_the_old_state(paper: Paper) -> None:
    paper.restore("orders", 0, status="SUBMITTED", last_seq=4)


def _lower_the_floor(paper: Paper) -> None:
    number = next(n for n, one in enumerate(paper.truth.events) if (one.order_id, one.seq) == ("retried", 7))
    paper.restore("events", number, detail={"kind": "built", "floor_amount_out": 80})


def _swap_twice(paper: Paper) -> None:
    paper.restore("swaps", 1, status="landed", amount_in="1000", amount_out="100")


def _confirm_without_a_fill(paper: Paper) -> None:
    paper.remove("swaps", lambda row: row.order_id != "silent")


def _tell_other_amounts(paper: Paper) -> None:
    paper.restore("swaps", 0, amount_out="99")


def _swap_what_failed(paper: Paper) -> None:
    swap = msgspec.structs.replace(paper.truth.swaps[0], reference="hopeless:1", amount_out="1000")
    paper.add("swaps", swap)


def _leave_a_transaction_on_its_way(paper: Paper) -> None:
    swap = msgspec.structs.replace(paper.truth.swaps[1], reference="hopeless:1", status="pending", slot=None)
    paper.add("swaps", swap)


def _pay_less_than_the_floor(paper: Paper) -> None:
    paper.restore("swaps", 0, amount_out="89")


def _send_unrecorded(paper: Paper) -> None:
    swap = msgspec.structs.replace(paper.truth.swaps[1], signature="s-unknown")
    paper.add("swaps", swap)


def _lose_a_token(paper: Paper) -> None:
    paper.truth = msgspec.structs.replace(paper.truth, missing={"SOL": 1})


def _get_stuck(paper: Paper) -> None:
    paper.remove("events", lambda row: (row.order_id, row.seq) != ("silent", 5))
    paper.restore("orders", 3, status="SUBMITTED", last_seq=4)


def _end_too_late(paper: Paper) -> None:
    paper.change(paper.first(About.REST, Type.INFO), unfinished=["silent"])


def _recover_late(paper: Paper) -> None:
    place = paper.first(About.HEALED, Type.INFO)
    paper.records[place + 1 :] = [
        msgspec.structs.replace(one, t=one.t + 6_000_000_000) for one in paper.records[place + 1 :]
    ]


CORRUPTIONS: list[tuple[str, Corruption]] = [
    ("lost_order", _lose),
    ("two_orders_for_one_request", _name_another),
    ("two_orders_for_one_request", _store_twice),
    ("foreign_body_accepted", _accept_another_body),
    ("refused_without_reason", _refuse_its_own),
    ("stored_though_refused", _store_what_was_refused),
    ("invented_order", _invent),
    ("lost_read", _forget_what_was_acknowledged),
    ("stale_read", _read_the_past),
    ("foreign_answer", _tell_a_stranger),
    ("foreign_answer", _tell_a_stranger_that_it_is_another_s),
    ("undefined_answer", _answer_in_riddles),
    ("gap_in_watch", _skip_an_event),
    ("gap_in_watch", _begin_one_too_late),
    ("repeated_event", _repeat_an_event),
    ("repeated_event", _swap_two_events),
    ("altered_event", _alter_a_status),
    ("altered_event", _alter_an_amount),
    ("foreign_event", _mix_two_orders),
    ("ended_early", _end_before_the_end),
    ("event_after_end", _go_on_after_the_end),
    ("event_after_end", _speak_after_hanging_up),
    ("unended_watch", _leave_a_watcher_waiting),
    ("gap_in_log", _lose_a_row_of_the_log),
    ("illegal_step", _jump),
    ("second_end", _end_twice),
    ("state_differs_from_log", _keep_the_old_state),
    ("lowered_floor", _lower_the_floor),
    ("double_swap", _swap_twice),
    ("confirmed_without_its_fill", _confirm_without_a_fill),
    ("confirmed_without_its_fill", _tell_other_amounts),
    ("failed_but_swapped", _swap_what_failed),
    ("failed_but_swapped", _leave_a_transaction_on_its_way),
    ("fill_below_floor", _pay_less_than_the_floor),
    ("stray_swap", _send_unrecorded),
    ("tokens_missing", _lose_a_token),
    ("stuck_order", _get_stuck),
    ("stuck_order", _end_too_late),
    ("slow_recovery", _recover_late),
    *WAITING_CORRUPTIONS,
]


def test_a_story_in_which_every_promise_is_kept_breaks_no_rule(paper: Paper) -> None:
    assert examine(paper.records, paper.truth) == {}


@pytest.mark.parametrize(("rule", "corrupt"), CORRUPTIONS, ids=lambda one: getattr(one, "__name__", one).strip("_"))
def test_a_corrupted_story_is_caught_by_the_rule_it_breaks(paper: Paper, rule: str, corrupt: Corruption) -> None:
    corrupt(paper)
    breaches = examine(paper.records, paper.truth)
    assert rule in breaches
    assert breaches[rule].witness


def test_every_rule_has_a_story_that_breaks_it() -> None:
    assert {rule for rule, _ in CORRUPTIONS} == RULES.keys()


def test_a_run_that_was_kept_is_judged_alike_when_it_is_read_again(paper: Paper, tmp_path: Path) -> None:
    _swap_twice(paper)
    paper.truth.write(tmp_path)
    records = read_history((tmp_path / "history.jsonl").read_text().splitlines())
    assert examine(records, read_truth(tmp_path)) == examine(paper.records, paper.truth)
    assert json.loads((tmp_path / "history.jsonl").read_text().splitlines()[0])["f"] == "submit"
