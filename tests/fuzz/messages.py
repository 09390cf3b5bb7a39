"""Messages for every method of the contract, made from descriptors: often right, often at a boundary, seldom sane."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

__all__ = ["Generator"]

_DEEPEST: Final = 6

_TEXTS: Final = (
    *("", " ", "0", "00", "-1", "+1", "1.5", "1e30", "NaN", "Infinity", "0x10", "1_000", "true", "None", "null"),
    *(str(2**63), str(2**64 - 1), str(2**64), "9" * 5_000, "\u0661\u0662\u0663", "\uff11\uff12", "\u00b2"),
    *("\0", "SOL\0", "SOL\n", "\r\nx: y", "\x1b[31m", "\u202eSOL", "\u200b", "\ufeff", "\U0001f4a3", "e\u0301"),
    *("'", "'; DROP TABLE fillwire.orders; --", "%s%n", "{0}", "$1", "../../etc/passwd", "a" * 129, "a" * 20_000),
    *("sol", "SOLSOL", "00000000-0000-0000-0000-000000000000", "123e4567e89b12d3a456426614174000", "=", "A" * 64),
)
_SMALL: Final = (0, 1, -1, 2, 15, 60, 200, 201, 9_999, 10_000, 10_001, 999_999_999, 1_000_000_000)
_BOUNDS: Final[Mapping[int, tuple[int, int]]] = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
_FLOATS: Final = (0.0, -0.0, 1.5, -1.0, 1e308, float("inf"), float("-inf"), float("nan"), 5e-324)


class Generator:
    """Makes messages; `right` has values for fields by name that a server would take, and is asked half of the time."""

    def __init__(self, chance: random.Random, right: Mapping[str, Sequence[Any]]) -> None:
        self._chance = chance
        self._right = right

    def message(self, kind: Descriptor, depth: int = 0) -> Message:
        """One message of a kind."""
        made: Message = GetMessageClass(kind)()
        sane = self._chance.random() < 0.5
        chosen = {self._chance.choice(one.fields).name for one in kind.oneofs}
        for field in kind.fields:
            if field.containing_oneof is not None and field.name not in chosen:
                continue
            if self._chance.random() < (0.9 if field.name in self._right else 0.15 if sane else 0.4):
                self._fill(made, field, depth, sane=sane)
        return made

    def _fill(self, made: Message, field: FieldDescriptor, depth: int, *, sane: bool) -> None:
        if field.is_repeated:
            number = self._chance.choice((1, 1, 2, 3, 17, 200) if depth < 2 else (1, 2))
            for _ in range(number):
                self._add(getattr(made, field.name), field, depth, sane=sane)
        elif field.message_type is not None:
            if depth < _DEEPEST:
                getattr(made, field.name).CopyFrom(self.message(field.message_type, depth + 1))
        else:
            setattr(made, field.name, self._value(field, sane=sane))

    def _add(self, values: Any, field: FieldDescriptor, depth: int, *, sane: bool) -> None:
        if field.message_type is None:
            values.append(self._value(field, sane=sane))
        elif depth < _DEEPEST and not field.message_type.GetOptions().map_entry:
            values.add().CopyFrom(self.message(field.message_type, depth + 1))

    def _value(self, field: FieldDescriptor, *, sane: bool) -> Any:
        right = self._right.get(field.name, ())
        if right and self._chance.random() < (0.97 if sane else 0.5):
            return self._chance.choice(right)
        match field.cpp_type:
            case FieldDescriptor.CPPTYPE_STRING:
                text = self._chance.choice(_TEXTS)
                return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text
            case FieldDescriptor.CPPTYPE_BOOL:
                return self._chance.random() < 0.5
            case FieldDescriptor.CPPTYPE_ENUM:
                known = field.enum_type.values if field.enum_type is not None else ()
                return self._chance.choice([*(one.number for one in known), -1, 99, 2**31 - 1])
            case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
                return self._chance.choice(_FLOATS)
            case whole:
                low, high = _BOUNDS[whole]
                return self._chance.choice([low, high, *(one for one in _SMALL if low <= one <= high)])
