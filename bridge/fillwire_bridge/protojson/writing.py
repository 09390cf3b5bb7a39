"""From messages to JSON."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.message import Message

__all__ = ["dumps", "text", "written"]

# An event is smaller; a page of orders is not remembered.
_MOST_REMEMBERED: Final = 4 * 1024


def text(kind: type[Message], wire: bytes) -> str:
    """The JSON, on one line, of a message that came as `wire`.

    The last small ones are remembered: to make it costs as much as to relay it, and what one watches many watch.
    """
    if len(wire) > _MOST_REMEMBERED:
        return _read(kind, wire)
    known: Any = kind  # mypy has it that no type of messages has a hash
    return _remembered(known, wire)


def written(message: Message) -> str:
    """The JSON of a message, on one line."""
    return dumps(json_format.MessageToDict(message))


def dumps(value: Mapping[str, Any]) -> str:
    """JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _read(kind: type[Message], wire: bytes) -> str:
    return written(kind.FromString(wire))


_remembered: Final = lru_cache(maxsize=512)(_read)
