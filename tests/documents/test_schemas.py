"""The shape of a service: what loads, and where each fault stands."""

from typing import Any

import marshmallow as ma
import pytest

from service_catalog.documents.faults import faults_in_body
from service_catalog.documents.schemas.division import DivisionSchema
from service_catalog.documents.schemas.service import ServiceContentSchema, ServiceSchema
from service_catalog.documents.seed import read_seed
from service_catalog.domain.service import SERVER_SET
from tests.domain.samples import ABSENT, CONTENTS, SEED, altered, complete, content, limit, service, text

CONTENT = content(fees=[{"amount": 100, "text": None}], codes={"GB/T-39554": "1"})
MEMBERS = sorted(ServiceContentSchema().fields)


def places(schema: ma.Schema, document: Any) -> list[str | None]:
    with pytest.raises(ma.ValidationError) as refused:
        schema.load(document)
    faults = faults_in_body(refused.value.messages)
    for fault in faults:
        assert fault.message.zh != fault.message.en
        assert fault.message.zh
        assert fault.message.en.isascii()
        assert fault.parameter is None
    return [fault.pointer for fault in faults]


@pytest.mark.parametrize("seeded", CONTENTS, ids=[seeded["code"] for seeded in CONTENTS])
def test_a_seeded_service_when_loaded_stays_as_it_is(seeded: dict[str, Any]):
    assert ServiceContentSchema().load(seeded) == seeded
    assert ServiceSchema().load({**complete(seeded)}) == complete(seeded)


def test_the_seeded_divisions_when_loaded_stay_as_they_are():
    for division in read_seed(SEED).divisions:
        assert DivisionSchema().load(division) == division


def test_the_content_schema_when_compared_with_the_full_one_lacks_what_the_catalogue_sets():
    assert set(ServiceSchema().fields) - set(MEMBERS) == set(SERVER_SET)
    assert set(MEMBERS) == set(content())


def test_the_small_service_when_loaded_stays_as_it_is():
    assert ServiceContentSchema().load(CONTENT) == CONTENT


UNKNOWN = [
    *("/colour", "/id", "/tags", "/name/fr", "/summary/ZH", "/online_channels/1/phone", "/time_limits/other"),
    *("/time_limits/promised/hours", "/legal_basis/0/url", "/materials/0/copies", "/materials/0/name/fr"),
    *(
        "/fees/0/currency",
        "/provenance/source",
        "/a~1b",
        "/a~0b",
        "/~01",
        "/ ",
        "/0",
        "/社",
        "/_schema",
        "/name/_schema",
    ),
]


@pytest.mark.parametrize("pointer", UNKNOWN)
def test_a_member_when_unknown_is_a_fault_at_its_place(pointer: str):
    assert places(ServiceContentSchema(), altered(CONTENT, pointer, "x")) == [pointer]


NESTED = [
    *("/name/zh", "/name/en", "/summary/zh", "/online_channels/0/audience", "/online_channels/1/url"),
    *("/online_channels/0/name", "/online_channels/0/depth", "/online_channels/0/authentication"),
    *("/time_limits/statutory", "/time_limits/promised", "/time_limits/promised/days", "/time_limits/statutory/unit"),
    *("/time_limits/promised/note", "/legal_basis/0/title", "/legal_basis/0/document_number", "/legal_basis/0/article"),
    *("/materials/0/name", "/materials/0/name/en", "/materials/0/required", "/materials/0/form", "/fees/0/amount"),
    *("/fees/0/text", "/provenance/basis", "/provenance/confidence", "/provenance/flags", "/provenance/note"),
]


@pytest.mark.parametrize("pointer", [*(f"/{member}" for member in MEMBERS), *NESTED])
def test_a_member_when_missing_is_a_fault_at_its_place(pointer: str):
    assert places(ServiceContentSchema(), altered(CONTENT, pointer, ABSENT)) == [pointer]


NEVER_NULL = [
    *("/audiences/0", "/online_channels/0", "/online_channels/0/audience", "/online_channels/0/platform"),
    *("/time_limits/promised/days", "/legal_basis/0", "/legal_basis/0/title", "/materials/0", "/materials/0/name"),
    *("/fees/0", "/life_events/0", "/provenance/basis", "/provenance/confidence", "/provenance/flags"),
]


@pytest.mark.parametrize("pointer", [*(f"/{member}" for member in MEMBERS), *NEVER_NULL])
def test_a_member_when_null_where_it_may_not_be_is_a_fault_at_its_place(pointer: str):
    assert places(ServiceContentSchema(), altered(CONTENT, pointer, None)) == [pointer]


