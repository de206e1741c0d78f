"""The latest-first order: three ways to choose the services of a page, each for lists of another kind.

Few services are sorted. Of the whole catalogue, or a province, the changes are walked until the page is full, or, where
that would pass many that do not meet the filters, the latest are taken of each combination of attributes that meets
them. Within one revision ids run backwards, as the indexes do.
"""

from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from service_catalog.domain.selection import Filters, Sort
from service_catalog.store.conditions import matching, tallied
from service_catalog.store.tables import COUNTED_BY, PROVINCE, service, service_version, tally


class Reach(Enum):
    """How far a list reaches, by which the latest changes are found in one way or another."""

    ALL = "all"
    PROVINCE = "province"
    FEW = "few"
    """A city or a smaller division, or what a question finds."""
    FEW_TODAY = "few today"
    """The same, where every service stands in the place of its current version."""

    @classmethod
    def of(cls, filters: Filters, *, is_latest: bool) -> "Reach":
        """Return how far a list reaches; ``is_latest`` tells that its places are those of the latest revision."""
        few = cls.FEW_TODAY if is_latest else cls.FEW
        return few if filters.q else {0: cls.ALL, 2: cls.PROVINCE}.get(len(filters.division or ""), few)

    @property
    def is_wide(self) -> bool:
        """Tell whether what stands on a page may lie far apart."""
        return self in (Reach.ALL, Reach.PROVINCE)


class Form(NamedTuple):
    """What pages of lists have in common that need the same statement.

    Its parameters are those of the filters, ``rows``, and ``as_of``, the revision after which the services are listed
    as they stood; where it goes on, also ``last_id`` and ``last_revision``, the place after which it does.
    """

    filters: Filters
    sort: Sort
    reach: Reach
    goes_on: bool

    def is_further(self, revision: ColumnElement[int], identity: ColumnElement[str]) -> ColumnElement[bool]:
        """Return the condition that a place is on this page or a later one."""
        if self.goes_on:
            return tuple_(revision, identity) < tuple_(bindparam("last_revision"), bindparam("last_id"))
        return revision <= bindparam("as_of")


_PLACED = service_version.alias("placed")
_STANDS = and_(
    service.c.id == _PLACED.c.service_id,
    or_(_PLACED.c.to_revision.is_(None), _PLACED.c.to_revision > bindparam("as_of")),
)
"""A service stands in the place of the version that was its current one after ``as_of``."""


def chosen(form: Form) -> Select[tuple[str, int, int]]:
    """Select id, version and place of services by sorting all or by walking the changes.

    No planner knows by itself which of the two is cheaper, so each form of the statement leaves it no choice.
    """
    return _of_changes(form, _walked(form)) if form.reach.is_wide else _sorted(form)


def _sorted(form: Form) -> Select[tuple[str, int, int]]:
    is_today = form.reach is Reach.FEW_TODAY
    # What is computed is sorted, and never looked up in the index.
    revision = (service.c.revision if is_today else _PLACED.c.from_revision) + 0
    query = select(service.c.id, service.c.version, revision.label("revision")).where(*matching(form.filters))
    if not is_today:
        query = query.join_from(_PLACED, service, _STANDS)
    return _in_order(form, query, revision, service.c.id)


def _walked(form: Form) -> Select[tuple[str, int, int]]:
    query = select(service.c.id, service.c.version, _PLACED.c.from_revision.label("revision"))
    return query.join_from(_PLACED, service, _STANDS).where(*tallied(form.filters, service))


def _of_changes(form: Form, query: Select[Any]) -> Select[Any]:
    """Select from the changes within reach, the latest first."""
    revision, identity = _PLACED.c.from_revision, _PLACED.c.service_id
    if form.reach is Reach.PROVINCE:  # in figures, as the index has it: a parameter might stand for any other part
        first = func.substr(identity, literal_column("1"), literal_column("2"))
        query = query.where(first == bindparam("province"))
    return _in_order(form, query, revision, identity)


def _in_order(
    form: Form, query: Select[Any], revision: ColumnElement[int], identity: ColumnElement[str]
) -> Select[Any]:
    return query.where(form.is_further(revision, identity)).order_by(revision.desc(), identity.desc())


def end_of_walk(form: Form) -> Select[tuple[int, str]]:
    """Select the place of the first change after so many, ``walked``; of none where there are no more."""
    query = select(_PLACED.c.from_revision, _PLACED.c.service_id)
    return _of_changes(form, query).limit(1).offset(bindparam("walked"))


