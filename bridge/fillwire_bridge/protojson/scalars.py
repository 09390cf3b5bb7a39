"""Fields of JSON that hold no others, by their type in the contract."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

__all__ = ["scalar"]


def scalar(field: FieldDescriptor, given: object) -> Any:
    """What `given` sets `field` to. Raises TypeError and ValueError, whose text is the rule that is broken."""
    return _of_enum(field.enum_type, given) if field.enum_type is not None else _BY_TYPE[field.type](given)


def _of_enum(kind: EnumDescriptor, given: object) -> int:
    if isinstance(given, str) and given in kind.values_by_name:
        return kind.values_by_name[given].number
    try:
        return _int32(given)  # one that only a newer engine knows, perhaps
    except ValueError:
        raise ValueError(f"must be one of {', '.join(kind.values_by_name)}") from None


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise TypeError("must be a string")
    if _SURROGATE.search(given):
        raise ValueError("must be Unicode")
    return given


def _bool(given: object) -> bool:
    if not isinstance(given, bool):
        raise TypeError("must be true or false")
    return given


def _integer(least: int, most: int) -> Callable[[object], int]:
    def read(given: object) -> int:
        number = _whole(given)
        if number is None or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return read


def _whole(given: object) -> int | None:
    if isinstance(given, str) and _WHOLE.fullmatch(given):
        return int(given)
    if isinstance(given, float) and given.is_integer():
        return int(given)
    return given if isinstance(given, int) and not isinstance(given, bool) else None


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_WHOLE: Final = re.compile(r"-?[0-9]{1,20}")

_int32: Final = _integer(-(2**31), 2**31 - 1)

_BY_TYPE: Final[Mapping[int, Callable[[object], Any]]] = {
    FieldDescriptor.TYPE_STRING: _text,
    FieldDescriptor.TYPE_BOOL: _bool,
    FieldDescriptor.TYPE_INT32: _int32,
    FieldDescriptor.TYPE_UINT32: _integer(0, 2**32 - 1),
    FieldDescriptor.TYPE_INT64: _integer(-(2**63), 2**63 - 1),
}
"""All types that the requests of the contract have."""
