"""The pages where administrators work: the table of services, and tags put on many of them at once."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from service_catalog.actions import browsing, tagging
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.writing import Once
from service_catalog.console.current import latest_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.filters import conditions, panels
from service_catalog.console.pages import asked, parameters
from service_catalog.console.problems import shown_within
from service_catalog.console.rendering import UNSAID, answer_in_private, lead_on
from service_catalog.console.services import Card, described, opened
from service_catalog.console.sessions import PrivatePages, current_actor
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.faults import read_body
from service_catalog.documents.schemas.queries import ListQuery
from service_catalog.documents.schemas.writes import MOST_TAG_CHANGES, TagChangesBody
from service_catalog.domain.selection import PageRequest
from service_catalog.domain.vocabulary import Tag

SELECT_ALL = ("select", "all")
"""The parameter, and its one value, by which every service on the page comes ticked."""

pages = PrivatePages("admin_pages", __name__)


@pages.page("/admin")
def list_services() -> Response:
    """Show the services as a table of which any number can be ticked, and the form that tags those."""
    given = [pair for pair in parameters() if pair != SELECT_ALL]
    wanted: PageRequest = asked(ListQuery, given)
    with latest_catalogue().snapshot() as catalogue:
        found = browsing.list_services(catalogue, wanted)
        groups = panels(catalogue, given)
        owner = whose(catalogue, wanted.filters.division)
    return answer_in_private(
        "table.html",
        whose=owner,
        cards=[Card(opened(document)) for document in found.documents],
        found=found,
        panels=groups,
        conditions=conditions(given),
        given=[pair for pair in given if pair[0] != "cursor"],
        is_first=wanted.after is None,
        are_ticked=SELECT_ALL in parameters(),
        select_all=SELECT_ALL,
        form=TagForm(),
        revision=found.revision,
    )


@dataclass(frozen=True, slots=True)
class TagForm:
    """What the form says: which services, which visit tag they shall have, and what becomes of their single window.

    An empty choice leaves that tag as it is. ``key`` makes sending the same form twice one write.
    """

    ids: tuple[str, ...] = ()
    visits: str = ""
    window: str = ""
    reason: str = ""
    expected_revision: str = ""
    key: str = ""

    @classmethod
    def sent(cls) -> "TagForm":
        """Return the form as it was sent, without the services that the reader gave up."""
        fields = request.form
        given_up = set(fields.getlist("refused")) if fields.get("step") == "without" else set()
        ids = [identity for identity in dict.fromkeys(fields.getlist("id")) if identity not in given_up]
        return cls(
            tuple(ids[: MOST_TAG_CHANGES + 1]),
            **{name: fields.get(name, "") for name in ("visits", "window", "reason", "expected_revision", "key")},
        )

    def change(self, catalogue: Catalogue, *, dry_run: bool) -> dict[str, Any]:
        """Carry the change out, or only find out what it would do, and return the API's own answer.

        Raises:
            InvalidBody, NotPermitted, StaleVersion, RulesBroken, CatalogueBusy: as ``change_tags``.
        """
        window = [Tag.SINGLE_WINDOW.value]
        add = ([self.visits] if self.visits else []) + (window if self.window == "add" else [])
        remove = window if self.window == "remove" else []
        body = {
            "changes": [{"id": identity, "add": add, "remove": remove} for identity in self.ids],
            "reason": self.reason or (UNSAID if dry_run else ""),
            "dry_run": dry_run,
            "expected_revision": None
            if dry_run or not self.expected_revision.isdecimal()
            else int(self.expected_revision),
        }
        asked_for = tagging.requested(read_body(TagChangesBody(), body))
        digest = hashlib.sha256(repr(body).encode()).hexdigest()
        once = Once(self.key, digest) if self.key and not dry_run else None
        answer: dict[str, Any] = stored_document(tagging.change_tags(catalogue, current_actor(), asked_for, once))
        return answer


@pages.page("/admin/tags", methods=("GET", "POST"))
def change_tags() -> Response:
    """Show what a change of tags would do, or do it and lead to the revision that it made."""
    if request.method != "POST":
        return lead_on(url_for("admin_pages.list_services"))
    form = TagForm.sent()
    is_meant = request.form.get("step") == "apply"
    with latest_catalogue().snapshot() as catalogue:
        cards = [Card(described(stored)) for stored in browsing.get_services(catalogue, form.ids)]
        owner = whose(catalogue, None)
    shown: dict[str, Any] = {
        "whose": owner,
        "cards": cards,
        "form": form,
        "refused": refused,
        "names": {card.service["id"]: card.service["name"] for card in cards},
        "problem": None,
        "outcome": None,
        "key": "",
    }
    with shown_within("tagging.html", **shown):
        outcome = form.change(latest_catalogue(), dry_run=not is_meant)
    if is_meant and any(effect["op"] != "unchanged" for effect in outcome["effects"]):
        return lead_on(url_for("revision_pages.show_revision", number=outcome["revision"], done=1))
    return answer_in_private("tagging.html", **shown | {"outcome": outcome, "key": secrets.token_hex(16)})


def refused(form: TagForm, problem: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what a problem says of each service, by its id: its places point at positions in the form."""
    found: dict[str, list[dict[str, Any]]] = {}
    for fault in problem.get("errors", []):
        _, first, *rest = (fault.get("pointer") or "//").split("/")
        if first == "changes" and rest and int(rest[0]) < len(form.ids):
            found.setdefault(form.ids[int(rest[0])], []).append(fault)
    return found
