"""The pages on which one service is edited: the form, its preview, and what two people see who edited at once.

A form is opened with one version of a service and carries its digest; it is saved by the action behind PUT, and
previewed by that action's dry run. Whatever is refused comes back with everything that was typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from flask import Response, request, url_for

from service_catalog.actions import browsing, editing
from service_catalog.actions.editing import Target, Written
from service_catalog.actions.writing import check_reach
from service_catalog.console.current import latest_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.histories import versions_of
from service_catalog.console.inputs import (
    ADD,
    REMOVE,
    Complaint,
    Group,
    Input,
    Leaf,
    Typed,
    complaints_of,
    form_of,
    id_of,
)
from service_catalog.console.pages import asked
from service_catalog.console.problems import shown_within
from service_catalog.console.rendering import UNSAID, answer_in_private, lead_on
from service_catalog.console.services import described
from service_catalog.console.sessions import PrivatePages, current_actor
from service_catalog.console.texts import TEXTS
from service_catalog.documents.differences import Line, lines_of
from service_catalog.documents.faults import read_body
from service_catalog.documents.schemas.queries import ServiceQuery
from service_catalog.documents.schemas.writes import ServiceBody, ServiceInputSchema
from service_catalog.domain.differences import service_difference
from service_catalog.domain.errors import InvalidBody, Place, StaleVersion
from service_catalog.domain.merging import Meeting, Side, joined, met
from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.selection import HistoryRequest
from service_catalog.domain.service import SERVER_SET, content_of, service_id
from service_catalog.domain.vocabulary import Status, Text

SAVE = "save"
"""The step that writes; all others look, add a row or remove one."""

FIXED = ("division", "code")
"""Members of which the id is made, so that they stand still once the service exists."""

MOST_VERSIONS = 20
"""Versions shown that others saved while a form was open."""

_SCHEMA = ServiceBody()
_REASON = Leaf(_SCHEMA.fields["reason"], "reason")

pages = PrivatePages("editing_pages", __name__)


@cache
def _form_without(*members: str) -> Group:
    """Return the fields of a service but for some, made when the first form is asked for: readers need none."""
    return form_of(ServiceInputSchema(), leave_out=members)


def _whole() -> Group:
    return _form_without(*SERVER_SET)


def _standing() -> Group:
    return _form_without(*SERVER_SET, *FIXED)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor has in hand: the version that the form was opened with, if there was one, and what is typed."""

    opened: StoredDocument | None
    typed: Typed

    @property
    def form(self) -> Group:
        """The fields."""
        return Group({"service": _whole() if self.opened is None else _standing(), "reason": _REASON})

    @property
    def body(self) -> dict[str, Any]:
        """What the form means, as the body of a call; a member that was left alone is as it was, to the letter.

        Raises:
            InvalidBody: where no body can say what was typed.
        """
        body: dict[str, Any] = self.form.meant(self.typed, "")
        if self.opened is None:
            return body
        was, typed = content_of(described(self.opened)), self.typed["service"]
        untouched = {name for name, kind in _standing().members.items() if kind.shown(was[name]) == typed[name]}
        return {**body, "service": {**body["service"], **{name: was[name] for name in (*FIXED, *untouched)}}}

    def drawn(self) -> Input:
        """Return the form as a template draws it."""
        return self.form.drawn(self.typed, "")

    def write(self, *, dry_run: bool) -> Written:
        """Carry out what the form says, or try it, for which no reason is needed.

        Raises:
            InvalidBody, RulesBroken, ServiceExists, StaleVersion, CatalogueBusy: as the actions behind PUT.
        """
        body = self.body
        body = read_body(_SCHEMA, body | ({"reason": UNSAID} if dry_run and "reason" not in body else {}))
        document, reason = body["service"], body["reason"]
        catalogue, actor = latest_catalogue(), current_actor()
        if self.opened is None:
            identity = service_id(document["division"], document["code"])
            return editing.create_service(catalogue, actor, identity, document, reason, dry_run=dry_run)
        target = Target(self.opened.id, self.opened.sha256, reason)
        return editing.replace_service(catalogue, actor, target, document, dry_run=dry_run)


