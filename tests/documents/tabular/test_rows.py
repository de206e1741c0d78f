"""Files of services as a whole: what is written is what is read, and every fault has its row and column."""

import io
import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service_catalog.documents.canonical import canonical
from service_catalog.documents.schemas.service import ServiceContentSchema
from service_catalog.documents.tabular.formats import ImportFormat, format_of_file, format_of_media_type, format_of_name
from service_catalog.documents.tabular.rows import check_row, read_rows
from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.service import SERVER_SET
from service_catalog.domain.vocabulary import (
    Audience,
    Authentication,
    Basis,
    Code,
    Confidence,
    DayUnit,
    Depth,
    Domain,
    FlagOrigin,
    Handling,
    LifeEvent,
    MaterialForm,
    MatterType,
    Platform,
    Status,
)
from tests.documents.tabular.files import (
    CSV,
    JSON,
    JSONL,
    XLSX,
    csv_file,
    documents_of,
    exported,
    file_of,
    places_of,
    table,
    workbook,
)
from tests.domain.samples import CONTENTS, channel, complete, content, service

SEEDED = [complete(content) for content in CONTENTS]
TABLES = {CSV: csv_file, XLSX: workbook}


@pytest.mark.parametrize("file_format", ImportFormat)
def test_the_seed_when_written_and_read_is_the_same_byte_for_byte(file_format: ImportFormat):
    documents = documents_of(file_of(file_format, SEEDED), file_format)
    assert [canonical(document) for document in documents] == [canonical(document) for document in SEEDED]


def one_of(vocabulary: type[Code]) -> st.SearchStrategy[str]:
    return st.sampled_from([code.value for code in vocabulary])


