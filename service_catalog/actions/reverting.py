"""Undoing a revision, field by field, as a new revision; later changes that stand in the way are named."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from service_catalog.actions.browsing import unknown_revision
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.effects import Effects
from service_catalog.actions.ledger import Intent
from service_catalog.actions.writing import Once, Write, open_write
from service_catalog.documents.canonical import stored_document
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.errors import NothingToRevert, Place, RevertConflict
from service_catalog.domain.reverting import undone
from service_catalog.domain.revisions import Action, StoredDocument
from service_catalog.domain.rules import Finding
from service_catalog.domain.service import Service, upgraded
from service_catalog.domain.vocabulary import Text
from service_catalog.store import log, services

MOST_TOLD = 1000
"""Effects and conflicts told one by one; the revision of an import may have touched any number of services."""


def revert_revision(
    catalogue: Catalogue, actor: Actor, number: int, reason: str, *, dry_run: bool, once: Once | None
) -> bytes:
    """Undo what revision ``number`` did to services and return the answer.

    A member that it changed goes back if it still has the value given then. Undoing a creation retires the service.

    Raises:
        UnknownRevision: where that revision has not been made.
        NothingToRevert: where it changed no service.
        RevertConflict: where later changes stand in the way, by service, member and revision.
        RulesBroken, KeyReused, NotPermitted, KeyMismatch, CatalogueBusy, DatabaseUnavailable: as ``Write.answer``.
    """
    intent = Intent(actor, Permission.WRITE_CATALOGUE, Action.REVERT, reason)
    with open_write(catalogue, intent) as write:
        return write.answer(lambda: _revert(write, number), once=once, dry_run=dry_run)


def _revert(write: Write, number: int) -> dict[str, Any]:
    current = log.current_revision(write.session)
    if not 0 < number <= current:
        raise unknown_revision(number, current)
    divisions = services.find_divisions_of(write.session, number)
    if not divisions:
        raise NothingToRevert(Text(f"修订 {number} 没有改动任何事项", f"revision {number} changed no service"))
    conflicts: list[Place] = []
    ids: list[str] = []

    def locate(position: int, finding: Finding) -> Place:
        return Place(finding.message, pointer=f"/{ids[position]}{finding.pointer}", rule=finding.rule.value)

    effects = Effects(write.session, divisions, MOST_TOLD)
    write.put_services(_undone_contents(write, number, ids, conflicts), locate=locate, observe=effects.observe)
    if conflicts:
        raise RevertConflict(
            Text(
                f"后来的修改妨碍撤销修订 {number}，未写入任何内容",
                f"later changes stand in the way of undoing revision {number}; nothing was written",
            ),
            conflicts,
        )
    return effects.as_document()


def _undone_contents(write: Write, number: int, ids: list[str], conflicts: list[Place]) -> Iterator[dict[str, Any]]:
    """Yield the content of each service as it should be, and file its id, or else what stands in the way."""
    for before, after, now in services.find_changes_of(write.session, number):
        current = _service(now)
        result = undone(_service(before) if before else None, _service(after), current)
        if result.conflicts:
            conflicts += _conflicts(write, after, result.conflicts) if len(conflicts) < MOST_TOLD else []
        else:
            ids.append(after.id)
            yield result.content


def _conflicts(write: Write, after: StoredDocument, members: tuple[str, ...]) -> Iterator[Place]:
    """Name for each member the last revision that changed it after the version ``after``."""
    later = services.find_versions_from(write.session, after.id, after.version)
    states = [_service(stored) for stored in later]
    for member in members:
        culprit = next(
            state["revision"]
            for earlier, state in reversed(list(pairwise(states)))
            if earlier.get(member) != state.get(member)
        )
        yield Place(
            Text(
                f"{after.id} 的 {member} 又被修订 {culprit} 修改",
                f"{member} of {after.id} was changed again by revision {culprit}",
            ),
            pointer=f"/{after.id}/{member}",
        )


def _service(stored: StoredDocument) -> Service:
    return upgraded(stored_document(stored.document))
