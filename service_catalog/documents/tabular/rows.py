"""Reading a file of services row by row, and checking each row against the schema."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, BinaryIO

import marshmallow as ma

from service_catalog.documents.faults import faults_in_body
from service_catalog.documents.schemas.service import ServiceContentSchema, ServiceSchema
from service_catalog.documents.tabular.cells import Broken, shown
from service_catalog.documents.tabular.columns import Column, column_named
from service_catalog.documents.tabular.csv_files import csv_rows
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.documents.tabular.headers import HeaderFault, header_places
from service_catalog.documents.tabular.json_files import Item, json_items, json_lines
from service_catalog.documents.tabular.layout import Cells, Layout, Reading, column_letter
from service_catalog.documents.tabular.workbooks import workbook_rows
from service_catalog.domain.errors import Cell, Place, UnreadableFile
from service_catalog.domain.service import SERVER_SET, service_id
from service_catalog.domain.vocabulary import Text

Checked = tuple[dict[str, Any], dict[str, Any]]
"""What a writer decides, and the server-set members that the row carries."""

_ITEM, _LINE = Text("项", "item"), Text("行", "line")
_CONTENT = ServiceContentSchema()
_SERVER_SET = ServiceSchema(only=SERVER_SET).fields


@dataclass(frozen=True, slots=True)
class Table:
    """Where in its table a row was read, to tell the column of a place in its document."""

    layout: Layout
    reading: Reading
    cells: Cells


@dataclass(frozen=True, slots=True)
class Row:
    """One service of a file: its number as a person counts, its document as JSON would have it, and its faults.

    The number is the row in a spreadsheet, the line of a JSONL file, or the item's in a JSON list, from 1. Where
    ``document`` is ``None`` nothing could be built, and the faults say why.
    """

    number: int
    document: Any
    faults: tuple[Place, ...] = ()
    table: Table | None = None
    counted: Text = _ITEM

    def place(self, message: Text, pointer: str) -> Place:
        """Return a fault at a JSON Pointer into the document, by row and column where it stands in a table."""
        if self.table is None:
            where = f" {shown(pointer)}" if pointer else ""
            words = Text(
                f"第 {self.number} {self.counted.zh}{where}：{message.zh}",
                f"{self.counted.en} {self.number}{where}: {message.en}",
            )
            return Place(words, pointer=pointer, row=self.number)
        column = self.table.layout.column_at(pointer, self.table.reading)
        if column and column.is_json and pointer.count("/") > 1:
            inside = shown(pointer)
            message = Text(f"{inside}：{message.zh}", f"{inside}: {message.en}")
        return _in_column(message, self.number, column, self.table.layout, self.table.cells)


TAGS_A_ROW = 1_000
"""Tags of a workbook for each row that may be read, where rows are bounded; the template needs at most 480."""


def read_rows(file: BinaryIO, file_format: ImportFormat, most_rows: int | None = None) -> Iterator[Row]:
    """Yield every service of a file in constant memory; ``file`` must be able to seek and is left open.

    The caller counts the rows; ``most_rows`` says how many it will take, so that a workbook which is too much work for
    them is refused at once.

    A header that cannot be read by is one row with every fault of it and no document, and the last.

    Raises:
        UnreadableFile: where the file is not what its format says, or goes on in a way that cannot be followed.
    """
    match file_format:
        case ImportFormat.JSON:
            return (_item_row(item, _ITEM) for item in json_items(file))
        case ImportFormat.JSONL:
            return (_item_row(item, _LINE) for item in json_lines(file))
        case ImportFormat.CSV:
            return _table_rows(csv_rows(file))
        case ImportFormat.XLSX:
            return _table_rows(workbook_rows(file, most_rows and most_rows * TAGS_A_ROW))


def check_row(row: Row) -> Checked | list[Place]:
    """Check a row's document; return its content and the server-set members it carries, or every fault with its place.

    ``id`` must be the one that follows from the content. The others are held against their shape alone: whether they
    are current, the write path knows.
    """
    if row.document is None and row.faults:
        return list(row.faults)
    if not isinstance(row.document, dict):
        return [row.place(Text("须为对象", "must be an object"), "")]
    claims = {name: row.document[name] for name in SERVER_SET if name in row.document}
    given = {name: value for name, value in row.document.items() if name not in claims} if claims else row.document
    content, faults = _content_of(row, given)
    if claims:
        faults += _misshapen(row, claims) or ([] if faults else list(_derived(row, content, claims)))
    if faults or row.faults:
        told = {place.column for place in row.faults}
        return [*row.faults, *(place for place in faults if place.column is None or place.column not in told)]
    return content, claims


def _content_of(row: Row, document: dict[str, Any]) -> tuple[dict[str, Any], list[Place]]:
    try:
        return _CONTENT.load(document), []
    except ma.ValidationError as error:
        return {}, _places(row, error.messages)


def _misshapen(row: Row, claims: dict[str, Any]) -> list[Place]:
    """Hold each server-set member against its field alone; a whole schema takes as long as half the content."""
    places: list[Place] = []
    for name, value in claims.items():
        try:
            _SERVER_SET[name].deserialize(value)
        except ma.ValidationError as error:
            places += _places(row, {name: error.messages})
    return places


def _places(row: Row, messages: Any) -> list[Place]:
    return [row.place(fault.message, fault.pointer or "") for fault in faults_in_body(messages)]


def _derived(row: Row, content: dict[str, Any], claims: dict[str, Any]) -> Iterator[Place]:
    """Find an id that does not follow from the content."""
    actual = service_id(content["division"], content["code"])
    if claims.get("id", actual) != actual:
        yield row.place(Text(f"由目录计算，须为 {actual} 或留空", f"is computed: must be {actual}, or left out"), "/id")


def _item_row(item: Item, counted: Text) -> Row:
    row = Row(item.number, item.value, counted=counted)
    return row if item.fault is None else replace(row, document=None, faults=(row.place(item.fault, ""),))


def _table_rows(rows: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    filled = ((number, cells) for number, cells in rows if any(cells))
    head = next(filled, None)
    if head is None:
        raise UnreadableFile(Text("文件中没有表头", "the file has no header"))
    second = None
    if not _names_columns(head[1]):  # then it is the row of labels, and the names come next
        second = next(filled, None)
    if second is not None and _names_columns(second[1]):
        head, second = second, None
    try:
        layout = Layout([cell.strip() for cell in _trimmed(head[1])])
    except HeaderFault as fault:
        yield Row(head[0], None, tuple(header_places(fault, head[0])))
        return
    body = filled if second is None else chain([second], filled)
    yield from _body_rows(layout, body)


def _body_rows(layout: Layout, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    width, is_first = len(layout.columns), True
    for number, cells in rows:
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        if is_first and layout.is_label_row(cells):
            is_first = False
            continue
        is_first = False
        yield _table_row(layout, number, cells)


def _table_row(layout: Layout, number: int, cells: Cells) -> Row:
    document, reading = layout.document(cells)
    faults = [_in_column(reason, number, column, layout, cells) for column, reason in reading.faults]
    stray = layout.stray(cells)
    if stray is not None:
        reason = Text("这一列没有列名，却有内容", "the cell is filled, but its column has no name")
        faults.append(_in_cell(reason, number, stray, cells))
    return Row(number, document, tuple(faults), Table(layout, reading, cells))


def _names_columns(cells: Sequence[str]) -> bool:
    return any(column_named(cell.strip()) for cell in cells if cell and not isinstance(cell, Broken))


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _in_column(message: Text, number: int, column: Column | None, layout: Layout, cells: Cells) -> Place:
    if column is None:
        return Place(Text(f"第 {number} 行：{message.zh}", f"row {number}: {message.en}"), row=number)
    position = layout.position_of(column)
    letter, label = column_letter(position), column.label
    words = Text(
        f"第 {number} 行 {letter} 列（{label.zh}）：{message.zh}",
        f"row {number}, column {letter} ({label.en}): {message.en}",
    )
    cell = Cell(letter, label, shown(cells[position]), message)
    return Place(words, row=number, column=column.name, cell=cell)


def _in_cell(message: Text, number: int, position: int, cells: Cells) -> Place:
    letter = column_letter(position)
    words = Text(f"第 {number} 行 {letter} 列：{message.zh}", f"row {number}, column {letter}: {message.en}")
    return Place(words, row=number, column=letter, cell=Cell(letter, Text("", ""), shown(cells[position]), message))
