"""Comparing revisions: the same answer from the database, in pages or in one piece, as from two export files."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.comparing import compare
from service_catalog.actions.exporting import export
from service_catalog.actions.writing import open_write
from service_catalog.domain.access import ANONYMOUS, OPERATOR, Role
from service_catalog.domain.errors import InvalidParameters, NotPermitted, UnknownRevision
from service_catalog.domain.selection import DiffFormat, ExportFormat, ExportRequest, Span
from service_catalog.store.services import FEW, WALKED, find_touched
from service_catalog.store.tables import service, service_version
from service_catalog.verification.comparing import compare_exports
from tests.actions.test_writing import CARD, INTENT, content, write
from tests.domain import samples
from tests.tokens import signed

REPLACEMENT = "430203-card-replacement"


@pytest.fixture
def grown(catalogue: Catalogue) -> Catalogue:
    """Return the seed after three more revisions: 2 retires and retags, 3 brings back and adds, 4 is of a division."""
    write(
        catalogue,
        content(catalogue, single_window=False, materials=[]),
        content(catalogue, REPLACEMENT, status="retired"),
    )
    write(
        catalogue,
        content(catalogue, REPLACEMENT, status="active", life_events=[]),
        samples.content(division="430204", code="new"),
    )
    with open_write(catalogue, INTENT) as under_way:
        under_way.put_division(
            {"division": "430204", "name": samples.text(), "notice": samples.text(), "source": None, "declared": None}
        )
        under_way.commit()
    return catalogue


def told(catalogue: Catalogue, span: Span, written_as: DiffFormat = DiffFormat.JSON) -> bytes:
    return b"".join(compare(catalogue, OPERATOR, span, written_as))


def exported(catalogue: Catalogue, revision: int, division: str | None, form: ExportFormat) -> io.BytesIO:
    return io.BytesIO(b"".join(export(catalogue, ExportRequest(revision, None, division, form)).chunks))


@pytest.mark.parametrize("written_as", DiffFormat)
@pytest.mark.parametrize("division", [None, "430203", "430204", "11"])
def test_difference_from_the_database_is_that_of_the_files(
    grown: Catalogue, written_as: DiffFormat, division: str | None
) -> None:
    for start, end in [(1, 4), (1, 2), (2, 3), (3, 4), (2, 2)]:
        old = exported(grown, start, division, ExportFormat.JSON)
        new = exported(grown, end, division, ExportFormat.JSONL)
        offline = b"".join(compare_exports(old, new, written_as))
        assert told(grown, Span(start, end, division), written_as) == offline


def test_difference_in_one_piece_is_the_page_that_holds_all(client: FlaskClient, grown: Catalogue) -> None:
    headers = signed(grown, Role.AUDITOR)
    for query, written_as in (("", DiffFormat.JSON), ("&format=text", DiffFormat.TEXT)):
        answer = client.get(f"/api/v1/revisions/4/diff?from=1&limit=1000{query}", headers=headers)
        assert answer.data == told(grown, Span(1, 4), written_as)


def test_difference_tells_added_retired_brought_back_and_moved_tags(grown: Catalogue) -> None:
    def items(start: int, end: int) -> list[dict[str, Any]]:
        return json.loads(told(grown, Span(start, end)))["items"]

    assert [(one["id"], one["op"]) for one in items(1, 2)] == [(CARD, "changed"), (REPLACEMENT, "retired")]
    assert items(1, 2)[0]["tags"] == {"before": ["one-visit", "single-window"], "after": ["one-visit"]}
    assert [(one["id"], one["op"], one["status"]) for one in items(2, 3)] == [
        (REPLACEMENT, "restored", "active"),
        ("430204-new", "created", "active"),
    ]
    assert [one["op"] for one in items(1, 3)] == ["changed", "changed", "created"]
    assert [one["division"] for one in json.loads(told(grown, Span(3, 4)))["divisions"]] == ["430204"]


def test_difference_is_for_those_who_may_review_and_of_revisions_in_their_order(grown: Catalogue) -> None:
    with pytest.raises(NotPermitted):
        compare(grown, ANONYMOUS, Span(1, 2), DiffFormat.JSON)
    with pytest.raises(InvalidParameters):
        compare(grown, OPERATOR, Span(2, 1), DiffFormat.JSON)
    with pytest.raises(UnknownRevision):
        compare(grown, OPERATOR, Span(1, 9), DiffFormat.JSON)


def test_touched_services_among_very_many_are_found_walk_by_walk(catalogue: Catalogue) -> None:
    ids = [f"430300-s{number:05}" for number in range(FEW + 1)]
    with catalogue.database.reading() as session:
        row = dict(session.execute(service.select().limit(1)).mappings().one())
        version = dict(session.execute(service_version.select().limit(1)).mappings().one())
    with catalogue.database.writing() as session:
        session.execute(insert(service), [row | {"id": one} for one in ids])
        made = version | {"version": 1, "from_revision": 2, "to_revision": None}
        session.execute(insert(service_version), [made | {"service_id": one} for one in ids])
        session.commit()
    found, after, walks = [], "", 0
    with catalogue.database.reading() as session:
        while after is not None:
            page, after = find_touched(session, Span(1, 2), after, 7000)
            found += page
            walks += 1
        assert find_touched(session, Span(1, 2, "4303"), ids[-3], 7000) == (ids[-2:], None)
        assert find_touched(session, Span(1, 2, "430203"), "", 7000) == ([], None)
    assert found == ids
    assert walks > FEW // WALKED