def nullable(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


WORDS = st.text(
    st.sampled_from("'\"=+-@＝＋－＠;,，；、\t\r\n aZ0社") | st.characters(codec="utf-8", exclude_categories=("Cc",)),
    min_size=1,
    max_size=8,
)
TEXT = st.fixed_dictionaries({"zh": nullable(WORDS), "en": nullable(WORDS)})
LIMIT = st.fixed_dictionaries({"days": st.integers(0, 3650), "unit": nullable(one_of(DayUnit)), "note": nullable(TEXT)})
CONTENT = st.fixed_dictionaries(
    {
        "division": st.just("430203"),
        "code": st.just("card"),
        "name": TEXT,
        "summary": TEXT,
        "domain": one_of(Domain),
        "audiences": st.lists(one_of(Audience), unique=True),
        "visits": st.integers(0, 1),
        "single_window": st.booleans(),
        "online_channels": st.lists(
            st.fixed_dictionaries(
                {
                    "audience": one_of(Audience),
                    "platform": one_of(Platform),
                    "name": nullable(TEXT),
                    "url": st.none(),
                    "depth": nullable(one_of(Depth)),
                    "authentication": nullable(one_of(Authentication)),
                }
            ),
            max_size=2,
        ),
        "matter_type": one_of(MatterType),
        "handling": one_of(Handling),
        "time_limits": st.fixed_dictionaries({"statutory": nullable(LIMIT), "promised": nullable(LIMIT)}),
        "legal_basis": st.lists(
            st.fixed_dictionaries({"title": WORDS, "document_number": nullable(WORDS), "article": nullable(WORDS)}),
            max_size=2,
        ),
        "materials": st.lists(
            st.fixed_dictionaries(
                {
                    "name": st.fixed_dictionaries({"zh": WORDS, "en": nullable(WORDS)}),
                    "required": nullable(st.booleans()),
                    "form": nullable(one_of(MaterialForm)),
                }
            ),
            max_size=2,
        ),
        "fees": st.lists(
            st.fixed_dictionaries({"amount": nullable(st.integers(0, 10**12)), "text": nullable(TEXT)}), max_size=2
        ),
        "life_events": st.lists(one_of(LifeEvent), unique=True),
        "codes": st.dictionaries(st.sampled_from(["GB/T-39554", "a.b", "x"]), WORDS, max_size=2),
        "provenance": st.fixed_dictionaries(
            {
                "basis": one_of(Basis),
                "confidence": one_of(Confidence),
                "flags": one_of(FlagOrigin),
                "note": nullable(TEXT),
            }
        ),
        "status": one_of(Status),
    }
)
"""Every content that the schema takes, with texts that look like formulas, separators and quotes."""


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(contents=st.lists(CONTENT, min_size=1, max_size=2))
def test_any_service_when_written_as_csv_and_read_is_the_same_byte_for_byte(contents: list[dict[str, Any]]):
    documents = [complete(ServiceContentSchema().load(content)) for content in contents]
    rows = exported(documents)
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@＝＋－＠\t\r\n") and cell]
    read = documents_of(csv_file(rows), CSV)
    assert [canonical(document) for document in read] == [canonical(document) for document in documents]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-", "'-"),
        ("@a", "'@a"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("＝1", "'＝1"),
        ("'", "''"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("a=1", "a=1"),
    ],
)
def test_a_text_when_a_program_could_take_it_for_a_formula_has_an_apostrophe_before_it(text: str, cell: str):
    document = service(name={"zh": text, "en": None})
    header, row = exported([document])
    assert row[header.index("name.zh")] == cell
    for file_format, made in TABLES.items():
        assert documents_of(made([header, row]), file_format) == [document]


@pytest.mark.parametrize(
    ("name", "file_format"),
    [
        ("a.json", JSON),
        ("a.JSONL", JSONL),
        ("a.ndjson", JSONL),
        ("事项.csv", CSV),
        ("a.b.xlsx", XLSX),
        ("a.xls", None),
        ("csv", None),
        ("", None),
        ("a.csv.gz", None),
    ],
)
def test_a_format_when_told_from_a_name_is_that_of_its_ending(name: str, file_format: ImportFormat | None):
    assert format_of_name(name) is file_format


@pytest.mark.parametrize(
    ("content_type", "file_format"),
    [(one.media_type, one) for one in ImportFormat]
    + [("text/CSV; charset=utf-8", CSV), ("application/x-ndjson", JSONL), ("text/plain", None), ("", None)],
)
def test_a_format_when_told_from_a_content_type_needs_no_parameters(
    content_type: str, file_format: ImportFormat | None
):
    assert format_of_media_type(content_type) is file_format


@pytest.mark.parametrize(
    ("name", "beginning", "file_format"),
    [
        ("事项.csv", b"PK\x03\x04", XLSX),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1", XLSX),
        ("a.jsonl", b"[", JSONL),
        ("a", b'\xef\xbb\xbf [{"id": 1}]', JSON),
        ("a", b'{\n  "services": []\n}', JSON),
        ("a", b'{"id": 1}\r\n{"id": 2}\r\n', JSONL),
        ("a.txt", "区划,编码".encode("gb18030"), CSV),
    ],
)
def test_a_format_when_told_from_a_file_is_that_of_its_beginning_or_its_name(
    name: str, beginning: bytes, file_format: ImportFormat
):
    assert format_of_file(name, beginning) is file_format


def numbered_table(**changes: Any) -> list[list[Any]]:
    """Return a table whose lists of objects stand in numbered columns."""
    (header, row) = table({})
    cells = dict(zip(header, row, strict=True))
    for whole in ("online_channels", "legal_basis", "materials", "fees", "codes"):
        del cells[whole]
    parts: dict[str, Any] = {"codes.GB/T-39554": "1"}
    for number, audience in ((1, "个人"), (2, "Enterprise (any employer)")):
        start = f"online_channels.{number}"
        parts |= {f"{start}.audience": audience, f"{start}.platform": "网站", f"{start}.name.zh": ""}
        parts |= {f"{start}.name.en": "", f"{start}.url": "https://example.org/", f"{start}.depth": "网上办结 Complete"}
        parts |= {f"{start}.authentication": ""}
    parts |= {"legal_basis.1.title": "社会保险法", "legal_basis.1.document_number": "", "legal_basis.1.article": ""}
    for number, zh in ((1, ""), (2, "身份证"), (3, "照片")):
        start = f"materials.{number}"
        parts |= {f"{start}.name.zh": zh, f"{start}.name.en": "", f"{start}.required": "是" if zh else ""}
        parts |= {f"{start}.form": ""}
    parts |= {"fees.1.amount": "", "fees.1.text.zh": "", "fees.1.text.en": ""}
    cells |= parts | changes
    return [list(cells), list(cells.values())]


@pytest.mark.parametrize("file_format", TABLES)
def test_lists_when_in_numbered_columns_hold_the_items_that_are_filled(file_format: ImportFormat):
    (document,) = documents_of(TABLES[file_format](numbered_table()), file_format)
    name = {"zh": "身份证", "en": None}
    assert document["materials"] == [
        {"name": name, "required": True, "form": None},
        {"name": {"zh": "照片", "en": None}, "required": True, "form": None},
    ]
    assert document["online_channels"] == [channel("individual"), channel("enterprise")]
    assert (document["fees"], document["codes"]) == ([], {"GB/T-39554": "1"})


def test_a_fault_when_in_a_numbered_item_names_its_own_column_though_an_earlier_item_is_empty():
    (place,) = places_of(csv_file(numbered_table(**{"materials.3.name.zh": "x" * 2001})), CSV)
    assert (place.row, place.column, place.pointer) == (2, "materials.3.name.zh", None)
    assert "申请材料3·名称（中文）" in place.message.zh
    assert "Material 3, name (Chinese)" in place.message.en


def test_a_numbered_item_when_its_name_is_empty_is_a_fault_in_the_column_of_the_name():
    (place,) = places_of(csv_file(numbered_table(**{"materials.1.required": "否"})), CSV)
    assert place.column == "materials.1.name.zh"


LABELS = ["事项 service"] * len(table({})[0])


@pytest.mark.parametrize("file_format", TABLES)
def test_labels_when_before_the_names_are_left_out(file_format: ImportFormat):
    header, row = table({})
    (row_read,) = read_rows(TABLES[file_format]([LABELS, header, [], row]), file_format)
    assert row_read.number == 4
    assert isinstance(check_row(row_read), tuple)


def test_labels_when_after_the_names_are_left_out_and_only_there():
    header, row = table({})
    labels = ["", "行政区划代码 Division code", "事项简码 Service code"] + [""] * (len(header) - 3)
    assert [row.number for row in read_rows(csv_file([header, labels, row]), CSV)] == [3]
    assert [row.number for row in read_rows(csv_file([header, row, labels]), CSV)] == [2, 3]


CELLS: list[tuple[str, Any, str]] = [
    ("visits", "1.5", "whole number"),
    ("visits", "１", "whole number"),
    ("visits", "1_0", "whole number"),
    ("visits", "99999999999999999", "whole number"),
    ("visits", "2", "must be 0 to 1"),
    ("visits", "", "may not be null"),
    ("single_window", "yes", "true or false"),
    ("single_window", "1", "true or false"),
    ("single_window", "", "may not be null"),
    ("domain", "Employment", "must be one of employment"),
    ("domain", "", "may not be null"),
    ("audiences", "individual|enterprise", "must be one of individual"),
    ("audiences", "individual;;enterprise", "must be one of individual"),
    ("audiences", "individual;个人", "twice"),
    ("division", "4302", "must match"),
    ("division", "430203 ", "must match"),
    ("code", "Card", "must match"),
    ("name.zh", "a\x07b", "control character"),
    ("summary.en", "x" * 2001, "2000"),
    ("materials", "[", "not strict JSON"),
    ("materials", '[{"a":1,"a":2}]', "not strict JSON"),
    ("materials", "[NaN]", "not strict JSON"),
    ("materials", "{}", "wrong type"),
    ("materials", '[{"name":{"zh":"甲"},"required":true,"form":null}]', "/materials/0/name/en: is missing"),
    ("online_channels", "身份证", "not strict JSON"),
    ("codes", '{"a b":"1"}', "/codes/a b"),
    ("time_limits.promised.unit", "day", "must be one of working-day"),
    ("time_limits.promised.days", "", "may not be null"),
    ("provenance.basis", "", "may not be null"),
    ("status", "deleted", "must be one of active"),
    ("id", "430203-other", "must be 430203-card-application"),
    ("id", "other", "must match"),
    ("tags", "two-visits", "must be one of zero-visit"),
    ("version", "0", "must be 1"),
    ("version", "one", "whole number"),
    ("schema", "9", "must be 1"),
    ("updated_at", "2026-11-24", "must match"),
]


@pytest.mark.parametrize(("column", "cell", "words"), CELLS, ids=lambda value: ascii(value)[:30])
@pytest.mark.parametrize("file_format", TABLES)
def test_a_cell_when_wrong_is_a_fault_of_its_row_and_column(
    file_format: ImportFormat, column: str, cell: str, words: str
):
    header, wrong = table({column: cell})
    right = table({})[1]
    (place,) = places_of(TABLES[file_format]([header, right, wrong, right]), file_format)
    assert (place.row, place.column, place.pointer) == (3, column, None)
    assert words in place.message.en
    assert place.message.zh != place.message.en


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("audiences", "企业（用人单位）；个人", ["enterprise", "individual"]),
        ("audiences", " individual , enterprise ", ["individual", "enterprise"]),
        ("audiences", "个人 Individual; 企业（用人单位） Enterprise (any employer)", ["individual", "enterprise"]),
        ("life_events", "Files, titles and talent services, 失业、card", ["talent", "unemployment", "card"]),
        ("life_events", "", []),
        ("domain", " 社会保险 ", "social-insurance"),
        ("domain", "Labour inspection, mediation and arbitration", "rights-protection"),
        ("single_window", "是", True),
        ("single_window", "否", False),
        ("single_window", "TRUE", True),
        ("single_window", "FALSE", False),
        ("materials", "", []),
        ("codes", "", {}),
        ("division", "430203", "430203"),
    ],
)
@pytest.mark.parametrize("file_format", TABLES)
def test_a_cell_when_written_as_people_do_is_understood(
    file_format: ImportFormat, column: str, cell: str, value: object
):
    (document,) = documents_of(TABLES[file_format](table({column: cell, "tags": ""})), file_format)
    assert document[column] == value


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        (dict.fromkeys(("days", "unit", "note.zh", "note.en"), ""), None),
        ({"days": "3", "unit": ""}, {"days": 3, "unit": None, "note": None}),
        ({"note.zh": "不含公示"}, {"days": 20, "unit": "working-day", "note": {"zh": "不含公示", "en": None}}),
    ],
)
def test_a_group_when_empty_as_a_whole_is_null_and_else_an_object(changes: dict[str, str], value: object):
    cells = {f"time_limits.statutory.{name}": cell for name, cell in changes.items()}
    (document,) = documents_of(csv_file(table(cells)), CSV)
    assert document["time_limits"]["statutory"] == value


