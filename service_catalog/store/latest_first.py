"""The latest-first order: three ways to choose the services of a page, each for lists of another kind.

Few services are sorted. Of the whole catalogue, or a province, some changes are walked, the latest first; where these
do not fill the page, the latest are taken of each combination of attributes that meets the filters. No planner knows by
itself which is cheaper, so each leaves it no choice. Within one revision ids run backwards, as the indexes do.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    Text,
    and_,
    bindparam,
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
    """A city or a smaller division."""

    @classmethod
    def of(cls, filters: Filters) -> "Reach":
        """Return how far a list reaches."""
        return {0: cls.ALL, 2: cls.PROVINCE}.get(len(filters.division or ""), cls.FEW)

    @property
    def is_wide(self) -> bool:
        """Tell whether what stands on a page may lie far apart."""
        return self is not Reach.FEW


class Form(NamedTuple):
    """What pages of lists have in common that need the same statement.

    Its parameters are those of the filters, ``rows``, and ``as_of``, the revision after which the services are listed
    as they stood; where it goes on, also ``last_id`` and ``last_revision``, the place after which it does. Where
    ``is_today``, no service has changed after ``as_of``: each stands in the place of its current version.
    """

    filters: Filters
    sort: Sort
    reach: Reach
    goes_on: bool
    is_today: bool

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


def by_sorting(form: Form) -> Select[tuple[str, int, int]]:
    """Select id, version and place of services from all that meet the filters."""
    # What is computed is sorted, and never looked up in the index.
    revision = (service.c.revision if form.is_today else _PLACED.c.from_revision) + 0
    query = select(service.c.id, service.c.version, revision.label("revision")).where(*matching(form.filters))
    if not form.is_today:
        query = query.join_from(_PLACED, service, _STANDS)
    return _in_order(form, query, revision, service.c.id)


def end_of_walk(form: Form) -> Select[tuple[int, str]]:
    """Select the place of the first change after so many, ``walked``; of none where there are no more."""
    query = select(_PLACED.c.from_revision, _PLACED.c.service_id)
    return _of_changes(form, query).limit(1).offset(bindparam("walked"))


def by_walking(form: Form, *, is_sqlite: bool) -> Select[tuple[str, int, int]]:
    """Select id, version and place of services among the changes up to one place, ``end_revision`` and ``end_id``."""
    joined, one = (_standing_on_sqlite if is_sqlite else _standing_on_postgresql)(form)
    query = select(one.c.id, one.c.version, _PLACED.c.from_revision.label("revision")).select_from(joined)
    place = tuple_(_PLACED.c.from_revision, _PLACED.c.service_id)
    is_near = place >= tuple_(bindparam("end_revision"), bindparam("end_id"))
    return _of_changes(form, query.where(is_near))


_Joined = tuple[FromClause, FromClause]
"""What is joined with services, and the services."""


def _standing_on_sqlite(form: Form) -> _Joined:
    return _PLACED.join(service, and_(_STANDS, *tallied(form.filters, service))), service


def _standing_on_postgresql(form: Form) -> _Joined:
    """Join services in a subquery of their own: else, by several filters, all that meet these are read first."""
    standing = select(service.c.id, service.c.version).where(_STANDS, *tallied(form.filters, service))
    one = standing.correlate(_PLACED).offset(0).lateral("one")
    return _PLACED.join(one, true()), one


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


_PROVINCES = [literal_column(f"'{number:02}'", Text()) for number in range(100)]
"""Prefixes under which the services of a province may be counted; as parameters they would take as long as the rest."""

_ALIKE = {"prefix": PROVINCE} | COUNTED_BY
"""What the services of one combination have in common: the columns of ``tally``, as ``ix_service_latest`` has them."""

_Choice = Callable[..., Select[Any]]
"""Selects the given columns from the services of one combination, which the first argument has columns of."""


def by_attributes(form: Form, *, is_sqlite: bool) -> Select[tuple[str, int, int]]:
    """Select id, version and place of services from the latest of each combination of attributes in each province.

    However long ago those changed that meet the filters, none is passed that does not. Of C combinations C services
    are looked at, and some 2 ``rows`` ** 1.5 at most beside them: only so many combinations lead as the page has rows,
    and of ``some`` services of each (the square root of ``rows``) one is already behind the page.
    """
    of_each = _of_each_on_sqlite if is_sqlite else _of_each_on_postgresql
    leading = _leading(form, of_each)
    last = _last_that_may_be(form, of_each, leading)
    joined, one = of_each(leading, lambda *of: _latest(form, *of).where(last).limit(bindparam("rows")))
    query = select(one.c.id, one.c.version, one.c.revision).select_from(joined)
    if not form.is_today:
        found = union_all(query, _changed_since(form, of_each)).subquery("found")
        query, one = select(*found.c), found
    return query.order_by(one.c.revision.desc(), one.c.id.desc())


def _of_each_on_sqlite(alike: FromClause, choice: _Choice) -> _Joined:
    """Join services by their row numbers; SQLite has no LATERAL."""
    one = service.alias("one")
    return alike.join(one, literal_column("one.rowid").in_(choice(alike, literal_column("service.rowid")))), one


def _of_each_on_postgresql(alike: FromClause, choice: _Choice) -> _Joined:
    one = choice(alike, service.c.id, service.c.version, service.c.revision).lateral("one")
    return alike.join(one, true()), one


def _of_one(alike: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select from the services of one combination.

    SQLite looks into an index of expressions only for what is itself an expression, and has no column's type.
    """
    wanted = {name: func.coalesce(alike.c[name], alike.c[name]) for name in _ALIKE}
    return select(*columns).where(*(own == wanted[name] for name, own in _ALIKE.items())).correlate(alike)


