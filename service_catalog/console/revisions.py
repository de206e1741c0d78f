"""One revision as a reader sees it, for the public and, with the holder's name, for whoever is signed in."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from service_catalog.actions import browsing
from service_catalog.actions.catalogue import Catalogue
from service_catalog.console.texts import TEXTS
from service_catalog.documents.canonical import stored_document
from service_catalog.documents.schemas.queries import MOST_ENTRIES
from service_catalog.domain.revisions import EntryKind, Operation
from service_catalog.domain.vocabulary import Text

MOST_SHOWN = 3
"""Entries of a revision that are shown; a link leads to the others."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log as a reader sees it."""

    kind: EntryKind
    id: str
    version: int
    did: Text


@dataclass(frozen=True, slots=True)
class Made:
    """One revision: ``shown`` are the first of its entries, ``address`` leads to all.

    ``holder`` is who holds the token that it was made with, known to signed-in roles alone.
    """

    number: int
    at: str
    actor: str
    holder: str | None
    action: Text
    reason: str
    entries: int
    shown: list[Entry]
    address: str

    @property
    def actor_name(self) -> Text | None:
        """How an actor that is nobody's token is called."""
        return TEXTS.get(f"actor.{self.actor}")


def made_by(catalogue: Catalogue, item: dict[str, Any]) -> Made:
    """Return a revision of the list, with the first of its entries from the log."""
    first = item["log_size"] - item["entries"]
    leaves = browsing.get_entries(catalogue, first, min(item["entries"], MOST_SHOWN))
    query = urlencode({"from": first, "limit": min(item["entries"], MOST_ENTRIES)})
    return Made(
        number=item["number"],
        at=item["at"],
        actor=item["actor"],
        holder=item["actor_name"],
        action=TEXTS.get(f"action.{item['action']}") or Text(item["action"], item["action"]),
        reason=item["reason"],
        entries=item["entries"],
        shown=[_entry(stored_document(leaf)) for leaf in leaves],
        address=f"/api/v1/log/entries?{query}",
    )


def _entry(leaf: dict[str, Any]) -> Entry:
    return Entry(EntryKind(leaf["kind"]), leaf["id"], leaf["version"], Operation(leaf["op"]).label)
