"""The one write path: take the turn, check permission and rules, write rows, versions and log, sign, commit.

A write without its log entry is impossible, because entries are made here and nowhere else commits.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.indexing import Entry, entry_of_new, index_changed, index_created
from service_catalog.actions.ledger import Edge, Intent, Ledger, open_ledger
from service_catalog.documents.canonical import canonical, compact, stored_document
from service_catalog.documents.notes import Signer
from service_catalog.domain.access import AccessToken, Actor
from service_catalog.domain.errors import KeyMismatch, KeyReused, NotPermitted, Place, RulesBroken
from service_catalog.domain.revisions import (
    EntryKind,
    Operation,
    Revision,
    StoredDocument,
    digest_of,
    operation_between,
)
from service_catalog.domain.rules import Finding, broken_rules
from service_catalog.domain.service import Service, completed, content_of, index_of, upgraded
from service_catalog.domain.tally import Tally
from service_catalog.domain.times import format_time
from service_catalog.domain.vocabulary import Text
from service_catalog.store import divisions, log, replays, services, tally, tokens
from service_catalog.store.replays import Kept

BATCH = 500
"""Services looked up and written at a time, so that a write of any size needs the same memory."""

ANSWERS_KEPT = timedelta(hours=24)
"""How long a repeated ``Idempotency-Key`` finds its first answer."""


MARGIN = 1.25
"""A writer waits so many leases: a quarter more than a reader counts, for clocks that do not run alike."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a write does to one service; ``op`` is ``None`` where it stays as it is."""

    op: Operation | None
    before: Service | None
    after: Service
    stored: StoredDocument


@dataclass(frozen=True, slots=True)
class Once:
    """A client's promise that requests under one key are one request; ``request`` is the digest that tells."""

    key: str
    request: str


Locate = Callable[[int, Finding], Place]
"""Where a broken rule is, in the words of the request: from the position of the service and the finding."""


def locate_in_list(position: int, finding: Finding) -> Place:
    """Point into a list of services."""
    return Place(finding.message, pointer=f"/{position}{finding.pointer}", rule=finding.rule.value)


@contextmanager
def open_write(catalogue: Catalogue, intent: Intent) -> Iterator["Write"]:
    """Yield one write while its turn is held; what is not committed is undone.

    Whatever comes of it, the caller hears so only when no worker may answer any longer by what it knew before.

    Raises:
        NotPermitted: where the actor lacks the permission.
        KeyMismatch: where this process does not hold the log's key; no key, no write.
        CatalogueBusy, DatabaseUnavailable: as ``Database.writing``.
    """
    if not intent.actor.may(intent.permission):
        raise NotPermitted(Text("您无权进行此操作", f"this needs the permission {intent.permission}"))
    held = 0.0
    try:
        with catalogue.database.writing() as session:
            head = _taken_turn(session)
            held = head.lease / 1000
            signer = _signer_of(catalogue, head)
            now = catalogue.clock()
            ledger = open_ledger(session, head, intent, now, catalogue.edge)
            yield Write(session, intent, ledger, signer, catalogue.edge, since=format_time(now - ANSWERS_KEPT))
    finally:
        catalogue.wait(held * MARGIN)  # the turn is free again, and what was committed stays


