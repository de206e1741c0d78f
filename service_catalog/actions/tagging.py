"""Tagging: the visit tag and the single-window tag, of one service or of thousands in one revision."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.editing import Target, Written, change_service
from service_catalog.actions.effects import Effects
from service_catalog.actions.ledger import Intent
from service_catalog.actions.writing import Once, Write, check_reach, open_write
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.schemas.writes import MOST_TAG_CHANGES
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.errors import InvalidBody, Place, RulesBroken, StaleVersion
from service_catalog.domain.revisions import Action
from service_catalog.domain.rules import Finding, Rule
from service_catalog.domain.service import Service, content_of, tagged, upgraded
from service_catalog.domain.vocabulary import Tag, Text
from service_catalog.store import log, services

VISIT_TAGS = frozenset({Tag.ZERO_VISIT.value, Tag.ONE_VISIT.value})

_OTHER_FIRST = Text(
    "到场次数标签二者必居其一，不能只删除；请改为设置另一个标签",
    "one of the visit tags must stand, so it cannot just be removed; put the other one instead",
)


def set_tags(catalogue: Catalogue, actor: Actor, target: Target, tags: Collection[str]) -> Written:
    """Give a service exactly these tags.

    Raises:
        RulesBroken: where not exactly one visit tag is among them, or the service may not have it.
        UnknownService, StaleVersion: as ``change_service``.
    """
    if len(VISIT_TAGS.intersection(tags)) != 1:
        raise _rule_broken(Rule.R1.label, "/tags")
    return _retag(catalogue, actor, target, lambda _: set(tags))


def put_tag(catalogue: Catalogue, actor: Actor, target: Target, tag: str) -> Written:
    """Add one tag; a visit tag takes the place of the other.

    Raises:
        RulesBroken, UnknownService, StaleVersion: as ``set_tags``.
    """
    return _retag(catalogue, actor, target, lambda tags: _with_tag(tags, tag))


def remove_tag(catalogue: Catalogue, actor: Actor, target: Target, tag: str) -> Written:
    """Remove one tag; a visit tag cannot be removed, only replaced by the other.

    Raises:
        RulesBroken, UnknownService, StaleVersion: as ``set_tags``.
    """

    def without(tags: set[str]) -> set[str]:
        if tag in VISIT_TAGS & tags:
            raise _rule_broken(_OTHER_FIRST, "/tags")
        return tags - {tag}

    return _retag(catalogue, actor, target, without)


def _retag(catalogue: Catalogue, actor: Actor, target: Target, change: Callable[[set[str]], set[str]]) -> Written:
    intent = Intent(actor, Permission.WRITE_CATALOGUE, Action.TAG, target.reason)

    def retagged(current: Service) -> dict[str, Any]:
        return tagged(content_of(current), change(set(current["tags"])))

    return change_service(catalogue, intent, target, retagged)


def _with_tag(tags: set[str], tag: str) -> set[str]:
    return (tags - VISIT_TAGS if tag in VISIT_TAGS else tags) | {tag}


def _rule_broken(message: Text, pointer: str) -> RulesBroken:
    return RulesBroken(message, [Place(message, pointer=pointer, rule=Rule.R1.value)])


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to add to one service and to remove from it; refused where it is not at ``expected_version``, if given."""

    id: str
    add: tuple[str, ...]
    remove: tuple[str, ...]
    expected_version: int | None


@dataclass(frozen=True, slots=True)
class TagChanges:
    """A bulk change; ``expected_revision`` is that of a dry run, after which none of the services may have changed."""

    changes: tuple[TagChange, ...]
    reason: str
    dry_run: bool
    expected_revision: int | None


def requested(body: Mapping[str, Any]) -> TagChanges:
    """Return the bulk change that a body asks for, as ``TagChangesBody`` reads it."""
    changes = (
        TagChange(one["id"], tuple(one["add"]), tuple(one["remove"]), one["expected_version"])
        for one in body["changes"]
    )
    return TagChanges(tuple(changes), body["reason"], body["dry_run"], body["expected_revision"])


