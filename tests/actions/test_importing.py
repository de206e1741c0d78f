"""Importing files: all rows or none, one revision, every fault at once by row and column."""

import io
import json
from collections.abc import Iterable
from typing import Any, BinaryIO

import pytest

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.browsing import current_revision, get_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.importing import MOST_TOLD, ImportRequest, import_services
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.tabular.export_rows import EXPORT_HEADER
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.domain.access import ANONYMOUS, OPERATOR, Actor, Role
from service_catalog.domain.errors import (
    CatalogueError,
    InvalidBody,
    NotPermitted,
    RulesBroken,
    StaleVersion,
    TooManyRows,
    UnreadableFile,
)
from service_catalog.domain.revisions import Action
from service_catalog.store import log
from tests.documents.tabular.files import CSV, JSON, JSONL, XLSX, csv_file, exported, file_of
from tests.domain.samples import CONTENTS, content

CARD = "430203-card-application"
REPLACEMENT = "430203-card-replacement"
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def document(catalogue: Catalogue, service_id: str = CARD, **changes: Any) -> dict[str, Any]:
    return stored_document(get_service(catalogue, service_id).document) | changes


def seeded(catalogue: Catalogue) -> list[dict[str, Any]]:
    return [document(catalogue, f"{one['division']}-{one['code']}") for one in CONTENTS]


def bring_in(
    catalogue: Catalogue, file: BinaryIO, file_format: ImportFormat = CSV, actor: Actor = OPERATOR, **options: Any
) -> dict[str, Any]:
    answered = import_services(
        catalogue, actor, ImportRequest(file, file_format, "核对", options.pop("dry_run", False), **options)
    )
    return json.loads(answered)  # type: ignore[no-any-return]


def table(rows: Iterable[dict[str, Any]], **cells: str) -> BinaryIO:
    """Return documents as CSV, with these cells in the last row; dots of a column's name are written ``__``."""
    lines = [list(line) for line in exported(rows)]
    for name, cell in cells.items():
        lines[-1][EXPORT_HEADER.index(name.replace("__", "."))] = cell
    return csv_file(lines)


def refused(
    catalogue: Catalogue, kind: type[CatalogueError], file: BinaryIO, file_format: ImportFormat = CSV, **options: Any
) -> CatalogueError:
    """Return the refusal of a file, which leaves the catalogue as it was and names every place in both languages."""
    before = check_catalogue(catalogue)
    with pytest.raises(kind) as caught:
        bring_in(catalogue, file, file_format, **options)
    assert type(caught.value) is kind
    assert check_catalogue(catalogue) == before
    assert before.broken is None
    for place in caught.value.places:
        assert str(place.row) in place.message.zh and str(place.row) in place.message.en
    return caught.value


def where(error: CatalogueError) -> list[tuple[int | None, str | None]]:
    return [(place.row, place.column or place.pointer) for place in error.places]


@pytest.mark.parametrize("file_format", [JSON, JSONL, CSV, XLSX])
def test_export_that_is_imported_changes_nothing(catalogue: Catalogue, file_format: ImportFormat) -> None:
    answer = bring_in(catalogue, file_of(file_format, seeded(catalogue)), file_format)
    assert answer["counts"] == {"created": 0, "changed": 0, "retired": 0, "restored": 0, "unchanged": 73}
    assert (answer["revision"], current_revision(catalogue)) == (1, 1)
    assert answer["indicators"]["before"] == answer["indicators"]["after"]


def test_row_with_its_version_changes_one_service_in_one_revision(catalogue: Catalogue) -> None:
    rows = seeded(catalogue)
    rows[rows.index(document(catalogue))] |= {"single_window": False}
    answer = bring_in(catalogue, table(rows))
    told = {effect["id"]: effect for effect in answer["effects"] if effect["op"] != "unchanged"}
    assert answer["counts"] | {"changed": 1, "unchanged": 72} == answer["counts"]
    assert (told.keys(), told[CARD]["changed"]) == ({CARD}, ["single_window"])
    after = document(catalogue)
    assert (after["version"], after["revision"], after["tags"]) == (2, 2, ["one-visit"])
    assert answer["indicators"]["after"]["single_window"] == answer["indicators"]["before"]["single_window"] - 1
    assert {total["figure"] for total in answer["totals"]} == {"single_window"}
    report = check_catalogue(catalogue)
    assert (report.broken, report.revision, report.entries) == (None, 2, 76)


