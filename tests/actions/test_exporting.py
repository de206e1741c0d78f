"""Exporting: a revision gives the same bytes for ever, from either database, and importing them is no change."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.browsing import get_checkpoint, get_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.exporting import COST, export, find_export, small_export
from service_catalog.actions.ledger import Intent
from service_catalog.actions.writing import open_write
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.export import MOST_QUOTED, Header, Trailer, read_export
from service_catalog.documents.notes import open_note, read_signing_key
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.domain.access import SEEDER, Permission
from service_catalog.domain.errors import ExportTooLarge, UnknownRevision
from service_catalog.domain.revisions import Action, StoredDocument
from service_catalog.domain.selection import ExportFormat, ExportRequest
from service_catalog.store.services import STRETCH
from tests.actions.test_importing import bring_in
from tests.actions.test_writing import CARD, content, write
from tests.conftest import NOON, SIGNING_KEY, open_database, prepare
from tests.domain import samples
from tests.evidence import FOLDER, evidence, fill, load

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def exported(
    catalogue: Catalogue,
    revision: int | None = None,
    at: str | None = None,
    division: str | None = None,
    written_as: ExportFormat = ExportFormat.JSONL,
) -> bytes:
    return b"".join(export(catalogue, ExportRequest(revision, at, division, written_as)).chunks)


def parts(body: bytes) -> tuple[Header, list[StoredDocument], Trailer]:
    header, *services, trailer = read_export(io.BytesIO(body))
    assert isinstance(header, Header) and isinstance(trailer, Trailer)
    return header, [service for service in services if isinstance(service, StoredDocument)], trailer


def ids(body: bytes) -> list[str]:
    return [service.id for service in parts(body)[1]]


@pytest.fixture
def small(empty_url: str) -> Iterator[Catalogue]:
    """Yield the catalogue whose evidence is kept, written anew by this release."""
    catalogue = prepare(empty_url)
    fill(catalogue)
    yield catalogue
    catalogue.database.close()


def test_export_holds_every_service_as_it_is_served_and_the_checkpoint(catalogue: Catalogue) -> None:
    header, services, trailer = parts(exported(catalogue))
    assert (header.origin, header.revision, header.log_size, header.division) == ("tests", 1, 75, None)
    assert header.notice and "示范数据" in header.notice["zh"]
    assert len(services) == trailer.count == 73
    assert [one.id for one in services] == sorted(one.id for one in services)
    assert services == [get_service(catalogue, one.id) for one in services]
    assert trailer.checkpoint == get_checkpoint(catalogue, 1)
    assert open_note(trailer.checkpoint, read_signing_key(SIGNING_KEY).verifier_key)


@pytest.mark.parametrize("written_as", ExportFormat)
def test_export_of_a_revision_stays_the_same_after_later_writes_and_a_restart(
    catalogue: Catalogue, seeded_url: str, written_as: ExportFormat
) -> None:
    before = exported(catalogue, written_as=written_as)
    write(catalogue, content(catalogue, single_window=False), content(catalogue, code="new-one"))
    write(catalogue, content(catalogue, status="retired"))
    restarted = open_database(seeded_url)
    assert exported(restarted, 1, written_as=written_as) == before
    assert exported(restarted, written_as=written_as) != before
    restarted.database.close()


def test_evidence_kept_is_what_this_release_makes_of_the_same_writes(small: Catalogue) -> None:
    for name, made in evidence(small).items():
        assert made == (FOLDER / name).read_bytes(), name


def test_evidence_kept_is_what_this_release_makes_of_the_database_of_that_time(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.sqlite3"
    load(file)
    catalogue = prepare(f"sqlite:///{file}")
    assert check_catalogue(catalogue).broken is None
    for name, made in evidence(catalogue).items():
        assert made == (FOLDER / name).read_bytes(), name
    catalogue.database.close()


def test_export_quotes_the_division_as_it_was_at_the_revision(small: Catalogue) -> None:
    assert parts(exported(small, 2))[0].notice == {"zh": "示范数据。", "en": "Demonstration data."}
    assert parts(exported(small, 3))[0].notice == {"zh": "另一句。", "en": "Another sentence."}


@pytest.mark.parametrize("written_as", [one for one in ExportFormat if one.name in ImportFormat.__members__])
def test_export_when_imported_changes_nothing(catalogue: Catalogue, written_as: ExportFormat) -> None:
    write(catalogue, content(catalogue, status="retired"))
    body = exported(catalogue, written_as=written_as)
    answered = bring_in(catalogue, io.BytesIO(body), ImportFormat[written_as.name])
    assert {name: number for name, number in answered["counts"].items() if number} == {"unchanged": 73}
    assert exported(catalogue, written_as=written_as) == body


def test_retired_service_stands_in_the_export_with_its_last_document(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, status="retired"))
    retired = {one.id: stored_document(one.document) for one in parts(exported(catalogue))[1]}[CARD]
    assert (retired["status"], retired["version"]) == ("retired", 2)


@pytest.mark.parametrize(
    ("division", "found"),
    [
        (None, ["430203-card-application", "430203-card-loss", "430203002-help"]),
        ("43", ["430203-card-application", "430203-card-loss", "430203002-help"]),
        ("430203", ["430203-card-application", "430203-card-loss", "430203002-help"]),
        ("430203002", ["430203002-help"]),
        ("430203003", []),
        ("430204", []),
        ("42", []),
    ],
)
def test_export_of_a_division_holds_what_is_in_it_and_below(
    small: Catalogue, division: str | None, found: list[str]
) -> None:
    body = exported(small, division=division)
    assert ids(body) == found
    assert parts(body)[0].division == division
    assert [one["division"] for one in parts(body)[0].divisions] == ([] if division in ("430204", "42") else ["430203"])


@pytest.mark.parametrize(
    ("at", "revision"),
    [
        ("2026-11-24T08:00:00Z", 1),
        ("2026-11-24T08:59:59Z", 1),
        ("2026-11-24T09:00:00Z", 2),
        ("2026-11-24T10:00:00Z", 3),
        ("2030-01-01T00:00:00Z", 3),
    ],
)
def test_export_at_a_time_is_that_of_the_last_revision_until_then(small: Catalogue, at: str, revision: int) -> None:
    assert exported(small, at=at) == exported(small, revision)


def test_export_at_the_time_of_two_revisions_is_that_of_the_later(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))
    early = replace(catalogue, clock=lambda: NOON - timedelta(days=1))  # a clock that went back moves no revision
    write(early, content(catalogue, status="retired"))
    assert parts(exported(catalogue, at="2026-11-24T08:00:00Z"))[0].revision == 3


def test_export_of_a_revision_that_does_not_exist_says_what_does(catalogue: Catalogue) -> None:
    for request, said in (
        (ExportRequest(2, None, None, ExportFormat.CSV), "there is no revision 2; the latest is 1"),
        (
            ExportRequest(None, "2026-11-24T07:59:59Z", None, ExportFormat.JSON),
            "there was no revision yet at 2026-11-24T07:59:59Z; revision 1 is of 2026-11-24T08:00:00Z",
        ),
    ):
        with pytest.raises(UnknownRevision) as refused:
            export(catalogue, request)
        assert refused.value.detail.en == said


@pytest.mark.parametrize("at", [None, "2026-11-24T08:00:00Z"])
def test_export_of_a_catalogue_without_any_revision_is_refused(empty_url: str, at: str | None) -> None:
    catalogue = prepare(empty_url)
    with pytest.raises(UnknownRevision):
        export(catalogue, ExportRequest(None, at, None, ExportFormat.JSON))
    catalogue.database.close()


def many(count: int) -> Iterator[dict[str, object]]:
    return (samples.content(code=f"s{number:06}") for number in range(count))


def test_export_longer_than_a_stretch_misses_and_repeats_nothing(empty_url: str) -> None:
    catalogue = prepare(empty_url)
    write(catalogue, *many(STRETCH * 2))
    assert ids(exported(catalogue)) == [f"430203-s{number:06}" for number in range(STRETCH * 2)]
    catalogue.database.close()


@on_sqlite
def test_export_written_while_others_write_is_that_of_its_revision(empty_url: str) -> None:
    catalogue = prepare(empty_url)
    write(catalogue, *many(STRETCH + 1))
    before = exported(catalogue)
    begun = export(catalogue, ExportRequest(None, None, None, ExportFormat.JSONL))
    taken = [next(begun.chunks), next(begun.chunks)]
    write(catalogue, *(one | {"single_window": False} for one in many(STRETCH + 1)), samples.content(code="s-new"))
    assert b"".join([*taken, *begun.chunks]) == before
    catalogue.database.close()


@pytest.mark.parametrize(("more", "quoted"), [(-1, MOST_QUOTED), (0, 0)])
@on_sqlite
def test_export_of_many_divisions_quotes_a_bounded_number(catalogue: Catalogue, more: int, quoted: int) -> None:
    district = {"name": samples.text(), "notice": samples.text("另一句。", None), "source": None, "declared": None}
    with open_write(catalogue, Intent(SEEDER, Permission.SEED_CATALOGUE, Action.SEED, "核对")) as under_way:
        for number in range(MOST_QUOTED + more):
            under_way.put_division({"division": f"43{number:04}"} | district)
        under_way.commit()
    header = parts(exported(catalogue))[0]
    assert (len(header.divisions), header.notice) == (quoted, None)
    assert len(parts(exported(catalogue, division="430203"))[0].divisions) == 1


@pytest.mark.parametrize("written_as", ExportFormat)
@on_sqlite
def test_export_over_the_bound_is_given_up_and_one_just_within_is_whole(
    catalogue: Catalogue, written_as: ExportFormat
) -> None:
    found = find_export(catalogue, ExportRequest(None, None, None, written_as))
    size = COST[written_as] * sum(len(one.document) for one in parts(exported(catalogue))[1])
    assert small_export(catalogue, found, size) == exported(catalogue, written_as=written_as)
    assert small_export(catalogue, found, size - 1) is None


@on_sqlite
def test_export_over_the_bound_that_no_workbook_can_hold_is_refused(catalogue: Catalogue) -> None:
    found = find_export(catalogue, ExportRequest(None, None, None, ExportFormat.XLSX))
    assert small_export(catalogue, found, 1, most_rows=73) is None
    with pytest.raises(ExportTooLarge, match="at most 72 services as XLSX"):
        small_export(catalogue, found, 1, most_rows=72)


@on_sqlite
def test_export_as_csv_opens_with_a_mark_and_runs_no_formula(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, summary={"zh": "=1+1", "en": "@x"}))
    body = exported(catalogue, written_as=ExportFormat.CSV)
    assert body.startswith("\ufeffid,".encode())
    assert b",=1+1" not in body and b",@x" not in body
