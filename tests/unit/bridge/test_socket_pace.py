"""How often something may be done."""

import pytest

from fillwire_bridge.socket.pace import Pace


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_as_many_as_the_burst_may_come_at_once_and_the_next_is_told_when(clock: Clock) -> None:
    pace = Pace(10, burst=3, clock=clock)
    assert [pace.wait_seconds() for _ in range(4)] == [0, 0, 0, pytest.approx(0.1)]


def test_who_waits_as_long_as_he_was_told_has_his_turn(clock: Clock) -> None:
    pace = Pace(10, burst=1, clock=clock)
    pace.wait_seconds()
    clock.now += pace.wait_seconds() + 1e-9
    assert pace.wait_seconds() == 0


def test_who_asks_too_soon_loses_nothing_by_it(clock: Clock) -> None:
    pace = Pace(1, burst=1, clock=clock)
    pace.wait_seconds()
    for _ in range(10):
        assert pace.wait_seconds() > 0
        clock.now += 0.1
    clock.now += 1e-9
    assert pace.wait_seconds() == 0


def test_a_long_rest_saves_no_more_than_the_burst(clock: Clock) -> None:
    pace = Pace(10, burst=2, clock=clock)
    clock.now += 3600
    assert sum(pace.wait_seconds() == 0 for _ in range(100)) == 2
