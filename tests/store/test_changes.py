"""Changes that the driver makes itself, all together: what is refused, and that nothing of them is left then."""

import pytest
from sqlalchemy import Integer, bindparam, literal, select, text, update
from sqlalchemy.exc import IntegrityError

from service_catalog.actions.browsing import get_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.editing import Target, edit_service, replace_service
from service_catalog.documents.canonical import stored_document
from service_catalog.domain.access import OPERATOR
from service_catalog.domain.errors import StaleVersion
from service_catalog.store import log
from service_catalog.store.changes import Change
from service_catalog.store.tables import lease

CARD = "430203-card-application"
_LENGTHEN = Change(update(lease).where(lease.c.id == bindparam("_id")).values(milliseconds=bindparam("milliseconds")))


def test_change_that_the_database_refuses_undoes_those_before_it(catalogue: Catalogue) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)check"), catalogue.database.writing() as session:
        _LENGTHEN.make(session, [{"_id": 1, "milliseconds": 7}])
        _LENGTHEN.make(session, [{"_id": 1, "milliseconds": 8}, {"_id": 1, "milliseconds": 1001}])
        session.commit()
    with catalogue.database.writing() as session:
        head = log.take_turn(session)
    assert head is not None and head.lease not in (7, 8)


def test_question_after_a_change_is_answered_by_it(catalogue: Catalogue) -> None:
    with catalogue.database.writing() as session:
        _LENGTHEN.make(session, [{"_id": 1, "milliseconds": 7}])
        found = session.execute(select(lease.c.milliseconds, literal(1, Integer)))
        assert [tuple(row) for row in found] == [(7, 1)]


def test_service_that_is_not_at_the_version_before_is_refused_by_the_dry_run_as_by_the_write(
    catalogue: Catalogue,
) -> None:
    stored = get_service(catalogue, CARD)
    with catalogue.database.writing() as session:
        session.execute(text("UPDATE service SET version = 99 WHERE id = :id"), {"id": CARD})
        session.commit()
    target, document = Target(CARD, stored.sha256, "test"), stored_document(stored.document)
    with pytest.raises(StaleVersion):
        edit_service(catalogue, OPERATOR, target, {"single_window": False})
    with pytest.raises(StaleVersion):
        replace_service(catalogue, OPERATOR, target, document | {"single_window": False}, dry_run=True)
    assert get_service(catalogue, CARD).sha256 == stored.sha256
