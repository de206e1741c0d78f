"""The write path: nothing without permission, rules, key and log; nothing half written."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.browsing import current_revision, get_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.ledger import Intent
from service_catalog.actions.seeding import validated
from service_catalog.actions.writing import open_write
from service_catalog.config import packaged_folder
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.notes import new_signing_key, open_note, read_signing_key
from service_catalog.documents.seed import read_seed
from service_catalog.domain.access import ANONYMOUS, SEEDER, Permission
from service_catalog.domain.errors import InvalidBody, KeyMismatch, NotPermitted, RulesBroken, UnknownRevision
from service_catalog.domain.revisions import Action, Revision
from service_catalog.domain.service import content_of
from service_catalog.store import log
from tests.conftest import open_database

CARD = "430203-card-application"
INTENT = Intent(SEEDER, Permission.SEED_CATALOGUE, Action.SEED, "test")


def content(catalogue: Catalogue, service_id: str = CARD, **changes: Any) -> dict[str, Any]:
    return content_of(stored_document(get_service(catalogue, service_id).document)) | changes


def write(catalogue: Catalogue, *contents: dict[str, Any], intent: Intent = INTENT) -> Revision | None:
    with open_write(catalogue, intent) as under_way:
        under_way.put_services(contents)
        return under_way.commit()


def test_changing_a_service_gives_it_the_next_version_and_keeps_the_past(catalogue: Catalogue) -> None:
    before = get_service(catalogue, CARD)
    revision = write(catalogue, content(catalogue, single_window=False))
    after = stored_document(get_service(catalogue, CARD).document)
    assert revision is not None and revision.number == 2
    assert (after["version"], after["revision"], after["tags"]) == (2, 2, ["one-visit"])
    assert get_service(catalogue, CARD, 1) == before
    assert check_catalogue(catalogue).broken is None


def test_writers_by_turns_each_go_on_from_the_log_as_the_other_left_it(catalogue: Catalogue, seeded_url: str) -> None:
    other = open_database(seeded_url)
    for turn, writer in enumerate((catalogue, catalogue, other, catalogue, other)):
        write(writer, content(catalogue, single_window=bool(turn % 2)))
        assert check_catalogue(catalogue).broken is None
    other.database.close()


def test_write_after_one_that_was_undone_goes_on_from_the_log_without_it(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))
    with open_write(catalogue, INTENT) as under_way:
        under_way.put_services([content(catalogue, single_window=True)])
        under_way.rehearse()
    write(catalogue, content(catalogue, visits=1, handling="committed", single_window=True))
    assert check_catalogue(catalogue).broken is None


def test_change_of_status_is_logged_as_retired_then_restored(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, status="retired"))
    write(catalogue, content(catalogue, status="active"))
    with catalogue.database.reading() as session:
        ops = [stored_document(leaf)["op"] for _, number, leaf in log.read_leaves(session) if number > 1]
    assert ops == ["retired", "restored"]
    assert check_catalogue(catalogue).broken is None


def test_write_that_changes_nothing_makes_no_revision(catalogue: Catalogue) -> None:
    assert write(catalogue, content(catalogue)) is None
    assert current_revision(catalogue) == 1


def test_write_that_breaks_rules_names_each_and_leaves_nothing(catalogue: Catalogue) -> None:
    sound = content(catalogue, single_window=False)
    broken = content(catalogue, "430203-card-replacement", visits=0, online_channels=[], audiences=[])
    with pytest.raises(RulesBroken) as refused:
        write(catalogue, sound, broken, content(catalogue, "430203-career-guidance", visits=0))
    assert [(place.rule, place.pointer) for place in refused.value.places] == [
        ("R7", "/1/audiences"),
        ("R2", "/2/online_channels"),
    ]
    assert current_revision(catalogue) == 1
    assert stored_document(get_service(catalogue, CARD).document)["single_window"] is True


def test_write_without_permission_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(NotPermitted):
        write(catalogue, content(catalogue, single_window=False), intent=replace(INTENT, actor=ANONYMOUS))
    assert current_revision(catalogue) == 1


@pytest.mark.parametrize("signer", [None, read_signing_key(new_signing_key("tests"))])
def test_write_without_the_logs_own_key_is_refused(catalogue: Catalogue, signer: Any) -> None:
    with pytest.raises(KeyMismatch):
        write(replace(catalogue, signer=signer), content(catalogue, single_window=False))
    assert current_revision(catalogue) == 1


def test_clock_set_back_does_not_date_a_revision_before_its_predecessor(catalogue: Catalogue) -> None:
    earlier = replace(catalogue, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    revision = write(earlier, content(catalogue, single_window=False))
    assert revision is not None and revision.at == "2026-11-24T08:00:00Z"


def test_checkpoint_of_a_revision_is_signed_by_the_logs_key(catalogue: Catalogue) -> None:
    revision = write(catalogue, content(catalogue, single_window=False))
    assert revision is not None and catalogue.signer is not None
    note = open_note(revision.checkpoint, catalogue.signer.verifier_key)
    assert note is not None and note.splitlines()[:2] == ["tests", "76"]


def test_service_at_a_revision_not_yet_made_is_unknown(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownRevision):
        get_service(catalogue, CARD, 2)


def test_documents_that_do_not_fit_are_all_reported_by_place() -> None:
    seed = read_seed(packaged_folder("seed"))
    contents = [dict(service) for service in seed.services[:3]]
    contents[0]["visits"] = 2
    contents[1]["extra"] = 1
    with pytest.raises(InvalidBody) as refused:
        validated(replace(seed, services=tuple(contents)))
    assert {place.pointer for place in refused.value.places} == {"/services/0/visits", "/services/1/extra"}


def test_documents_with_the_same_id_twice_are_refused_at_the_second() -> None:
    seed = read_seed(packaged_folder("seed"))
    with pytest.raises(InvalidBody) as repeated:
        validated(replace(seed, services=(seed.services[0], seed.services[1], seed.services[0])))
    assert [place.pointer for place in repeated.value.places] == ["/services/2/code"]


def test_write_of_more_than_one_batch_fills_subtrees_and_stays_sound(catalogue: Catalogue) -> None:
    model = content(catalogue)
    many = [model | {"code": f"made-{number}"} for number in range(1100)]
    revision = write(catalogue, *many)
    assert revision is not None and revision.log_size == 1175
    write(catalogue, *(one | {"single_window": False} for one in many))
    with catalogue.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM log_node")).scalar_one() == 2275 // 256
    report = check_catalogue(catalogue)
    assert (report.broken, report.services, report.entries) == (None, 1173, 2275)


def test_write_that_mixes_new_and_changed_services_keeps_each_ones_place_in_the_log(catalogue: Catalogue) -> None:
    model = content(catalogue)
    new = [model | {"code": f"made-{number}"} for number in range(2)]
    changed = [
        content(catalogue, service_id, single_window=False)
        for service_id in (CARD, "430203-benefit-eligibility-certification")
    ]
    write(catalogue, new[0], changed[0], new[1], changed[1])
    with catalogue.database.reading() as session:
        query = "SELECT service_id, position FROM service_version WHERE from_revision = 2 ORDER BY position"
        placed = [tuple(row) for row in session.execute(text(query))]
        logged = [(stored_document(leaf)["id"], at) for at, number, leaf in log.read_leaves(session) if number == 2]
    assert placed == logged
    assert check_catalogue(catalogue).broken is None


def test_writer_is_told_only_when_no_lease_can_run_that_is_older_than_the_commit(catalogue: Catalogue) -> None:
    """Whatever came of it: who is refused, or has nothing to do, learns of earlier writes as well."""
    waited: list[tuple[float, int]] = []
    waiting = replace(catalogue, wait=lambda seconds: waited.append((seconds, current_revision(catalogue))))
    write(waiting, content(catalogue, single_window=False))
    write(waiting, content(catalogue, single_window=False))
    with pytest.raises(RulesBroken):
        write(waiting, content(catalogue, audiences=[]))
    assert waited == [(0.005, 2)] * 3
