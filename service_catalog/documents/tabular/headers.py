"""A table's header: which columns it names, and what is wrong with it.

Every member that a writer decides must have its column (a list of objects has one as JSON, or whole numbered groups):
a file that lacks one would otherwise empty it without a word.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from service_catalog.documents.tabular.cells import shown
from service_catalog.documents.tabular.columns import SERVICE, Column, column_named, leaves, name_of
from service_catalog.domain.errors import Place
from service_catalog.domain.vocabulary import Text

_NO_NAMES = Text(
    "这一行没有列名；表头须有一行列名，如 division、code、name.zh",
    "no column is named here; one row of the header must hold the names, such as division, code, name.zh",
)


class HeaderFault(Exception):
    """A header that cannot be read by; ``faults`` names every column at fault with its words."""

    def __init__(self, faults: list[tuple[str, Text]]) -> None:
        """Keep each column's name and the words."""
        super().__init__()
        self.faults = faults


def columns_named(names: Sequence[str]) -> list[Column | None]:
    """Return the column of each name, ``None`` where a cell of the header is empty.

    Raises:
        HeaderFault: naming every unknown, repeated, doubled and missing column.
    """
    columns = [column_named(name) if name else None for name in names]
    if not any(columns):
        raise HeaderFault([("", _NO_NAMES)])
    faults = [*_unknown(names, columns), *_repeated(names), *_doubled(columns), *_missing(columns)]
    if faults:
        raise HeaderFault(faults)
    return columns


def header_label(column: Column) -> str:
    """Return the label that stands over a column, in both languages."""
    return f"{column.label.zh} {column.label.en}"


def header_places(fault: HeaderFault, row: int) -> list[Place]:
    """Return each fault of the header as a place in its row."""
    places = []
    for name, reason in fault.faults:
        named = shown(name)
        zh, en = (f"“{named}”", f', "{named}"') if named else ("", "")
        message = Text(f"第 {row} 行（表头）{zh}：{reason.zh}", f"row {row} (header){en}: {reason.en}")
        places.append(Place(message, row=row, column=named or None))
    return places


def _unknown(names: Sequence[str], columns: Sequence[Column | None]) -> Iterator[tuple[str, Text]]:
    for name, column in zip(names, columns, strict=True):
        if name and column is None:
            yield name, Text("没有这一列", "no column is called so")


def _repeated(names: Sequence[str]) -> Iterator[tuple[str, Text]]:
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            yield name, Text(f"这一列出现了 {times} 次", f"the column stands here {times} times")


def _doubled(columns: Sequence[Column | None]) -> Iterator[tuple[str, Text]]:
    """Find lists and maps that are given both whole and in columns of their parts."""
    whole = {column.path[0] for column in columns if column and column.is_json}
    parts = {column.path[0] for column in columns if column and not column.is_json}
    for name in sorted(map(str, whole & parts)):
        yield (
            name,
            Text(f"“{name}”与“{name}.…”只能用一种", f"give either {name} as JSON or the columns {name}.…, not both"),
        )


def _missing(columns: Sequence[Column | None]) -> Iterator[tuple[str, Text]]:
    there = {column.path for column in columns if column}
    roots = {path[0] for path in there}
    for column in leaves(tuple(member for member in SERVICE if not member.is_server_set)):
        given = column.path[0] in roots if column.is_json else column.path in there
        if not given:
            yield column.name, Text("缺少这一列", "the column is missing")
    groups = {path[:2] for path in there if len(path) > 1 and isinstance(path[1], int)}
    for group in sorted(groups, key=str):
        member = next(member for member in SERVICE if member.name == group[0])
        for column in leaves(member.members, group):
            if column.path not in there:
                yield name_of(column.path), Text("缺少这一列", "the column is missing")
