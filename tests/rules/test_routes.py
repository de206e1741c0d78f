"""No route without a policy, no operation without its documentation, no value without bounds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from service_catalog.api.auth import POLICY
from service_catalog.api.contract import API, current_contract
from service_catalog.app import create_app
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
    assert response.get_json()["code"] == "not-permitted"


def test_a_route_when_it_writes_needs_more_than_permission_to_read():
    writing = {rule.endpoint for rule in build_app().url_map.iter_rules() if (rule.methods or set()) - READING}
    assert not [endpoint for endpoint in writing if POLICY[endpoint] is Permission.READ_CATALOGUE]


def test_a_call_when_served_below_the_api_stands_in_the_contract():
    served = {rule.rule for rule in build_app().url_map.iter_rules() if rule.rule.startswith(API)}
    documented = {path.replace("{", "<").replace("}", ">") for path in CONTRACT["paths"]}
    assert served - documented == {f"{API}/openapi.json"}


def test_an_operation_when_named_has_a_name_of_its_own():
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("call", OPERATIONS)
def test_an_operation_when_documented_says_everything(call: str):
    operation = OPERATIONS[call]
    missing = [
        part for part in ("operationId", "summary", "description", "tags", "security") if not operation.get(part)
    ]
    assert not missing
    answered = {str(status): response for status, response in operation["responses"].items()}
    (shown,) = answered["200"]["content"].values()
    assert "example" in shown


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
        ("string" in types and not {"maxLength", "pattern"} & schema.keys())
        or (bool({"integer", "number"} & types) and not {"minimum", "maximum"} <= schema.keys())
        or ("array" in types and "maxItems" not in schema)
        or ("object" in types and not {"properties", "maxProperties"} & schema.keys())
    )


def documented_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of the contract: components, parameters, headers."""
    for name, schema in CONTRACT["components"]["schemas"].items():
        yield from schemas(schema, name)
    for path, item in CONTRACT["paths"].items():
        for parameter in item.get("parameters", ()):
            yield from schemas(parameter["schema"], f"{path} {parameter['name']}")
    for call, operation in OPERATIONS.items():
        for parameter in operation.get("parameters", ()):
            yield from schemas(parameter["schema"], f"{call} {parameter['name']}")
        for status, response in operation["responses"].items():
            for name, header in response.get("headers", {}).items():
                yield from schemas(header["schema"], f"{call} {status} {name}")


def test_a_value_when_documented_is_bounded():
    unbounded = [place for place, schema in documented_schemas() if lacks_bounds(schema)]
    assert not unbounded


def test_a_schema_when_documented_says_of_what_type_it_is():
    typed = {"type", "enum", "const", "$ref", "anyOf", "allOf", "oneOf"}
    assert not [place for place, schema in documented_schemas() if not typed & schema.keys()]


def test_the_committed_contract_when_written_anew_is_the_same():
    assert (ROOT / "openapi.yaml").read_text(encoding="utf-8") == contract_yaml(CONTRACT)
