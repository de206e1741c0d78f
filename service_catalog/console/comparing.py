"""The pages for whoever may review it all: every revision with its maker's name, and what differs between any two."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from service_catalog.actions import browsing, comparing, reviewing
from service_catalog.actions.catalogue import Catalogue
from service_catalog.console.current import latest_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.pages import asked, parameters
from service_catalog.console.problems import shown_within
from service_catalog.console.rendering import answer_in_private
from service_catalog.console.revisions import Made, made_by
from service_catalog.console.sessions import PrivatePages, current_actor
from service_catalog.documents.differences import DIVISION_LABELS, Line, lines_of
from service_catalog.documents.fields import Whole
from service_catalog.documents.schemas.queries import DiffQuery, RevisionsQuery
from service_catalog.documents.schemas.service import LAST_REVISION
from service_catalog.documents.tabular.labels import LABELS, Label
from service_catalog.domain.access import Actor
from service_catalog.domain.differences import Difference
from service_catalog.domain.selection import DiffRequest, RevisionsRequest, Span

PAGE_LENGTH = 20
"""Revisions, or services that differ, on a page, unless ``limit`` says otherwise."""

pages = PrivatePages("comparison_pages", __name__)


class ComparisonQuery(DiffQuery):
    """Both revisions, and of which division; the API has the later one in its path."""

    class Meta:
        """A page has one format."""

        exclude = ("format",)

    end = Whole(
        least=1,
        most=LAST_REVISION,
        from_text=True,
        data_key="to",
        metadata={"description": "The later revision; the latest where absent.", "example": 2},
    )


@pages.page("/admin/revisions")
def list_revisions() -> Response:
    """Show every revision, newest first, with the name of whoever holds the token that it was made with."""
    wanted: RevisionsRequest = asked(RevisionsQuery)
    given = parameters()
    if "limit" not in dict(given):
        wanted = RevisionsRequest(PAGE_LENGTH, wanted.after)
    with latest_catalogue().snapshot() as catalogue:
        page = reviewing.list_revisions(catalogue, current_actor(), wanted)
        revisions = [made_by(catalogue, item) for item in page["items"]]
        owner = whose(catalogue, None)
        revision = browsing.current_revision(catalogue)
    return answer_in_private(
        "reviewed_revisions.html",
        whose=owner,
        revisions=revisions,
        next=page["next"],
        given=[pair for pair in given if pair[0] != "cursor"],
        is_first=wanted.after is None,
        revision=revision,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """How one thing differs, and each part of it in words."""

    difference: Difference
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Compared:
    """A page of what differs between two revisions, ``start`` being ``None`` for the empty catalogue."""

    span: Span
    start: Made | None
    end: Made
    divisions: list[Told] | None
    services: list[Told]
    limit: int
    next: str | None
    is_first: bool

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """What an address says to ask for it, also when the latest revision is another one."""
        named = [("from", str(self.span.start)), ("to", str(self.span.end)), ("limit", str(self.limit))]
        return named if self.span.division is None else [*named, ("division", self.span.division)]


@pages.page("/admin/compare")
def compare_revisions() -> Response:
    """Show what differs between any two revisions, member by member in words; the last two where none is named."""
    with latest_catalogue().snapshot() as catalogue:
        current = browsing.current_revision(catalogue)
        shown = {
            "whose": whose(catalogue, None),
            "given": dict(parameters()),
            "revision": current,
            "found": None,
            "problem": None,
        }
        with shown_within("compare.html", **shown):
            found = _compared(catalogue, current_actor(), asked(ComparisonQuery), current)
    return answer_in_private("compare.html", **shown | {"found": found})


def _compared(catalogue: Catalogue, actor: Actor, query: Mapping[str, Any], current: int) -> Compared:
    end = query.get("end", current)
    span = Span(query.get("start", end - 1), end, query.get("division"))
    limit = query["limit"] if "limit" in dict(parameters()) else PAGE_LENGTH
    page = comparing.compare_page(catalogue, actor, DiffRequest(span, limit, query.get("cursor")))
    return Compared(
        span,
        _made(catalogue, actor, span.start) if span.start else None,
        _made(catalogue, actor, span.end),
        None if page.divisions is None else _told(page.divisions, DIVISION_LABELS),
        _told(page.services, LABELS),
        limit,
        page.next,
        "cursor" not in query,
    )


def _made(catalogue: Catalogue, actor: Actor, number: int) -> Made:
    return made_by(catalogue, reviewing.get_revision(catalogue, actor, number))


def _told(differences: Iterable[Difference], labels: Mapping[str, Label]) -> list[Told]:
    return [Told(difference, lines_of(difference, labels)) for difference in differences]
