"""Reading CSV (RFC 4180) row by row: UTF-8 with or without a byte order mark, or GB18030, as Excel in China saves."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.vocabulary import Text

LONGEST_ROW = 4 * 2**20
"""Characters of one row; the longest possible service document has about a tenth."""

_CHUNK = 2**16
_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARK_OF_GB18030 = b"\x84\x31\x95\x33"

# The limit is the whole process's; a list of materials as JSON may need more than its 128 KiB.
csv.field_size_limit(LONGEST_ROW)


def csv_rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number, counted from 1 as spreadsheet programs count, and its cells.

    Raises:
        UnreadableFile: where the file is empty, of no known encoding, holds NUL, or breaks the rules of quoting.
    """
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    lines = _Lines(text)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(lines, strict=True), start=1):
            lines.taken = 0
            yield number, cells
    except csv.Error as error:
        raise UnreadableFile(
            Text(f"第 {number + 1} 行的引号或长度有误，无法继续读取", f"row {number + 1} cannot be read: {error}")
        ) from None
    finally:
        text.detach()


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a whole file, which is read once from its start.

    Raises:
        UnreadableFile: where the bytes are of no known encoding, naming the first that is not.
    """
    file.seek(0)
    start = file.read(4)
    if not start:
        raise UnreadableFile(Text("文件是空的", "the file is empty"))
    if start.startswith(_OTHER_MARKS):
        raise UnreadableFile(
            Text("文件是 UTF-16 编码；请另存为 UTF-8 编码的 CSV", "the file is UTF-16; save it as CSV in UTF-8")
        )
    if start.startswith(codecs.BOM_UTF8):
        _check_whole_file(file)
        return "utf-8-sig"
    if start == _MARK_OF_GB18030:
        raise UnreadableFile(
            Text(
                "文件以 GB18030 的字节顺序标记开头；请另存为 UTF-8",
                "the file begins with GB18030's mark; save it as UTF-8",
            )
        )
    found = next((name for name in ("utf-8", "gb18030") if _first_bad_byte(file, name) is None), None)
    if found is None:
        _check_whole_file(file)
    return found or "utf-8"


def _check_whole_file(file: BinaryIO) -> None:
    """Refuse what is not UTF-8, naming its first bad byte."""
    position = _first_bad_byte(file, "utf-8")
    if position is not None:
        raise UnreadableFile(
            Text(
                f"文件既不是 UTF-8 也不是 GB18030 编码：按 UTF-8 读，第 {position + 1} 个字节有误",
                f"the file is neither UTF-8 nor GB18030: as UTF-8, byte {position + 1} is wrong",
            )
        )


def _first_bad_byte(file: BinaryIO, encoding: str) -> int | None:
    """Return the position of the first byte that is not of the encoding; ``None`` where all is well."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    position = 0
    while True:
        chunk = file.read(_CHUNK)
        pending = len(decoder.getstate()[0])
        if (nul := chunk.find(b"\0")) >= 0:
            where = position + nul + 1
            raise UnreadableFile(
                Text(f"文件不是文本：第 {where} 个字节为 NUL", f"the file is not text: byte {where} is NUL")
            )
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return position - pending + error.start
        if not chunk:
            return None
        position += len(chunk)


class _Lines:
    """The lines of a text, which refuse to grow without end; ``taken`` counts the characters of the present row."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.taken = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_ROW)
        self.taken += len(line)
        if not line:
            raise StopIteration
        if self.taken >= LONGEST_ROW:
            raise csv.Error(f"it is longer than {LONGEST_ROW} characters")
        return line
