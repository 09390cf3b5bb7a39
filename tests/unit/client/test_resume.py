"""Where a watch stands is decided from its frames alone."""

import pytest

import fillwire
from fillwire.resume import Ask, Resume
from fillwire.retry import Chance
from fillwire.tokens import Tokens
from tests.unit.client.messages import ORDER_ID, event, snapshot

TOKENS = Tokens()


def resume(after_seq: int | None = 0) -> Resume:
    return Resume(ORDER_ID, Ask(after_seq=after_seq), max_retries=0, chance=Chance(lambda: 0.0, lambda: 0.0))


@pytest.mark.parametrize(
    ("after_seq", "finished"),
    [(None, True), (5, True), (4, False), (0, False), (9, False)],
)
def test_a_snapshot_is_the_end_only_where_the_whole_log_has_been_seen(after_seq: int | None, finished: bool) -> None:
    watch = resume(after_seq)
    watch.take(snapshot("CONFIRMED", 5), TOKENS)
    assert watch.finished is finished


def test_a_snapshot_of_an_order_that_goes_on_is_not_the_end() -> None:
    watch = resume(after_seq=3)
    watch.take(snapshot("BUILDING", 3), TOKENS)
    assert not watch.finished


def test_a_stream_without_a_snapshot_is_no_stream_of_ours() -> None:
    with pytest.raises(fillwire.Internal, match="without a snapshot"):
        resume().take(event(1), TOKENS)


def test_an_empty_frame_of_a_newer_contract_is_passed_over() -> None:
    watch = resume()
    frame = snapshot()
    frame.ClearField("snapshot")
    assert watch.take(frame, TOKENS) is None
