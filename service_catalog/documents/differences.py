"""The one shape of the differences between two revisions: as JSON, and as a table that a person reads in a terminal.

Both are written as they come, in constant memory. A page of the API has the shape of the whole.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service_catalog.documents.canonical import compact
from service_catalog.documents.tabular.labels import LABELS, Label, label_of
from service_catalog.domain.differences import Change, Difference, changes_of
from service_catalog.domain.revisions import Operation
from service_catalog.domain.selection import DiffFormat, Span
from service_catalog.domain.service import CODED
from service_catalog.domain.vocabulary import Audience, Code, Status, Tag, Text

WIDEST_BEFORE = 40
"""Columns of a terminal up to which the earlier values of one service are brought to one width."""

_NOTHING = Text("—", "—")
_TRUTHS = {True: Text("是", "yes"), False: Text("否", "no")}


def _label(zh: str, en: str) -> Label:
    return Label(Text(zh, en), Text("", ""))


DIVISION_LABELS: dict[str, Label] = {
    "division": _label("行政区划代码", "Division code"),
    "name": _label("名称", "Name"),
    "notice": _label("读者须知", "Notice"),
    "source": _label("来源", "Source"),
    "source.publisher": _label("发布者", "publisher"),
    "source.title": _label("标题", "title"),
    "source.published_on": _label("发布日期", "day of publication"),
    "declared": _label("公布数", "Declared"),
    "declared.total": _label("事项总数", "all services"),
    "declared.zero_visit": Label(Tag.ZERO_VISIT.label, Text("", "")),
    "declared.one_visit": Label(Tag.ONE_VISIT.label, Text("", "")),
    "declared.single_window": Label(Tag.SINGLE_WINDOW.label, Text("", "")),
    "declared.online": _label("可网办", "online"),
    "declared.online.individual": Label(Audience.INDIVIDUAL.label, Text("", "")),
    "declared.online.enterprise": Label(Audience.ENTERPRISE.label, Text("", "")),
    **{f"{text}.zh": _label("中文", "Chinese") for text in ("name", "notice", "source.publisher", "source.title")},
    **{f"{text}.en": _label("英文", "English") for text in ("name", "notice", "source.publisher", "source.title")},
}
"""Each member of a division's own document by its path."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two revisions: ``services`` in order of their ids, to be read once.

    ``divisions`` as ``division_differences`` gives them. ``next`` is the cursor of the next page where these are not
    all services.
    """

    span: Span
    divisions: tuple[Difference, ...] | None
    services: Iterable[Difference]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One part that differs, as a person reads it: what it is called, and its value before and after."""

    path: str
    label: Text
    before: Text
    after: Text


def written(comparison: Comparison, written_as: DiffFormat) -> Iterator[bytes]:
    """Yield the differences in a format, in UTF-8: JSON in one line without a line end, or the table."""
    if written_as is DiffFormat.JSON:
        return _json_chunks(comparison)
    return (f"{line}\n".encode() for line in _table(comparison))


def _json_chunks(comparison: Comparison) -> Iterator[bytes]:
    span, divisions = comparison.span, comparison.divisions
    head = {
        "from": span.start,
        "to": span.end,
        "division": span.division,
        "divisions": None if divisions is None else [*map(_division_document, divisions)],
    }
    yield compact(head)[:-1] + b',"items":['
    for number, difference in enumerate(comparison.services):
        yield (b"," if number else b"") + compact(_service_document(difference))
    yield b'],"next":' + compact(comparison.next) + b"}"


def _division_document(difference: Difference) -> dict[str, Any]:
    return {
        "division": difference.id,
        "op": difference.op.value,
        "name": difference.after["name"],
        "changed": _changed(difference),
    }


def _service_document(difference: Difference) -> dict[str, Any]:
    before, after = difference.before or {}, difference.after
    return {
        "id": difference.id,
        "op": difference.op.value,
        "name": after["name"],
        "status": after["status"],
        "versions": {"before": before.get("version"), "after": after["version"]},
        "tags": {"before": before.get("tags", []), "after": after["tags"]},
        "changed": _changed(difference),
    }


