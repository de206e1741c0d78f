"""Keeping what services are found by in step with their documents, inside the write that changes them."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from service_catalog.documents.search.entries import changed_entry, entry_of, is_indexed_alike
from service_catalog.domain.service import Service
from service_catalog.store import search
from service_catalog.store.search import SearchEntry

Change = tuple[Service, Service]
"""A service before and after a change."""


def index_created(session: Session, created: Iterable[tuple[Service, int]]) -> None:
    """Index new services, each at the log position of its first version."""
    search.insert_entries(
        session, [SearchEntry(position, service["id"], *entry_of([service])) for service, position in created]
    )


def index_changed(session: Session, changed: Iterable[Change]) -> None:
    """Index anew the services of which something has changed that is searched; most changes of tags leave it alone."""
    moved = [(before, after) for before, after in changed if not is_indexed_alike(before, after)]
    if moved:
        search.update_entries(session, _entries(session, moved))


def _entries(session: Session, moved: Sequence[Change]) -> list[SearchEntry]:
    known = search.find_former(session, [after["id"] for _, after in moved])
    return [SearchEntry(0, after["id"], *changed_entry(known[after["id"]], before, after)) for before, after in moved]
