"""What a decent client feels while somebody is rude to the same server, each in a process of its own.

For each attack the client is alone and under attack in turns, equally long. A call that an attack holds up is waited
for, though it be over by then.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.neighbours import Felt, Neighbour
from bench.streams import rss_mb
from fillwire_stack.migrate import upgrade
from fillwire_stack.postgres import Postgres
from fillwire_stack.services import Process
from fillwire_stack.valkey import Valkey
from tests.e2e.attacks import ATTACKS
from tests.e2e.system import System
from tests.servers import directory, started

__all__ = ["attacked", "felt", "measure"]


def measure(*, turns: int = 3, seconds: float = 5.0) -> None:
    """Prints a line of JSON for each attack."""
    with (
        directory(in_memory=False) as place,
        started(Postgres(place / "postgres")) as postgres,
        started(Valkey(place / "valkey")) as valkey,
    ):
        upgrade(postgres.url)
        with System(
            place, kind=Process, database_url=postgres.url, redis_url=valkey.url, workers=0, sweeper=False
        ) as system:
            for name in ATTACKS:
                figures = asyncio.run(felt(system, name, turns=turns, seconds=seconds))
                print(json.dumps({"attack": name, **figures, "rss_mb": rss_mb(system)}), flush=True)


async def felt(system: System, attack: str, *, turns: int, seconds: float) -> dict[str, Any]:
    """Milliseconds of a decent client, alone and under attack."""
    alone, under = Felt(), Felt()
    async with Neighbour(system.target, database_url=system.database_url, redis_url=system.redis_url) as neighbour:
        await neighbour.live(1.0, Felt())
        for _ in range(turns):
            await neighbour.live(seconds, alone)
            await asyncio.gather(_attack(system.target, attack, seconds), neighbour.live(seconds, under))
    return {"alone_ms": alone.told(), "under_attack_ms": under.told()}


async def _attack(target: str, attack: str, seconds: float) -> None:
    async with attacked(target, attack):
        await asyncio.sleep(seconds)


@asynccontextmanager
async def attacked(target: str, attack: str) -> AsyncIterator[None]:
    """Somebody attacks for as long as the block runs."""
    attacker = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.e2e.attacks", attack, target)
    try:
        yield
    finally:
        attacker.kill()
        await attacker.wait()