def _changed(difference: Difference) -> list[dict[str, Any]]:
    before = difference.before or {}
    return [
        {"member": name, "before": before.get(name), "after": difference.after.get(name)} for name in difference.members
    ]


def lines_of(difference: Difference, labels: Mapping[str, Label] = LABELS) -> list[Line]:
    """Return how a thing differs line by line, in both languages; codes have their labels, nothing is shortened."""
    return [_line(change, labels) for change in changes_of(difference)]


def _line(change: Change, labels: Mapping[str, Label]) -> Line:
    vocabulary = CODED.get(".".join(step for step in change.path if isinstance(step, str)))
    return Line(
        ".".join(map(str, change.path)),
        label_of(change.path, labels),
        _value(change.before, vocabulary),
        _value(change.after, vocabulary),
    )


def _value(value: Any, vocabulary: type[Code] | None) -> Text:
    """Return a value as a person reads it."""
    if value is None or value in ([], {}):
        return _NOTHING
    if isinstance(value, bool):
        return _TRUTHS[value]
    if isinstance(value, list):
        items = [_value(item, vocabulary) for item in value]
        return Text("、".join(item.zh for item in items), ", ".join(item.en for item in items))
    if isinstance(value, dict):
        value = compact(value).decode()
    known = vocabulary is not None and value in {*vocabulary}
    return vocabulary(value).label if vocabulary and known else Text(str(value), str(value))


def _table(comparison: Comparison) -> Iterator[str]:
    """Yield the lines of the table: a heading for each thing that differs, a line below it for each part."""
    start, end, division = comparison.span.start, comparison.span.end, comparison.span.division
    among = "" if division is None else f" （区划 division {division}）"
    yield f"修订 {start} 到 {end} 的差异 · what differs between revisions {start} and {end}{among}"
    if comparison.divisions is None:
        yield "没有引用区划自身文件，未作比较 · no division's own document is quoted, so none was compared"
    for difference in comparison.divisions or ():
        yield from _block(difference, "区划 division ", DIVISION_LABELS)
    counts: Counter[Operation] = Counter()
    for difference in comparison.services:
        counts[difference.op] += 1
        yield from _block(difference, "", LABELS)
    yield ""
    counted = ", ".join(f"{_both(op.label)} {counts[op]}" for op in Operation)
    yield f"{'事项合计 · services' if comparison.next is None else '本页事项 · services on this page'}: {counted}"
    if comparison.next is not None:
        yield "后面还有，地址在 Link 头中 · more follow: the header Link has the address"


def _block(difference: Difference, kind: str, labels: Mapping[str, Label]) -> Iterator[str]:
    yield ""
    yield _legible("  ".join(_heading(difference, kind)))
    lines = [(_both(line.label), _both(line.before), _both(line.after)) for line in lines_of(difference, labels)]
    cells = [tuple(map(_legible, line)) for line in lines]
    label_width = max((_width(label) for label, *_ in cells), default=0)
    before_width = min(WIDEST_BEFORE, max((_width(before) for _, before, _ in cells), default=0))
    for label, before, after in cells:
        yield f"    {_padded(label, label_width)}  {_padded(before, before_width)}  →  {after}"


def _heading(difference: Difference, kind: str) -> Iterator[str]:
    """Yield what happened, to what; a service that was retired already when it is new to the reader is said to be."""
    before, after = difference.before or {}, difference.after
    yield _both(difference.op.label)
    yield kind + difference.id
    if after.get("version") is not None:
        yield f"v{before['version']} → v{after['version']}" if before else f"v{after['version']}"
    yield _both(Text(after["name"]["zh"] or "", after["name"]["en"] or ""))
    if difference.op is Operation.CREATED and after.get("status") == Status.RETIRED:
        yield f"（{_both(Status.RETIRED.label)}）"


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}".strip()


def _legible(text: str) -> str:
    """Return text in one line, in which no sign of a document's can move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese signs two each, combining marks none."""
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
