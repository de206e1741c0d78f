"""Reading JSON and JSONL service by service, each as strictly as a body is read."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from service_catalog.documents.canonical import strict_json
from service_catalog.domain.errors import MalformedBody, UnreadableFile
from service_catalog.domain.vocabulary import Text

LONGEST_ITEM = 4 * 2**20
"""Bytes or characters of one service; the longest possible document has about a tenth."""

_CHUNK = 2**16
_SPACE = re.compile(r"[ \t\n\r]*")
_EXTENT = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)
"""Finds where a value ends and nothing else; what the value may hold, ``strict_json`` decides."""


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a file, by its number from 1, or the reason why it is no strict JSON."""

    number: int
    value: Any
    fault: Text | None = None


def json_lines(file: BinaryIO) -> Iterator[Item]:
    """Yield each line of a JSONL file by the line's number; blank lines, an export's header and trailer are left out.

    Raises:
        UnreadableFile: where the file is empty or a line has no end.
    """
    file.seek(0)
    line, number = file.readline(LONGEST_ITEM).removeprefix(codecs.BOM_UTF8), 1
    if not line:
        raise UnreadableFile(Text("文件是空的", "the file is empty"))
    while line:
        if len(line) >= LONGEST_ITEM:
            raise UnreadableFile(Text(f"第 {number} 行过长", f"line {number} is too long"))
        if line.strip():
            item = _item(number, line)
            if not _is_frame(item.value):
                yield item
        line, number = file.readline(LONGEST_ITEM), number + 1


def json_items(file: BinaryIO) -> Iterator[Item]:
    """Yield each service of a list, of ``{"services": [...]}``, or of an export with its header and trailer.

    Raises:
        UnreadableFile: where the file is empty, is something else, or breaks off.
    """
    text = _Text(file)
    opening = text.next_sign()
    if not opening:
        raise UnreadableFile(Text("文件是空的", "the file is empty"))
    if opening == "[":
        text.take("[")
        yield from _list(text)
    else:
        yield from _frame(text)
    if text.next_sign():
        text.refuse("the value has ended, but the file goes on")


def _frame(text: "_Text") -> Iterator[Item]:
    """Read an object whose member ``services`` is the list; ``header`` and ``trailer`` may stand beside it."""
    text.take("{")
    seen: set[str] = set()
    while True:
        name = text.value()[0].strip()
        if name not in ('"header"', '"services"', '"trailer"') or name in seen:
            text.refuse(
                'it must be a list, or an object with "services" and nothing but "header" and "trailer" beside it'
            )
        seen.add(name)
        text.take(":")
        if name == '"services"':
            text.take("[")
            yield from _list(text)
        else:
            text.value()
        if text.next_sign() == "}":
            break
        text.take(",")
    text.take("}")
    if '"services"' not in seen:
        text.refuse('"services" is missing')


def _list(text: "_Text") -> Iterator[Item]:
    if text.next_sign() == "]":
        text.take("]")
        return
    while True:
        text.items += 1
        written, number = text.value()
        yield _item(number, written.encode(errors="surrogatepass"))
        if text.next_sign() == "]":
            break
        text.take(",")
    text.take("]")


def _item(number: int, body: bytes) -> Item:
    try:
        return Item(number, strict_json(body))
    except MalformedBody as error:
        return Item(number, None, error.detail)


def _is_frame(value: Any) -> bool:
    """Tell whether a line is an export's header or trailer, bare or under its name, and nothing of a service."""
    if not isinstance(value, dict) or "division" in value or "code" in value:
        return False
    members = set(value)
    return members in ({"header"}, {"trailer"}) or {"format", "origin"} <= members or {"count", "sha256"} <= members


class _Text:
    """The text of a file from its start on, as much of it as the present value needs."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._ended = "", 0, False
        self.items = 0

    def next_sign(self) -> str:
        """Return the next character that is no space without taking it; empty at the end of the file."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._read(_CHUNK)

    def take(self, sign: str) -> None:
        """Step over a sign that must come next."""
        found = self.next_sign()
        if found != sign:
            self.refuse(f"{sign} is expected, not {ascii(found) if found else 'the end of the file'}")
        self._at += 1

    def value(self) -> tuple[str, int]:
        """Step over the value that comes next; return it as written, and the number of the item it belongs to."""
        self.next_sign()
        wanted = _CHUNK
        while True:
            try:
                end = _EXTENT.raw_decode(self._text, self._at)[1]
            except (ValueError, RecursionError) as error:
                end, reason = -1, _words(error)  # the error itself would keep the text alive
            if end >= 0 and (end < len(self._text) or self._ended):
                break
            if self._ended or len(self._text) - self._at > LONGEST_ITEM:
                self.refuse("the value has no end" if end >= 0 else reason)
            self._read(wanted)
            wanted *= 2  # so that a long value is not parsed too often
        written = self._text[self._at : end]
        self._at = end
        return written, self.items

    def refuse(self, reason: str) -> NoReturn:
        """Give the file up where it stands."""
        where = Text(f"第 {self.items} 项处", f"at item {self.items}") if self.items else Text("开头处", "at its start")
        raise UnreadableFile(
            Text(
                f"文件不是合规的 JSON（{where.zh}无法继续读取）",
                f"the file is not JSON of services, {where.en}: {reason}",
            )
        )

    def _read(self, size: int) -> None:
        chunk = self._file.read(size)
        try:
            more = self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            self.refuse("it is not UTF-8")
        self._text, self._at = self._text[self._at :] + more, 0
        self._ended = not chunk


def _words(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error).partition(":")[0]