@pages.page("/admin/services/new", methods=("GET", "POST"))
def create_service() -> Response:
    """Show an empty form, or what becomes of what was typed into it."""
    if request.method != "POST":
        return _answer(Draft(None, {"service": _whole().shown({"status": Status.ACTIVE}), "reason": ""}))
    return _respond(_posted(None))


@pages.page("/admin/services/<service_id>/edit", methods=("GET", "POST"))
def edit_service(service_id: str) -> Response:
    """Show a service in a form, or what becomes of what was typed into it."""
    current = browsing.get_service(latest_catalogue(), service_id)
    check_reach(current_actor(), service_id)
    if request.method != "POST":
        return _answer(Draft(current, _typed_of(content_of(described(current)))))
    draft = _posted(_version("opened", service_id))
    return _merge(draft, _version("met", service_id)) if "met" in request.form else _respond(draft)


def _posted(opened: StoredDocument | None) -> Draft:
    typed = Draft(opened, None).form.typed(request.form, "", request.form.get("step", ""))
    return Draft(opened, typed)


def _typed_of(content: Mapping[str, Any], reason: str = "") -> Typed:
    return {"service": _standing().shown(content), "reason": reason}


def _version(name: str, service_id: str) -> StoredDocument:
    """Return the version of a service that a form names by its revision and its digest.

    Raises:
        InvalidParameters, UnknownRevision, UnknownService: where there can be none.
        StaleVersion: where the catalogue was put back to an earlier state meanwhile and wrote another one.
    """
    revision, _, digest = request.form.get(name, "").partition(":")
    number = asked(ServiceQuery, [("revision", revision)])["revision"]
    stored = browsing.get_service(latest_catalogue(), service_id, number)
    if stored.sha256 != digest:
        raise StaleVersion(Text("目录里没有您打开的那一版", "the catalogue has no such version as you opened"))
    return stored


def _named(stored: StoredDocument | None) -> str:
    """Return what ``_version`` reads."""
    return f"{described(stored)['revision']}:{stored.sha256}" if stored else ""


def _respond(draft: Draft) -> Response:
    """Do what the button says that was pressed."""
    step, _, pointer = request.form.get("step", "").partition(":")
    if step in (ADD, REMOVE):
        return _answer(draft, focus=_focus(draft, step, pointer))
    is_meant = step == SAVE
    try:
        with shown_within("edit.html", **_shown(draft)):
            written = draft.write(dry_run=not is_meant)
    except StaleVersion:
        current = browsing.get_service(latest_catalogue(), cast("StoredDocument", draft.opened).id)
        if is_meant and content_of(described(current)) == draft.body["service"]:
            return _lead_to_revision(current)  # the form was sent twice
        with shown_within("conflict.html", **_conflict(draft)):
            raise
    if is_meant and written.op:
        return _lead_to_revision(written.stored)
    return _answer(draft, outcome=_outcome(draft, written))


def _lead_to_revision(stored: StoredDocument) -> Response:
    return lead_on(url_for("revision_pages.show_revision", number=described(stored)["revision"], done=1))


def _focus(draft: Draft, verb: str, pointer: str) -> str:
    """Return the id of the field to go on with: the first of a row that was added, or the list that lost one."""
    if verb == REMOVE:
        return id_of(pointer.rpartition("/")[0])
    rows = [part.parts[-1] for part in draft.drawn().walk() if part.pointer == pointer and part.parts]
    return next((leaf.id for row in rows for leaf in row.walk() if leaf.posted), id_of(pointer))


def _answer(draft: Draft, **values: Any) -> Response:
    return answer_in_private("edit.html", **_shown(draft) | values)


