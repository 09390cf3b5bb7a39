"""Ten thousand watches lose their server in one instant; they do not come back in one."""

import random
from collections import Counter
from collections.abc import Sequence

from fillwire.errors import ApiError, Unavailable
from fillwire.resume import Ask, Resume
from fillwire.retry import Chance
from fillwire.tokens import Tokens
from tests.unit.client.messages import ORDER_ID, snapshot

WATCHES = 10_000
KILLED = Unavailable("connection reset")
DRAINED = Unavailable("this server is stopping", reason="SERVER_DRAINING", retry_after=1.0)


def watch(luck: random.Random) -> Resume:
    """One that has seen its order; it is as patient as its order lives."""
    one = Resume(ORDER_ID, Ask(), max_retries=0, chance=Chance(lambda: 0.0, luck.random))
    one.take(snapshot(), Tokens())
    return one


def reconnects(error: ApiError, *, until: float) -> Sequence[float]:
    """When all of them try to connect, from the loss on, to a server that stays away."""
    luck = random.Random(2026)
    times = []
    for one in (watch(luck) for _ in range(WATCHES)):
        at = one.pause_after(error)
        while at < until:
            times.append(at)
            at += one.pause_after(error)
    return times


def by(width: float, times: Sequence[float]) -> Counter[int]:
    """How many fall into each slice of time."""
    return Counter(int(at / width) for at in times)


def test_the_watches_of_a_killed_server_are_spread_over_the_first_second_and_no_two_are_synchronous() -> None:
    times = reconnects(KILLED, until=1.0)
    assert len(set(times)) == len(times)
    tenths = by(0.1, times)
    assert all(tenths[tenth] > WATCHES * 0.1 for tenth in range(10))
    # The first pause is a tenth of a second at most: one in a hundred in each of its milliseconds, and ever fewer then.
    milliseconds = by(0.001, times)
    assert max(milliseconds.values()) < WATCHES * 0.025
    assert max(count for at, count in milliseconds.items() if at >= 300) < WATCHES * 0.005


def test_the_watches_of_a_drained_server_come_back_over_as_long_again_as_they_were_asked_to_wait() -> None:
    times = reconnects(DRAINED, until=2.0)
    assert len(set(times)) == len(times) == WATCHES
    assert min(times) >= 1.0
    assert all(count > WATCHES * 0.08 for count in by(0.1, [at - 1.0 for at in times]).values())
    assert max(by(0.001, times).values()) < WATCHES * 0.005
