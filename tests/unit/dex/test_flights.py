"""Those who ask the same at the same time share one answer, good or bad."""

import asyncio

from fillwire_dex.simulated.flights import Flights


async def test_an_error_goes_to_all_and_is_forgotten() -> None:
    flights: Flights[int] = Flights()
    asked = 0

    async def read() -> int:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        if asked == 1:
            raise LookupError
        return asked

    first = await asyncio.gather(*(flights.share("key", read) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in first] == [LookupError] * 3
    assert await flights.share("key", read) == 2


async def test_different_questions_are_asked_separately() -> None:
    flights: Flights[str] = Flights()

    async def read(answer: str) -> str:
        await asyncio.sleep(0)
        return answer

    answers = await asyncio.gather(*(flights.share(key, lambda key=key: read(key)) for key in "abca"))  # type: ignore[misc]
    assert answers == ["a", "b", "c", "a"]
