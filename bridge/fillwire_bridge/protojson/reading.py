"""From JSON to messages; whatever the contract does not know is refused by name, all of it at once."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NoReturn

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from fillwire_bridge.faults import Faults
from fillwire_bridge.protojson.scalars import scalar
from fillwire_bridge.statuses import Malformed

__all__ = ["loads", "merge", "message"]


def loads(said: str | bytes) -> Any:
    """Any JSON, but a key that comes twice and numbers that JSON does not have. Raises Malformed."""
    try:
        text = said if isinstance(said, str) else said.decode()
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise Malformed("", "must be UTF-8") from None
    except (ValueError, RecursionError):
        raise Malformed("", "must be JSON") from None


def message(kind: type[Message], value: object) -> Message:
    """The message that `value`, as `loads` gives it, stands for. Raises Malformed that names all that is wrong with it."""
    made, faults = kind(), Faults()
    merge(made, value, faults)
    faults.check()
    return made


def merge(into: Message, value: object, faults: Faults) -> None:
    """Sets in `into` what `value`, as `loads` gives it, says; what is wrong with it goes to `faults`, in its order."""
    _fill(into, value, "", faults)


def _object(pairs: Sequence[tuple[str, Any]]) -> Mapping[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise Malformed(next(name for name in made if names.count(name) > 1), "comes twice")
    return made


def _no_number(said: str) -> NoReturn:
    raise Malformed("", f"must be JSON, which has no {said}")


def _fill(made: Message, value: object, path: str, faults: Faults) -> None:
    if not isinstance(value, dict):
        faults.note(path, "must be an object")
        return
    prefix, fields = f"{path}." if path else "", _fields(made.DESCRIPTOR)
    for name, given in value.items():
        if name not in fields:
            faults.note(f"{prefix}{name}", "there is no such field")
        elif name != fields[name].name and fields[name].name in value:
            faults.note(f"{prefix}{fields[name].name}", "comes twice")
        elif given is not None:  # null stands for absent
            _set(made, fields[name], given, f"{prefix}{fields[name].name}", faults)


@lru_cache(maxsize=256)
def _fields(kind: Descriptor) -> Mapping[str, FieldDescriptor]:
    """By both of their names."""
    return {field.name: field for field in kind.fields} | {field.json_name: field for field in kind.fields}


def _set(made: Message, field: FieldDescriptor, given: object, path: str, faults: Faults) -> None:
    oneof = field.containing_oneof
    if oneof and made.WhichOneof(oneof.name):
        faults.note(path, f"only one of {', '.join(one.name for one in oneof.fields)} can be given")
    elif field.is_repeated:
        _extend(getattr(made, field.name), field, given, path, faults)
    elif field.message_type is not None:
        inner = getattr(made, field.name)
        inner.SetInParent()
        _embed(inner, given, path, faults)
    else:
        try:
            setattr(made, field.name, scalar(field, given))
        except (TypeError, ValueError) as error:
            faults.note(path, str(error))


def _extend(into: Any, field: FieldDescriptor, given: object, path: str, faults: Faults) -> None:
    if not isinstance(given, list):
        faults.note(path, "must be a list")
        return
    for number, one in enumerate(given):
        if field.message_type is not None:
            _embed(into.add(), one, f"{path}[{number}]", faults)
            continue
        try:
            into.append(scalar(field, one))
        except (TypeError, ValueError) as error:
            faults.note(f"{path}[{number}]", str(error))


def _embed(inner: Any, given: object, path: str, faults: Faults) -> None:
    rule = _WRITTEN.get(inner.DESCRIPTOR.full_name)
    if rule is None:
        _fill(inner, given, path, faults)
        return
    try:
        inner.FromJsonString(given)
    except (ValueError, TypeError, AttributeError):
        faults.note(path, rule)


_WRITTEN: Final = {
    "google.protobuf.Timestamp": 'must be a time such as "2026-11-21T09:30:00Z"',
    "google.protobuf.Duration": 'must be a number of seconds such as "1.5s"',
}
"""Messages that are a string in JSON, and how it is written."""
