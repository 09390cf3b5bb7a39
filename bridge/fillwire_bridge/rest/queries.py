"""Parameters of a query, and the request they stand for.

A parameter is a field by its name in the contract or in JSON, `routing.max_legs` or `routing.maxLegs`; what is repeated comes
again and again; a value of an enum may leave out its prefix.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from fillwire_bridge.faults import Faults
from fillwire_bridge.rest.table import Row
from fillwire_bridge.statuses import Malformed

__all__ = ["Parameter", "parameters", "read"]

_MOST: Final = 256
_AS_TEXT: Final = {"google.protobuf.Timestamp", "google.protobuf.Duration"}
"""Messages that are a string in JSON."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, and the field that it gives."""

    name: str
    """In the contract's spelling."""
    path: tuple[str, ...]
    """From the request down to the field."""
    field: FieldDescriptor


def parameters(row: Row) -> Sequence[Parameter]:
    """Those that a row's query may have; what its path says is none."""
    if row.has_body:
        return ()
    of: Any = row.method.request.DESCRIPTOR
    return [one for one in _leaves(of, (), row.lifted) if not _is_said(of, one, row.path)]


def read(known: Sequence[Parameter], query: str, faults: Faults) -> dict[str, Any]:
    """The request that a query stands for, as JSON; a parameter that is wrong goes to `faults`.

    Raises Malformed for a query that cannot be read at all.
    """
    named = {spelt: one for one in known for spelt in (one.name, _camel(one.name))}
    request: dict[str, Any] = {}
    for name, text in _pairs(query):
        if name in named:
            _put(request, named[name], text, faults)
        else:
            faults.note(name[:64], "there is no such parameter")
    return request


def _leaves(of: Descriptor, above: tuple[str, ...], lifted: str) -> Iterator[Parameter]:
    for field in of.fields:
        path = (*above, field.name)
        if field.message_type and field.message_type.full_name not in _AS_TEXT:
            yield from _leaves(field.message_type, path, lifted)
        else:
            yield Parameter(".".join(path).removeprefix(f"{lifted}."), path, field)


def _is_said(of: Descriptor, one: Parameter, path: str) -> bool:
    """Whether the path gives this field, or another one of its oneof."""
    oneof = one.field.containing_oneof
    names = [field.name for field in oneof.fields] if oneof and one.field.containing_type is of else [one.name]
    return any(f"{{{name}}}" in path for name in names)


def _pairs(query: str) -> Sequence[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except UnicodeDecodeError:
        raise Malformed("", "the query must be UTF-8") from None
    except ValueError:
        raise Malformed("", f"the query must have at most {_MOST} parameters") from None


def _put(request: dict[str, Any], one: Parameter, text: str, faults: Faults) -> None:
    *above, name = one.path
    for outer in above:
        request = request.setdefault(outer, {})
    if one.field.is_repeated:
        request.setdefault(name, []).append(_value(one.field, text))
    elif name in request:
        faults.note(one.name, "comes twice")
    else:
        request[name] = _value(one.field, text)


def _value(field: FieldDescriptor, text: str) -> str | bool:
    """As JSON has it; what is wrong stays as it is, and is refused as it would be in a body."""
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        given: Mapping[str, bool] = {"true": True, "false": False}
        return given.get(text, text)
    if field.enum_type and (whole := _prefix(field.enum_type) + text) in field.enum_type.values_by_name:
        return whole
    return text


def _prefix(of: EnumDescriptor) -> str:
    """What the names of an enum's values begin with: "ORDER_STATUS_"."""
    return of.values_by_number[0].name.removesuffix("UNSPECIFIED")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other[:1].upper() + other[1:] for other in others)