def _latest(form: Form, alike: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select from the services of one combination, the latest first."""
    return _in_order(form, _of_one(alike, *columns), service.c.revision, service.c.id)


def _combinations(form: Form) -> list[ColumnElement[bool]]:
    prefix = tally.c.prefix
    is_here = prefix == bindparam("province") if form.reach is Reach.PROVINCE else prefix.in_(_PROVINCES)
    return [is_here, *tallied(form.filters)]


def _leading(form: Form, of_each: Callable[..., _Joined]) -> FromClause:
    """Select the combinations whose latest is among the latest: no service of another can be on the page."""
    joined, one = of_each(tally, lambda *of: _latest(form, *of).limit(1))
    query = select(*(tally.c[name] for name in _ALIKE)).select_from(joined).where(*_combinations(form))
    return query.order_by(one.c.revision.desc(), one.c.id.desc()).limit(bindparam("rows")).cte("leading")


def _last_that_may_be(form: Form, of_each: Callable[..., _Joined], leading: FromClause) -> ColumnElement[bool]:
    """Return the condition that, among ``some`` of each combination, fewer come before than the page has rows."""
    joined, one = of_each(leading, lambda *of: _latest(form, *of).limit(bindparam("some")))
    query = select(one.c.revision, one.c.id).select_from(joined).order_by(one.c.revision.desc(), one.c.id.desc())
    last = query.limit(1).offset(bindparam("rows", type_=Integer()) - 1).cte("last")
    revision = func.coalesce(select(last.c.revision).scalar_subquery(), 0)
    identity = func.coalesce(select(last.c.id).scalar_subquery(), "")
    return tuple_(service.c.revision, service.c.id) >= tuple_(revision, identity)


def _changed_since(form: Form, of_each: Callable[..., _Joined]) -> Select[tuple[str, int, int]]:
    """Select what has changed after ``as_of``, in the places where it stood.

    An offset keeps PostgreSQL from reading all changes first, or each place twice.
    """
    since = service.c.revision > bindparam("as_of")
    joined, one = of_each(tally, lambda *of: _of_one(*of).where(since).offset(0))
    revision = place_of(one.c.id, is_today=False).label("revision")
    query = select(one.c.id, one.c.version, revision).select_from(joined)
    changed = query.where(*_combinations(form)).offset(0).subquery("changed")
    return select(*changed.c).where(form.is_further(changed.c.revision, changed.c.id))


def place_of(identity: ColumnElement[str], *, is_today: bool) -> ScalarSelect[int]:
    """Select the place of one service, found by its id: its last change up to ``as_of``, NULL where there was none.

    The versions that came later are passed, the latest first; what is computed is looked up in no index.
    """
    if is_today:
        return select(service.c.revision).where(service.c.id == identity).scalar_subquery()
    stood = service_version.alias("stood")
    query = select(stood.c.from_revision).where(stood.c.service_id == identity)
    query = query.where(stood.c.from_revision + 0 <= bindparam("as_of"))
    return query.order_by(stood.c.version.desc()).limit(1).scalar_subquery()
