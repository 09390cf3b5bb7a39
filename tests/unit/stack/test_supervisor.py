"""What ends is started again, later and later while it keeps ending."""

import signal

import pytest

from fillwire_stack.children import Child
from fillwire_stack.errors import NotStarted
from fillwire_stack.supervisor import Supervisor


class Ended(Child):
    """A process that has ended already, or runs if its exit code is None."""

    def __init__(self, exit_code: int | None) -> None:
        self._exit_code = exit_code

    @property
    def exit_code(self) -> int | None:
        return self._exit_code


class Failing:
    """A service that ends as soon as it is started, unless its exit code is None."""

    stop_signal = signal.SIGTERM

    def __init__(self, exit_code: int | None = 3) -> None:
        self.starts = 0
        self.child: Child | None = None
        self.exit_code = exit_code

    def start(self) -> None:
        self.starts += 1
        self.child = Ended(self.exit_code)


class Refusing(Failing):
    """A service that starts once and never again."""

    def start(self) -> None:
        super().start()
        if self.starts > 1:
            message = "no room"
            raise NotStarted(message)


class Clock:
    """Seconds that pass only when the test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said() -> list[str]:
    return []


def starts_at(supervisor: Supervisor, service: Failing, clock: Clock, until: float) -> list[float]:
    """The seconds at which `service` was started again, looking every half second."""
    seen, at = service.starts, []
    while clock.now < until:
        supervisor.tend()
        if service.starts > seen:
            seen = service.starts
            at.append(clock.now)
        clock.now += 0.5
    return at


def test_the_pause_doubles_up_to_half_a_minute(clock: Clock, said: list[str]) -> None:
    service = Failing()
    supervisor = Supervisor(said.append, clock=clock)
    supervisor.start("worker-1", service)
    at = starts_at(supervisor, service, clock, until=140)
    pauses = [later - earlier for earlier, later in zip([0.0, *at], at, strict=False)]
    assert pauses == sorted(pauses)
    assert pauses[0] == pytest.approx(0.5, abs=0.5)
    assert pauses[-1] == pytest.approx(30, abs=0.5)


def test_who_ran_long_is_started_again_at_once(clock: Clock, said: list[str]) -> None:
    service = Failing()
    supervisor = Supervisor(said.append, clock=clock)
    supervisor.start("worker-1", service)
    starts_at(supervisor, service, clock, until=20)
    service.exit_code = None
    starts_at(supervisor, service, clock, until=80)
    assert supervisor.ended() == []
    service.child = Ended(3)
    supervisor.tend()
    assert said[-1].endswith("starting it again in 0.5 s")


def test_each_end_is_told_with_its_cause(clock: Clock, said: list[str]) -> None:
    supervisor = Supervisor(said.append, clock=clock)
    supervisor.start("server", Failing(exit_code=-9))
    supervisor.start("sweeper", Failing(exit_code=3))
    assert supervisor.ended() == ["server", "sweeper"]
    supervisor.tend()
    supervisor.tend()
    assert [line.partition(";")[0] for line in said] == [
        "server ended by signal 9",
        "sweeper ended with exit code 3",
    ]


def test_a_store_that_does_not_start_again_is_tried_later(clock: Clock, said: list[str]) -> None:
    service = Refusing()
    supervisor = Supervisor(said.append, clock=clock)
    supervisor.start("postgres", service)
    starts_at(supervisor, service, clock, until=5)
    assert "postgres: no room" in said
    assert service.starts > 2
