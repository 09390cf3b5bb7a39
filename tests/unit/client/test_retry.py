"""A call is made again only where that is safe and there is time; the pauses spread the clients."""

import pytest

from fillwire import errors
from fillwire.retry import LONGEST_PAUSE, Attempts, Chance, Policy, pause
from fillwire.wire.methods import GET_ORDER, SUBMIT_ORDER


class Now:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def chance(self, luck: float = 0.0) -> Chance:
        return Chance(lambda: self.seconds, lambda: luck)


UNAVAILABLE = errors.Unavailable("down")
TOO_LATE = errors.DeadlineExceeded("no answer")


@pytest.mark.parametrize(("failures", "longest"), [(1, 0.1), (2, 0.2), (3, 0.4), (7, 5.0), (10_000, LONGEST_PAUSE)])
def test_a_pause_is_anywhere_below_a_bound_that_doubles(failures: int, longest: float) -> None:
    assert pause(failures, Now().chance(luck=0.0), None) == 0.0
    assert pause(failures, Now().chance(luck=0.5), None) == pytest.approx(longest / 2)


def test_a_pause_is_never_shorter_than_the_engine_asked_for_nor_twice_as_long() -> None:
    assert pause(1, Now().chance(luck=0.0), 3.0) == 3.0
    assert pause(1, Now().chance(luck=0.5), 3.0) == 4.5
    assert pause(7, Now().chance(luck=0.5), 0.1) == pytest.approx(0.1 + 5.0 / 2)


def test_unavailable_is_tried_again_as_often_as_the_policy_says_and_then_raised() -> None:
    attempts = Attempts(GET_ORDER, Policy(max_retries=2), Now().chance())
    assert [attempts.pause_after(UNAVAILABLE), attempts.pause_after(UNAVAILABLE)] == [0.0, 0.0]
    with pytest.raises(errors.Unavailable):
        attempts.pause_after(UNAVAILABLE)


@pytest.mark.parametrize(
    "kind",
    [
        errors.ApiError,
        errors.Aborted,
        errors.AlreadyExists,
        errors.Cancelled,
        errors.FailedPrecondition,
        errors.Internal,
        errors.InvalidRequest,
        errors.NotFound,
        errors.OutOfRange,
        errors.PermissionDenied,
        errors.RateLimited,
        errors.RequestIdReused,
        errors.Unauthenticated,
        errors.Unimplemented,
    ],
)
def test_no_other_error_is_tried_again(kind: type[errors.ApiError]) -> None:
    with pytest.raises(kind):
        Attempts(SUBMIT_ORDER, Policy(), Now().chance()).pause_after(kind("no"))


def test_a_lost_answer_is_asked_for_again_by_a_submit_alone() -> None:
    assert Attempts(SUBMIT_ORDER, Policy(), Now().chance()).pause_after(TOO_LATE) == 0.0
    with pytest.raises(errors.DeadlineExceeded):
        Attempts(GET_ORDER, Policy(), Now().chance()).pause_after(TOO_LATE)


def test_an_attempt_to_submit_leaves_time_to_ask_again_until_the_last() -> None:
    now = Now()
    attempts = Attempts(SUBMIT_ORDER, Policy(timeout=8.0, max_retries=2), now.chance())
    assert attempts.timeout == 4.0
    now.seconds += 4.0
    attempts.pause_after(TOO_LATE)
    assert attempts.timeout == 2.0
    now.seconds += 2.0
    attempts.pause_after(TOO_LATE)
    assert attempts.timeout == 2.0


def test_a_pause_that_would_outlast_the_timeout_is_not_begun() -> None:
    attempts = Attempts(GET_ORDER, Policy(timeout=1.0), Now().chance())
    with pytest.raises(errors.Unavailable):
        attempts.pause_after(errors.Unavailable("down", retry_after=1.0))


def test_the_timeout_of_a_method_holds_where_the_policy_has_none() -> None:
    assert Attempts(GET_ORDER, Policy(), Now().chance()).timeout == 3.0
    assert Attempts(SUBMIT_ORDER, Policy(max_retries=0), Now().chance()).timeout == 5.0
    assert Attempts(GET_ORDER, Policy(timeout=0.5), Now().chance()).timeout == 0.5


def test_what_is_left_of_a_timeout_is_never_negative() -> None:
    now = Now()
    attempts = Attempts(GET_ORDER, Policy(timeout=1.0), now.chance())
    now.seconds += 5.0
    assert attempts.timeout == 0.0
