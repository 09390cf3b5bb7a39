"""The OpenAPI document: right, in step with the contract and the table, and the same whenever it is made."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has none
from openapi_spec_validator import validate

import fillwire_bridge.rest
from fillwire_bridge.rest.table import TABLE
from tools.openapi.comments import comments
from tools.openapi.document import document
from tools.openapi.examples import BODIES, PARAMETERS

SERVED = Path(fillwire_bridge.rest.__file__).with_name("openapi.json")
DOCUMENT: dict[str, Any] = json.loads(SERVED.read_text())
OPERATIONS = {one["operationId"]: one for path in DOCUMENT["paths"].values() for one in path.values()}


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def test_it_is_openapi() -> None:
    validate(DOCUMENT)


def test_what_is_served_is_what_the_contract_and_the_table_say() -> None:
    assert document() == DOCUMENT


def test_it_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    made = tmp_path / "openapi.json"
    subprocess.run([sys.executable, "-m", "tools.openapi", str(made)], check=True, timeout=60)
    assert made.read_bytes() == SERVED.read_bytes()


def test_it_has_every_route_and_no_other() -> None:
    described = {(verb.upper(), path) for path, verbs in DOCUMENT["paths"].items() for verb in verbs}
    assert described == {(row.verb, row.path) for row in TABLE}


def test_everything_is_described() -> None:
    for operation in OPERATIONS.values():
        assert operation["summary"]
        assert all(one.get("description") or "$ref" in one for one in operation["parameters"])
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert name == "Error" or schema["description"]
        assert all(one.get("description") for one in schema.get("properties", {}).values()) or name == "Error"


@pytest.mark.parametrize(("operation", "name"), [(one, name) for one, named in BODIES.items() for name in named])
def test_an_example_of_a_body_fits_its_schema(operation: str, name: str) -> None:
    content = OPERATIONS[operation]["requestBody"]["content"]["application/json"]
    validator(content["schema"]).validate(content["examples"][name]["value"])


def test_every_body_that_is_needed_has_an_example() -> None:
    assert {name for name, one in OPERATIONS.items() if one.get("requestBody", {}).get("required")} <= set(BODIES)


@pytest.mark.parametrize(("operation", "name"), [(one, name) for one, named in PARAMETERS.items() for name in named])
def test_an_example_of_a_parameter_fits_its_schema(operation: str, name: str) -> None:
    (parameter,) = [one for one in OPERATIONS[operation]["parameters"] if one.get("name") == name]
    validator(parameter["schema"]).validate(parameter["example"])


@pytest.mark.parametrize(
    "changes",
    [
        {"tokenIn": 5},
        {"amountOut": "1"},
        {"banana": 1},
        {"market": {}, "limit": {"limitPrice": "1"}},
        {"slippageBps": -1},
        {"timeInForce": "BANANA"},
        {"limit": {}},
        {"routing": {"banana": 1}},
    ],
    ids=str,
)
def test_a_spec_that_the_bridge_would_refuse_fits_no_schema(changes: dict[str, Any]) -> None:
    schema = OPERATIONS["submitOrder"]["requestBody"]["content"]["application/json"]["schema"]
    right = BODIES["submitOrder"]["market"]["value"]
    assert validator(schema).is_valid(right)
    assert not validator(schema).is_valid({**right, "spec": {**right["spec"], **changes}})


def test_a_field_that_must_be_given_is_required() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["OrderSpec"]["required"] == ["tokenIn", "tokenOut"]
    assert schemas["TwapOrder"]["required"] == ["slices", "interval"]
    required = {one["name"] for one in OPERATIONS["getQuote"]["parameters"] if one.get("required")}
    assert required == {"token_in", "token_out"}


def test_comments_keep_their_paragraphs_and_lose_their_lines() -> None:
    said = comments()
    assert said["fillwire.v1.Order.order_id"] == "The engine's id of the order, a UUID."
    first, second = said["fillwire.v1.OrderService.GetOrder"], said["fillwire.v1.OrderService.SubmitOrder"]
    assert first == "Gives an order as it is now."
    assert second.split("\n\n")[0] == "Stores an order durably, answers, and has it executed, watched or not."
    assert said["fillwire.v1.SniperOrder.Trigger.TRIGGER_POOL_CREATED"] == "A new pool of the pair."


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_every_schema_is_used() -> None:
    named = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert named == {one for one in references(DOCUMENT) if "/schemas/" in one}