def test_import_is_logged_with_its_actor_action_and_reason(catalogue: Catalogue) -> None:
    bring_in(catalogue, table([document(catalogue, single_window=False)]))
    with catalogue.database.reading() as session:
        revision = log.find_revision(session, 2)
    assert revision is not None
    assert (revision.actor, revision.action, revision.reason) == ("operator", Action.IMPORT, "核对")


def test_row_without_a_version_creates_and_services_not_in_the_file_stay(catalogue: Catalogue) -> None:
    answer = bring_in(catalogue, file_of(JSON, [content(code="made-1"), content(code="made-2")]), JSON)
    assert answer["counts"] == {"created": 2, "changed": 0, "retired": 0, "restored": 0, "unchanged": 0}
    assert document(catalogue, "430203-made-2")["version"] == 1
    assert check_catalogue(catalogue).services == 75


def test_row_without_a_version_for_a_service_that_exists_passes_only_if_it_is_equal(catalogue: Catalogue) -> None:
    nameless = [document(catalogue), document(catalogue, REPLACEMENT)]
    for row in nameless:
        for name in ("id", "tags", "version", "revision", "updated_at", "schema"):
            del row[name]
    assert bring_in(catalogue, file_of(JSONL, nameless), JSONL)["counts"]["unchanged"] == 2
    nameless[1]["single_window"] = not nameless[1]["single_window"]
    error = refused(catalogue, StaleVersion, file_of(JSONL, nameless), JSONL)
    assert where(error) == [(2, "/version")]
    assert "give its version to change it" in error.places[0].message.en
    assert where(refused(catalogue, StaleVersion, csv_file(exported(nameless)))) == [(3, "version")]


def test_row_for_an_older_version_is_refused_by_row_and_column(catalogue: Catalogue) -> None:
    old = [document(catalogue, REPLACEMENT), document(catalogue)]
    bring_in(catalogue, table([document(catalogue, single_window=False)]))
    error = refused(catalogue, StaleVersion, table(old))
    assert where(error) == [(3, "version"), (3, "revision")]
    assert "is 2 now" in error.places[0].message.en and "现为 2" in error.places[0].message.zh


def test_row_that_names_a_version_of_a_service_that_is_not_there_is_refused(catalogue: Catalogue) -> None:
    error = refused(catalogue, StaleVersion, file_of(JSON, [content(code="made") | {"version": 1}]), JSON)
    assert where(error) == [(1, "/version")]


@on_sqlite
def test_faults_of_schema_rules_cells_and_ids_are_told_at_once(catalogue: Catalogue) -> None:
    rows = [list(line) for line in exported([content(code=f"made-{number}") for number in range(5)])]
    for row, name, cell in (
        (1, "visits", "2"),
        (1, "domain", "nonsense"),
        (2, "single_window", "perhaps"),
        (3, "time_limits.promised.days", "30"),
        (4, "code", "made-2"),
    ):
        rows[row][EXPORT_HEADER.index(name)] = cell
    error = refused(catalogue, InvalidBody, csv_file(rows))
    assert sorted(where(error), key=str) == [
        (2, "domain"),
        (2, "visits"),
        (3, "single_window"),
        (4, "time_limits.promised.days"),
        (5, "code"),
    ]
    assert {place.rule for place in error.places} == {None, "R4"}
    assert "faults in the file: 5" in error.detail.en and "5 处" in error.detail.zh


@on_sqlite
def test_file_that_only_breaks_rules_says_so_by_name(catalogue: Catalogue) -> None:
    error = refused(catalogue, RulesBroken, file_of(JSON, [content(online_channels=[], code="made")]), JSON)
    assert [(place.rule, place.row) for place in error.places] == [("R2", 1), ("R2", 1)]


@on_sqlite
def test_more_faults_than_are_told_are_counted(catalogue: Catalogue) -> None:
    rows = [content(code=f"made-{number}", visits=2) for number in range(MOST_TOLD + 7)]
    error = refused(catalogue, InvalidBody, file_of(JSONL, rows), JSONL)
    assert len(error.places) == MOST_TOLD
    assert str(MOST_TOLD + 7) in error.detail.en and str(MOST_TOLD + 7) in error.detail.zh


