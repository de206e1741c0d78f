"""What services are found by: writing it, reading it again, and comparing the index with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, exists, or_, select, text, update
from sqlalchemy.orm import Session

from service_catalog.domain.tally import Attributes
from service_catalog.store.changes import Change, inserted
from service_catalog.store.search_terms import read_tokens, written
from service_catalog.store.statements import is_on_sqlite
from service_catalog.store.tables import SQLITE_NAMES, SQLITE_SEARCH, search, service, service_name

ATTRIBUTES = tuple(search.c[name] for name in Attributes._fields)
"""The columns of what services are counted by."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What a service is found and counted by, at the log position of its first version.

    Its name is given by the number, former names as JSON.
    """

    position: int
    service_id: str
    attributes: Attributes
    name: int
    former: str
    tokens: list[str]


def insert_entries(session: Session, entries: Sequence[SearchEntry]) -> None:
    """Write what new services are found by."""
    _INSERT.make(session, [{"position": entry.position, **_row(session, entry)} for entry in entries])


def update_entries(session: Session, entries: Sequence[SearchEntry]) -> None:
    """Write what changed services are found by; their positions stay, whatever the entries say."""
    _UPDATE.make(session, [{"_id": entry.service_id, **_row(session, entry)} for entry in entries])


_INSERT = Change(inserted(search))
_UPDATE = Change(
    update(search)
    .where(search.c.service_id == bindparam("_id"))
    .values({name: bindparam(name) for name in (*Attributes._fields, "former", "tokens", "name")})
)


def _row(session: Session, entry: SearchEntry) -> dict[str, Any]:
    words = {"former": entry.former, "tokens": written(session, entry.tokens), "name": entry.name}
    return {"service_id": entry.service_id, **entry.attributes._asdict(), **words}


def update_attributes(session: Session, counted: Mapping[str, Attributes]) -> None:
    """Write what services are counted by that are found by the same as before."""
    _UPDATE_ATTRIBUTES.make(
        session, [{"_id": identity, **attributes._asdict()} for identity, attributes in counted.items()]
    )


_UPDATE_ATTRIBUTES = Change(
    update(search)
    .where(search.c.service_id == bindparam("_id"))
    .values({name: bindparam(name) for name in Attributes._fields})
)


def find_former(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the former names of services as JSON, by id."""
    query = select(search.c.service_id, search.c.former).where(search.c.service_id.in_(list(ids)))
    return {row.service_id: row.former for row in session.execute(query)}


def find_entries(session: Session, ids: Sequence[str]) -> dict[str, SearchEntry]:
    """Return the entries of services, by id, their tokens in order."""
    query = select(search.c.position, search.c.service_id, *ATTRIBUTES, search.c.name, search.c.former, search.c.tokens)
    rows = session.execute(query.where(search.c.service_id.in_(ids)))
    return {
        identity: SearchEntry(position, identity, Attributes(*attributes), name, former, sorted(read_tokens(tokens)))
        for position, identity, *attributes, name, former, tokens in rows
    }


def replace_entries(session: Session, entries: Sequence[SearchEntry]) -> None:
    """Write what services are found by, in the place of whatever is there for them or at their positions."""
    ids, positions = [entry.service_id for entry in entries], [entry.position for entry in entries]
    session.execute(delete(search).where(or_(search.c.service_id.in_(ids), search.c.position.in_(positions))))
    insert_entries(session, entries)


_STRAY = ~exists().where(service.c.id == search.c.service_id)
"""Written so that PostgreSQL joins both: of NOT IN it makes a list, and goes through all of it for each row."""


def find_stray(session: Session) -> str | None:
    """Return the id of an entry that belongs to no service; foreign keys allow none."""
    return session.execute(select(search.c.service_id).where(_STRAY).limit(1)).scalar_one_or_none()


def delete_strays(session: Session) -> int:
    """Delete the entries that belong to no service, and return how many these were."""
    return session.connection().execute(delete(search).where(_STRAY)).rowcount


_SQLITE_TERMS = "CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab('main', '{index}', 'row')"
_SQLITE_DIFFERENCE = """
SELECT (SELECT coalesce(sum(doc), 0) FROM temp.search_terms)
     - (SELECT coalesce(sum(length(tokens) - length(replace(tokens, ' ', '')) + 1), 0) FROM {table})
"""
_INDEXES = {SQLITE_SEARCH: search.name, SQLITE_NAMES: service_name.name}
"""SQLite's indexes of tokens and the tables that they are of."""


def are_indexes_whole(session: Session) -> bool:
    """Tell whether SQLite's indexes have as many tokens as their tables; PostgreSQL's cannot be out of step.

    To look into one takes a temporary table, which leaves nothing in the database.
    """
    return not is_on_sqlite(session) or not any(_difference(session, *one) for one in _INDEXES.items())


def _difference(session: Session, index: str, table: str) -> int:
    session.execute(text(_SQLITE_TERMS.format(index=index)))
    difference: int = session.execute(text(_SQLITE_DIFFERENCE.format(table=table))).scalar_one()
    session.execute(text("DROP TABLE temp.search_terms"))
    return difference


def rebuild_indexes(session: Session) -> None:
    """Build SQLite's indexes anew from their tables."""
    for index in _INDEXES if is_on_sqlite(session) else ():
        session.execute(text(f"INSERT INTO {index} ({index}) VALUES ('rebuild')"))  # noqa: S608 - our own names
