"""``check`` finds whatever differs between the tables and the log, and names it."""

import pytest
from sqlalchemy import text

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.notes import new_signing_key, read_signing_key
from tests.actions.test_writing import CARD, content, write

TAMPERING = [
    ("UPDATE service SET single_window = FALSE WHERE id = :id", "index of 430203-card-application"),
    ("UPDATE service SET domain = 'employment' WHERE id = :id", "index of 430203-card-application"),
    ("UPDATE service SET version = 2 WHERE id = :id", "430203-card-application"),
    ("DELETE FROM service_life_event WHERE service_id = :id", "index of 430203-card-application"),
    ("UPDATE service_version SET document = CAST(sha256 AS {bytes}) WHERE service_id = :id",
     "430203-card-application version 1 is not"),
    ("UPDATE service_version SET sha256 = 'x' WHERE service_id = :id", "430203-card-application version 1 is not"),
    ("UPDATE service_version SET to_revision = 2 WHERE service_id = :id", "has no version in force"),
    ("UPDATE service_version SET from_revision = 0 WHERE service_id = :id", "revisions of 430203-card-application"),
    ("UPDATE service_version SET position = position + 1 WHERE service_id = :id",
     "430203-card-application version 1 at another position"),
    ("UPDATE division_version SET sha256 = 'x' WHERE division <> :id", "430203 version 1 is not"),
    ("DELETE FROM division_version WHERE division <> :id", "the log has 430203 version 1"),
    ("UPDATE head SET log_size = 74 WHERE origin <> :id", "length"),
    ("UPDATE head SET revision = 2 WHERE origin <> :id", "numbered"),
    ("INSERT INTO log_node SELECT 1, 0, document FROM service_version WHERE service_id = :id", "subtree"),
    ("INSERT INTO log_entry SELECT 75, 1, document FROM service_version WHERE service_id = :id", "log entry 75"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "named"), TAMPERING)
def test_check_when_a_table_was_changed_behind_the_log_names_it(
    catalogue: Catalogue, statement: str, named: str
) -> None:
    with catalogue.database.writing() as session:
        kind = "BLOB" if catalogue.database.is_sqlite else "BYTEA"
        session.execute(text(statement.replace("{bytes}", kind)), {"id": CARD})
        session.commit()
    report = check_catalogue(catalogue)
    assert report.broken is not None and named in report.broken.en


def test_check_when_the_log_itself_was_rewritten_finds_the_checkpoint_broken(catalogue: Catalogue) -> None:
    drop = (
        "DROP TRIGGER log_entry_no_update"
        if catalogue.database.is_sqlite
        else "DROP TRIGGER log_entry_append_only ON log_entry"
    )
    with catalogue.database.writing() as session:
        leaf = session.execute(text("SELECT leaf FROM log_entry WHERE position = 40")).scalar_one()
        session.execute(text(drop))
        forged = bytes(leaf).replace(b'"actor":"seed"', b'"actor":"deed"')
        session.execute(text("UPDATE log_entry SET leaf = :leaf WHERE position = 40"), {"leaf": forged})
        session.commit()
    report = check_catalogue(catalogue)
    assert report.broken is not None and "checkpoint" in report.broken.en


def test_check_when_the_heads_key_was_exchanged_finds_the_signature_broken(catalogue: Catalogue) -> None:
    other = read_signing_key(new_signing_key("tests")).verifier_key
    with catalogue.database.writing() as session:
        session.execute(text("UPDATE head SET verifier_key = :key"), {"key": other})
        session.commit()
    report = check_catalogue(catalogue)
    assert report.broken is not None and "signature" in report.broken.en


def test_check_when_tagging_moved_a_total_notes_it_and_finds_nothing_broken(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))
    report = check_catalogue(catalogue)
    assert report.broken is None
    assert [total.en for total in report.differing_totals] == ["430203 single_window: declared 46, actual 45"]
