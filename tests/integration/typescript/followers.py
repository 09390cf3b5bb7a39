"""A Node process that follows orders by the TypeScript client, and what it has seen."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Follower"]

_SECONDS = 60.0


class Follower:
    """Follows as `live/follow.ts` says; used as an async context manager."""

    def __init__(self, package: Path, bridge_url: str, transport: str, *, wanted: Sequence[str]) -> None:
        self.seqs: dict[str, list[int]] = defaultdict(list)
        """By order, as they came."""
        self.losses: list[str] = []
        """Why connections were lost."""
        self._command = ("node", str(package / "dist" / "live" / "follow.js"), bridge_url, transport)
        self._wanted = "\n".join(wanted)

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe, stderr=pipe)
        assert self._process.stdin is not None
        self._process.stdin.write(self._wanted.encode())
        self._process.stdin.close()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()

    async def until(self, enough: Callable[[], bool]) -> None:
        """Until it has seen enough."""
        async with asyncio.timeout(_SECONDS):
            while not enough():
                assert await self._hear(), await self._complaint()

    async def ended(self) -> None:
        """Until it has ended by itself, and well."""
        async with asyncio.timeout(_SECONDS):
            while await self._hear():
                pass
            assert await self._process.wait() == 0, await self._complaint()

    async def _hear(self) -> bool:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            return False
        said = json.loads(line)
        if "lost" in said:
            self.losses.append(said["lost"])
        else:
            self.seqs[said["order"]].append(said["seq"])
        return True

    async def _complaint(self) -> str:
        assert self._process.stderr is not None
        return (await self._process.stderr.read()).decode()
