"""Server-Sent Events as a browser reads them: https://html.spec.whatwg.org/#event-stream-interpretation."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

__all__ = ["Told", "read"]


@dataclass(slots=True)
class Told:
    """A block of the stream: an event, or one that nobody is shown."""

    event: str = "message"
    id: str = ""
    data: str = ""
    comments: list[str] = field(default_factory=list)

    @property
    def json(self) -> Any:
        return json.loads(self.data)


async def read(response: httpx.Response) -> AsyncIterator[Told]:
    """The blocks of an answer, as they come; a block that is cut off is none."""
    told = Told()
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        match name:
            case "":
                if line:
                    told.comments.append(value)
                else:
                    yield told
                    told = Told()
            case "id" | "event" | "data":
                setattr(told, name, value)
            case _:
                assert name == "retry"