@on_sqlite
def test_more_stale_rows_than_are_told_are_counted(catalogue: Catalogue) -> None:
    rows = [content(code=f"made-{number}") | {"version": 3} for number in range(MOST_TOLD + 7)]
    error = refused(catalogue, StaleVersion, file_of(JSONL, rows), JSONL)
    assert len(error.places) == MOST_TOLD
    assert str(MOST_TOLD + 7) in error.detail.en and str(MOST_TOLD + 7) in error.detail.zh


def test_same_id_twice_is_refused_by_both_rows(catalogue: Catalogue) -> None:
    rows = [document(catalogue), content(code="made"), document(catalogue)]
    error = refused(catalogue, InvalidBody, csv_file(exported(rows)))
    assert where(error) == [(4, "code")]
    assert "row 2" in error.places[0].message.en and "第 2 行" in error.places[0].message.zh


def test_fault_in_the_last_row_leaves_nothing_half_written(catalogue: Catalogue) -> None:
    rows: list[dict[str, Any]] = [content(code=f"made-{number}") for number in range(1200)]
    error = refused(catalogue, StaleVersion, table([*rows, document(catalogue, version=9)]))
    assert where(error) == [(1202, "version")]


@on_sqlite
def test_rows_up_to_the_bound_are_imported_and_one_more_names_the_command(catalogue: Catalogue) -> None:
    rows = [content(code=f"made-{number}") for number in range(4)]
    error = refused(catalogue, TooManyRows, file_of(JSON, rows), JSON, most_rows=3)
    assert "service-catalog import" in error.detail.en and "service-catalog import" in error.detail.zh
    assert bring_in(catalogue, file_of(JSON, rows), JSON, most_rows=4)["counts"]["created"] == 4


def test_dry_run_answers_as_the_real_import_and_leaves_nothing(catalogue: Catalogue) -> None:
    rows = [document(catalogue, single_window=False), content(code="made")]
    before = check_catalogue(catalogue)
    tried = bring_in(catalogue, table(rows), dry_run=True)
    assert (tried["dry_run"], tried["revision"]) == (True, 1)
    assert check_catalogue(catalogue) == before
    done = bring_in(catalogue, table(rows))
    assert (done["dry_run"], done["revision"]) == (False, 2)
    assert {**tried, "dry_run": False, "revision": 2} == done


def test_row_outside_the_actors_division_refuses_the_whole_file(catalogue: Catalogue) -> None:
    rows = [content(code="made"), content(code="made", division="430204")]
    actor = Actor("token-0", Role.ADMINISTRATOR, "430203")
    error = refused(catalogue, NotPermitted, table(rows), actor=actor)
    assert "430204" in error.detail.en and "430204" in error.detail.zh
    assert bring_in(catalogue, table(rows[:1]), actor=actor)["counts"]["created"] == 1


@on_sqlite
@pytest.mark.parametrize("actor", [ANONYMOUS, Actor("token-0", Role.AUDITOR)])
def test_import_by_somebody_who_may_not_write_is_refused(catalogue: Catalogue, actor: Actor) -> None:
    refused(catalogue, NotPermitted, table([content(code="made")]), actor=actor)


def test_file_retires_a_service_and_brings_it_back(catalogue: Catalogue) -> None:
    retired = bring_in(catalogue, table([document(catalogue)], status="retired"))
    assert (retired["counts"]["retired"], document(catalogue)["status"]) == (1, "retired")
    restored = bring_in(catalogue, table([document(catalogue)], status="active"))
    assert (restored["counts"]["restored"], document(catalogue)["version"]) == (1, 3)
    assert check_catalogue(catalogue).broken is None


@on_sqlite
def test_tags_of_the_exported_row_stand_where_its_visits_were_edited(catalogue: Catalogue) -> None:
    online = next(one for one in seeded(catalogue) if one["visits"] == 0)
    before = ";".join(online["tags"])
    answer = bring_in(catalogue, table([online], visits="1", tags=before))
    assert answer["effects"][0]["tags"]["after"][0] == "one-visit"


@on_sqlite
def test_tags_that_are_neither_the_old_nor_the_new_ones_are_refused(catalogue: Catalogue) -> None:
    error = refused(catalogue, StaleVersion, table([document(catalogue)], tags="zero-visit"))
    assert where(error) == [(2, "tags")]
    assert "one-visit;single-window" in error.places[0].message.en


