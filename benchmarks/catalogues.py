"""Catalogues of any size to measure on: the seed's services in as many divisions as it takes, logged and signed."""

import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from itertools import islice, product
from pathlib import Path
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.databases import write_rows
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.seeding import seed_catalogue, validated
from service_catalog.config import packaged_folder
from service_catalog.documents.canonical import canonical
from service_catalog.documents.notes import Checkpoint, Signer
from service_catalog.documents.search.entries import tokens_of
from service_catalog.documents.search.names import name_of
from service_catalog.documents.seed import read_seed
from service_catalog.domain.access import SEEDER
from service_catalog.domain.merkle import Frontier
from service_catalog.domain.revisions import Action, EntryKind, LogEntry, Operation, Revision, digest_of
from service_catalog.domain.search import Part
from service_catalog.domain.service import ServiceIndex, completed, index_of
from service_catalog.domain.tally import Tally, attributes_of
from service_catalog.domain.times import format_time
from service_catalog.store import log, tables, tally
from service_catalog.store.search_terms import written

SEEDED = 73
"""Services that every catalogue here begins with, in division 430203."""

EACH_REVISION = 100_000
"""Services that one revision adds at most."""

_AT_ONCE = 5_000
_REASON = "性能测试 · benchmark"
_PROVINCES = (
    43,
    *range(11, 16),
    *range(21, 24),
    *range(31, 38),
    41,
    42,
    *range(44, 47),
    *range(50, 55),
    *range(61, 66),
)
_PLACE = "987654321012"
"""Stands for the division in templates: digits that no service has."""


def divisions() -> Iterator[str]:
    """Yield made-up codes of the real shape, Hunan's first, without the seed's own: 50,764 of them.

    Each county (6 digits) has ten townships (9), of which the first has three villages (12). The codes of provinces are
    those in use; the rest is counted through.
    """
    for province, city, county in product(_PROVINCES, range(1, 14), range(2, 11)):
        code = f"{province}{city:02}{county:02}"
        if code == "430203":
            continue
        below = [f"{code}{number:03}" for number in range(1, 11)]
        yield code
        yield below[0]
        yield from (f"{below[0]}{number:03}" for number in range(1, 4))
        yield from below[1:]


def fill(catalogue: Catalogue, count: int, each_revision: int = EACH_REVISION) -> None:
    """Seed an empty catalogue and write further services into it until it holds ``count``, at least ``SEEDED``.

    They go straight into the tables, but as revisions, of so many each, that ``check`` and ``verify`` find sound.
    """
    seed_catalogue(catalogue, packaged_folder("seed"))
    contents = validated(read_seed(packaged_folder("seed"))).services
    wanted = islice(product(divisions(), range(len(contents))), count - SEEDED)
    while places := list(islice(wanted, each_revision)):
        with catalogue.database.writing() as session:
            _write_revision(session, catalogue, contents, places)
    if not catalogue.database.is_sqlite:
        with catalogue.database.engine.connect() as connection:
            by_itself = connection.execution_options(isolation_level="AUTOCOMMIT")
            by_itself.execute(text("VACUUM ANALYZE"))  # as the server does unasked, sooner or later


@dataclass(frozen=True, slots=True)
class _Template:
    """One of the seed's services, complete but for its division."""

    id: str
    document: bytes
    index: ServiceIndex
    columns: tuple[Any, ...]
    tokens: str
    name: int


def _write_revision(
    session: Session, catalogue: Catalogue, contents: tuple[dict[str, Any], ...], places: list[tuple[str, int]]
) -> None:
    head, signer = log.take_turn(session), catalogue.signer
    if head is None or signer is None:
        raise ValueError("a catalogue that was not prepared with its key")
    number, at = head.revision + 1, format_time(catalogue.clock())
    frontier, counted = log.load_frontier(session, head.log_size), Tally()
    templates = [_template(content, number, at) for content in contents]
    connection: Any = session.connection().connection.driver_connection
    services = iter(places)
    while batch := list(islice(services, _AT_ONCE)):
        chosen = [(division, templates[which]) for division, which in batch]
        for table, values in _rows(chosen, frontier, number, at).items():
            write_rows(connection, table, values)
        write_rows(connection, tables.search, _search_rows(session, chosen, frontier.size))
        for division, template in chosen:
            counted.add(replace(template.index, division=division))
    tally.move(session, counted)
    log.append_revision(session, _revision(signer, frontier, number, at))
    session.commit()


def _template(content: dict[str, Any], revision: int, at: str) -> _Template:
    service = completed(content | {"division": _PLACE}, version=1, revision=revision, updated_at=at)
    _, _, *columns = astuple(index_of(service))
    tokens = [token for token in tokens_of(service) if not token.startswith(Part.DIVISION)]
    name = name_of(service["name"]).number
    return _Template(service["id"], canonical(service), index_of(service), tuple(columns), " ".join(tokens), name)


def _rows(
    services: list[tuple[str, _Template]], frontier: Frontier, revision: int, at: str
) -> dict[Table, list[tuple[Any, ...]]]:
    """Return the rows of new services, table by table."""
    rows: dict[Table, list[tuple[Any, ...]]] = {table: [] for table in _TABLES}
    for division, template in services:
        identity = template.id.replace(_PLACE, division)
        document = template.document.replace(_PLACE.encode(), division.encode())
        sha256, position = digest_of(document), frontier.size
        leaf = _leaf(identity, sha256, revision, at)
        rows[tables.service].append((identity, division, *template.columns))
        rows[tables.service_version].append((identity, 1, revision, None, document, sha256, position))
        rows[tables.log_entry].append((position, revision, leaf))
        rows[tables.log_node] += [astuple(subtree) for subtree in frontier.append(leaf)]
    return rows


_TABLES = (tables.service, tables.service_version, tables.log_entry, tables.log_node)


def _search_rows(session: Session, services: list[tuple[str, _Template]], log_size: int) -> Iterator[tuple[Any, ...]]:
    """Yield what the services are found by, the last of them logged at the end of the log."""
    for position, (division, template) in enumerate(services, start=log_size - len(services)):
        codes = [Part.DIVISION + division[:digits] for digits in (2, 4, 6, 9, 12) if digits <= len(division)]
        tokens = [*template.tokens.replace(_PLACE, division).split(), *codes]
        identity = template.id.replace(_PLACE, division)
        yield position, identity, *attributes_of(template.index), "[]", written(session, tokens), template.name


def _leaf(identity: str, sha256: str, revision: int, at: str) -> bytes:
    kind, op, action = EntryKind.SERVICE, Operation.CREATED, Action.IMPORT
    return canonical(LogEntry(kind, identity, 1, op, sha256, revision, SEEDER.id, action, _REASON, at).as_document())


def _revision(signer: Signer, frontier: Frontier, number: int, at: str) -> Revision:
    checkpoint = signer.sign(Checkpoint(signer.name, frontier.size, frontier.root()).text())
    return Revision(number, at, SEEDER.id, Action.IMPORT, _REASON, frontier.size, checkpoint)