@pytest.mark.parametrize("pointer", sorted(set(NESTED) - set(NEVER_NULL)))
def test_a_member_when_null_where_it_may_be_unknown_is_loaded(pointer: str):
    document = altered(CONTENT, pointer, None)
    assert ServiceContentSchema().load(document) == document


WRONG: list[tuple[str, Any]] = [
    ("/code", "card-application\n"),
    ("/code", "Card"),
    ("/code", "card--application"),
    ("/code", "a" * 101),
    ("/division", "430203\n"),
    ("/division", "４３０２０３"),
    ("/division", "4302"),
    ("/division", 430203),
    ("/name", "社会保障卡申领"),
    ("/name/en", ""),
    ("/name/zh", "x" * 2001),
    ("/summary/zh", "a\x00b"),
    ("/domain", "Employment"),
    ("/audiences", "individual"),
    ("/audiences", {"individual": True}),
    ("/audiences", ["individual", "individual"]),
    ("/audiences/1", "company"),
    ("/visits", 2),
    ("/visits", -1),
    ("/visits", True),
    ("/visits", "1"),
    ("/visits", 1.0),
    ("/single_window", "yes"),
    ("/single_window", 1),
    ("/online_channels/1/url", "https://example.org/\n"),
    ("/online_channels/1/url", "javascript:alert(1)"),
    ("/online_channels/1/url", "https://example.org/ x"),
    ("/online_channels/1/depth", "deep"),
    ("/online_channels/1", []),
    ("/time_limits", []),
    ("/time_limits/promised", 5),
    ("/time_limits/promised/days", 3651),
    ("/time_limits/promised/days", 1.5),
    ("/time_limits/promised/unit", "day"),
    ("/legal_basis", [{"title": "法", "document_number": None, "article": None}] * 31),
    ("/materials/0/required", "true"),
    ("/fees/0/amount", 0.5),
    ("/fees/0/amount", 10**20),
    ("/fees/0/amount", -1),
    ("/life_events", ["card", "card"]),
    ("/codes", []),
    ("/codes", {str(number): "1" for number in range(11)}),
    ("/codes/GB~1T-39554", ""),
    ("/codes/GB~1T-39554", None),
    ("/codes/GB~1T-39554", 1),
    ("/codes/a b", "1"),
    ("/codes/a\n", "1"),
    ("/status", "deleted"),
]


@pytest.mark.parametrize(("pointer", "value"), WRONG, ids=lambda value: ascii(value)[:30])
def test_a_member_when_of_a_wrong_value_is_a_fault_at_its_place(pointer: str, value: Any):
    assert places(ServiceContentSchema(), altered(CONTENT, pointer, value)) == [pointer]


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/id", "430203-card-application\n"),
        ("/id", "card-application"),
        ("/updated_at", "2026-11-24T08:00:00Z\n"),
        ("/updated_at", "2026-11-24"),
        ("/updated_at", "2026-11-24T08:00:00+08:00"),
        ("/version", 0),
        ("/revision", 2**31),
        ("/schema", 2),
        ("/tags/0", "two-visits"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_server_set_member_when_of_a_wrong_value_is_a_fault_at_its_place(pointer: str, value: Any):
    assert places(ServiceSchema(), altered(service(), pointer, value)) == [pointer]


@pytest.mark.parametrize("document", [None, [], [{}], "service", 1, True], ids=repr)
def test_a_document_when_no_object_is_a_fault_of_the_whole(document: Any):
    assert places(ServiceContentSchema(), document) == [""]


def test_faults_when_there_are_several_are_all_told():
    document = CONTENT | {"visits": 2, "summary": text("", None), "time_limits": {"statutory": None, "promised": {}}}
    assert sorted(filter(None, places(ServiceContentSchema(), document))) == [
        "/summary/zh",
        "/time_limits/promised/days",
        "/time_limits/promised/note",
        "/time_limits/promised/unit",
        "/visits",
    ]


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/division", "430203002"),
        ("/division", "430203002001"),
        ("/code", "a" * 100),
        ("/name/zh", "社" * 2000),
        ("/time_limits/promised", limit(3650, None)),
        ("/time_limits/promised", limit(0, "calendar-day")),
        ("/fees/0/amount", 10**12),
        ("/fees/0/amount", 0),
        ("/audiences", []),
        ("/legal_basis", [{"title": "法", "document_number": None, "article": None}] * 30),
        ("/status", "retired"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_a_member_when_at_the_edge_of_its_bounds_is_loaded(pointer: str, value: Any):
    document = altered(CONTENT, pointer, value)
    assert ServiceContentSchema().load(document) == document