@on_sqlite
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_as_excel_saves_it_is_imported_to_the_letter(catalogue: Catalogue, encoding: str) -> None:
    row = content(code="made", summary={"zh": "领取社会保障卡，𠮷日可办。", "en": None})
    bring_in(catalogue, csv_file(exported([row]), encoding))
    assert document(catalogue, "430203-made")["summary"]["zh"] == "领取社会保障卡，𠮷日可办。"


@on_sqlite
@pytest.mark.parametrize(
    ("file_format", "written"),
    [(JSON, b"[]"), (JSON, b'{"services": []}'), (JSONL, b"\n"), (CSV, csv_file([EXPORT_HEADER]).read())],
)
def test_file_without_a_service_is_refused(catalogue: Catalogue, file_format: ImportFormat, written: bytes) -> None:
    error = refused(catalogue, UnreadableFile, io.BytesIO(written), file_format)
    assert "no service" in error.detail.en and "没有事项" in error.detail.zh


@on_sqlite
@pytest.mark.parametrize("file_format", [JSON, JSONL, CSV, XLSX])
@pytest.mark.parametrize("written", [b"", b"\x00\xff\xfe", b"PK\x03\x04 broken", b'[{"division": '])
def test_file_that_is_not_what_its_format_says_is_refused(
    catalogue: Catalogue, file_format: ImportFormat, written: bytes
) -> None:
    before = check_catalogue(catalogue)
    with pytest.raises((UnreadableFile, InvalidBody)):
        bring_in(catalogue, io.BytesIO(written), file_format)
    assert check_catalogue(catalogue) == before


@on_sqlite
def test_progress_hears_of_every_row_twice_and_of_their_number(catalogue: Catalogue) -> None:
    heard: list[tuple[int, int | None]] = []
    file = table([content(code="made-1"), content(code="made-2")])
    request = ImportRequest(file, CSV, "核对", dry_run=True)
    import_services(catalogue, OPERATOR, request, progress=lambda done, rows: heard.append((done, rows)))
    assert heard == [(1, None), (2, None), (1, 2), (2, 2)]


def test_rows_when_imported_are_written_in_the_order_of_their_ids(catalogue: Catalogue) -> None:
    rows = [content(code=code) for code in ("made-b", "made-a")]
    answer = bring_in(catalogue, file_of(JSON, rows), JSON)
    assert [effect["id"] for effect in answer["effects"]] == ["430203-made-a", "430203-made-b"]
    with catalogue.database.reading() as session:
        logged = [stored_document(leaf)["id"] for _, number, leaf in log.read_leaves(session) if number == 2]
    assert logged == ["430203-made-a", "430203-made-b"]


def test_only_the_first_effects_are_told_but_all_are_counted(catalogue: Catalogue) -> None:
    rows = [content(code=f"made-{number}") for number in range(MOST_TOLD + 1)]
    answer = bring_in(catalogue, file_of(JSONL, rows), JSONL)
    assert (len(answer["effects"]), answer["counts"]["created"]) == (MOST_TOLD, MOST_TOLD + 1)


@on_sqlite
def test_table_with_fewer_columns_than_the_service_has_items_is_refused_since_they_would_be_lost(
    catalogue: Catalogue,
) -> None:
    card = document(catalogue)
    assert len(card["materials"]) == 3
    header = [name for name in EXPORT_HEADER if name not in ("materials", "legal_basis")]
    parts = ("name.zh", "name.en", "required", "form")
    cells = dict(zip(EXPORT_HEADER, exported([card])[1], strict=True)) | {"single_window": "false"}
    materials = [f"materials.{number}.{part}" for number in (1, 2) for part in parts]
    bases = [f"legal_basis.{number}.{part}" for number in (1, 2) for part in ("title", "document_number", "article")]
    row = [cells[name] for name in header]
    named = [card["materials"][number]["name"] for number in (0, 1)]
    told = [cell for name in named for cell in (name["zh"], name["en"] or "", "true", "")]
    laws = [basis[part] or "" for basis in card["legal_basis"] for part in ("title", "document_number", "article")]
    error = refused(catalogue, StaleVersion, csv_file([header + materials + bases, row + told + laws]))
    assert where(error) == [(2, "materials")]
    assert "has 3 items, but columns for 2 only" in error.places[0].message.en
