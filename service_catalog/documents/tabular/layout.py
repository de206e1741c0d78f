"""Building the document that a row holds, by the table's header."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from service_catalog.documents.tabular.cells import CellFault, cell_of, reader_of, shown
from service_catalog.documents.tabular.columns import SERVICE, Column, Kind, Member, column_named
from service_catalog.documents.tabular.headers import columns_named, header_label
from service_catalog.domain.errors import Cell
from service_catalog.domain.vocabulary import Text

Cells = Sequence[str]
"""One row, a text for each column of the file; short rows end early."""


@dataclass(slots=True)
class Reading:
    """What was noticed while one row was read."""

    faults: list[tuple[Column, Text]] = field(default_factory=list)
    kept: dict[str, list[int]] = field(default_factory=dict)
    """For each list in numbered columns the numbers of the items that are there, in order."""


Builder = Callable[[Cells, Reading], Any]
"""Builds one member of the document from a row."""


class Layout:
    """A header that was understood: builds documents from rows, and finds the column of a place in one."""

    def __init__(self, names: Sequence[str]) -> None:
        """Read the header.

        Raises:
            HeaderFault: naming every unknown, repeated, doubled and missing column.
        """
        self.columns = columns = columns_named(names)
        self._positions = {column.path: position for position, column in enumerate(columns) if column}
        self._unnamed = [position for position, column in enumerate(columns) if column is None]
        plan = _Plan(columns)
        self._members = [
            (member, builder) for member in SERVICE if (builder := plan.builder(member, (member.name,))) is not None
        ]

    def document(self, cells: Cells) -> tuple[dict[str, Any], Reading]:
        """Build the document of a row that is at least as long as the header; an empty server-set cell is absent."""
        reading = Reading()
        document = {}
        for member, build in self._members:
            value = build(cells, reading)
            if (value is not None and value != []) or not member.is_server_set:
                document[member.name] = value
        return document, reading

    def stray(self, cells: Cells) -> int | None:
        """Return the position of a cell that stands under no column's name, ``None`` where there is none."""
        beyond = range(len(self.columns), len(cells))
        return next((position for position in (*self._unnamed, *beyond) if cells[position]), None)

    def is_label_row(self, cells: Cells) -> bool:
        """Tell whether a row repeats the columns' labels and holds nothing else."""
        pairs = zip(cells, self.columns, strict=False)
        return all(not cell or (column and cell == header_label(column)) for cell, column in pairs)

    def column_at(self, pointer: str, reading: Reading) -> Column | None:
        """Return the column that holds the place of a JSON Pointer in a document built here, or the nearest to it."""
        path = self._path_of(pointer, reading)
        while path:
            if path in self._positions:
                return self.columns[self._positions[path]]
            below = [column for column in self._positions if column[: len(path)] == path]
            if below:
                return self.columns[self._positions[below[0]]]
            path = path[:-1]
        return None

    def lacking_for(self, document: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
        """Yield each list or map of a document that this header has too few columns for, and what is lacking.

        A row that is to change the document could not keep what it has no column for.
        """
        for member in SERVICE:
            if member.kind not in (Kind.ITEMS, Kind.MAP) or (member.name,) in self._positions:
                continue
            held = {path[1] for path in self._positions if path[0] == member.name}
            if member.kind is Kind.ITEMS and len(document[member.name]) > len(held):
                there, room = len(document[member.name]), len(held)
                yield (
                    member.name,
                    Text(f"原有 {there} 项，表中只有 {room} 组列", f"has {there} items, but columns for {room} only"),
                )
            if member.kind is Kind.MAP and (missing := sorted(document[member.name].keys() - held)):
                names = ", ".join(f"{member.name}.{name}" for name in missing)
                yield member.name, Text(f"表中缺少列 {names}", f"lacks the columns {names}")

    def claim(self, name: str, value: Any, reason: Text) -> Cell | None:
        """Return the cell in which a row claims a member that the catalogue sets, ``None`` where it has no column."""
        column = column_named(name)
        if column is None or column.path not in self._positions:
            return None
        return Cell(column_letter(self.position_of(column)), column.label, shown(cell_of(column, value)), reason)

    def position_of(self, column: Column) -> int:
        """Return where a column of this header stands, counted from 0."""
        return self._positions[column.path]

    def _path_of(self, pointer: str, reading: Reading) -> tuple[str | int, ...]:
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        kept = reading.kept.get(steps[0]) if steps else None
        if kept is not None and len(steps) > 1 and steps[1].isdecimal():
            return (steps[0], kept[int(steps[1])], *steps[2:])
        return tuple(steps)


def column_letter(position: int) -> str:
    """Return a column's letter as spreadsheet programs show it, for its position counted from 0."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _Plan:
    """Compiles a header into one builder for each member; an absent optional column has none."""

    def __init__(self, columns: Iterable[Column | None]) -> None:
        self._positions = {column.path: (position, column) for position, column in enumerate(columns) if column}

    def builder(self, member: Member, path: tuple[str | int, ...]) -> Builder | None:
        if path in self._positions:
            position, column = self._positions[path]
            empty = {Kind.ITEMS: list, Kind.CODES: list, Kind.MAP: dict}.get(member.kind)
            return _one_cell(position, column, empty)
        if member.kind is Kind.OBJECT:
            return self._object(member, path)
        if member.kind is Kind.ITEMS:
            return self._items(member)
        return self._map(member) if member.kind is Kind.MAP else None

    def _object(self, member: Member, path: tuple[str | int, ...]) -> Builder:
        build = self._members(member, path)
        if not member.nullable:
            return build
        any_cell = self._any_cell(path)
        return lambda cells, reading: build(cells, reading) if any_cell(cells) else None

    def _members(self, member: Member, path: tuple[str | int, ...]) -> Builder:
        found = [(inner.name, self.builder(inner, (*path, inner.name))) for inner in member.members]
        builders = [(name, build) for name, build in found if build]
        return lambda cells, reading: {name: build(cells, reading) for name, build in builders}

    def _items(self, member: Member) -> Builder:
        numbers = sorted({path[1] for path in self._positions if path[0] == member.name and isinstance(path[1], int)})
        paths = [(member.name, number) for number in numbers]
        items = [(path[1], self._any_cell(path), self._members(member, path)) for path in paths]

        def build(cells: Cells, reading: Reading) -> list[Any]:
            there = [(number, one) for number, any_cell, one in items if any_cell(cells)]
            reading.kept[member.name] = [number for number, _ in there]
            return [one(cells, reading) for _, one in there]

        return build

    def _map(self, member: Member) -> Builder:
        found = [(path[1], place) for path, place in self._positions.items() if path[0] == member.name]
        builders = [(scheme, _one_cell(position, column, None)) for scheme, (position, column) in found]

        def build(cells: Cells, reading: Reading) -> dict[Any, Any]:
            values = {scheme: one(cells, reading) for scheme, one in builders}
            return {scheme: value for scheme, value in values.items() if value is not None}

        return build

    def _any_cell(self, path: tuple[str | int, ...]) -> Callable[[Cells], bool]:
        """Return the test whether any cell at or below a path is filled."""
        positions = [position for below, (position, _) in self._positions.items() if below[: len(path)] == path]
        if len(positions) == 1:
            only = positions[0]
            return lambda cells: cells[only] != ""
        pick = itemgetter(*positions)
        return lambda cells: any(pick(cells))


def _one_cell(position: int, column: Column, empty: Callable[[], Any] | None) -> Builder:
    read = reader_of(column)

    def build(cells: Cells, reading: Reading) -> Any:
        cell = cells[position]
        if not cell:
            return None if empty is None else empty()
        try:
            return read(cell)
        except CellFault as fault:
            reading.faults.append((column, fault.reason))
            return None

    return build
