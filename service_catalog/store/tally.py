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
    _add(session, tally, services)
    _add(session, division_tally, divisions)


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


def _add(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Add each row's number to the one in the table, and leave out what has come to nothing."""
    if not rows:
        return
    *key, number = table.columns
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    added = insert(table)
    moved = added.on_conflict_do_update(index_elements=key, set_={number.name: number + added.excluded[number.name]})
    connection = session.connection()
    connection.execute(moved, rows)
    fewer = [{f"_{name}": value for name, value in row.items()} for row in rows if row[number.name] < 0]
    if fewer:
        same = [column == bindparam(f"_{column.name}") for column in key]
        connection.execute(delete(table).where(and_(*same), number == 0), fewer)