def test_server_set_cells_when_empty_claim_nothing():
    (row,) = read_rows(csv_file(table(dict.fromkeys(SERVER_SET, ""))), CSV)
    assert check_row(row) == (content(), {})


def test_server_set_cells_when_filled_are_handed_to_the_write_path():
    (row,) = read_rows(csv_file(table({"version": "7", "revision": "9"})), CSV)
    checked = check_row(row)
    assert isinstance(checked, tuple)
    assert checked[1] == {
        "id": "430203-card-application",
        "tags": ["zero-visit", "single-window"],
        "schema": 1,
        "version": 7,
        "revision": 9,
        "updated_at": "2026-11-24T08:00:00Z",
    }


def test_server_set_columns_when_left_out_are_not_missed():
    header, row = table({})
    kept = [position for position, name in enumerate(header) if name not in SERVER_SET]
    rows = [[cells[position] for position in kept] for cells in (header, row)]
    assert documents_of(csv_file(rows), CSV) == [content()]


def test_faults_when_there_are_several_are_all_told_and_each_column_once():
    changes = {"visits": "many", "domain": "x", "materials": "[", "time_limits.promised.days": "soon", "version": "v"}
    places = places_of(csv_file(table(changes)), CSV)
    assert sorted(place.column or "" for place in places) == sorted(changes)