def chosen_on_walk(form: Form) -> Select[tuple[str, int, int]]:
    """Select id, version and place of services among the changes up to one place, ``end_revision`` and ``end_id``."""
    place = tuple_(_PLACED.c.from_revision, _PLACED.c.service_id)
    is_near = place >= tuple_(bindparam("end_revision"), bindparam("end_id"))
    return _of_changes(form, _walked(form).where(is_near))


def chosen_by_attributes(form: Form, *, is_sqlite: bool) -> Select[tuple[str, int, int]]:
    """Select id, version and place of services from the latest of each combination of attributes in each province.

    However long ago those changed that meet the filters, none is passed that does not.
    """
    standing = _standing_on_sqlite(form) if is_sqlite else _standing_on_postgresql(form)
    found = union_all(standing, _changed_since(form)).subquery("found")
    return select(*found.c).order_by(found.c.revision.desc(), found.c.id.desc())


def looked_at(form: Form) -> Select[tuple[int]]:
    """Select how many services ``chosen_by_attributes`` would look at; of those that changed since, up to ``most`` + 1.

    That is of each combination no more than the page has rows.
    """
    rows, most = bindparam("rows", type_=Integer()), bindparam("most", type_=Integer())
    of_each = case((tally.c.services < rows, tally.c.services), else_=rows)
    standing = select(func.coalesce(func.sum(of_each), 0)).where(*_combinations(form)).scalar_subquery()
    changed = select(service.c.id).where(service.c.revision > bindparam("as_of")).limit(most + 1).subquery()
    return select(standing + select(func.count()).select_from(changed).scalar_subquery())


_PROVINCES = [literal_column(f"'{number:02}'", Text()) for number in range(100)]
"""Prefixes under which the services of a province may be counted; as parameters they would take as long as the rest."""


def _combinations(form: Form) -> list[ColumnElement[bool]]:
    prefix = tally.c.prefix
    is_here = prefix == bindparam("province") if form.reach is Reach.PROVINCE else prefix.in_(_PROVINCES)
    return [is_here, *tallied(form.filters)]


def _standing_on_sqlite(form: Form) -> Select[tuple[str, int, int]]:
    """Select the latest of each combination by their row numbers; SQLite has no LATERAL."""
    one = service.alias("one")
    is_among = literal_column("one.rowid").in_(_latest_of_each(form, literal_column("service.rowid")))
    query = select(one.c.id, one.c.version, one.c.revision).select_from(tally).join(one, is_among)
    return query.where(*_combinations(form))


def _standing_on_postgresql(form: Form) -> Select[tuple[str, int, int]]:
    one = _latest_of_each(form, service.c.id, service.c.version, service.c.revision).lateral("one")
    return (
        select(one.c.id, one.c.version, one.c.revision).select_from(tally).join(one, true()).where(*_combinations(form))
    )


def _latest_of_each(form: Form, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select from the services of one combination as many of the latest as a page has rows.

    SQLite looks into an index of expressions only for what is itself an expression, and has no column's type.
    """
    alike = {"prefix": PROVINCE} | COUNTED_BY
    wanted = {name: func.coalesce(tally.c[name], tally.c[name]) for name in alike}
    revision, identity = service.c.revision, service.c.id
    query = select(*columns).where(*(alike[name] == wanted[name] for name in alike))
    return _in_order(form, query, revision, identity).limit(bindparam("rows")).correlate(tally)


def _changed_since(form: Form) -> Select[tuple[str, int, int]]:
    """Select what has changed after ``as_of``, in the places where it stood.

    What is computed is looked up in no index, so that the one of changes is used.
    """
    placed = service_version.alias("placed")
    revision = placed.c.from_revision + 0
    stood = and_(revision <= bindparam("as_of"), placed.c.to_revision > bindparam("as_of"))
    conditions = [*tallied(form.filters, service), service.c.revision > bindparam("as_of"), stood]
    if form.reach is Reach.PROVINCE:
        conditions.append(PROVINCE.concat("") == bindparam("province"))
    query = select(service.c.id, service.c.version, revision.label("revision"))
    query = query.join_from(service, placed, placed.c.service_id == service.c.id)
    return query.where(*conditions, form.is_further(revision, service.c.id))
