"""The nemesis: which fault strikes what, when and for how long; one or two at a time."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from tests.chaos.faults import KINDS, Kind
from tests.chaos.history import About, Recorder, Type
from tests.chaos.stack import Stack

__all__ = ["Strike", "schedule", "unleash"]

_LANES: Final = 2
_PAUSES: Final = (0.3, 1.5)
"""Seconds of peace in a lane from one fault to the next."""

_PEACE: Final = 4.0
"""Seconds of peace for what has healed; a store that is struck while it starts never serves at all."""

_BEGIN: Final = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault of `kind` strikes `target`, `at` seconds after the beginning and for `seconds`."""

    kind: str
    target: str
    at: float
    seconds: float


def schedule(seed: int, duration: float, kinds: Sequence[Kind], *, hold: float | None = None) -> list[Strike]:
    """The strikes of a run, by time; the same for the same seed.

    Every kind has its turn before one has another, and what has just healed is left alone for a while.
    With `hold` every fault lasts so long.
    """
    dice = random.Random(seed)
    lanes = [_BEGIN] * min(_LANES, len(kinds))
    strikes: list[Strike] = []
    deck: list[Kind] = []
    while min(lanes, default=duration) < duration:
        lane = lanes.index(min(lanes))
        deck = deck or dice.sample(kinds, len(kinds))
        if strike := _next(dice, deck, strikes, lanes[lane], hold):
            lanes[lane] = strike.at + strike.seconds
            strikes += [strike] if lanes[lane] < duration else []
        lanes[lane] += dice.uniform(*_PAUSES)
    return strikes


def _next(
    dice: random.Random, deck: list[Kind], strikes: Sequence[Strike], at: float, hold: float | None
) -> Strike | None:
    """Takes the first kind of the deck whose target is whole; `None`: all are struck, or were until just now."""
    struck = {one.target for one in strikes if one.at + one.seconds + _PEACE > at}
    for kind in deck:
        seconds = dice.uniform(*kind.seconds) if hold is None else hold
        strike = Strike(kind.name, dice.choice(kind.targets), round(at, 3), round(seconds, 3))
        if strike.target not in struck:
            deck.remove(kind)
            return strike
    return None


async def unleash(stack: Stack, recorder: Recorder, strikes: Sequence[Strike]) -> None:
    """Strikes as scheduled; when it returns, or is cancelled, everything has healed.

    What takes longer to heal than was planned holds up what is to strike it next.
    """
    targets = defaultdict[str, asyncio.Lock](asyncio.Lock)
    async with asyncio.TaskGroup() as tasks:
        for strike in strikes:
            tasks.create_task(_in_turn(stack, recorder, strike, targets[strike.target]))


async def _in_turn(stack: Stack, recorder: Recorder, strike: Strike, target: asyncio.Lock) -> None:
    await asyncio.sleep(strike.at)
    async with target:
        await _inflict(stack, recorder, strike)


async def _inflict(stack: Stack, recorder: Recorder, strike: Strike) -> None:
    op = recorder.invoke("nemesis", About.FAULT, kind=strike.kind, target=strike.target, seconds=strike.seconds)
    try:
        async with KINDS[strike.kind].strike(stack, strike.target):
            await asyncio.sleep(strike.seconds)
    except Exception as error:  # noqa: BLE001 - a fault that cannot strike (its store is down) is said, not hidden
        recorder.note("nemesis", Type.FAIL, About.HEAL, op, error=repr(error))
        log.warning("fault_missed", kind=strike.kind, target=strike.target, error=repr(error))
    else:
        recorder.note("nemesis", Type.OK, About.HEAL, op)
