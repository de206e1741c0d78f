"""The rows of one sheet of a workbook, as a stream.

A cell becomes text as ``cells`` knows it; one that holds a date, an error or a formula without a stored result becomes
a ``Broken`` one, which says so.
"""

from collections.abc import Iterator
from typing import IO

from service_catalog.documents.tabular.cells import Broken, Logical, Number
from service_catalog.documents.tabular.parts import (
    LONGEST_TEXT,
    TAGS,
    SharedTexts,
    fed_in_pieces,
    new_parser,
    too_long,
    unescaped,
)
from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.vocabulary import Text

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet may have at all."""

_DATE = Text("单元格是日期；请把单元格格式设为“文本”后重新填写", "the cell is a date; format it as text and retype it")
_FORMULA = Text("公式没有保存的结果；请改为填写值", "the formula has no stored result; write the value instead")


class SheetReader:
    """Turns the XML of one sheet into rows of cells."""

    def __init__(self, texts: SharedTexts, dates: frozenset[str]) -> None:
        """Look texts up in ``texts``; ``dates`` are the styles of dates."""
        self._texts, self._dates = texts, dates
        self._columns: dict[str, int] = {}
        self._rows: list[tuple[int, list[str]]] = []
        self._number = self._taken = 0
        self._cells: list[str] = []
        self._reference = self._type = self._style = self._value = ""
        self._has_value = self._is_formula = self._phonetic = False

    def rows(self, part: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        """Yield each row that is there with its number, counted from 1."""
        self._parser = new_parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        for _ in fed_in_pieces(self._parser, part):
            yield from self._rows
            self._rows.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = TAGS.get(name)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "t"):
            self._has_value = True
            if not self._phonetic:
                self._parser.CharacterDataHandler = self._take
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "f":
            self._is_formula = True
        elif tag == "rPh":
            self._phonetic = True

    def _end(self, name: str) -> None:
        tag = TAGS.get(name)
        if tag in ("v", "t"):
            self._parser.CharacterDataHandler = None
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._rows.append((self._number, self._cells))
            self._cells, self._taken = [], 0
        elif tag == "rPh":
            self._phonetic = False

    def _take(self, data: str) -> None:
        self._taken += len(data)
        if self._taken > LONGEST_TEXT:
            raise UnreadableFile(too_long())
        self._value += data

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._number + 1))
        if not self._number < number <= MOST_ROWS:
            raise UnreadableFile(Text("工作表的行没有按顺序排列", "the rows of the sheet are out of order"))
        self._number = number

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._reference = attributes.get("r", "")
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._value = ""
        self._has_value = self._is_formula = self._phonetic = False

    def _end_cell(self) -> None:
        if not self._has_value and not self._is_formula:
            return  # an empty cell with a style
        position = self._position()
        missing = position - len(self._cells)
        if missing < 0 or position >= MOST_COLUMNS:
            raise UnreadableFile(
                Text(f"第 {self._number} 行的单元格没有按顺序排列", f"the cells of row {self._number} are out of order")
            )
        if missing:
            self._cells.extend([""] * missing)
        self._cells.append(self._cell())

    def _position(self) -> int:
        letters = self._reference.rstrip("0123456789")
        if not letters:
            return len(self._cells)
        position = self._columns.get(letters)
        if position is None:
            position = 0
            for letter in letters[:4]:
                position = position * 26 + ord(letter) - 64
            position = self._columns[letters] = position - 1
        return position

    def _cell(self) -> str:
        kind, value = self._type, self._value
        if kind == "s":
            return self._checked(self._shared(value))
        if kind in ("inlineStr", "str"):
            return self._checked(unescaped(value))
        if kind == "e":
            return Broken(Text("单元格是错误值", "the cell holds an error"))
        if not value:
            return Broken(_FORMULA) if self._is_formula else ""
        if kind == "b":
            return Logical("true" if value == "1" else "false")
        return Broken(_DATE) if kind == "d" or self._style in self._dates else Number(value)

    def _shared(self, value: str) -> str:
        try:
            return self._texts[int(value)]
        except IndexError:
            raise UnreadableFile(
                Text(f"第 {self._number} 行引用了不存在的文本", f"row {self._number} refers to a text that is missing")
            ) from None

    def _checked(self, text: str) -> str:
        try:
            text.encode()
        except UnicodeEncodeError:
            return Broken(Text("含有不成对的代理字符", "the cell holds a lone surrogate"))
        return text
