"""Keeping what services are found by in step with their documents, inside the write that changes them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy.orm import Session

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.preparing import check_readiness
from service_catalog.documents.canonical import compact, stored_document
from service_catalog.documents.search.entries import changed_entry, entry_of, is_indexed_alike
from service_catalog.documents.search.names import name_of
from service_catalog.domain.namesakes import Namesakes, joined, namesakes_of
from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.service import Service, index_of, upgraded
from service_catalog.domain.tally import Tally, attributes_of
from service_catalog.store import log, names, search_entries, services, tally
from service_catalog.store.search_entries import SearchEntry

Change = tuple[Service, Service]
"""A service before and after a change."""


Entry = tuple[str, list[str]]
"""The former names of a service, as JSON, and its tokens."""


class Searched(NamedTuple):
    """What a service is found by, and what follows from it for its name."""

    entry: SearchEntry
    called: Namesakes


NO_FORMER_NAMES = compact([]).decode()


def entry_of_new(service: Service) -> Entry:
    """Return what a new service is found by; it follows from what a writer decides, so the turn need not be held."""
    return entry_of([service])


def index_created(
    session: Session, created: Iterable[tuple[Service, int]], entry: Callable[[Service], Entry] = entry_of_new
) -> None:
    """Index new services, each at the log position of its first version; ``entry`` has what each is found by."""
    wanted = [_searched(service, position, entry(service)) for service, position in created]
    _keep_names(session, [one.called for one in wanted])
    search_entries.insert_entries(session, [one.entry for one in wanted])


def _searched(service: Service, position: int, entry: Entry) -> Searched:
    attributes, name = attributes_of(index_of(service)), name_of(service["name"])
    made = SearchEntry(position, service["id"], attributes, name.number, *entry)
    return Searched(made, namesakes_of(name, made.tokens))


def searched(versions: Sequence[Service], position: int) -> Searched:
    """Return what a service is found by, from all its versions and the position in the log of the first."""
    return _searched(versions[-1], position, entry_of(versions))


def _keep_names(session: Session, called: Iterable[Namesakes]) -> int:
    """Bring what is kept of names up to services that are now called so; return of how many it did not hold."""
    unkept = find_unkept(session, called)
    names.write_names(session, [joined(kept, one) if kept else one for kept, one in unkept])
    return len(unkept)


def find_unkept(session: Session, called: Iterable[Namesakes]) -> list[tuple[Namesakes | None, Namesakes]]:
    """Return what is kept of names, if anything is, beside what it should say of services called so but does not."""
    wanted: dict[int, Namesakes] = {}
    for one in called:
        there = wanted.get(one.name.number)
        wanted[one.name.number] = joined(there, one) if there else one
    found = names.find_names(session, wanted)
    pairs = [(found.get(number), one) for number, one in wanted.items()]
    return [(kept, one) for kept, one in pairs if kept is None or not kept.include(one)]


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
    wanted = [_searched(after, 0, changed_entry(former[after["id"]], before, after)) for before, after in moved]
    _keep_names(session, [one.called for one in wanted])
    search_entries.update_entries(session, [one.entry for one in wanted])
    left = {name_of(before["name"]).number for before, _ in moved}
    names.delete_unused(session, left.difference(one.entry.name for one in wanted))


def mend_entries(session: Session) -> int:
    """Write anew what services are found by where it does not agree with their documents; return how many rows did not.

    The caller holds the write turn, or is a migration, and commits.
    """
    search_entries.rebuild_indexes(session)  # first: SQLite can take nothing out of an index that does not have it
    mended = search_entries.delete_strays(session) + names.count_unused(session)
    for ids in _stretches(session):
        versions = groupby(services.find_all_versions(session, ids), key=lambda version: version[0].id)
        wanted = [_of_versions(list(group)) for _, group in versions]
        there = search_entries.find_entries(session, ids)
        differing = [one.entry for one in wanted if there.get(one.entry.service_id) != one.entry]
        if differing:
            search_entries.replace_entries(session, differing)
        mended += len(differing) + _keep_names(session, [one.called for one in wanted])
    _keep_names_anew(session)
    return mended


def _stretches(session: Session) -> Iterator[list[str]]:
    after = ""
    while ids := services.find_ids(session, after):
        yield ids
        after = ids[-1]


def _of_versions(versions: Sequence[tuple[StoredDocument, int]]) -> Searched:
    return searched([upgraded(stored_document(stored.document)) for stored, _ in versions], versions[0][1])


def _keep_names_anew(session: Session) -> None:
    """Write all names anew, whatever was kept of them: also what services said once, and say no more, is forgotten.

    What each service is found by must be mended already.
    """
    names.delete_all(session)
    for ids in _stretches(session):
        there = search_entries.find_entries(session, ids)
        found = services.find_many(session, ids).items()
        documents = ((there[identity], stored_document(stored.document)) for identity, stored in found)
        _keep_names(
            session, (namesakes_of(name_of(upgraded(document)["name"]), entry.tokens) for entry, document in documents)
        )


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
