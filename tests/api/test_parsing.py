"""What the parser remembers between requests: the same selection for the same question, changed by nobody."""

from collections.abc import Mapping

import pytest
from flask import Flask, request

from service_catalog.api.parsing import PARSER
from service_catalog.documents.fields import StrictSchema
from service_catalog.documents.schemas import queries

QUERIES = [kind for kind in vars(queries).values() if isinstance(kind, type) and issubclass(kind, StrictSchema)]


@pytest.mark.parametrize("schema", [kind for kind in QUERIES if kind is not StrictSchema])
def test_selection_when_asked_for_again_is_the_same_and_cannot_be_changed(schema: type[StrictSchema]) -> None:
    fields = schema().fields
    asked = "&".join(f"{name}=0" for name in ("since", "index", "q") if name in fields) or (
        "from=0" if "old" in fields else ""
    )
    with Flask(__name__).test_request_context(f"/?{asked}"):
        first = PARSER.parse(schema, request, location="query")
        assert PARSER.parse(schema, request, location="query") is first
    hash(tuple(first.values()) if isinstance(first, Mapping) else first)  # nor does it hold a list
    with pytest.raises((TypeError, AttributeError)):
        first["revision"] = 2
    with pytest.raises((TypeError, AttributeError)):
        first.limit = 2
