"""The document, put together."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fillwire.v1 import account_service_pb2, market_service_pb2, order_service_pb2
from fillwire_bridge.rest.refusals import BY_REASON, HTTP
from fillwire_bridge.rest.table import TABLE
from tools.openapi.comments import comments
from tools.openapi.operations import Operations
from tools.openapi.schemas import Schema, Schemas

__all__ = ["document"]

_ABOUT: Final = """\
Submit token-swap orders, watch them, ask what became of them: the contract `fillwire.v1` as JSON over HTTP.

Messages are ProtoJSON: names in camelCase, 64-bit integers and amounts as strings, what has its default value is absent. \
Requests are read strictly: a field or parameter that is not known is refused by name. \
Parameters may be spelt in camelCase too, what is repeated comes again and again, and a value of an enum may leave out its prefix.

Streams are Server-Sent Events. Each `data` is one frame, `id` is where to resume: `Last-Event-ID` brings what came after it. \
Heartbeats are comments. The event `end` is the last one: with `"code":"OK"` nothing follows, with any other come back. \
`Accept: application/x-ndjson` gives a line of JSON for each frame instead."""

_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "status"],
            "properties": {
                "code": {"type": "integer", "description": "The HTTP status."},
                "status": {"type": "string", "enum": sorted(HTTP), "description": "The code of gRPC."},
                "message": {"type": "string", "description": "For people."},
                "details": {
                    "type": "array",
                    "description": "As google/rpc/error_details.proto has them; each begins with an ErrorInfo, whose "
                    "`reason` is for programs. BadRequest names every bad field.",
                    "items": {"type": "object", "required": ["@type"], "properties": {"@type": {"type": "string"}}},
                },
            },
        }
    },
}


def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    said = comments()
    schemas = Schemas(said)
    operations = Operations(schemas, said)
    paths: dict[str, dict[str, Any]] = {}
    for row in TABLE:
        paths.setdefault(row.path, {})[row.verb.lower()] = operations.operation(row)
    _close(paths, schemas.components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "fillwire", "version": "v1", "description": _ABOUT, "license": _LICENCE},
        "servers": [{"url": "/", "description": "The bridge that serves this document"}],
        "security": [{"key": []}, {}],
        "tags": _tags(said),
        "paths": paths,
        "components": {
            "securitySchemes": {"key": _KEY},
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "responses": {"Refused": _refused(), "Failed": _failed()},
            "schemas": {"Error": _ERROR, **dict(sorted(schemas.components.items()))},
        },
    }


def _close(paths: Mapping[str, Mapping[str, Any]], components: Mapping[str, Schema]) -> None:
    """Says of all that a body holds that it has no other fields; an answer may have new ones some day."""
    bodies = [one["requestBody"] for path in paths.values() for one in path.values() if "requestBody" in one]
    schemas = [body["content"]["application/json"]["schema"] for body in bodies]
    while schemas:
        schema = schemas.pop()
        if "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
            schemas += [components[name] for name in _referred(schema)]


def _referred(schema: Schema) -> Iterator[str]:
    for one in schema["properties"].values():
        if reference := one.get("$ref") or one.get("items", {}).get("$ref"):
            yield reference.rpartition("/")[2]


_LICENCE: Final = {"name": "Apache-2.0", "identifier": "Apache-2.0"}

_KEY: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, `fw_...`. An engine on one machine without keys asks for none.",
}

_PARAMETERS: Final = {
    "Request-Timeout": {
        "name": "Request-Timeout",
        "in": "header",
        "description": "Seconds that the answer may take, or the stream may last.",
        "schema": {"type": "number", "exclusiveMinimum": 0, "maximum": 300},
    }
}

_COUNT: Final = {"type": "integer"}
_HEADERS: Final = {
    "Location": {"description": "Where it is.", "schema": {"type": "string"}},
    "ETag": {"description": "The order's last_seq in quotes, for If-Match.", "schema": {"type": "string"}},
    "Link": {"description": 'The next page, rel="next"; absent: this is the last one.', "schema": {"type": "string"}},
    "X-RateLimit-Limit": {"description": "Orders a minute of the account, where it has a limit.", "schema": _COUNT},
    "X-RateLimit-Remaining": {"description": "How many of them are left.", "schema": _COUNT},
    "X-RateLimit-Reset": {"description": "Seconds until there are more.", "schema": _COUNT},
    "Retry-After": {"description": "Seconds after which to ask again.", "schema": _COUNT},
    "WWW-Authenticate": {"description": "With 401.", "schema": {"type": "string"}},
}


def _refused() -> dict[str, Any]:
    told = ", ".join(f"{status} {name}" for name, status in HTTP.items() if status < 500)
    closer = ", ".join(f"{status} {reason}" for reason, status in BY_REASON.items())
    return _error(f"Not done. By code: {told}; by reason: {closer}.", "Retry-After", "WWW-Authenticate")


def _failed() -> dict[str, Any]:
    told = ", ".join(f"{status} {name}" for name, status in HTTP.items() if status >= 500)
    text = f"{told}. UNAVAILABLE and DEADLINE_EXCEEDED mean that the outcome is unknown: ask again with the same request id."
    return _error(text, "Retry-After")


def _error(text: str, *headers: str) -> dict[str, Any]:
    return {
        "description": text,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }


def _tags(said: Any) -> list[dict[str, str]]:
    files = (order_service_pb2, market_service_pb2, account_service_pb2)
    services = [service for file in files for service in file.DESCRIPTOR.services_by_name.values()]
    return [{"name": service.name, "description": said[service.full_name]} for service in services]
