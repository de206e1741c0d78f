"""Reading a query string: by the short way what marshmallow makes of it, and marshmallow's faults where it has any."""

from typing import Any

import pytest

from service_catalog.documents.fields import StrictSchema
from service_catalog.documents.query_strings import read_query
from service_catalog.documents.schemas import queries
from service_catalog.domain.errors import InvalidParameters

SCHEMAS = [
    kind
    for kind in vars(queries).values()
    if isinstance(kind, type) and issubclass(kind, StrictSchema) and kind is not StrictSchema
]
APART = {"index", "at"}
"""Parameters that go with none of the others that say which."""


def examples(kind: type[StrictSchema]) -> list[tuple[str, Any]]:
    """Return the parameters of a schema with the examples that the contract gives for them."""
    return [
        (field.data_key or name, field.metadata["example"])
        for name, field in kind().fields.items()
        if name not in APART and not ("cursor" in name and kind in (queries.DiffQuery, queries.RevisionsQuery))
    ]


def texts(values: Any) -> list[str]:
    """Return the values of a parameter as a query string has them."""
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_query_with_every_example_is_read_as_marshmallow_reads_it(kind: type[StrictSchema]) -> None:
    given = {name: texts(value if isinstance(value, list) else [value]) for name, value in examples(kind)}
    pairs = [(name, value) for name, values in given.items() for value in values]
    plain = {name: values if name in ("tag", "online_for") else values[0] for name, values in given.items()}
    for _ in range(2):
        assert read_query(kind, pairs, 0) == kind().load(plain)


@pytest.mark.parametrize(
    ("pairs", "at_fault"),
    [
        ([("limit", "0"), ("online", "yes"), ("other", "1")], ["limit", "online", "other"]),
        ([("sort", "relevance")], ["sort"]),
        ([("limit", "1"), ("limit", "1")], ["limit"]),
    ],
)
def test_query_with_faults_is_refused_with_each_of_them_every_time(
    pairs: list[tuple[str, str]], at_fault: list[str]
) -> None:
    for _ in range(2):
        with pytest.raises(InvalidParameters) as refused:
            read_query(queries.ListQuery, pairs, 0)
        assert sorted(str(place.parameter) for place in refused.value.places) == at_fault
