"""From messages to JSON."""

import json
from functools import lru_cache
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.message import Message

__all__ = ["text"]

# An event is smaller; a page of orders is not remembered.
_MOST_REMEMBERED: Final = 4 * 1024


def text(kind: type[Message], wire: bytes) -> str:
    """The JSON, on one line, of a message that came as `wire`.

    The last small ones are remembered: to make it costs as much as to relay it, and what one watches many watch.
    """
    if len(wire) > _MOST_REMEMBERED:
        return _written(kind, wire)
    known: Any = kind  # mypy has it that no type of messages has a hash
    return _remembered(known, wire)


def _written(kind: type[Message], wire: bytes) -> str:
    said = json_format.MessageToDict(kind.FromString(wire))
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


_remembered: Final = lru_cache(maxsize=512)(_written)
