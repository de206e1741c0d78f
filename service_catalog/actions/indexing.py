"""Keeping what services are found by in step with their documents, inside the write that changes them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy.orm import Session

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.preparing import check_readiness
from service_catalog.documents.canonical import compact, stored_document
from service_catalog.documents.search.entries import changed_entry, entry_of, is_indexed_alike
from service_catalog.documents.search.names import name_of
from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.search import Name
from service_catalog.domain.service import Service, index_of, upgraded
from service_catalog.domain.tally import Tally, attributes_of
from service_catalog.store import log, names, search_entries, services, tally
from service_catalog.store.search_entries import SearchEntry

Change = tuple[Service, Service]
"""A service before and after a change."""


Entry = tuple[str, list[str]]
"""The former names of a service, as JSON, and its tokens."""


NO_FORMER_NAMES = compact([]).decode()


def entry_of_new(service: Service) -> Entry:
    """Return what a new service is found by; it follows from what a writer decides, so the turn need not be held."""
    return entry_of([service])


def index_created(
    session: Session, created: Iterable[tuple[Service, int]], entry: Callable[[Service], Entry] = entry_of_new
) -> None:
    """Index new services, each at the log position of its first version; ``entry`` has what each is found by."""
    there = list(created)
    names.insert_names(session, {name_of(service["name"]) for service, _ in there})
    search_entries.insert_entries(
        session, [_search_entry(position, service, entry(service)) for service, position in there]
    )


def _search_entry(position: int, service: Service, entry: Entry) -> SearchEntry:
    attributes, name = attributes_of(index_of(service)), name_of(service["name"])
    return SearchEntry(position, service["id"], attributes, name.number, *entry)


def index_changed(session: Session, changed: Iterable[Change]) -> None:
    """Index anew the services of which something has changed that is searched; changed tags only move counts."""
    moved, counted = [], {}
    for before, after in changed:
        if not is_indexed_alike(before, after):
            moved.append((before, after))
        elif (attributes := attributes_of(index_of(after))) != attributes_of(index_of(before)):
            counted[after["id"]] = attributes
    search_entries.update_attributes(session, counted)
    if moved:
        _index_moved(session, moved)


def _index_moved(session: Session, moved: Sequence[Change]) -> None:
    former = search_entries.find_former(session, [after["id"] for _, after in moved])
    left, taken = ({name_of(service["name"]) for service in side} for side in zip(*moved, strict=True))
    names.insert_names(session, taken - left)
    search_entries.update_entries(
        session,
        [_search_entry(0, after, changed_entry(former[after["id"]], before, after)) for before, after in moved],
    )
    names.delete_unused(session, [name.number for name in left - taken])


def find_differing(session: Session) -> Iterator[list[tuple[SearchEntry, Name]]]:
    """Yield, stretch by stretch in id order, what services should be found by where the table has it otherwise.

    Each comes with the service's name.
    """
    after = ""
    while ids := services.find_ids(session, after):
        there = search_entries.find_entries(session, ids)
        versions = groupby(services.find_all_versions(session, ids), key=lambda version: version[0].id)
        entries = [_entry(list(group)) for _, group in versions]
        yield [(entry, name) for entry, name in entries if there.get(entry.service_id) != entry]
        after = ids[-1]


def _entry(versions: Sequence[tuple[StoredDocument, int]]) -> tuple[SearchEntry, Name]:
    documents = [upgraded(stored_document(stored.document)) for stored, _ in versions]
    return searched_entry(documents, versions[0][1]), name_of(documents[-1]["name"])


def searched_entry(versions: Sequence[Service], position: int) -> SearchEntry:
    """Return what a service is found by, from all its versions and the position in the log of the first."""
    return _search_entry(position, versions[-1], entry_of(versions))


def mend_entries(session: Session) -> int:
    """Write anew what services are found by where it does not agree with their documents; return how many these were.

    The caller holds the write turn, or is a migration, and commits.
    """
    mended = search_entries.delete_strays(session)
    for differing in filter(None, find_differing(session)):
        names.insert_names(session, {name for _, name in differing})
        search_entries.replace_entries(session, [entry for entry, _ in differing])
        mended += len(differing)
    mended += _mend_names(session)
    search_entries.rebuild_indexes(session)
    return mended


def find_wrong_names(session: Session) -> Iterator[Name]:
    """Yield the names that are not kept as they are searched."""
    return (name for name in names.read_names(session) if name != name_of({"zh": name.zh, "en": name.en}))


def _mend_names(session: Session) -> int:
    """Write anew the names that are wrong or missing, and delete those that no service has; return how many these were.

    What each service is found by must be mended already.
    """
    mended = 0
    for wrong in find_wrong_names(session):
        names.delete_names(session, [wrong.number])
    while ids := names.find_unwritten(session):
        found = services.find_many(session, ids).values()
        names.insert_names(session, {name_of(upgraded(stored_document(stored.document))["name"]) for stored in found})
        mended += len(ids)
    while unused := names.find_unused(session):
        names.delete_names(session, unused)
        mended += len(unused)
    return mended


def mend_index(catalogue: Catalogue) -> int:
    """Bring the table for searching and the counts into step with the documents; return how many rows were wrong.

    This is no revision: nothing that a reader gets follows from them, but what is found, in which order, and how many.

    Raises:
        NotReady: where the tables are not those of this release.
        DatabaseUnavailable: where the database cannot be reached.
        CatalogueBusy: where the write turn could not be had in time.
    """
    check_readiness(catalogue)
    with catalogue.database.writing() as session:
        log.take_turn(session)
        mended = mend_entries(session) + _mend_counts(session)
        session.commit()
    return mended


def _mend_counts(session: Session) -> int:
    counted = Tally()
    for index, _ in services.read_current(session):
        counted.add(index)
    difference = tally.find_difference(session, counted)
    tally.add(session, difference)
    return len(difference.services) + len(difference.divisions)
