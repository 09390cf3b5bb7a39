"""What can be done at a path: one operation for each row of the bridge's table."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from fillwire_bridge.rest.queries import parameters
from fillwire_bridge.rest.table import Row
from tools.openapi.examples import BODIES, PARAMETERS
from tools.openapi.schemas import Schema, Schemas

__all__ = ["Operations"]

_HEADERS: Final[Mapping[str, Schema]] = {
    "Idempotency-Key": {
        "description": "The request_id, where the body has none: a UUID, unique for ever within the account.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "If-Match": {
        "description": "The order's last_seq, as its ETag says it: 412 where that is another by now.",
        "schema": {"type": "string"},
        "example": '"2"',
    },
    "Last-Event-ID": {
        "description": "The last `id` that was received; an EventSource sends it by itself. It overrules the query.",
        "schema": {"type": "string"},
    },
}

_ANSWERED: Final[Mapping[str, tuple[str, ...]]] = {
    "submitOrder": ("Location", "ETag", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
    "getOrder": ("ETag",),
    "lookupOrder": ("ETag",),
    "replaceOrder": ("ETag",),
    "listOrders": ("Link",),
    "createWebhook": ("Location",),
}
"""Headers of an answer, by operation."""

_SUCCESS: Final = {
    200: "OK.",
    201: "Created.",
    204: "Done; nothing is to be said.",
}


class Operations:
    """Makes operations."""

    def __init__(self, schemas: Schemas, comments: Mapping[str, str]) -> None:
        self._schemas = schemas
        self._comments = comments

    def operation(self, row: Row) -> Schema:
        service, method = row.method.name.split("/")
        summary, _, more = self._comments[f"fillwire.v1.{service}.{method}"].partition("\n\n")
        made: Schema = {"operationId": row.operation, "tags": [service], "summary": summary}
        if more:
            made["description"] = more
        made["parameters"] = [*self._in_path(row), *self._in_query(row), *_in_headers(row), _TIMEOUT]
        if row.has_body:
            made["requestBody"] = self._body(row)
        made["responses"] = {**self._successes(row), **_ERRORS}
        return made

    def _in_path(self, row: Row) -> Iterator[Schema]:
        fields = row.method.request.DESCRIPTOR.fields_by_name
        for name in _names(row):
            description = self._schemas.comment(fields[name])
            yield {"name": name, "in": "path", "required": True, "description": description, "schema": _TEXT}

    def _in_query(self, row: Row) -> Iterator[Schema]:
        for one in parameters(row):
            schema = self._schemas.field(one.field)
            made = {"name": one.name, "in": "query", "description": schema.pop("description"), "schema": schema}
            if self._schemas.is_required(one.field):
                made["required"] = True
            if one.name in row.defaults:
                schema["default"] = row.defaults[one.name]
                made["description"] += f" Here, absent: {row.defaults[one.name]}."
            if (example := PARAMETERS.get(row.operation, {}).get(one.name)) is not None:
                made["example"] = example
            yield made

    def _body(self, row: Row) -> Schema:
        schema = self._schemas.message(row.method.request.DESCRIPTOR, _names(row))
        content: Schema = {"schema": schema}
        if examples := BODIES.get(row.operation):
            content["examples"] = examples
        return {"required": "required" in schema, "content": {"application/json": content}}

    def _successes(self, row: Row) -> dict[str, Schema]:
        return {str(status): self._success(row, status) for status in sorted(row.success)}

    def _success(self, row: Row, status: int) -> Schema:
        made: Schema = {"description": _SUCCESS[status]}
        if row.method.streams:
            made["description"] = "Frames as they come." if status == 200 else "The order has ended, and all is told."
        if headers := _ANSWERED.get(row.operation):
            made["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
        if status != 204:
            made["content"] = self._content(row)
        return made

    def _content(self, row: Row) -> Schema:
        answer = self._schemas.refer(row.method.response.DESCRIPTOR)
        if not row.method.streams:
            return {"application/json": {"schema": answer}}
        name = answer["$ref"].rpartition("/")[2]
        events = {"type": "string", "description": f"Server-Sent Events; each `data` is a {name} on one line."}
        return {"text/event-stream": {"schema": events}, "application/x-ndjson": {"schema": answer}}


_TEXT: Final = {"type": "string"}
_TIMEOUT: Final = {"$ref": "#/components/parameters/Request-Timeout"}
_ERRORS: Final = {
    "4XX": {"$ref": "#/components/responses/Refused"},
    "5XX": {"$ref": "#/components/responses/Failed"},
}


def _names(row: Row) -> list[str]:
    """The fields that the path gives."""
    return re.findall(r"{(\w+)}", row.path)


def _in_headers(row: Row) -> Iterator[Schema]:
    for name in row.headers:
        yield {"name": name, "in": "header", **_HEADERS[name]}
