"""The spreadsheet that officials fill in: a bilingual header, drop-downs for code lists, and what each column means.

Its first sheet is the one that is read back; row 1 holds labels for people, row 2 the names of the columns. The
others explain: the columns, the code lists, and, unless left out, one filled-in example, which is never read. An
exported workbook has the same sheets, filled in.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import combinations, zip_longest
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from service_catalog.documents.tabular.cells import NULL, SAYS_NOTHING, cell_of, choice_of, escaped
from service_catalog.documents.tabular.columns import SERVICE, Column, Kind, Member, leaves, numbered
from service_catalog.documents.tabular.headers import header_label
from service_catalog.documents.tabular.labels import LABELS
from service_catalog.documents.tabular.layout import column_letter
from service_catalog.domain.vocabulary import Code

GROUPS = {"online_channels": 2, "legal_basis": 3, "materials": 5, "fees": 1}
"""How many numbered groups of columns a list of objects has, enough for each of the seed; more may be added by hand."""

LAST_ROW = 20_002
"""The last row with drop-downs: two rows of header and as many services as one request may bring in."""

SERVICES, COLUMNS, CODES, EXAMPLE = "事项 services", "填表说明 columns", "代码 codes", "示例 example"
ABOUT = "本文件 about"
_FIRST_ROW = 2
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's times have no zone; one fixed time, so that the bytes are the same
_TRUTHS = ("是", "否")
_WIDE, _MIDDLE, _NARROW = 44, 22, 14


def template_columns(groups: Mapping[str, int] = GROUPS) -> list[Column]:
    """Return the columns of the template: numbered groups for lists of objects, what the catalogue sets at the end."""
    columns: list[Column] = []
    for member in sorted(SERVICE, key=lambda member: member.is_server_set):
        count = groups.get(member.name)
        columns.extend(leaves((member,)) if count is None else numbered(member, count))
    return columns


def write_template(file: BinaryIO, example: Mapping[str, Any] | None = None) -> None:
    """Write the template as XLSX; ``example`` is a service shown on a sheet of its own."""
    with new_workbook(file) as book:
        pages = Pages(book, template_columns())
        pages.services()
        pages.columns()
        pages.codes()
        if example is not None:
            pages.example(example)


def new_workbook(file: BinaryIO, folder: str | None = None) -> Workbook:
    """Begin a workbook in memory, or in constant memory where a ``folder`` for temporary files is given.

    No text becomes a formula or a link, and the same cells give the same bytes.
    """
    kept = {"in_memory": True} if folder is None else {"constant_memory": True, "tmpdir": folder, "use_zip64": True}
    book = Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False, **kept})
    book.set_properties({"title": "政务服务事项 · government services", "created": _MADE})
    return book


class Pages:
    """The sheets of the template, over one workbook; each is written row by row."""

    def __init__(self, book: Workbook, columns: Sequence[Column]) -> None:
        """Begin the sheets; ``columns`` are those of the services."""
        self._services, self._columns, self._codes = (book.add_worksheet(name) for name in (SERVICES, COLUMNS, CODES))
        self._book, self._asked = book, columns
        self._text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._line = book.add_format({"num_format": "@", "valign": "top"})
        self._whole = book.add_format({"num_format": "0", "valign": "top"})
        self._label = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#DCE6F1"})
        self._optional = book.add_format({"text_wrap": True, "valign": "vcenter", "bg_color": "#EDEDED"})
        self._name = book.add_format({"font_color": "#808080", "font_size": 9, "num_format": "@"})

    def services(self) -> None:
        """Write the sheet that is filled in."""
        page = self._services
        self._write_header(page)
        for position, column in enumerate(self._asked):
            is_whole = column.member.kind is Kind.WHOLE
            page.set_column(position, position, _width(column), self._whole if is_whole else self._text)
            choices = self._choices(column)
            if choices is not None:
                page.data_validation(_FIRST_ROW, position, LAST_ROW - 1, position, choices)

    def filled(self, services: Iterable[Mapping[str, Any]]) -> None:
        """Write the sheet of services filled in, a line for each, and let its reader filter them."""
        page, row = self._services, _FIRST_ROW - 1
        self.services()
        for row, service in enumerate(services, start=_FIRST_ROW):
            for position, column in enumerate(self._asked):
                cell = filled_cell(column, service)
                if cell and column.member.kind is Kind.WHOLE:
                    page.write_number(row, position, int(cell), self._whole)
                elif cell:
                    page.write_string(row, position, cell, self._line)
        page.autofilter(_FIRST_ROW - 1, 0, row, len(self._asked) - 1)

    def about(self, facts: Iterable[tuple[str, str]]) -> None:
        """Write a sheet that says what the workbook holds, by name and text."""
        page = self._book.add_worksheet(ABOUT)
        page.set_column(0, 0, _WIDE, self._label)
        page.set_column(1, 1, _WIDE * 3, self._text)
        for row, (name, text) in enumerate(facts):
            page.write_string(row, 0, name, self._label)
            page.write_string(row, 1, escaped(text), self._text)

    def columns(self) -> None:
        """Write the sheet that explains each column."""
        page = self._columns
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        for position, width in enumerate((8, 32, 26, 38, 60, 80)):
            page.set_column(position, position, width, self._text)
        titles = ("列 column", "列名 name", "中文名称", "English label", "怎样填写", "what to write")
        page.write_row(0, 0, titles, self._label)
        for row, column in enumerate(self._asked, start=1):
            zh, en = _explained(column)
            letter = column_letter(row - 1)
            page.write_row(row, 0, (letter, column.name, column.label.zh, column.label.en, zh, en), self._text)

    def codes(self) -> None:
        """Write the sheet of the code lists, which the drop-downs point to."""
        page = self._codes
        page.freeze_panes(1, 0)
        page.set_column(0, len(_lists()) - 1, _MIDDLE, self._text)
        page.write_row(0, 0, _lists(), self._label)
        for row, entries in enumerate(zip_longest(*_lists().values()), start=1):
            page.write_row(row, 0, entries, self._text)

    def example(self, service: Mapping[str, Any]) -> None:
        """Write one service as it would be filled in, on a sheet that is not read."""
        page = self._book.add_worksheet(EXAMPLE)
        self._write_header(page)
        for position, column in enumerate(self._asked):
            page.set_column(position, position, _width(column), self._text)
            if not column.member.is_server_set:
                page.write_string(_FIRST_ROW, position, filled_cell(column, service), self._text)

    def _write_header(self, page: Worksheet) -> None:
        page.freeze_panes(_FIRST_ROW, 0)
        page.set_row(0, 48)
        for position, column in enumerate(self._asked):
            label = self._label if _is_always_filled(column) else self._optional
            page.write_string(0, position, header_label(column), label)
        for position, column in enumerate(self._asked):
            page.write_string(1, position, column.name, self._name)

    def _choices(self, column: Column) -> dict[str, Any] | None:
        title = _list_of(column)
        if title is None:
            return None
        letter = column_letter(list(_lists()).index(title))
        last = 1 + len(_lists()[title])
        many = column.member.kind is Kind.CODES
        return {
            "validate": "list",
            "source": f"='{CODES}'!${letter}$2:${letter}${last}",
            "show_error": not many,  # several may be written into one cell, as no drop-down can offer
            "error_title": "请从列表中选择",
            "error_message": "请从下拉列表中选择 · choose from the list",
        }


def _is_always_filled(column: Column) -> bool:
    """Tell whether no row may leave the cell empty."""
    return not (column.member.is_server_set or column.member.nullable or len(column.path) > 2 or column.is_json)


def _width(column: Column) -> int:
    if column.member.kind in (Kind.WHOLE, Kind.TRUTH):
        return _NARROW
    return _WIDE if column.path[-1] in ("zh", "en", "url") else _MIDDLE


def _list_of(column: Column) -> str | None:
    """Return the title of the list that a column's drop-down shows."""
    if column.member.kind is Kind.TRUTH:
        return "true / false"
    if column.member.vocabulary is None or column.member.is_server_set:
        return None
    return LABELS[".".join(column.member.path)].name.zh + " " + ".".join(column.member.path)


