"""No route without a policy, no operation without its documentation, no value without bounds."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from service_catalog.api.contract import API, current_contract
from service_catalog.app import POLICY, create_app
from service_catalog.cli.catalogue import contract_yaml
from service_catalog.domain.access import Permission
from tests.conftest import open_database

ROOT = Path(__file__).parents[2]
READING = {"GET", "HEAD", "OPTIONS"}
CHILDREN = ("items", "additionalProperties", "not")
"""Keywords of JSON Schema that hold one schema."""


def build_app() -> Flask:
    """Return the application over a database that is never opened."""
    return create_app(open_database("sqlite:///unused"))


CONTRACT: dict[str, Any] = current_contract(build_app())
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
    if method in {"get", "head", "post", "put", "patch", "delete"}
}


def test_the_policy_when_held_against_the_routes_names_each_once():
    assert {rule.endpoint for rule in build_app().url_map.iter_rules()} == set(POLICY)


def test_a_route_when_it_has_no_policy_is_refused():
    app = build_app()
    app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    response = app.test_client().get("/forgotten")
    assert response.status_code == 403
    assert "not-permitted" in response.text


def test_a_route_when_it_writes_needs_more_than_permission_to_read():
    writing = {rule.endpoint for rule in build_app().url_map.iter_rules() if (rule.methods or set()) - READING}
    assert not [endpoint for endpoint in writing if POLICY[endpoint] is Permission.READ_CATALOGUE]


def test_a_call_when_served_below_the_api_stands_in_the_contract():
    rules = [rule.rule for rule in build_app().url_map.iter_rules() if rule.rule.startswith(API)]
    served = {re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"{\1}", rule) for rule in rules}
    documented = set(CONTRACT["paths"])
    assert served - documented == {f"{API}/openapi.json"}


def test_an_operation_when_named_has_a_name_of_its_own():
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("call", OPERATIONS)
def test_an_operation_when_documented_says_everything(call: str):
    operation = OPERATIONS[call]
    missing = [part for part in ("operationId", "summary", "description", "tags") if not operation.get(part)]
    assert not missing
    assert "security" in operation


def test_a_call_and_a_group_when_named_are_named_in_both_languages():
    named = [operation["summary"] for operation in OPERATIONS.values()]
    named += [tag["description"] for tag in CONTRACT["tags"]]
    assert [words for words in named if not re.fullmatch(r"[^·]*[\u4e00-\u9fff][^·]* · [A-Z].+\.", words)] == []


def test_an_operation_when_tagged_uses_a_tag_that_is_described():
    described = {tag["name"] for tag in CONTRACT["tags"] if tag.get("description")}
    assert {tag for operation in OPERATIONS.values() for tag in operation["tags"]} <= described


def schemas(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a schema and every schema inside it, each with its place."""
    yield place, schema
    for keyword in CHILDREN:
        if isinstance(schema.get(keyword), dict):
            yield from schemas(schema[keyword], f"{place}/{keyword}")
    for name, inner in schema.get("properties", {}).items():
        yield from schemas(inner, f"{place}/{name}")
    for keyword in ("anyOf", "allOf", "oneOf"):
        for position, inner in enumerate(schema.get(keyword, ())):
            yield from schemas(inner, f"{place}/{keyword}/{position}")


def types_of(schema: dict[str, Any]) -> set[str]:
    """Return the types that a schema allows."""
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)


def lacks_bounds(schema: dict[str, Any]) -> bool:
    """Tell whether a value under this schema may be of any size."""
    if "enum" in schema or "const" in schema:
        return False
    types = types_of(schema)
    return (
        ("string" in types and "maxLength" not in schema)
        or (bool({"integer", "number"} & types) and not {"minimum", "maximum"} <= schema.keys())
        or ("array" in types and "maxItems" not in schema)
        or ("object" in types and not {"properties", "maxProperties"} & schema.keys())
    )


def parameters_of(path: str, operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parameters of an operation and of its path."""
    return [*CONTRACT["paths"][path].get("parameters", ()), *operation.get("parameters", ())]


def bodies_of(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each body that an operation takes or answers with, described by media type."""
    for kind, media in operation.get("requestBody", {}).get("content", {}).items():
        yield f"body {kind}", media
    for status, response in operation["responses"].items():
        for kind, media in response.get("content", {}).items():
            yield f"{status} {kind}", media


def documented_values() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield everything with a schema that the calls take or answer: parameters, bodies, headers."""
    for call, operation in OPERATIONS.items():
        for parameter in parameters_of(call.partition(" ")[2], operation):
            yield f"{call} {parameter['name']}", parameter
        for place, media in bodies_of(operation):
            yield f"{call} {place}", media
        for status, response in operation["responses"].items():
            for name, header in response.get("headers", {}).items():
                yield f"{call} {status} {name}", header


def documented_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of the contract: components, parameters, bodies, headers."""
    for name, schema in CONTRACT["components"]["schemas"].items():
        yield from schemas(schema, name)
    for place, described in documented_values():
        yield from schemas(described["schema"], place)


def test_a_value_when_documented_is_bounded():
    unbounded = [place for place, schema in documented_schemas() if lacks_bounds(schema)]
    assert not unbounded


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": ["string", "null"], "minLength": 1, "pattern": "^[a-z]*$"},
        {"type": "integer", "minimum": 0},
        {"type": "integer", "maximum": 9},
        {"type": "number", "minimum": 0},
        {"type": "array", "items": {"enum": ["a"]}},
        {"type": "object"},
    ],
)
def test_a_value_when_it_may_have_any_size_is_found(schema: dict[str, Any]):
    assert lacks_bounds(schema)
    nested = {"type": "object", "properties": {"member": {"type": "array", "maxItems": 1, "items": schema}}}
    assert [place for place, inner in schemas(nested, "x") if lacks_bounds(inner)] == ["x/member/items"]


def test_a_schema_when_documented_says_of_what_type_it_is():
    typed = {"type", "enum", "const", "$ref", "anyOf", "allOf", "oneOf"}
    assert not [place for place, schema in documented_schemas() if not typed & schema.keys()]


def examples_of(described: dict[str, Any]) -> list[Any]:
    """Return the examples of a parameter, body or header, which may stand in its schema."""
    shown = [example["value"] for example in described.get("examples", {}).values()]
    return shown + [part["example"] for part in (described, described["schema"]) if "example" in part]


@pytest.mark.parametrize("call", OPERATIONS)
def test_a_value_when_documented_has_an_example_that_its_schema_allows(call: str):
    for place, described in documented_values():
        if place.startswith(f"{call} "):
            shown = examples_of(described)
            is_binary = described["schema"].get("format") == "binary"  # no example of a workbook is readable
            assert shown or is_binary or place.endswith((" Link", " Retry-After")), place
            schema = Draft202012Validator({**described["schema"], "components": CONTRACT["components"]})
            for example in shown:
                schema.validate(example)


def test_the_committed_contract_when_written_anew_is_the_same():
    assert (ROOT / "openapi.yaml").read_text(encoding="utf-8") == contract_yaml(CONTRACT)
