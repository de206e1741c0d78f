"""The parts of an XLSX workbook as streams of XML: elements, shared texts, and the styles that are dates.

Office Open XML in both of its namespaces. Document types, and with them entities, are refused.
"""

import mmap
import re
import tempfile
from array import array
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.vocabulary import Text

NAMESPACES = ("http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/")
"""What the names of all elements and relations of a workbook begin with, in its usual and in its strict form."""

LONGEST_TEXT = 4 * 2**20
"""Characters of one text or one tag, and of all texts of one row."""

_CHUNK = 2**16
_MAIN = (f"{NAMESPACES[0]}spreadsheetml/2006/main", f"{NAMESPACES[1]}spreadsheetml/main")
TAGS = {f"{space} {tag}": tag for space in _MAIN for tag in ("row", "c", "v", "f", "t", "si", "rPh")}
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Built-in number formats that are dates or times, those of Chinese among them."""

_DATE_SIGNS = re.compile(r"[ymdhs]|年|月|日", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


class Elements:
    """The elements of a small part in order, each with its name without namespace and its attributes."""

    def __init__(self, part: IO[bytes]) -> None:
        """Read from ``part``."""
        self._part = part
        self._found: list[tuple[str, dict[str, str]]] = []

    def __iter__(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield each element as it begins."""
        parser = new_parser()
        parser.StartElementHandler = self._start
        for _ in fed_in_pieces(parser, self._part):
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
        parser = new_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._parser = parser
        for _ in fed_in_pieces(parser, part):
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
        tag = TAGS.get(name)
        if tag == "rPh":
            self._phonetic = True
        elif tag == "t" and not self._phonetic:
            self._parser.CharacterDataHandler = self._take

    def _take(self, data: str) -> None:
        self._taken += len(data)
        if self._taken > LONGEST_TEXT:
            raise UnreadableFile(too_long())
        self._pieces.append(data)

    def _end(self, name: str) -> None:
        tag = TAGS.get(name)
        self._parser.CharacterDataHandler = None
        if tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            text = unescaped("".join(self._pieces)).encode("utf-8", "surrogatepass")
            self._file.write(text)
            self._starts.append(self._starts[-1] + len(text))
            self._pieces.clear()
            self._taken = 0


def unescaped(text: str) -> str:
    """Put back the characters that XML cannot carry, written ``_x0009_``; pairs of surrogates become one again."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def new_parser() -> expat.XMLParserType:
    """Return a parser that names elements as ``TAGS`` does and refuses document types."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_: object) -> None:
    raise UnreadableFile(Text("工作簿的 XML 中含有文档类型声明", "the workbook's XML declares a document type"))


def fed_in_pieces(parser: expat.XMLParserType, part: IO[bytes]) -> Iterator[None]:
    """Feed a part to the parser, pausing after each piece."""
    fed = 0
    try:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_TEXT:
                raise UnreadableFile(too_long())
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise UnreadableFile(
            Text("工作簿的 XML 有误", f"the workbook's XML is broken: {expat.ErrorString(error.code)}")
        ) from None


def too_long() -> Text:
    """Return the words for a text, a tag or a row beyond ``LONGEST_TEXT``."""
    return Text("工作簿中有一行过长", "a row of the workbook is too long")
