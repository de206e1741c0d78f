"""Editing one service: create, replace, patch and retire it, each bound to the version that the editor saw."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from service_catalog.actions.browsing import unknown_service
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.ledger import Intent
from service_catalog.actions.writing import Effect, Locate, Write, check_reach, open_write
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.faults import faults_in_body
from service_catalog.documents.schemas.service import ServiceContentSchema
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.errors import InvalidBody, Place, ServiceExists, StaleVersion
from service_catalog.domain.revisions import Action, Operation, StoredDocument
from service_catalog.domain.rules import Finding, warnings
from service_catalog.domain.service import (
    SCHEMA,
    SERVER_SET,
    Service,
    can_be_id,
    content_of,
    merged,
    service_id,
    tags_of,
    upgraded,
)
from service_catalog.domain.vocabulary import Status, Text

_CONTENT = ServiceContentSchema()


@dataclass(frozen=True, slots=True)
class Written:
    """A service after a write: its bytes, what the write did (``None`` for nothing), and what could be better."""

    stored: StoredDocument
    op: Operation | None
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """The service that a write is meant for, the digest it must still have, and why it is written."""

    id: str
    expected: str
    reason: str


Change = Callable[[Service], dict[str, Any]]
"""From the service as it stands to the content it should have."""


def create_service(
    catalogue: Catalogue,
    actor: Actor,
    identity: str,
    document: dict[str, Any],
    reason: str,
    *,
    dry_run: bool = False,
) -> Written:
    """Create a service that did not exist; a dry run does all but commit.

    Raises:
        UnknownService: where the address cannot be an id.
        ServiceExists: where there is one, retired or not.
        InvalidBody: where the document has another id, or names a version it cannot have.
        RulesBroken, NotPermitted, KeyMismatch, CatalogueBusy, DatabaseUnavailable: as ``Write.put_services``.
    """
    intent = Intent(actor, Permission.WRITE_CATALOGUE, Action.CREATE, reason)
    with _opened(catalogue, intent, identity) as write:
        if write.find(identity) is not None:
            raise ServiceExists(Text(f"事项 {identity} 已存在", f"service {identity} exists already"))
        content = _content(document, identity, None)
        return _put(write, content, "/service", dry_run=dry_run)


def replace_service(
    catalogue: Catalogue, actor: Actor, target: Target, document: dict[str, Any], *, dry_run: bool = False
) -> Written:
    """Put a document in place of the one that the target names; a dry run does all but commit.

    Raises:
        UnknownService, StaleVersion, InvalidBody, RulesBroken: as ``change_service``.
    """
    intent = Intent(actor, Permission.WRITE_CATALOGUE, Action.REPLACE, target.reason)

    def replaced(current: Service) -> dict[str, Any]:
        return _content(document, target.id, current)

    return change_service(catalogue, intent, target, replaced, pointer="/service", dry_run=dry_run)


def edit_service(catalogue: Catalogue, actor: Actor, target: Target, changes: dict[str, Any]) -> Written:
    """Apply a merge patch (RFC 7396) to the document that the target names.

    Raises:
        UnknownService, StaleVersion, InvalidBody, RulesBroken: as ``change_service``.
    """
    intent = Intent(actor, Permission.WRITE_CATALOGUE, Action.EDIT, target.reason)

    def patched(current: Service) -> dict[str, Any]:
        patch = {name: value for name, value in changes.items() if name not in SERVER_SET}
        faults = unmet_claims(changes, current, "/changes")
        try:
            content: dict[str, Any] = _CONTENT.load(merged(content_of(current), patch))
        except ma.ValidationError as error:
            raise _refused([*faults, *faults_in_body(error.messages, "/changes")]) from None
        faults += [
            Place(_FIXED, pointer=f"/changes/{name}") for name in ("division", "code") if content[name] != current[name]
        ]
        if faults:
            raise _refused(faults)
        return content

    return change_service(catalogue, intent, target, patched, pointer="/changes")


def retire_service(catalogue: Catalogue, actor: Actor, target: Target) -> Written:
    """Retire the service that the target names; it stays readable and can be brought back.

    Raises:
        UnknownService, StaleVersion, RulesBroken: as ``change_service``.
    """
    intent = Intent(actor, Permission.WRITE_CATALOGUE, Action.RETIRE, target.reason)
    return change_service(catalogue, intent, target, lambda now: content_of(now) | {"status": Status.RETIRED.value})


def change_service(
    catalogue: Catalogue,
    intent: Intent,
    target: Target,
    change: Change,
    *,
    pointer: str = "",
    dry_run: bool = False,
) -> Written:
    """Give one service the content that ``change`` makes of it, if it still has the digest that is expected.

    ``pointer`` is where the content stands in the request, for naming faults. A dry run does all but commit.

    Raises:
        UnknownService: where there is none.
        StaleVersion: where it has another digest.
        InvalidBody: where the new content does not fit.
        RulesBroken, NotPermitted, KeyMismatch, CatalogueBusy, DatabaseUnavailable: as ``Write.put_services``.
    """
    with _opened(catalogue, intent, target.id) as write:
        stored = write.find(target.id)
        if stored is None:
            raise unknown_service(target.id)
        current = upgraded(stored_document(stored.document))
        if stored.sha256 != target.expected:
            raise StaleVersion(
                Text(
                    f"{target.id} 现为第 {current['version']} 版（修订 {current['revision']}），If-Match 指的是另一版",
                    f"{target.id} is at version {current['version']} (revision {current['revision']}), "
                    "not at the one that If-Match names",
                )
            )
        return _put(write, change(current), pointer, dry_run=dry_run)


def _opened(catalogue: Catalogue, intent: Intent, identity: str) -> Any:
    if not can_be_id(identity):
        raise unknown_service(identity)
    check_reach(intent.actor, identity)
    return open_write(catalogue, intent)


def _put(write: Write, content: dict[str, Any], pointer: str, *, dry_run: bool) -> Written:
    effects: list[Effect] = []
    write.put_services([content], locate=_locate_at(pointer), observe=effects.append)
    if dry_run:
        write.rehearse()
    else:
        write.commit()
    (effect,) = effects
    return Written(effect.stored, effect.op, tuple(warnings(effect.after)))


def _locate_at(pointer: str) -> Locate:
    def locate(_: int, finding: Finding) -> Place:
        return Place(finding.message, pointer=f"{pointer}{finding.pointer}", rule=finding.rule.value)

    return locate


_FIXED = Text("编号不可更改；请停用后另建", "an id never changes; retire the service and create another")


def _content(document: dict[str, Any], identity: str, current: Service | None) -> dict[str, Any]:
    """Return the part of a sent document that a writer decides, if all the rest is as the catalogue has it."""
    content = {name: value for name, value in document.items() if name not in SERVER_SET}
    faults = unmet_claims(document, current or _unborn(content), "/service")
    if service_id(content["division"], content["code"]) != identity:
        message = Text(f"与地址中的 {identity} 不符", f"does not agree with {identity} in the address")
        faults.append(Place(message, pointer="/service/code"))
    if faults:
        raise _refused(faults)
    return content


def _unborn(content: dict[str, Any]) -> dict[str, Any]:
    """Return the server-set members that a service can have before it exists."""
    return {
        "id": service_id(content["division"], content["code"]),
        "tags": tags_of(content["visits"], content["single_window"]),
        "schema": SCHEMA,
    }


def unmet_claims(sent: dict[str, Any], current: Any, pointer: str) -> list[Place]:
    """Return a fault for each server-set member that was sent with another value than the current one."""
    return [
        Place(
            Text("由目录设置，只能原样送回", "is set by the catalogue and may only be sent back as it is"),
            pointer=f"{pointer}/{name}",
        )
        for name in SERVER_SET
        if name in sent and not _same(sent[name], current.get(name))
    ]


def _same(sent: Any, own: Any) -> bool:
    """Tell whether two values are the same JSON; to Python, true and 1.0 are both 1."""
    return type(sent) is type(own) and bool(sent == own)


def _refused(faults: list[Place]) -> InvalidBody:
    return InvalidBody(Text(f"请求内容有 {len(faults)} 处错误", f"faults in the body: {len(faults)}"), faults)
