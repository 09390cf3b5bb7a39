"""The quoter: routes amounts over the pools as they are, once or again and again."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from fillwire_dex import Market, PriceBoard, Route, Snapshot, router
from fillwire_server.quotes import QUOTE_LIVES
from fillwire_server.scores import VenueScores
from fillwire_server.validation import Wanted

__all__ = ["Answer", "Quoter"]

_LOOK_SECONDS: Final = 0.1
"""The least time between two looks for a better answer, however short an interval is asked for."""

_RENEWED_AFTER: Final = QUOTE_LIVES - timedelta(seconds=2)
"""When a quote that is still right is given again: whoever follows always has one that lives."""

_FRESH: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """A route, and when its pools were read."""

    route: Route
    at: datetime

    @property
    def amounts(self) -> tuple[int, int]:
        return self.route.amount_in, self.route.amount_out


class Quoter:
    """Quotes one market. Every method raises `Unquotable` where there is no answer, and `MarketUnavailable`."""

    def __init__(self, market: Market, scores: VenueScores, board: PriceBoard) -> None:
        self._market = market
        self._scores = scores
        self._board = board
        self._version = 0
        self._shared: dict[Wanted, asyncio.Task[Answer]] = {}

    async def quote(self, wanted: Wanted) -> Answer:
        """The best route of this moment."""
        max_hops = wanted.routing.max_hops or router.MAX_HOPS
        snapshot = await self._market.pools(wanted.token_in, wanted.token_out, max_hops=max_hops)
        at = datetime.now(UTC)
        return Answer(_best(snapshot, wanted, await self._scores.haircuts()), at)

    async def follow(self, wanted: Wanted, *, interval_seconds: float) -> AsyncGenerator[Answer, None]:
        """The best route now, and again whenever it gives or takes another amount, so far apart at least.

        One that stays right is given again before it expires. It ends with the error where there is no answer any more.
        """
        now = asyncio.get_running_loop().time
        given: Answer | None = None
        not_before = 0.0
        while True:
            version, looked = self._board.version, now()
            answer = await self._at(version, wanted)
            if given is None or answer.amounts != given.amounts or answer.at - given.at >= _RENEWED_AFTER:
                yield answer
                given = answer
                not_before = now() + interval_seconds
            with suppress(TimeoutError):
                async with asyncio.timeout((given.at + _RENEWED_AFTER - datetime.now(UTC)).total_seconds()):
                    await self._board.wait(version)
            await asyncio.sleep(max(not_before, looked + _LOOK_SECONDS) - now())

    async def _at(self, version: int, wanted: Wanted) -> Answer:
        """The answer for this version of the market, worked out once for all who ask for the same."""
        if version != self._version:
            self._version, self._shared = version, {}
        asked = self._shared.get(wanted)
        if asked is None or _is_over(asked):
            asked = self._shared[wanted] = asyncio.create_task(self.quote(wanted))
            asked.add_done_callback(_note)
        return await asyncio.shield(asked)  # one who leaves must not take it from the others


def _is_over(asked: "asyncio.Task[Answer]") -> bool:
    """Whether it is too old to be told: the market may stand still, fees that follow the clock do not."""
    return asked.done() and (asked.exception() is not None or datetime.now(UTC) - asked.result().at > _FRESH)


def _note(asked: "asyncio.Task[Answer]") -> None:
    """Looks at an error, so that asyncio does not complain of it where all who asked have left."""
    if not asked.cancelled():
        asked.exception()


def _best(snapshot: Snapshot, wanted: Wanted, haircuts: Mapping[str, float]) -> Route:
    """The best route within the limits; raises `Unquotable`. It takes some milliseconds of the loop at most."""
    limits = wanted.routing
    return router.best(
        snapshot,
        amount_in=wanted.amount_in,
        amount_out=wanted.amount_out,
        max_legs=limits.max_legs or router.MAX_LEGS,
        max_hops=limits.max_hops or router.MAX_HOPS,
        venues=limits.include_venues or None,
        excluded_venues=limits.exclude_venues,
        haircuts=haircuts,
    )