@pytest.mark.parametrize("file_format", TABLES)
def test_a_header_when_wrong_names_every_column_at_once_and_ends_the_reading(file_format: ImportFormat):
    header, row = table({"colour": "red", "materials.1.name.zh": "甲", "name": "x", "codes": "{}", "codes.x": "1"})
    header[header.index("visits")] = "visit"
    header[header.index("revision")] = "domain"
    rows = list(read_rows(TABLES[file_format]([header, row, row]), file_format))
    assert [row.number for row in rows] == [1]
    places = places_of(TABLES[file_format]([header, row]), file_format)
    told = {(place.column, place.message.en.rpartition(": ")[2]) for place in places}
    assert told == {
        ("colour", "no column is called so"),
        ("name", "no column is called so"),
        ("visit", "no column is called so"),
        ("visits", "the column is missing"),
        ("domain", "the column stands here 2 times"),
        ("materials", "give either materials as JSON or the columns materials.…, not both"),
        ("codes", "give either codes as JSON or the columns codes.…, not both"),
        ("materials.1.name.en", "the column is missing"),
        ("materials.1.required", "the column is missing"),
        ("materials.1.form", "the column is missing"),
    }


@pytest.mark.parametrize(
    "name",
    [
        "materials.0.form",
        "materials.01.form",
        "materials.100.form",
        "materials.1",
        "materials.x.form",
        "materials..form",
        "time_limits",
        "time_limits.promised",
        "name.fr",
        "audiences.1",
        "materials.1.form.x",
        "Division",
        "codes.a b",
        "codes." + "x" * 61,
        "x\x07y",
    ],
)
def test_a_column_when_no_member_is_called_so_is_unknown(name: str):
    places = places_of(csv_file(table({name: ""})), CSV)
    assert places[0].message.en.rpartition(": ")[2] == "no column is called so"


