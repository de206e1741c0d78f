"""The numbers that are kept: moving them with each write, and reading all of them.

Both tables are computed from ``service`` and say nothing that it does not; a write moves them in its own transaction.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Table, and_, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service_catalog.domain.tally import Attributes, Numbers, Tally, by_prefix
from service_catalog.domain.vocabulary import Status
from service_catalog.store.changes import Change
from service_catalog.store.tables import division_tally, service, tally

Key = TypeVar("Key")


def move(session: Session, change: Tally) -> None:
    """Add a change to what is kept; the services themselves are written already."""
    begun = {division: _begun(session, division, number) for division, number in change.in_force().items()}
    add(session, Numbers(change.services(), by_prefix(begun)))


def add(session: Session, numbers: Numbers) -> None:
    """Add numbers to those that are kept."""
    services = [
        {"prefix": prefix, **attributes._asdict(), "services": number}
        for (prefix, attributes), number in numbers.services.items()
    ]
    divisions = [{"prefix": prefix, "divisions": number} for prefix, number in numbers.divisions.items()]
    _SERVICES.add(session, services)
    _DIVISIONS.add(session, divisions)


def find_difference(session: Session, counted: Tally) -> Numbers:
    """Return what must be added to the numbers that are kept to make them those of all services, counted anew."""
    rows = session.execute(select(*(tally.c[name] for name in ("prefix", *Attributes._fields, "services"))))
    services = {(prefix, Attributes(*attributes)): number for prefix, *attributes, number in rows}
    divisions = {row.prefix: row.divisions for row in session.execute(select(division_tally))}
    expected = by_prefix(dict.fromkeys(counted.in_force(), 1))
    return Numbers(_difference(counted.services(), services), _difference(expected, divisions))


def _difference(wanted: Mapping[Key, int], there: Mapping[Key, int]) -> dict[Key, int]:
    changes = {key: wanted.get(key, 0) - there.get(key, 0) for key in wanted.keys() | there.keys()}
    return {key: change for key, change in changes.items() if change}


def _begun(session: Session, division: str, change: int) -> int:
    """Return 1 where a division has its first services in force now, -1 where it has none any more, and else 0."""
    # A hyphen ends a division in an id, and a full stop is the next character.
    now: int = session.execute(_IN_FORCE, {"start": f"{division}-", "end": f"{division}."}).scalar_one()
    return (now > 0) - (now - change > 0)


_IN_FORCE = select(func.count()).where(
    service.c.id > bindparam("start"), service.c.id < bindparam("end"), service.c.status == Status.ACTIVE.value
)


class _Kept:
    """The numbers that one table keeps, in its last column, and what changes them."""

    def __init__(self, table: Table) -> None:
        *key, number = table.columns
        same = [column == bindparam(column.name) for column in key]
        self._number = number.name
        self._forget = Change(delete(table).where(and_(*same), number == 0))
        self._add = {}
        for engine, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert)):
            row = insert(table).values({column.name: bindparam(column.name) for column in table.columns})
            total = {number.name: number + row.excluded[number.name]}
            self._add[engine] = Change(row.on_conflict_do_update(index_elements=key, set_=total))

    def add(self, session: Session, rows: list[dict[str, Any]]) -> None:
        """Add each row's number to the one in the table, and leave out what has come to nothing."""
        self._add[session.get_bind().dialect.name].make(session, rows)
        self._forget.make(session, [row for row in rows if row[self._number] < 0])


_SERVICES = _Kept(tally)
_DIVISIONS = _Kept(division_tally)
