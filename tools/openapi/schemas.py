"""The messages and enums of the contract as JSON Schema (2020-12), as ProtoJSON writes them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor

__all__ = ["Schema", "Schemas"]

Schema = dict[str, Any]

_PACKAGE: Final = "fillwire.v1."
_REQUIRED: Final = "REQUIRED. "

_WRITTEN: Final[Mapping[str, Schema]] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?s$"},
}
"""Messages that are a string in JSON."""

_BY_TYPE: Final[Mapping[int, Schema]] = {
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_INT32: {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    FieldDescriptor.TYPE_UINT32: {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
    FieldDescriptor.TYPE_INT64: {"type": "string", "format": "int64", "pattern": r"^-?[0-9]{1,19}$"},
    FieldDescriptor.TYPE_DOUBLE: {"type": "number"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
}


class Schemas:
    """Makes schemas, and remembers each message and enum that one refers to."""

    def __init__(self, comments: Mapping[str, str]) -> None:
        self._comments = comments
        self.components: dict[str, Schema] = {}

    def refer(self, of: Any) -> Schema:
        """A reference to a message or an enum."""
        name = of.full_name.removeprefix(_PACKAGE)
        if name not in self.components:
            self.components[name] = {}  # so that one that holds itself ends
            self.components[name] = self._enum(of) if hasattr(of, "values") else self.message(of)
        return {"$ref": f"#/components/schemas/{name}"}

    def message(self, of: Any, without: Collection[str] = ()) -> Schema:
        """A message; `without` are fields that are said elsewhere."""
        fields = [field for field in of.fields if field.name not in without]
        schema: Schema = {
            "type": "object",
            "description": self.comment(of),
            "properties": {field.json_name: self.field(field) for field in fields},
        }
        if required := [field.json_name for field in fields if self.is_required(field)]:
            schema["required"] = required
        if choices := [self._choice(one) for one in of.oneofs if len(one.fields) > 1]:
            schema["allOf"] = choices
        return schema

    def field(self, field: Any) -> Schema:
        """A field, with its description."""
        one = self._one(field)
        whole = {"type": "array", "items": one} if field.is_repeated else one
        return {**whole, "description": self.comment(field)}

    def is_required(self, field: Any) -> bool:
        """Whether the contract says so."""
        return self._comments[field.full_name].startswith(_REQUIRED)

    def comment(self, of: Any) -> str:
        """What the contract says of it."""
        return self._comments[of.full_name].removeprefix(_REQUIRED)

    def _one(self, field: Any) -> Schema:
        if field.enum_type is not None:
            return self.refer(field.enum_type)
        if field.message_type is None:
            return dict(_BY_TYPE[field.type])
        written = _WRITTEN.get(field.message_type.full_name)
        return dict(written) if written else self.refer(field.message_type)

    def _enum(self, of: Any) -> Schema:
        told = "\n".join(f"- `{value.name}`: {self._comments[_named(of, value)]}" for value in of.values)
        return {
            "type": "string",
            "enum": [value.name for value in of.values],
            "description": f"{self.comment(of)}\n\n{told}",
        }

    def _choice(self, oneof: Any) -> Schema:
        """One of the fields, or none where none must be."""
        names = [field.json_name for field in oneof.fields]
        alone: list[Schema] = [{"required": [name]} for name in names]
        if not self._comments[oneof.full_name].startswith(_REQUIRED):
            alone.append({"not": {"anyOf": _each(names)}})
        return {"oneOf": alone}


def _each(names: Iterable[str]) -> list[Schema]:
    return [{"required": [name]} for name in names]


def _named(enum: Any, value: Any) -> str:
    """As comments name it: within its enum."""
    return f"{enum.full_name}.{value.name}"