class Write:
    """One write while it holds the turn: what it reads through ``session`` cannot change before it is written."""

    def __init__(
        self, session: Session, intent: Intent, ledger: Ledger, signer: Signer, edge: Edge, *, since: str
    ) -> None:
        """Begin; ``since`` is the time from which answers are remembered."""
        self.session = session
        self.at = ledger.at
        self._intent = intent
        self._ledger = ledger
        self._signer = signer
        self._edge = edge
        self._since = since
        self._found: dict[str, StoredDocument | None] = {}

    def find(self, identity: str) -> StoredDocument | None:
        """Return the document of a service that is about to be written; it is not read again."""
        self._found[identity] = services.find_current(self.session, identity)
        return self._found[identity]

    @property
    def revision(self) -> int:
        """Where the catalogue stands after this write: the new revision, or the present one if nothing changed."""
        return self._ledger.number if self._ledger.has_changes else self._ledger.number - 1

    def put_division(self, document: dict[str, Any]) -> None:
        """Write a division's own document as its next version, unless it is as it was."""
        body = canonical(document)
        current = divisions.find_division(self.session, document["division"])
        if current is not None and current.document == body:
            return
        version = 1 if current is None else current.version + 1
        stored = StoredDocument(document["division"], version, body, digest_of(body))
        divisions.put_division(self.session, stored, self._ledger.number)
        self._ledger.record([(EntryKind.DIVISION, Operation.CREATED if version == 1 else Operation.CHANGED, stored)])

    def put_token(self, token: AccessToken) -> None:
        """Write a token that is issued, or its revocation."""
        if token.revoked_at is None:
            tokens.insert_token(self.session, token)
        else:
            tokens.revoke_token(self.session, token.id, token.revoked_at)
        body = canonical(token.as_document())
        op = Operation.CREATED if token.revoked_at is None else Operation.RETIRED
        self._ledger.record([(EntryKind.TOKEN, op, StoredDocument(token.id, token.version, body, digest_of(body)))])

    def put_services(
        self,
        contents: Iterable[dict[str, Any]],
        *,
        locate: Locate = locate_in_list,
        observe: Callable[[Effect], None] | None = None,
        found: Iterable[Place] = (),
        entry: Callable[[Service], Entry] = entry_of_new,
    ) -> None:
        """Write the content of services, by identity; ``observe`` hears of each effect, in order.

        ``found`` are rules that the caller found broken already: they are told with the others. ``entry`` has what a
        new service is found by, for a caller who knew it before the turn.

        Raises:
            NotPermitted: where a service is outside the actor's divisions.
            RulesBroken: with every broken rule.
        """
        broken = list(found)
        moved = Tally()
        position = 0
        for batch in _batches(contents):
            proposed = [self._completed(content) for content in batch]
            for place, service in enumerate(proposed, start=position):
                broken.extend(locate(place, finding) for finding in broken_rules(service))
            position += len(batch)
            if not broken:
                self._put_batch(proposed, moved, observe, entry)
        if broken:
            raise _rules_broken(broken)
        tally.move(self.session, moved)  # once for all: each would leave PostgreSQL another dead row to pass

    def _completed(self, content: dict[str, Any]) -> Service:
        check_reach(self._intent.actor, content["division"])
        return completed(content, version=1, revision=self._ledger.number, updated_at=self.at)

    def _put_batch(
        self,
        proposed: list[Service],
        moved: Tally,
        observe: Callable[[Effect], None] | None,
        entry: Callable[[Service], Entry],
    ) -> None:
        current = self._current([service["id"] for service in proposed])
        effects = [_effect(current.get(service["id"]), service) for service in proposed]
        written = [effect for effect in effects if effect.op]
        first = self._ledger.record([(EntryKind.SERVICE, effect.op, effect.stored) for effect in written if effect.op])
        logged = list(enumerate(written, first))
        if created := [(position, effect) for position, effect in logged if effect.before is None]:
            services.insert_services(self.session, [_version(*one) for one in created])
            index_created(self.session, [(effect.after, position) for position, effect in created], entry)
        if changed := [(position, effect) for position, effect in logged if effect.before is not None]:
            services.update_services(self.session, [_version(*one) for one in changed])
            index_changed(self.session, [(effect.before, effect.after) for _, effect in changed if effect.before])
        for effect in written:
            _count(moved, effect)
        if observe is not None:
            for effect in effects:
                observe(effect)

    def _current(self, ids: list[str]) -> dict[str, StoredDocument]:
        wanted = [identity for identity in ids if identity not in self._found]
        found = services.find_many(self.session, wanted) if wanted else {}
        known = {identity: stored for identity in ids if (stored := self._found.pop(identity, None))}
        return known | found

    def commit(self) -> Revision | None:
        """Sign the log's new head, write the revision and commit; ``None`` where nothing changed."""
        if not self._ledger.has_changes:
            return None
        revision = self._ledger.close(self._signer)
        self.session.commit()
        self._edge.keep(revision.checkpoint, self._ledger.frontier)
        return revision

    def rehearse(self) -> None:
        """Make every change but those of the commit itself, so that the database may refuse any of them."""
        self.session.connection()

    def answer(self, carry_out: Callable[[], dict[str, Any]], *, once: Once | None, dry_run: bool) -> bytes:
        """Carry a bulk change out, commit it and return its answer; a dry run does all but commit.

        The answer to a key is kept in the change's own transaction, and given again instead of doing it again.

        Raises:
            KeyReused: where the key came with another request before.
        """
        if once is not None and not dry_run and (kept := self._kept(once)) is not None:
            return kept
        body = carry_out()
        revision = self._ledger.number - 1 if dry_run else self.revision
        answer = compact({"dry_run": dry_run, "revision": revision, **body})
        if dry_run:
            self.rehearse()
            return answer
        if once is not None:
            self._keep(once, answer)
        if self.commit() is None:
            self.session.commit()  # nothing changed, and the key remembers that
        return answer

    def _kept(self, once: Once) -> bytes | None:
        kept = replays.find_answer(self.session, self._intent.actor.id, once.key, self._since)
        if kept is not None and kept.request != once.request:
            raise KeyReused(Text("该幂等键此前用于另一个请求", "this Idempotency-Key came with another request before"))
        return None if kept is None else kept.answer

    def _keep(self, once: Once, answer: bytes) -> None:
        kept = Kept(once.request, answer)
        replays.keep_answer(self.session, self._intent.actor.id, once.key, kept, at=self.at, since=self._since)


def _rules_broken(places: Sequence[Place]) -> RulesBroken:
    """Return the refusal that says how many rules are broken, since not all of the places may be listed."""
    many = len(places)
    return RulesBroken(
        Text(f"有 {many} 处违反目录规则，未写入任何内容", f"rules broken: {many}; nothing was written"), places
    )


def check_reach(actor: Actor, division: str) -> None:
    """Refuse a write to a division that is not the actor's; an id will do, since it begins with its division.

    Raises:
        NotPermitted: naming both divisions.
    """
    if not actor.may_write_in(division):
        reach, asked = actor.division, division.partition("-")[0]
        raise NotPermitted(
            Text(
                f"该令牌只能写入区划 {reach}，不能写入 {asked}",
                f"this token may write in division {reach}, not in {asked}",
            )
        )


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


def _effect(current: StoredDocument | None, proposed: Service) -> Effect:
    if current is None:
        return Effect(Operation.CREATED, None, proposed, _stored(proposed))
    before = upgraded(stored_document(current.document))
    if content_of(before) == content_of(proposed):
        return Effect(None, before, before, current)
    proposed["version"] = current.version + 1
    return Effect(operation_between(before, proposed), before, proposed, _stored(proposed))


def _stored(service: Service) -> StoredDocument:
    body = canonical(service)
    return StoredDocument(service["id"], service["version"], body, digest_of(body))


def _count(moved: Tally, effect: Effect) -> None:
    moved.add(index_of(effect.after))
    if effect.before is not None:
        moved.add(index_of(effect.before), -1)


def _version(position: int, effect: Effect) -> services.LoggedVersion:
    return index_of(effect.after), effect.stored, position


def _batches(contents: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(contents)
    while batch := list(islice(iterator, BATCH)):
        yield batch