def _shown(draft: Draft) -> dict[str, Any]:
    """Return what the page of a form shows before anything is said of it."""
    service = described(draft.opened) if draft.opened else None
    return {
        "whose": whose(latest_catalogue(), service["division"] if service else None),
        "service": service,
        "opened": _named(draft.opened),
        "form": draft.drawn(),
        "complained": complained,
        "problem": None,
        "outcome": None,
        "focus": "",
    }


def complained(form: Input, problem: Mapping[str, Any]) -> list[Complaint]:
    """Put each fault of a problem beside its field, and return all for the summary."""
    places = [
        Place(Text(fault["detail_zh"], fault["detail"]), pointer=fault.get("pointer"), rule=fault.get("rule"))
        for fault in problem["errors"]
    ]
    complaints = complaints_of(form, places)
    for complaint in complaints:
        complaint.part.faults.append(complaint.message)
    return complaints


@dataclass(frozen=True, slots=True)
class Outcome:
    """What saving would do: the id, whether anything, line by line, and what could be better."""

    id: str
    changes_something: bool
    lines: list[Line]
    warnings: list[Complaint]


def _outcome(draft: Draft, written: Written) -> Outcome:
    before = described(draft.opened) if draft.opened else None
    difference = service_difference(before, described(written.stored))
    found = [Place(finding.message, pointer=f"/service{finding.pointer}") for finding in written.warnings]
    return Outcome(
        written.stored.id,
        written.op is not None,
        lines_of(difference) if difference else [],
        complaints_of(draft.drawn(), found),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A member that differs, with its three values as a template draws them, and whose is taken, ``None`` if open."""

    member: str
    side: Side | None
    choice: str
    opened: Input
    theirs: Input
    mine: Input


def _compared(meeting: Meeting) -> Compared:
    kind = _standing().members[meeting.member]
    values = (meeting.opened, meeting.theirs, meeting.mine)
    opened, theirs, mine = (kind.drawn(kind.shown(value), f"/{meeting.member}") for value in values)
    choice = request.form.get(f"take/{meeting.member}", "")
    return Compared(meeting.member, meeting.side, choice, opened, theirs.beside(opened), mine.beside(opened))


def _conflict(draft: Draft) -> dict[str, Any]:
    """Return what is shown where somebody else saved first: both versions, and everything that is typed."""
    opened = cast("StoredDocument", draft.opened)
    with latest_catalogue().snapshot() as catalogue:
        current = browsing.get_service(catalogue, opened.id)
        versions, _ = versions_of(catalogue, current_actor(), opened.id, HistoryRequest(MOST_VERSIONS, None))
        owner = whose(catalogue, opened.id.partition("-")[0])
    compared = [*map(_compared, _meetings(draft, current))]
    typed = [pair for part in draft.drawn().walk() for pair in part.posted]
    return {
        "whose": owner,
        "service": described(current),
        "held": [("opened", _named(opened)), ("met", _named(current)), *typed],
        "faster": [version for version in versions if version.number > opened.version],
        "groups": {side: [one for one in compared if one.side is side] for side in (None, Side.MINE, Side.THEIRS)},
    }


def _meetings(draft: Draft, theirs: StoredDocument) -> Sequence[Meeting]:
    opened = content_of(described(cast("StoredDocument", draft.opened)))
    return met(opened, draft.body["service"], content_of(described(theirs)))


def _merge(draft: Draft, theirs: StoredDocument) -> Response:
    """Put what was typed into what somebody else saved, and save it or go on editing."""
    meetings = _meetings(draft, theirs)
    taken = {meeting.member: request.form.get(f"take/{meeting.member}", "") for meeting in meetings}
    choices = {member: Side(side) for member, side in taken.items() if side in {*Side}}
    if undecided := [one.member for one in meetings if one.side is None and one.member not in choices]:
        message = TEXTS["conflict.choose"]
        with shown_within("conflict.html", **_conflict(draft)):
            raise InvalidBody(message, [Place(message, pointer=f"/take/{member}") for member in undecided])
    content = joined(content_of(described(theirs)), meetings, choices)
    return _respond(Draft(theirs, _typed_of(content, draft.typed["reason"])))
