"""``check`` finds whatever differs between the tables and the log, and names it."""

from typing import Any

import pytest
from sqlalchemy import Column, Table, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.signing_in import issue_token, revoke_token
from service_catalog.actions.writing import open_write
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.notes import new_signing_key, read_signing_key
from service_catalog.domain.access import Role
from service_catalog.store import divisions, tables
from tests.actions.test_writing import CARD, INTENT, content, write

TAMPERING = [
    ("UPDATE service SET single_window = FALSE WHERE id = :id", "index of 430203-card-application"),
    ("UPDATE service SET visits = 0 WHERE visits = 1 AND depth_individual > 0 AND depth_enterprise > 0 AND id <> :id",
     "the index of 430203-startup-guaranteed-loan"),
    ("UPDATE service SET domain = 'employment' WHERE id = :id", "index of 430203-card-application"),
    ("UPDATE service SET version = 2 WHERE id = :id", "430203-card-application"),
    ("UPDATE service SET life_events = ',' WHERE id = :id", "index of 430203-card-application"),
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
    ("UPDATE head SET revision = 2 WHERE origin <> :id", "length"),
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


def test_check_when_a_service_is_gone_from_every_table_names_what_the_log_has_of_it(catalogue: Catalogue) -> None:
    with catalogue.database.writing() as session:
        for table in (tables.search, tables.service_version):
            session.execute(delete(table).where(table.c.service_id == CARD))
        session.execute(delete(tables.service).where(tables.service.c.id == CARD))
        session.commit()
    report = check_catalogue(catalogue)
    assert report.broken is not None
    assert report.broken.en == "the log has 430203-card-application version 1, the tables do not"


def test_check_when_the_log_itself_was_rewritten_finds_the_checkpoint_broken(catalogue: Catalogue) -> None:
    drop = (
        "DROP TRIGGER log_entry_no_update"
        if catalogue.database.is_sqlite
        else "DROP TRIGGER log_entry_append_only ON log_entry"
    )
    with catalogue.database.writing() as session:
        leaf = session.execute(text("SELECT leaf FROM log_entry WHERE position = 40")).scalar_one()
        session.execute(text(drop))
        forged = bytes(leaf).replace(b'"op":"created"', b'"op":"changed"')
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


def write_notice(catalogue: Catalogue, notice: str) -> None:
    """Give the division's own document a second version."""
    with open_write(catalogue, INTENT) as under_way:
        (current,) = divisions.read_divisions(under_way.session)
        under_way.put_division(stored_document(current.document) | {"notice": {"zh": notice, "en": None}})
        under_way.commit()


FOR_BOTH = "430203-personnel-file-transfer"
"""A service whose columns may take another value without a CHECK constraint refusing it, all but ``visits``."""

REFUSED_BY_CHECK = {"head": ["id"], "service": ["visits"]}


def others(column: Column[Any], value: object) -> list[Any]:
    """Return values of the column's type that differ from ``value``."""
    if value is None:
        return {bool: [True], int: [1, 1000], str: ["x"], bytes: [b"x"]}[column.type.python_type]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, value + 1000]
    assert isinstance(value, str | bytes)
    if isinstance(value, bytes):
        return [value[:-1] + b"?"]
    if column.name == "tokens":  # on PostgreSQL it must stay a text search vector
        return ["retired"]
    return [value[:-1] + "?", "retired", "administrator"]


def without_guards(session: Session) -> None:
    """Let the session change what triggers and foreign keys protect, as somebody with the database's files could."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for name in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        session.execute(text(f"DROP TRIGGER {name}"))


def tamper(catalogue: Catalogue, table: Table, key: dict[str, Any], values: dict[str, Any]) -> bool:
    """Change one row by hand; tell whether the database let it happen."""
    connection_options = {"write_turn": True}
    with catalogue.database.engine.connect() as connection:
        if catalogue.database.is_sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        with Session(connection.execution_options(**connection_options)) as session:
            without_guards(session)
            same = [table.c[name] == value for name, value in key.items()]
            try:
                session.execute(update(table).where(*same).values(values))
                session.commit()
            except IntegrityError:
                return False
    catalogue.database.close()
    return True


@pytest.mark.parametrize("name", [table for table in tables.metadata.tables if table not in tables.SCRATCH])
def test_check_when_any_column_was_changed_by_hand_finds_it(catalogue: Catalogue, name: str) -> None:
    write(catalogue, content(catalogue, single_window=False))
    token, _ = issue_token(catalogue, "审计员", Role.AUDITOR, days=1, division=None)
    revoke_token(catalogue, token.id)
    if name == "log_node":
        write(catalogue, *(content(catalogue) | {"code": f"made-{number}"} for number in range(200)))
    write_notice(catalogue, "改过的提示")
    assert check_catalogue(catalogue).broken is None
    table = tables.metadata.tables[name]
    with catalogue.database.reading() as session:
        some = select(table).where(table.c.id == FOR_BOTH) if name == "service" else select(table)
        row = dict(session.execute(some.limit(1)).mappings().one())
    refused = []
    for column in table.columns:
        key = {part.name: row[part.name] for part in table.primary_key}
        changes = [{column.name: value} for value in others(column, row[column.name])]
        changed = next((change for change in changes if tamper(catalogue, table, key, change)), None)
        if changed is None:
            refused.append(column.name)
            continue
        assert check_catalogue(catalogue).broken is not None, f"{name}.{column.name}"
        assert tamper(catalogue, table, key | {part: changed.get(part, key[part]) for part in key}, row)
    assert check_catalogue(catalogue).broken is None
    assert refused == REFUSED_BY_CHECK.get(name, [])
