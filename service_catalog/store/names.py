"""The names that services have, each once: writing them, and asking of them what is asked of names alone.

A catalogue of three million services has few names, as what is done in one county is done in the next. What somebody
begins to type is looked for among the names; and words that many services have, but none has together, are looked for
among what is kept of the services of each name.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, bindparam, case, cast, delete, exists, func, literal_column, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service_catalog.domain.namesakes import Namesakes, meet, read_namesakes
from service_catalog.domain.search import Condition, Part, Token, is_of_names
from service_catalog.domain.vocabulary import Status
from service_catalog.store.changes import Change
from service_catalog.store.search_terms import Shapes, fts5, gin, parameters, read_tokens, terms, written
from service_catalog.store.statements import Remembered, is_on_sqlite
from service_catalog.store.tables import SQLITE_NAMES, search, service_name

MOST_NAMES = 32
"""Names by whose numbers services are looked for; where a question finds more, by its words."""

_SUGGESTED = 100
"""Names in force for each way in which one may be meant, the shortest."""

_REMEMBERED = 64
"""Statements kept; they differ by the conditions, and how each is asked."""

_IS_USED = exists().where(search.c.name == service_name.c.number)
_ROW: dict[str, Any] = {column.name: bindparam(column.name) for column in service_name.columns}
_DELETE_UNUSED = Change(delete(service_name).where(service_name.c.number == bindparam("_number"), ~_IS_USED))


def _write_for(insert: Any) -> Change:
    row = insert.values(_ROW)
    others = {name: row.excluded[name] for name in _ROW if name != "number"}
    return Change(row.on_conflict_do_update(index_elements=[service_name.c.number], set_=others))


_WRITE = {
    "sqlite": _write_for(sqlite.insert(service_name)),
    "postgresql": _write_for(postgresql.insert(service_name)),
}


def write_names(session: Session, wanted: Iterable[Namesakes]) -> None:
    """Write what is kept of names, in the place of what may be there."""
    rows = [
        {
            "number": kept.name.number,
            "zh": kept.name.zh,
            "en": kept.name.en,
            "tokens": written(session, kept.tokens),
            "lacking": " ".join(sorted(kept.lacking)),
        }
        for kept in wanted
    ]
    _WRITE[session.get_bind().dialect.name].make(session, rows)


def delete_unused(session: Session, numbers: Iterable[int]) -> None:
    """Delete those of some names that no service has any more."""
    _DELETE_UNUSED.make(session, [{"_number": number} for number in numbers])


def delete_all(session: Session) -> None:
    """Delete every name."""
    session.execute(delete(service_name))


def find_names(session: Session, numbers: Iterable[int]) -> dict[int, Namesakes]:
    """Return what is kept of names, by number."""
    rows = session.execute(select(service_name).where(service_name.c.number.in_(list(numbers))))
    return {row.number: _read(row) for row in rows}


def _read(row: Any) -> Namesakes:
    return read_namesakes(row.number, row.zh, row.en, read_tokens(row.tokens), frozenset(row.lacking.split()))


def count_unused(session: Session) -> int:
    """Return how many names no service has."""
    return session.execute(select(func.count()).select_from(service_name).where(~_IS_USED)).scalar_one()


class Called(NamedTuple):
    """The numbers of the names of which some services may meet a condition, and whether all services of theirs do."""

    numbers: list[int]
    are_all: bool


def find_called(session: Session, conditions: Sequence[Condition]) -> list[Called]:
    """Return for each condition the names that may meet it; more than ``MOST_NAMES`` where these are not all."""
    if not conditions:
        return []
    is_sqlite = is_on_sqlite(session)
    values, shapes = terms([*conditions, _UNTOLD], (), is_sqlite=is_sqlite)
    found: list[list[Any]] = [[] for _ in shapes]
    is_sure = (*map(is_of_names, conditions), False)
    for place, *kept in _called_query(shapes, is_sure, is_sqlite=is_sqlite).rows(session, values):
        found[place].append(kept)
    *found, untold = found
    return [
        _called(condition, rows if is_of_names(condition) else rows + [one for one in untold if one not in rows])
        for condition, rows in zip(conditions, found, strict=True)
    ]


_UNTOLD = Token(Part.ANYTHING)


def _called(condition: Condition, rows: list[Any]) -> Called:
    are_all = len(rows) <= MOST_NAMES and all(
        not lacking or meet(set(read_tokens(tokens)) - set(lacking.split()), condition) for _, lacking, tokens in rows
    )
    return Called([number for number, *_ in rows], are_all)


@lru_cache(maxsize=_REMEMBERED)
def _called_query(shapes: Shapes, is_sure: tuple[bool, ...], *, is_sqlite: bool) -> Remembered:
    """Select names for each condition, with what may be missing in some of their services unless that ``is_sure``."""
    name = service_name.c
    found = []
    for place in range(len(shapes)):
        lacking = literal_column("''") if is_sure[place] else name.lacking
        tokens = case((lacking == "", ""), else_=cast(name.tokens, Text))
        matching = _matching(place, shapes, is_sqlite=is_sqlite).limit(MOST_NAMES + 1).subquery()
        kept = select(
            literal_column(str(place)).label("place"), name.number, lacking.label("lacking"), tokens.label("tokens")
        )
        found.append(kept.join_from(matching, service_name, name.number == matching.c.number))
    return Remembered(select(union_all(*found).subquery()))


def _matching(place: int, shapes: Shapes, *, is_sqlite: bool) -> Select[Any]:
    """Select the numbers of the names that meet one of some conditions, the smallest first."""
    asked = parameters(place, shapes[place])
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
    values, shapes = terms(conditions, (), is_sqlite=is_sqlite)
    # Ids begin with digits, the division's; a colon is the character after the last of them.
    reach = {"start": division or "", "end": f"{division or ''}:"}
    rows = _suggestion_query(shapes, is_sqlite=is_sqlite).rows(session, {**values, **reach})
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
def _suggestion_query(shapes: Shapes, *, is_sqlite: bool) -> Remembered:
    found = []
    for place in range(len(shapes)):
        matching = _matching(place, shapes, is_sqlite=is_sqlite).order_by(None).subquery()
        named = select(service_name, _IN_FORCE.label("service_id")).join(
            matching, matching.c.number == service_name.c.number
        )
        name = named.subquery().c
        in_force = select(literal_column(str(place)).label("rank"), name.service_id, name.zh, name.en)
        found.append(in_force.where(name.service_id.is_not(None)).order_by(name.number).limit(_SUGGESTED).subquery())
    return Remembered(select(union_all(*(select(part) for part in found)).subquery()))
