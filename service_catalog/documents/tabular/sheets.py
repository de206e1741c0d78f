"""The parts of an XLSX workbook as streams: shared texts, styles that are dates, and the rows of a sheet.

Office Open XML in both of its namespaces. A cell becomes text as ``cells`` knows it; one that holds a date, an error
or a formula without a stored result becomes a ``Broken`` one, which says so.
"""

import mmap
import re
import tempfile
from array import array
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from service_catalog.documents.tabular.cells import Broken, Logical, Number
from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.vocabulary import Text

NAMESPACES = ("http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/")
"""What the names of all elements and relations of a workbook begin with, in its usual and in its strict form."""

MOST_COLUMNS = 16_384
LONGEST_ROW = 4 * 2**20
"""Characters of one row's texts, and of one text or tag."""

_CHUNK = 2**16
_MAIN = (f"{NAMESPACES[0]}spreadsheetml/2006/main", f"{NAMESPACES[1]}spreadsheetml/main")
_TAGS = {f"{space} {tag}": tag for space in _MAIN for tag in ("row", "c", "v", "f", "t", "si", "rPh")}
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in number formats that are dates or times, those of Chinese among them."""

_DATE_SIGNS = re.compile(r"[ymdhs]|年|月|日", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')

_DATE = Text("单元格是日期；请把单元格格式设为“文本”后重新填写", "the cell is a date; format it as text and retype it")
_FORMULA = Text("公式没有保存的结果；请改为填写值", "the formula has no stored result; write the value instead")


class Elements:
    """The elements of a small part in order, each with its name without namespace and its attributes."""

    def __init__(self, part: IO[bytes]) -> None:
        """Read from ``part``."""
        self._part = part
        self._found: list[tuple[str, dict[str, str]]] = []

    def __iter__(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield each element as it begins."""
        parser = _parser()
        parser.StartElementHandler = self._start
        for _ in _fed(parser, self._part):
            yield from self._found
            self._found.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._found.append((name.rpartition(" ")[2], attributes))


def date_styles(part: IO[bytes]) -> frozenset[str]:
    """Return the numbers of the cell styles that show a number as a date or time."""
    formats: dict[str, str] = {}
    styles: list[str] = []
    inside = ""
    for tag, attributes in Elements(part):
        if tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = tag
        elif tag == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and inside == "cellXfs":
            styles.append(attributes.get("numFmtId", "0"))
    return frozenset(str(position) for position, style in enumerate(styles) if _is_date(style, formats))


def _is_date(style: str, formats: dict[str, str]) -> bool:
    if style in formats:
        return bool(_DATE_SIGNS.search(_LITERAL.sub("", formats[style])))
    return style.isdecimal() and int(style) in _DATE_IDS


class SharedTexts:
    """The texts that cells refer to by number, kept in a temporary file with eight bytes each in memory."""

    def __init__(self) -> None:
        """Begin without any."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - ``close`` ends it
        self._bytes: mmap.mmap | bytes = b""
        self._starts = array("Q", [0])
        self._pieces: list[str] = []
        self._taken = 0
        self._phonetic = False

    def close(self) -> None:
        """Give the temporary file back."""
        if isinstance(self._bytes, mmap.mmap):
            self._bytes.close()
        self._file.close()

    def fill(self, part: IO[bytes]) -> None:
        """Take over all texts of the workbook's part."""
        parser = _parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._parser = parser
        for _ in _fed(parser, part):
            pass
        self._file.flush()
        if self._starts[-1]:
            self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, number: int) -> str:
        """Return one text.

        Raises:
            IndexError: where the workbook has none of this number.
        """
        if not 0 <= number < len(self._starts) - 1:
            raise IndexError(number)
        return self._bytes[self._starts[number] : self._starts[number + 1]].decode("utf-8", "surrogatepass")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        tag = _TAGS.get(name)
        if tag == "rPh":
            self._phonetic = True
        elif tag == "t" and not self._phonetic:
            self._parser.CharacterDataHandler = self._take

    def _take(self, data: str) -> None:
        self._taken += len(data)
        if self._taken > LONGEST_ROW:
            raise UnreadableFile(_too_long())
        self._pieces.append(data)

    def _end(self, name: str) -> None:
        tag = _TAGS.get(name)
        self._parser.CharacterDataHandler = None
        if tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            text = _unescaped("".join(self._pieces)).encode("utf-8", "surrogatepass")
            self._file.write(text)
            self._starts.append(self._starts[-1] + len(text))
            self._pieces.clear()
            self._taken = 0


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
        self._parser = _parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        for _ in _fed(self._parser, part):
            yield from self._rows
            self._rows.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _TAGS.get(name)
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
        tag = _TAGS.get(name)
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
        if self._taken > LONGEST_ROW:
            raise UnreadableFile(_too_long())
        self._value += data

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._number + 1))
        if number <= self._number:
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
            return self._checked(_unescaped(value))
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


def _unescaped(text: str) -> str:
    """Put back the characters that XML cannot carry, written ``_x0009_``; pairs of surrogates become one again."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_: object) -> None:
    raise UnreadableFile(Text("工作簿的 XML 中含有文档类型声明", "the workbook's XML declares a document type"))


def _fed(parser: expat.XMLParserType, part: IO[bytes]) -> Iterator[None]:
    """Feed a part to the parser, pausing after each piece."""
    fed = 0
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_ROW:
                raise UnreadableFile(_too_long())
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise UnreadableFile(
            Text("工作簿的 XML 有误", f"the workbook's XML is broken: {expat.ErrorString(error.code)}")
        ) from None


def _too_long() -> Text:
    return Text("工作簿中有一行过长", "a row of the workbook is too long")
