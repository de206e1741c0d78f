"""A form made of the API's own schema: the one place that turns a document into fields, and what was typed into a body.

There are four kinds of parts: a ``Leaf`` is one field, ``Choices`` are boxes to tick, a ``Group`` is an object, and
``Rows`` are a list of objects; official codes are rows of pairs. Each knows how a value is shown, where what was typed
stands in a form, what that means, and how a template sees it. The name of a field is the JSON Pointer of its value in
the body, so a fault's pointer leads to its field. What is typed wrongly stays as it was typed, for the schema to judge.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import marshmallow as ma
from werkzeug.datastructures import MultiDict

from service_catalog.console.texts import TEXTS
from service_catalog.documents.fields import Codes, Many, OneOf, Truth, Whole
from service_catalog.documents.schemas.texts import TextSchema
from service_catalog.documents.tabular.labels import LABELS, Label, label_of
from service_catalog.domain.errors import InvalidBody, Place
from service_catalog.domain.vocabulary import Tag, Text

Typed = Any
"""What stands in fields: a string in one, a list of strings in boxes, a dict in a group, a list of dicts in rows."""

ABSENT = object()
"""What an empty field means that may not be null: nothing, so that the schema says what is missing."""

ADD, REMOVE = "add", "remove"
"""What a button does to a list: ``add:`` and its pointer, or ``remove:`` and that of a row."""

LONGEST_LINE = 200
"""Characters up to which a field has one line."""

Posted = MultiDict[str, str]

_TRUTHS = {"true": TEXTS["form.yes"], "false": TEXTS["form.no"]}
_COUNTED = {"visits": {"0": Tag.ZERO_VISIT.label, "1": Tag.ONE_VISIT.label}}
"""Numbers that are chosen by what they mean, by the path of their member."""

_OWN_LABELS = {
    "reason": Label(TEXTS["form.reason"], TEXTS["form.reason.hint"]),
    "visits": Label(LABELS["visits"].name, Text("", "")),
    "codes": Label(LABELS["codes"].name, TEXTS["form.codes.hint"]),
    "codes.scheme": Label(TEXTS["form.codes.scheme"], TEXTS["form.codes.scheme.hint"]),
    "codes.code": Label(TEXTS["form.codes.code"], Text("", "")),
    "fees.amount": Label(LABELS["fees.amount"].name, TEXTS["form.fees.amount.hint"]),
}
_LABELS = {**LABELS, **_OWN_LABELS}
"""A form says in its own words what is written differently in a spreadsheet."""


@dataclass(slots=True)
class Input:
    """A part of a form as a template draws it; ``kind`` names the macro."""

    kind: str
    pointer: str
    path: str
    typed: Typed
    parts: list["Input"] = field(default_factory=list)
    options: list[tuple[str, Text]] = field(default_factory=list)
    is_needed: bool = False
    alias: str | None = None
    is_other: bool = False
    faults: list[Text] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The part's id in HTML."""
        return id_of(self.pointer)

    @property
    def label(self) -> Text:
        """What it is called beside its neighbours."""
        return _LABELS[self.path].name

    @property
    def hint(self) -> Text | None:
        """What to write, where something is to be said."""
        hint = _LABELS[self.path].hint
        return hint if hint.zh else None

    @property
    def described_by(self) -> str | None:
        """The ids of what is said about it, for whoever is read to."""
        said = {"fault": self.faults, "hint": self.hint}
        return " ".join(f"{self.id}-{name}" for name, words in said.items() if words) or None

    @property
    def chosen(self) -> list[Text]:
        """The labels of what is chosen."""
        given = self.typed if isinstance(self.typed, list) else [self.typed]
        return [label for code, label in self.options if code in given]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return is_empty(self.typed)

    @property
    def posted(self) -> list[tuple[str, str]]:
        """What a form would send for this very part."""
        if self.parts or self.kind == "rows":
            return []
        return [(self.pointer, one) for one in (self.typed if isinstance(self.typed, list) else [self.typed])]

    @property
    def lines(self) -> int:
        """How many lines of a narrow window the text takes."""
        return min(12, sum(1 + len(line) // 34 for line in self.typed.split("\n")))

    @property
    def language(self) -> str | None:
        """The language of what is typed, where the field is for one."""
        return {"zh": "zh-CN", "en": "en"}.get(self.path.rpartition(".")[2])

    def walk(self) -> Iterator["Input"]:
        """Yield this part and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def beside(self, other: "Input") -> "Input":
        """Return this part with each field marked that is not as in ``other``, to be seen at a glance."""
        known = {part.pointer: part.typed for part in other.walk()}
        for part in self.walk():
            part.is_other = not part.parts and part.typed != known.get(part.pointer)
        return self


def id_of(pointer: str) -> str:
    """Return the id in HTML of the part at a pointer."""
    return pointer.lstrip("/").replace("/", "-")


class Kind(Protocol):
    """What every kind of part can do."""

    def shown(self, value: Any) -> Typed:
        """Return what stands in the fields for a value, ``None`` being unknown."""

    def typed(self, form: Posted, pointer: str, act: str) -> Typed:
        """Return what was typed into the fields at a pointer; ``act`` may add or remove a row."""

    def meant(self, typed: Typed, pointer: str) -> Any:
        """Return the value that was typed, or ``ABSENT``."""

    def drawn(self, typed: Typed, pointer: str) -> Input:
        """Return the part as a template draws it."""


class Leaf:
    """One field: a text, a number, or a choice."""

    def __init__(self, schema: ma.fields.Field[Any], path: str) -> None:
        """Take bounds and choices from the schema's own field."""
        self._schema = schema
        self._path = path
        self._options = _options(schema, path)
        longest = schema.metadata.get("maxLength", 0)
        self._kind = "choice" if self._options else "lines" if longest > LONGEST_LINE else "line"

    def shown(self, value: Any) -> Typed:
        """Return the value as somebody would type it."""
        return "" if value is None else str(value).lower() if isinstance(value, bool) else _clean(str(value))

    def typed(self, form: Posted, pointer: str, act: str) -> Typed:
        """Return the text in the field."""
        return _clean(form.get(pointer, ""))

    def meant(self, typed: Typed, pointer: str) -> Any:
        """Return the text, the number or the truth; an empty field is null where that is allowed."""
        if not typed:
            return None if self._schema.allow_none else ABSENT
        if isinstance(self._schema, Truth):
            return {"true": True, "false": False}.get(typed, typed)
        if isinstance(self._schema, Whole) and re.fullmatch(r"-?[0-9]{1,15}", typed, re.ASCII):
            return int(typed)
        return typed

    def drawn(self, typed: Typed, pointer: str) -> Input:
        """Return the field."""
        needed = not self._schema.allow_none
        return Input(self._kind, pointer, self._path, typed, options=self._options, is_needed=needed)


class Choices:
    """Boxes of which any number may be ticked."""

    def __init__(self, inner: OneOf, path: str) -> None:
        """Take the codes of a vocabulary."""
        self._path = path
        self._options = _options(inner, path)

    def shown(self, value: Any) -> Typed:
        """Return what is ticked, in the vocabulary's order."""
        return [code for code, _ in self._options if code in (value or ())]

    def typed(self, form: Posted, pointer: str, act: str) -> Typed:
        """Return what is ticked."""
        return form.getlist(pointer)

    def meant(self, typed: Typed, pointer: str) -> Any:
        """Return what is ticked."""
        return typed

    def drawn(self, typed: Typed, pointer: str) -> Input:
        """Return the boxes."""
        return Input("boxes", pointer, self._path, typed, options=self._options)


class Group:
    """An object: its members one after the other; all of them empty is null, where the object may be null."""

    def __init__(
        self, members: Mapping[str, Kind], path: str = "", *, kind: str = "group", is_nullable: bool = False
    ) -> None:
        """Keep the members; ``kind`` says how they are drawn."""
        self.members = members
        self._path = path
        self._kind = kind
        self._is_nullable = is_nullable

    def shown(self, value: Any) -> Typed:
        """Return what stands in each member's field."""
        given = value or {}
        return {name: kind.shown(given.get(name)) for name, kind in self.members.items()}

    def typed(self, form: Posted, pointer: str, act: str) -> Typed:
        """Return what was typed into each member's field."""
        return {name: kind.typed(form, f"{pointer}/{name}", act) for name, kind in self.members.items()}

    def meant(self, typed: Typed, pointer: str) -> Any:
        """Return the object."""
        if self._is_nullable and is_empty(typed):
            return None
        values = {name: kind.meant(typed[name], f"{pointer}/{name}") for name, kind in self.members.items()}
        return {name: value for name, value in values.items() if value is not ABSENT}

    def drawn(self, typed: Typed, pointer: str) -> Input:
        """Return the members, one after the other; where all may be empty, none must be filled in."""
        parts = [kind.drawn(typed[name], f"{pointer}/{name}") for name, kind in self.members.items()]
        for part in parts:
            part.is_needed &= not self._is_nullable
        return Input(self._kind, pointer, self._path, typed, parts)


class Rows:
    """A list of objects, one row each; rows in which nothing was typed are none."""

    def __init__(self, row: Kind, path: str) -> None:
        """Keep what each row is."""
        self._row = row
        self._path = path

    def shown(self, value: Any) -> Typed:
        """Return what stands in each row."""
        return [self._row.shown(item) for item in value or ()]

    def typed(self, form: Posted, pointer: str, act: str) -> Typed:
        """Return what was typed into each row."""
        places = [f"{pointer}/{position}" for position in _positions(form, f"{pointer}/")]
        rows = [self._row.typed(form, place, act) for place in places if act != f"{REMOVE}:{place}"]
        added = [self._row.shown(None)] if act == f"{ADD}:{pointer}" else []
        return [*(row for row in rows if not is_empty(row)), *added]

    def meant(self, typed: Typed, pointer: str) -> Any:
        """Return the list."""
        return [self._row.meant(row, f"{pointer}/{position}") for position, row in enumerate(typed)]

    def drawn(self, typed: Typed, pointer: str) -> Input:
        """Return the rows."""
        parts = [self._row.drawn(row, f"{pointer}/{position}") for position, row in enumerate(typed)]
        return Input("rows", pointer, self._path, typed, parts)


class Pairs(Rows):
    """Official codes: a row for each scheme and its code, of which the document makes one object."""

    def __init__(self, schema: Codes, path: str) -> None:
        """Ask for both of each pair."""
        fields = {"scheme": schema.key_field, "code": schema.value_field}
        pair = {name: Leaf(inner, f"{path}.{name}") for name, inner in fields.items() if inner}
        super().__init__(Group(pair, path, kind="row"), path)

    def shown(self, value: Any) -> Typed:
        """Return a row for each pair."""
        return [{"scheme": scheme, "code": code} for scheme, code in (value or {}).items()]

    def meant(self, typed: Typed, pointer: str) -> Any:
        """Return the object.

        Raises:
            InvalidBody: where a scheme stands twice, of which an object could keep one.
        """
        pairs = {row["scheme"]: row["code"] for row in typed}
        if len(pairs) < len(typed):
            raise InvalidBody(TEXTS["form.codes.twice"], [Place(TEXTS["form.codes.twice"], pointer=pointer)])
        return pairs

    def drawn(self, typed: Typed, pointer: str) -> Input:
        """Return the rows; a fault of the object names the scheme, which leads to its row."""
        drawn = super().drawn(typed, pointer)
        for part, row in zip(drawn.parts, typed, strict=True):
            part.alias = f"{pointer}/{row['scheme'].replace('~', '~0').replace('/', '~1')}"
        return drawn


def form_of(schema: ma.Schema, path: str = "", *, leave_out: Sequence[str] = (), **options: Any) -> Group:
    """Return the form of a schema, without the members of it that are left out; ``options`` as ``Group`` takes them."""
    members = {
        name: _kind_of(inner, f"{path}.{name}" if path else name)
        for name, inner in schema.fields.items()
        if name not in leave_out
    }
    return Group(members, path, **options)


def _kind_of(schema: ma.fields.Field[Any], path: str) -> Kind:
    if isinstance(schema, Codes):
        return Pairs(schema, path)
    if isinstance(schema, Many) and isinstance(schema.inner, OneOf):
        return Choices(schema.inner, path)
    if isinstance(schema, Many) and isinstance(schema.inner, ma.fields.Nested):
        return Rows(form_of(schema.inner.schema, path, kind="row"), path)
    if isinstance(schema, ma.fields.Nested):
        kind = "texts" if isinstance(schema.schema, TextSchema) else "group"
        return form_of(schema.schema, path, kind=kind, is_nullable=bool(schema.allow_none))
    return Leaf(schema, path)


def _options(schema: ma.fields.Field[Any], path: str) -> list[tuple[str, Text]]:
    if isinstance(schema, OneOf) and schema.vocabulary:
        return [(code.value, code.label) for code in schema.vocabulary]
    if isinstance(schema, Truth):
        return [*_TRUTHS.items()]
    return [*_COUNTED.get(path, {}).items()]


def _positions(form: Posted, start: str) -> list[int]:
    """Return the positions of the rows that a form has below a list's pointer."""
    steps = {name[len(start) :].partition("/")[0] for name in form if name.startswith(start)}
    return sorted({int(step) for step in steps if re.fullmatch(r"[0-9]{1,6}", step, re.ASCII)})


def _clean(text: str) -> str:
    """Return text without spaces around it, its lines ended as in documents."""
    return text.replace("\r\n", "\n").strip()


def is_empty(typed: Typed) -> bool:
    """Tell whether nothing was typed."""
    inner = typed.values() if isinstance(typed, dict) else typed
    return not typed or (not isinstance(typed, str) and all(map(is_empty, inner)))


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something about a part of a form: the part, where that is in words, what is to be said, and by which rule."""

    part: Input
    where: Text
    message: Text
    rule: str | None


def complaints_of(drawn: Input, places: Iterable[Place]) -> list[Complaint]:
    """Return what is said of each place with the field it is about, or else the smallest part around it."""
    parts = {part.pointer: part for part in drawn.walk()}
    parts |= {part.alias: part for part in drawn.walk() if part.alias}
    complaints = []
    for place in places:
        part = parts[_nearest(place.pointer or "", parts)]
        complaints.append(Complaint(part, place_in_words(part.pointer), place.message, place.rule))
    return complaints


def _nearest(pointer: str, known: Iterable[str]) -> str:
    while pointer and pointer not in known:
        pointer = pointer.rpartition("/")[0]
    return pointer


def place_in_words(pointer: str) -> Text:
    """Return what the part at a pointer is called, with all that is around it."""
    steps = pointer.removeprefix("/service").strip("/").split("/")
    return label_of(tuple(int(step) + 1 if step.isdigit() else step for step in steps if step), _LABELS)