def test_a_file_when_it_lacks_a_column_is_refused_before_any_row_for_nothing_is_emptied_in_silence():
    header, row = table({})
    rows = [[cell for name, cell in zip(header, cells, strict=True) if name != "fees"] for cells in (header, row)]
    (place,) = places_of(csv_file(rows), CSV)
    assert (place.row, place.column) == (1, "fees")


@pytest.mark.parametrize("file_format", TABLES)
def test_a_header_when_it_names_no_column_says_what_is_wanted(file_format: ImportFormat):
    (place,) = places_of(TABLES[file_format]([["名称", "编码"], ["社保卡", "1"]]), file_format)
    assert (place.row, place.column) == (1, None)
    assert "division, code, name.zh" in place.message.en


@pytest.mark.parametrize("position", [0, 5, 40])
def test_a_cell_when_under_no_name_is_a_fault(position: int):
    header, row = table({})
    names, cells = ([*line, "", "", ""] for line in (header, row))
    names.insert(position, "")
    cells.insert(position, "lost")
    (place,) = places_of(csv_file([names, cells]), CSV)
    assert (place.row, place.column) == (2, {0: "A", 5: "F", 40: "AO"}[position])


@pytest.mark.parametrize("file_format", ImportFormat)
@pytest.mark.parametrize("body", [b""], ids=["empty"])
def test_a_file_when_empty_is_unreadable(file_format: ImportFormat, body: bytes):
    with pytest.raises(UnreadableFile, match="the file is empty"):
        list(read_rows(io.BytesIO(body), file_format))


@pytest.mark.parametrize("file_format", TABLES)
def test_a_table_when_it_has_no_filled_row_is_unreadable(file_format: ImportFormat):
    with pytest.raises(UnreadableFile, match="no header"):
        list(read_rows(TABLES[file_format]([["", ""], []]), file_format))


@pytest.mark.parametrize("file_format", TABLES)
def test_a_table_when_it_has_a_header_alone_has_no_services(file_format: ImportFormat):
    assert list(read_rows(TABLES[file_format]([table({})[0]]), file_format)) == []


@pytest.mark.parametrize("file_format", [JSON, JSONL])
def test_a_json_document_when_wrong_has_its_number_and_pointer(file_format: ImportFormat):
    wrong = deepcopy(SEEDED[0]) | {"visits": 2, "id": "430203-other", "colour": "red"}
    wrong["name"] = {"zh": "甲"}  # type: ignore[typeddict-item]
    places = places_of(file_of(file_format, [SEEDED[1], wrong]), file_format)
    assert {(place.row, place.pointer, place.column) for place in places} == {
        (2, "/visits", None),
        (2, "/name/en", None),
        (2, "/colour", None),
    }


@pytest.mark.parametrize("value", [None, 1, "x", True, [], [{}]], ids=repr)
@pytest.mark.parametrize("file_format", [JSON, JSONL])
def test_a_json_value_when_no_object_is_a_fault_of_its_number(file_format: ImportFormat, value: object):
    body = json.dumps([value] if file_format is JSON else value).encode()
    (place,) = places_of(io.BytesIO(body), file_format)
    assert (place.row, place.pointer) == (1, "")


def test_a_json_document_when_it_claims_other_than_its_content_says_is_a_fault():
    wrong = service(id="430203-other", tags=["one-visit"], version="1")
    assert [place.pointer for place in places_of(file_of(JSONL, [wrong]), JSONL)] == ["/version"]
    wrong["version"] = 1
    assert [place.pointer for place in places_of(file_of(JSONL, [wrong]), JSONL)] == ["/id"]
