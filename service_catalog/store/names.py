"""The names that services have, each once: writing them, and asking of them what is asked of names alone.

A catalogue of three million services has few names, as what is done in one county is done in the next. Words that many
services have, but no name has together, are therefore looked for among the names; so is what somebody begins to type.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, delete, exists, func, literal_column, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service_catalog.domain.search import Condition, Name
from service_catalog.domain.vocabulary import Status
from service_catalog.store.changes import Change
from service_catalog.store.search_terms import Keys, fts5, gin, parameters, read_tokens, terms, written
from service_catalog.store.statements import Remembered, is_on_sqlite
from service_catalog.store.tables import SQLITE_NAMES, search, service_name

MOST_NAMES = 32
"""Names by whose numbers services are looked for; where a question finds more, by its words."""

_SUGGESTED = 100
"""Names in force for each way in which one may be meant, the shortest."""

_STRETCH = 500
"""Names read at a time."""

_REMEMBERED = 64
"""Statements kept; they differ by the number of conditions, and of keys in each."""

_IS_USED = exists().where(search.c.name == service_name.c.number)
_ROW: dict[str, Any] = {column.name: bindparam(column.name) for column in service_name.columns}
_INSERT = {
    "sqlite": Change(sqlite.insert(service_name).values(_ROW).on_conflict_do_nothing()),
    "postgresql": Change(postgresql.insert(service_name).values(_ROW).on_conflict_do_nothing()),
}
_DELETE_UNUSED = Change(delete(service_name).where(service_name.c.number == bindparam("_number"), ~_IS_USED))


def insert_names(session: Session, wanted: Iterable[Name]) -> None:
    """Write names of which some may be there already."""
    rows = [
        {"number": name.number, "zh": name.zh, "en": name.en, "tokens": written(session, name.tokens)}
        for name in wanted
    ]
    _INSERT[session.get_bind().dialect.name].make(session, rows)


def delete_unused(session: Session, numbers: Iterable[int]) -> None:
    """Delete those of some names that no service has any more."""
    _DELETE_UNUSED.make(session, [{"_number": number} for number in numbers])


def read_names(session: Session) -> Iterator[Name]:
    """Yield every name in the order of numbers."""
    after = -1
    query = select(service_name).order_by(service_name.c.number).limit(_STRETCH)
    while rows := session.execute(query.where(service_name.c.number > after)).all():
        for number, zh, en, tokens in rows:
            yield Name(number, zh, en, tuple(sorted(read_tokens(tokens))))
        after = rows[-1].number


def find_unused(session: Session) -> list[int]:
    """Return the numbers of the first names that no service has."""
    return list(session.execute(select(service_name.c.number).where(~_IS_USED).limit(_STRETCH)).scalars())


def find_unwritten(session: Session) -> list[str]:
    """Return the id of one service for each of the first names that services have and the table has not."""
    is_written = exists().where(service_name.c.number == search.c.name)
    query = select(func.min(search.c.service_id)).where(~is_written).group_by(search.c.name).limit(_STRETCH)
    return list(session.execute(query).scalars())


def delete_names(session: Session, numbers: Sequence[int]) -> None:
    """Delete names, whoever has them."""
    session.execute(delete(service_name).where(service_name.c.number.in_(numbers)))


def find_numbers(session: Session, conditions: Sequence[Condition]) -> list[list[int]]:
    """Return for each condition the numbers of the names that meet it, up to ``MOST_NAMES`` and one more."""
    found: list[list[int]] = [[] for _ in conditions]
    if conditions:
        is_sqlite = is_on_sqlite(session)
        values, keys = terms(conditions, (), is_sqlite=is_sqlite)
        for place, number in _numbers_query(keys, is_sqlite=is_sqlite).rows(session, values):
            found[place].append(number)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _numbers_query(keys: Keys, *, is_sqlite: bool) -> Remembered:
    places = range(len(keys))
    matching = [_matching(place, keys, is_sqlite=is_sqlite).limit(MOST_NAMES + 1).subquery() for place in places]
    found = (select(literal_column(str(place)).label("place"), *part.c) for place, part in enumerate(matching))
    return Remembered(select(union_all(*found).subquery()))


def _matching(place: int, keys: Keys, *, is_sqlite: bool) -> Select[Any]:
    """Select the numbers of the names that meet one of some conditions, the smallest first."""
    asked = parameters(place, keys[place])
    if not is_sqlite:
        number = service_name.c.number
        return select(number).where(*gin(service_name.c.tokens, asked)).order_by(number)
    index, meets = fts5(SQLITE_NAMES, asked)
    return select(index.c.rowid.label("number")).where(*meets).order_by(index.c.rowid)


class Suggestion(NamedTuple):
    """A name, the place of the condition that finds it, and the first service in force that has it."""

    rank: int
    service_id: str
    zh: str
    en: str | None


def find_suggestions(session: Session, conditions: Sequence[Condition], division: str | None) -> list[Suggestion]:
    """Return the names that each condition finds of services in force in a division, in no order."""
    if not conditions:
        return []
    is_sqlite = is_on_sqlite(session)
    values, keys = terms(conditions, (), is_sqlite=is_sqlite)
    # Ids begin with digits, the division's; a colon is the character after the last of them.
    reach = {"start": division or "", "end": f"{division or ''}:"}
    rows = _suggestion_query(keys, is_sqlite=is_sqlite).rows(session, {**values, **reach})
    return [Suggestion(*row) for row in rows]


_IN_FORCE = (
    select(search.c.service_id)
    .where(search.c.name == service_name.c.number, search.c.status == Status.ACTIVE.value)
    .where(search.c.service_id >= bindparam("start"), search.c.service_id < bindparam("end"))
    .order_by(search.c.service_id)
    .limit(1)
    .correlate(service_name)
    .scalar_subquery()
)


@lru_cache(maxsize=_REMEMBERED)
def _suggestion_query(keys: Keys, *, is_sqlite: bool) -> Remembered:
    found = []
    for place in range(len(keys)):
        matching = _matching(place, keys, is_sqlite=is_sqlite).order_by(None).subquery()
        named = select(service_name, _IN_FORCE.label("service_id")).join(
            matching, matching.c.number == service_name.c.number
        )
        name = named.subquery().c
        in_force = select(literal_column(str(place)).label("rank"), name.service_id, name.zh, name.en)
        found.append(in_force.where(name.service_id.is_not(None)).order_by(name.number).limit(_SUGGESTED).subquery())
    return Remembered(select(union_all(*(select(part) for part in found)).subquery()))
