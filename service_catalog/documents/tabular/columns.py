"""The one definition of the columns of a spreadsheet: what each is called and which member of a service it holds.

A column's name is the member's path in the document, joined by dots; items of a list are numbered from 1:
``division``, ``time_limits.statutory.days``, ``materials.2.name.zh``. A list of objects, and the map ``codes``, may
stand whole in one column as JSON instead. The columns follow from the schema, so that neither can lack the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import marshmallow as ma

from service_catalog.documents.fields import LONGEST_SCHEME, SCHEME_PATTERN, Codes, Many, Nested, OneOf, Truth, Whole
from service_catalog.documents.schemas.service import ServiceSchema
from service_catalog.documents.tabular.labels import label_of
from service_catalog.domain.service import SERVER_SET
from service_catalog.domain.vocabulary import Code, Text


class Kind(Enum):
    """What a member holds."""

    WORDS = auto()
    WHOLE = auto()
    TRUTH = auto()
    CODE = auto()
    CODES = auto()
    OBJECT = auto()
    ITEMS = auto()
    MAP = auto()


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the document: its path without list positions, and the members inside it."""

    path: tuple[str, ...]
    kind: Kind
    nullable: bool
    vocabulary: type[Code] | None
    members: tuple["Member", ...]

    @property
    def name(self) -> str:
        """The member's name within the one that holds it."""
        return self.path[-1]

    @property
    def is_server_set(self) -> bool:
        """Tell whether the catalogue sets it; a file may leave it out."""
        return self.path[0] in SERVER_SET

    def member(self, name: str) -> "Member | None":
        """Return the member of this name inside this one."""
        return next((member for member in self.members if member.name == name), None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its path with list positions counted from 1, and the member that it holds."""

    name: str
    path: tuple[str | int, ...]
    member: Member

    @property
    def is_json(self) -> bool:
        """Tell whether its cells hold a whole list or map as JSON."""
        return self.member.kind is Kind.ITEMS or (self.member.kind is Kind.MAP and len(self.path) == 1)

    @property
    def label(self) -> Text:
        """The column's name as a person reads it."""
        return label_of(self.path)


_KINDS: tuple[tuple[type[ma.fields.Field], Kind], ...] = (  # type: ignore[type-arg]
    (OneOf, Kind.CODE),
    (Whole, Kind.WHOLE),
    (Truth, Kind.TRUTH),
    (Nested, Kind.OBJECT),
    (Codes, Kind.MAP),
)
_FIRST, _LAST = ("id",), ("tags", "schema", "version", "revision", "updated_at")
_SCHEME = re.compile(rf"(?:{SCHEME_PATTERN})\Z", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]?\Z", re.ASCII)


def _kind_of(field: "ma.fields.Field") -> Kind:  # type: ignore[type-arg]
    if isinstance(field, Many):
        return Kind.ITEMS if isinstance(field.inner, Nested) else Kind.CODES
    return next((kind for known, kind in _KINDS if isinstance(field, known)), Kind.WORDS)


def members_of(schema: ma.Schema, above: tuple[str, ...] = ()) -> tuple[Member, ...]:
    """Return the members of a schema, each with those inside it."""
    members = []
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, Many) else field
        path = (*above, name)
        vocabulary = inner.vocabulary if isinstance(inner, OneOf) else None
        inside = members_of(inner.schema, path) if isinstance(inner, Nested) else ()
        members.append(Member(path, _kind_of(field), field.allow_none, vocabulary, inside))
    return tuple(members)


def _in_order(members: tuple[Member, ...]) -> tuple[Member, ...]:
    by_name = {member.name: member for member in members}
    between = [name for name in by_name if name not in SERVER_SET]
    return tuple(by_name[name] for name in (*_FIRST, *between, *_LAST))


SERVICE: tuple[Member, ...] = _in_order(members_of(ServiceSchema()))
"""Every member of a service in the order of the columns: id, what a writer decides, what the catalogue sets."""


def leaves(members: tuple[Member, ...], start: tuple[str | int, ...] = ()) -> Iterator[Column]:
    """Yield the columns of these members below ``start``; a list of objects and a map are one column each."""
    for member in members:
        path = (*start, member.name)
        if member.kind is Kind.OBJECT:
            yield from leaves(member.members, path)
        else:
            yield Column(name_of(path), path, member)


def numbered(member: Member, count: int) -> Iterator[Column]:
    """Yield the columns of the first ``count`` items of a list of objects."""
    for number in range(1, count + 1):
        yield from leaves(member.members, (member.name, number))


def name_of(path: tuple[str | int, ...]) -> str:
    """Return a column's name for its path."""
    return ".".join(map(str, path))


def column_named(name: str) -> Column | None:
    """Return the column of this name, ``None`` where no member is called so."""
    path: list[str | int] = []
    members: tuple[Member, ...] = SERVICE
    member: Member | None = None
    parts = name.split(".")
    while parts:
        part = parts.pop(0)
        member = next((one for one in members if one.name == part), None)
        if member is None:
            return None
        path.append(part)
        if member.kind is Kind.MAP and parts:
            scheme = ".".join(parts)
            known = len(scheme) <= LONGEST_SCHEME and _SCHEME.match(scheme)
            return Column(name, (*path, scheme), member) if known else None
        if member.kind is Kind.ITEMS and parts:
            if not _NUMBER.match(parts[0]):
                return None
            path.append(int(parts.pop(0)))
            if not parts:
                return None
        members = member.members
    return None if member is None or member.kind is Kind.OBJECT else Column(name, tuple(path), member)


EXPORT_COLUMNS: tuple[Column, ...] = tuple(leaves(SERVICE))
"""The fixed header of an exported table: every member, lists of objects and ``codes`` as JSON."""
