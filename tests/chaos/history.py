"""The history: what the clients asked and heard, and what was done to the engine, as it happened.

    invoke   written before a request leaves; an answer may never come
    ok       the answer that was asked for
    fail     a definite refusal: nothing was done
    info     nobody knows: time was up, or the connection broke

One line of JSON a record. All of it is written by one process, so there is one clock, and it only goes forward.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TextIO

import msgspec

__all__ = ["About", "Record", "Recorder", "Type", "read_history"]


class Type(StrEnum):
    """What a record is to its operation."""

    INVOKE = "invoke"
    OK = "ok"
    FAIL = "fail"
    INFO = "info"


class About(StrEnum):
    """What a record is about; `EVENT` is one frame of the watch of the same `op`, `PRY` a try at another's order."""

    SUBMIT = "submit"
    READ = "read"
    PRY = "pry"
    WATCH = "watch"
    CANCEL = "cancel"
    CANCEL_ALL = "cancel_all"
    REPLACE = "replace"
    EVENT = "event"
    FAULT = "fault"
    HEAL = "heal"
    HEALED = "healed"
    REST = "rest"


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: at `t` nanoseconds of the monotonic clock, `proc` did or heard something in operation `op`."""

    t: int
    proc: str
    type: Type
    f: About
    op: int = 0
    value: dict[str, Any] = {}


class Recorder:
    """Writes the history; used as a context manager. A crash loses at most the last line."""

    def __init__(self, path: Path, *, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._path = path
        self._clock = clock
        self._file: TextIO | None = None
        self._ops = 0
        self.records: list[Record] = []

    def __enter__(self) -> Self:
        self._file = self._path.open("w", encoding="utf-8", buffering=1)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def invoke(self, proc: str, about: About, /, **value: Any) -> int:
        """Begins an operation and gives its number."""
        self._ops += 1
        self.note(proc, Type.INVOKE, about, self._ops, **value)
        return self._ops

    def note(self, proc: str, outcome: Type, about: About, op: int = 0, /, **value: Any) -> None:
        """Writes one record."""
        record = Record(t=self._clock(), proc=proc, type=outcome, f=about, op=op, value=value)
        self.records.append(record)
        if self._file is not None:
            self._file.write(msgspec.json.encode(record).decode() + "\n")


def read_history(lines: Iterable[str | bytes]) -> list[Record]:
    """The records of a history that was written before."""
    decoder = msgspec.json.Decoder(Record)
    return [decoder.decode(line) for line in lines if line.strip()]
