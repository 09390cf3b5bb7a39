"""The explorer: goes every way a world offers, and judges each moment."""

from collections.abc import Callable

from fillwire_orders import FINAL, Status
from tests.unit.workers.model.world import World


class Violation(Exception):
    """A promise that does not hold, and the way that led there."""


def explore(world: Callable[[], World]) -> set[Status]:
    """Goes every way there is; gives the statuses that were met, raises `Violation` at the first bad moment.

    A run cannot be copied, so each path is gone from its start; from where it ends, the first way on is gone at once.
    """
    seen: set[tuple[object, ...]] = set()
    met: set[Status] = set()
    paths: list[list[int]] = [[]]
    while paths:
        path = paths.pop()
        here, story = world(), list[str]()
        try:
            for choice in path:
                _take(here, choice, story)
            while (key := here.key()) not in seen:
                judge(here)
                seen.add(key)
                met.add(here.journal.status)
                paths += [[*path, choice] for choice in range(1, len(here.ways()))]
                if not here.ways():
                    break
                _take(here, 0, story)
                path.append(0)
        except AssertionError as error:
            raise Violation("\n".join([*story, f"=> {error}"])) from error
        finally:
            here.close()
    return met


def judge(world: World) -> None:
    """The promises, at one moment."""
    journal, chain = world.journal, world.chain
    swaps = sum(chain.landings.values())
    assert swaps <= 1, f"swapped {swaps} times"
    assert not any(status in FINAL for status in journal.log[:-1]), "went on after its end"
    if journal.status is Status.CONFIRMED:
        assert swaps == 1, "confirmed and not swapped"
    if journal.status in (Status.FAILED, Status.EXPIRED, Status.CANCELLED, Status.RETRYING, Status.RESTING):
        assert swaps == 0, f"{journal.status} and swapped"
        alive = chain.may_land() + chain.may_arrive()
        assert not alive, f"{journal.status}, and {alive} may still land"


def _take(world: World, choice: int, story: list[str]) -> None:
    way = world.ways()[choice]
    story.append(way.name)
    world.take(way)