@cache
def _lists() -> dict[str, list[str]]:
    """Return every list of a drop-down by its title."""
    lists: dict[str, list[str]] = {}
    for column in template_columns():
        title = _list_of(column)
        if title is not None and title not in lists:
            lists[title] = _entries(column.member)
    return lists


def _entries(member: Member) -> list[str]:
    if member.vocabulary is None:
        return list(_TRUTHS)
    codes: Sequence[Code] = list(member.vocabulary)
    singles = [choice_of(code) for code in codes]
    pairs = combinations(singles, 2) if member.kind is Kind.CODES and len(codes) == 2 else ()
    return [*singles, *(f"{one}; {other}" for one, other in pairs)]


def _explained(column: Column) -> tuple[str, str]:
    """Return what to write into a column: its own hint, then those of the members that hold it."""
    steps = column.member.path
    hints = [LABELS[".".join(steps[:end])].hint for end in range(len(steps), 0, -1)]
    kinds = {
        Kind.CODE: ("从下拉列表中选择", "choose from the list"),
        Kind.CODES: ("从“代码”表中取，多个以分号隔开", "from the sheet of codes, several with semicolons between"),
        Kind.TRUTH: ("是或否", "是 (yes) or 否 (no); true and false are understood too"),
        Kind.MAP: ("JSON", "JSON"),
    }
    zh, en = kinds.get(column.member.kind, ("", "")) if not column.member.is_server_set else ("", "")
    return (
        "；".join(filter(None, [zh, *(hint.zh for hint in hints)])),
        "; ".join(filter(None, [en, *(hint.en for hint in hints)])),
    )


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step - 1] if value and step <= len(value) else None
    return None if value is None else value.get(step)


def filled_cell(column: Column, service: Mapping[str, Any]) -> str:
    """Return a column's cell as a person would fill it in: codes as the drop-downs show them, 是 and 否."""
    holder: Any = None
    value: Any = service
    for step in column.path:
        holder, value = value, _inside(value, step)
    if holder == SAYS_NOTHING and column.path[-1] == "zh":
        return NULL
    if isinstance(value, bool):
        return _TRUTHS[0] if value else _TRUTHS[1]
    if column.member.vocabulary is not None and value:
        many = value if isinstance(value, list) else [value]
        return "; ".join(choice_of(column.member.vocabulary(code)) for code in many)
    return cell_of(column, value)
