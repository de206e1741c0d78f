"""The one write path: take the turn, check permission and rules, write rows, versions and log, sign, commit.

A write without its log entry is impossible, because entries are made here and nowhere else commits.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.ledger import Intent, Ledger, open_ledger
from service_catalog.documents.canonical import canonical, stored_document
from service_catalog.documents.notes import Signer
from service_catalog.domain.errors import KeyMismatch, NotPermitted, Place, RulesBroken
from service_catalog.domain.revisions import (
    EntryKind,
    Operation,
    Revision,
    StoredDocument,
    digest_of,
    operation_between,
)
from service_catalog.domain.rules import broken_rules
from service_catalog.domain.service import Service, ServiceIndex, completed, content_of, index_of, upgraded
from service_catalog.domain.vocabulary import Text
from service_catalog.store import divisions, log, services

BATCH = 500
"""Services looked up and written at a time, so that a write of any size needs the same memory."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a write should leave behind: divisions' own documents, and the content of services, by identity."""

    divisions: Iterable[dict[str, Any]] = ()
    services: Iterable[dict[str, Any]] = ()


def commit_write(catalogue: Catalogue, intent: Intent, propose: Callable[[Session], Proposal]) -> Revision | None:
    """Carry out one write as one revision and return it, or ``None`` where it would change nothing.

    ``propose`` is called when the turn is held, so that what it reads cannot change before it is written.

    Raises:
        NotPermitted: where the actor lacks the permission.
        KeyMismatch: where this process does not hold the log's key; no key, no write.
        RulesBroken: where a service would break a rule; every broken rule is listed and nothing is written.
        CatalogueBusy, DatabaseUnavailable: as ``Database.writing``.
    """
    if not intent.actor.may(intent.permission):
        raise NotPermitted(Text("您无权进行此操作", f"this needs the permission {intent.permission}"))
    with catalogue.database.writing() as session:
        head = _taken_turn(session)
        signer = _signer_of(catalogue, head)
        ledger = open_ledger(session, head, intent, catalogue.clock())
        proposal = propose(session)
        for division in proposal.divisions:
            _write_division(session, ledger, division)
        _write_services(session, ledger, proposal.services)
        if not ledger.has_changes:
            return None
        revision = ledger.close(signer)
        session.commit()
    return revision


def _taken_turn(session: Session) -> log.Head:
    head = log.take_turn(session)
    if head is None:
        raise KeyMismatch(
            Text("目录尚未建立日志；先运行 db upgrade", "the catalogue has no log yet; run db upgrade first")
        )
    return head


def _signer_of(catalogue: Catalogue, head: log.Head) -> Signer:
    if catalogue.signer is None or catalogue.signer.verifier_key != head.verifier_key:
        raise KeyMismatch(Text("没有日志的签名密钥，不能写入", "without the log's signing key nothing can be written"))
    return catalogue.signer


def _write_division(session: Session, ledger: Ledger, document: dict[str, Any]) -> None:
    body = canonical(document)
    current = divisions.find_division(session, document["division"])
    if current is not None and current.document == body:
        return
    version = 1 if current is None else current.version + 1
    stored = StoredDocument(document["division"], version, body, digest_of(body))
    divisions.put_division(session, stored, ledger.number)
    ledger.record([(EntryKind.DIVISION, Operation.CREATED if version == 1 else Operation.CHANGED, stored)])


@dataclass(frozen=True, slots=True)
class _Change:
    op: Operation
    index: ServiceIndex
    stored: StoredDocument


def _write_services(session: Session, ledger: Ledger, contents: Iterable[dict[str, Any]]) -> None:
    broken: list[Place] = []
    position = 0
    for batch in _batches(contents):
        proposed = [completed(content, version=1, revision=ledger.number, updated_at=ledger.at) for content in batch]
        for place, service in enumerate(proposed, start=position):
            broken.extend(_places(place, service))
        position += len(batch)
        if not broken:
            _write_batch(session, ledger, proposed)
    if broken:
        raise RulesBroken(
            Text("有事项违反目录规则，未写入任何内容", "services break rules; nothing was written"), broken
        )


def _places(position: int, service: Service) -> Iterator[Place]:
    for finding in broken_rules(service):
        pointer = f"/{position}{finding.pointer}"
        yield Place(finding.message, pointer=pointer, rule=finding.rule.value)


def _write_batch(session: Session, ledger: Ledger, proposed: list[Service]) -> None:
    current = services.find_many(session, [service["id"] for service in proposed])
    changes = [change for service in proposed if (change := _change(current.get(service["id"]), service))]
    first = ledger.record([(EntryKind.SERVICE, change.op, change.stored) for change in changes])
    logged = [(change.op, (change.index, change.stored, position)) for position, change in enumerate(changes, first)]
    if created := [version for op, version in logged if op is Operation.CREATED]:
        services.insert_services(session, created)
    if changed := [version for op, version in logged if op is not Operation.CREATED]:
        services.update_services(session, changed)


def _change(current: StoredDocument | None, proposed: Service) -> _Change | None:
    if current is None:
        return _as_change(Operation.CREATED, proposed)
    before = upgraded(stored_document(current.document))
    if content_of(before) == content_of(proposed):
        return None
    proposed["version"] = current.version + 1
    return _as_change(operation_between(before, proposed), proposed)


def _as_change(op: Operation, service: Service) -> _Change:
    body = canonical(service)
    return _Change(op, index_of(service), StoredDocument(service["id"], service["version"], body, digest_of(body)))


def _batches(contents: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(contents)
    while batch := list(islice(iterator, BATCH)):
        yield batch