def change_tags(catalogue: Catalogue, actor: Actor, request: TagChanges, once: Once | None) -> bytes:
    """Change the tags of many services, all or none, as one revision, and return the answer.

    Raises:
        NotPermitted: where a change names a service outside the actor's divisions, whether it exists or not.
        InvalidBody: where a change names no service, the same as another, or contradicts itself.
        StaleVersion: where a service is not at the version, or has changed since the revision, that was expected.
        RulesBroken, KeyReused, KeyMismatch, CatalogueBusy, DatabaseUnavailable: as ``Write.answer``.
    """
    intent = Intent(actor, Permission.WRITE_CATALOGUE, Action.TAG, request.reason)
    for change in request.changes:
        check_reach(actor, change.id)
    _refuse(list(_contradictions(request.changes)))
    with open_write(catalogue, intent) as write:
        return write.answer(lambda: _change_tags(write, request), once=once, dry_run=request.dry_run)


def _change_tags(write: Write, request: TagChanges) -> dict[str, Any]:
    current = _current(write, request)
    divisions = {change.id.partition("-")[0] for change in request.changes}
    effects = Effects(write.session, divisions, MOST_TAG_CHANGES)
    contents = (
        tagged(content_of(current[change.id]), _changed_tags(set(current[change.id]["tags"]), change))
        for change in request.changes
    )
    write.put_services(contents, locate=_locate, observe=effects.observe, found=_bare(request, current))
    return effects.as_document()


def _current(write: Write, request: TagChanges) -> dict[str, Service]:
    """Return the services named, every one of which must be there and be as expected."""
    ids = [change.id for change in request.changes]
    found = services.find_many(write.session, ids)
    _refuse(
        [
            Place(Text(f"没有事项 {identity}", f"there is no service {identity}"), pointer=f"/changes/{position}/id")
            for position, identity in enumerate(ids)
            if identity not in found
        ]
    )
    current = {identity: upgraded(stored_document(stored.document)) for identity, stored in found.items()}
    _refuse(list(_ahead(request, log.current_revision(write.session))))
    if stale := list(_stale(request, current)):
        raise StaleVersion(Text("有事项在此期间已被修改", "services have changed in the meantime"), stale)
    return current


def _bare(request: TagChanges, current: dict[str, Service]) -> Iterator[Place]:
    """Yield each change that would leave a service without a visit tag."""
    for position, change in enumerate(request.changes):
        if not _changed_tags(set(current[change.id]["tags"]), change) & VISIT_TAGS:
            yield Place(_OTHER_FIRST, pointer=f"/changes/{position}/remove", rule=Rule.R1.value)


def _changed_tags(tags: set[str], change: TagChange) -> set[str]:
    for tag in change.add:
        tags = _with_tag(tags, tag)
    return tags - set(change.remove)


def _contradictions(changes: tuple[TagChange, ...]) -> Iterator[Place]:
    times = Counter(change.id for change in changes)
    for position, change in enumerate(changes):
        if times[change.id] > 1:
            yield Place(
                Text(f"{change.id} 出现了多次", f"{change.id} stands here more than once"),
                pointer=f"/changes/{position}/id",
            )
        if set(change.add) & set(change.remove):
            message = Text("同一标签既添加又删除", "a tag is both added and removed")
            yield Place(message, pointer=f"/changes/{position}/remove")
        if set(change.add) >= VISIT_TAGS:
            yield Place(Rule.R1.label, pointer=f"/changes/{position}/add")


def _ahead(request: TagChanges, revision: int) -> Iterator[Place]:
    """Find an expected revision that is not made yet: no dry run can have answered it."""
    if request.expected_revision is not None and request.expected_revision > revision:
        yield Place(Text(f"最新修订为 {revision}", f"the latest revision is {revision}"), pointer="/expected_revision")


def _stale(request: TagChanges, current: dict[str, Service]) -> Iterator[Place]:
    for position, change in enumerate(request.changes):
        service = current[change.id]
        if change.expected_version not in (None, service["version"]):
            message = Text(f"现为第 {service['version']} 版", f"is at version {service['version']}")
            yield Place(message, pointer=f"/changes/{position}/expected_version")
        elif request.expected_revision is not None and service["revision"] > request.expected_revision:
            message = Text(f"修订 {service['revision']} 已修改它", f"revision {service['revision']} changed it")
            yield Place(message, pointer=f"/changes/{position}/id")


def _locate(position: int, finding: Finding) -> Place:
    return Place(finding.message, pointer=f"/changes/{position}", rule=finding.rule.value)


def _refuse(faults: list[Place]) -> None:
    if faults:
        raise InvalidBody(Text(f"请求内容有 {len(faults)} 处错误", f"faults in the body: {len(faults)}"), faults)
