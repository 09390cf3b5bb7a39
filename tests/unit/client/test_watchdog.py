"""A watchdog bites when a single wait lasts too long, and never otherwise."""

from fillwire.sync.watchdog import Watchdog
from tests.unit.client.wires import Clock


class Guarded:
    def __init__(self) -> None:
        self.clock = Clock()
        self.bites = 0
        self.dog = Watchdog(30.0, self._bite, now=self.clock.now, timer=self.clock.timer)

    def _bite(self) -> None:
        self.bites += 1

    def passes(self, seconds: float) -> None:
        """Time passes, and the timer goes off."""
        self.clock.time += seconds
        self.clock.alarms[-1].ring()


def test_a_wait_that_lasts_too_long_is_ended_once() -> None:
    guarded = Guarded()
    guarded.dog.begin()
    guarded.passes(30.0)
    assert (guarded.bites, guarded.dog.bitten) == (1, True)


def test_many_short_waits_share_one_timer_and_are_left_in_peace() -> None:
    guarded = Guarded()
    for _ in range(100):
        guarded.dog.begin()
        guarded.clock.time += 0.29
        guarded.dog.end()
    guarded.dog.begin()
    assert len(guarded.clock.alarms) == 1
    guarded.passes(1.0)
    assert guarded.bites == 0
    assert guarded.clock.alarms[-1].seconds == 29.0


def test_the_time_between_waits_does_not_count() -> None:
    guarded = Guarded()
    guarded.dog.begin()
    guarded.dog.end()
    guarded.passes(3600.0)
    assert guarded.bites == 0
    guarded.dog.begin()
    assert len(guarded.clock.alarms) == 2


def test_a_timer_that_goes_off_with_nobody_waiting_keeps_nothing_alive() -> None:
    guarded = Guarded()
    guarded.dog.begin()
    guarded.dog.end()
    guarded.passes(30.0)
    assert len(guarded.clock.alarms) == 1


def test_a_closed_watchdog_cancels_its_timer() -> None:
    guarded = Guarded()
    guarded.dog.begin()
    guarded.dog.close()
    assert guarded.clock.alarms[0].cancelled
    guarded.passes(30.0)
    assert guarded.bites == 0
