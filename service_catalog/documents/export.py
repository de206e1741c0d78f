"""The one definition of the export, the file in which auditors keep a revision: writing it, and reading it strictly.

Both formats hold the same bytes in another frame. JSON Lines: ``{"header":H}``, one canonical document a service in id
order, ``{"trailer":T}``, each line ended by a line feed. JSON: ``{"header":H,"services":[...],"trailer":T}``, canonical
as a whole, without a line end. A file without its trailer is not whole. No clock is asked: an export is a function of
the revision and the filters alone.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, NoReturn

from service_catalog.documents.canonical import canonical, stored_document
from service_catalog.documents.tabular.json_files import LONGEST_ITEM
from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.revisions import StoredDocument, digest_of
from service_catalog.domain.service import PREFIX_PATTERN
from service_catalog.domain.vocabulary import Text

FORMAT = "service-catalog-export/1"

MOST_QUOTED = 100
"""Divisions whose own documents a header quotes; where more are concerned it quotes none, so that it stays short."""

_TOGETHER = 100
"""Lines that are joined into one chunk."""

_CHUNK = 2**16
_TOKEN = re.compile(rb'[{}]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A brace or a string, which the end of the bytes at hand may cut: enough to find where an object ends."""


def concerns(division: str, prefix: str | None) -> bool:
    """Tell whether a division's own document speaks of services under a filter: it is below, or above, the prefix."""
    return prefix is None or division.startswith(prefix) or prefix.startswith(division)


@dataclass(frozen=True, slots=True)
class Header:
    """What an export is of: whose log, which revision, how long the log was then, and the filter (a division's prefix).

    ``divisions`` are the own documents, as in force at the revision, of the divisions that ``concerns`` names, in
    order of their codes; none where they are more than ``MOST_QUOTED``.
    """

    origin: str
    revision: int
    log_size: int
    division: str | None
    divisions: tuple[Mapping[str, Any], ...]

    @property
    def notice(self) -> Mapping[str, Any] | None:
        """The sentence that readers must know, where all divisions quoted have one and the same; else ``None``."""
        notices = [document["notice"] for document in self.divisions]
        return notices[0] if notices and all(notice == notices[0] for notice in notices) else None

    def as_document(self) -> dict[str, Any]:
        """Return the header's members."""
        return {
            "format": FORMAT,
            "origin": self.origin,
            "revision": self.revision,
            "log_size": self.log_size,
            "filters": {"division": self.division},
            "notice": self.notice,
            "divisions": list(self.divisions),
        }


@dataclass(frozen=True, slots=True)
class Trailer:
    """How an export ends: the number of services, the SHA-256 of their lines, and the revision's signed checkpoint.

    ``sha256`` is in hex, over each line followed by a line feed, in both formats.
    """

    count: int
    sha256: str
    checkpoint: str

    def as_document(self) -> dict[str, Any]:
        """Return the trailer's members."""
        return {"count": self.count, "sha256": self.sha256, "checkpoint": self.checkpoint}


@dataclass(slots=True)
class Tally:
    """The count and the digest of the lines that have passed."""

    count: int = 0
    _sha256: Any = field(default_factory=hashlib.sha256)

    def add(self, lines: Sequence[bytes]) -> bytes:
        """Take in lines, given without their line feeds; return their bytes with them."""
        joined = b"\n".join([*lines, b""])
        self.count += len(lines)
        self._sha256.update(joined)
        return joined

    def trailer(self, checkpoint: str) -> Trailer:
        """Return the trailer after these lines."""
        return Trailer(self.count, self._sha256.hexdigest(), checkpoint)


def jsonl_chunks(header: Header, lines: Iterable[bytes], checkpoint: str) -> Iterator[bytes]:
    """Yield an export as JSON Lines: ``lines`` are the services' canonical documents, in id order."""
    tally = Tally()
    yield b'{"header":' + canonical(header.as_document()) + b"}\n"
    for some in _batches(lines):
        yield tally.add(some)
    yield b'{"trailer":' + canonical(tally.trailer(checkpoint).as_document()) + b"}\n"


def json_chunks(header: Header, lines: Iterable[bytes], checkpoint: str) -> Iterator[bytes]:
    """Yield an export as JSON: ``lines`` are the services' canonical documents, in id order."""
    tally = Tally()
    yield b'{"header":' + canonical(header.as_document()) + b',"services":['
    for some in _batches(lines):
        yield b",".join([b"", *some] if tally.count else some)
        tally.add(some)
    yield b'],"trailer":' + canonical(tally.trailer(checkpoint).as_document()) + b"}"


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines some at a time: joining, hashing and writing them one by one would take as long as reading."""
    source = iter(lines)
    while some := list(islice(source, _TOGETHER)):
        yield some


def read_export(file: BinaryIO) -> Iterator[Header | StoredDocument | Trailer]:
    """Yield the header of an export in either format, then each service, and last the trailer, in constant memory.

    What was yielded before an error is not to be trusted. That the file is as its format writes it, byte for byte, is
    certain once the trailer has come; whether any of it is true is for a verifier to say.

    Raises:
        UnreadableFile: naming the place, where anything differs by one byte from what the functions above write, ids
            do not ascend, or count and digest are not those of the lines.
    """
    source = _Source(file)
    source.take(b'{"header":')
    yield _header(source)
    is_jsonl = source.next_is(b"}\n")
    source.take(b"}\n" if is_jsonl else b',"services":[')
    tally, last = Tally(), ""
    closing = b'{"trailer":' if is_jsonl else b'],"trailer":'
    while not source.next_is(closing):
        source.item += 1
        if tally.count and not is_jsonl:
            source.take(b",")
        stored = _service(source)
        if stored.id <= last:
            source.refuse("id 没有按顺序排列", "its id does not follow the one before")
        last = stored.id
        tally.add([stored.document])
        if is_jsonl:
            source.take(b"\n")
        yield stored
    source.take(closing)
    trailer = _trailer(source)
    if tally.trailer(trailer.checkpoint) != trailer:
        source.refuse("结尾的条数或摘要与各行不符", "count or digest in the trailer are not those of the services")
    source.take(b"}\n" if is_jsonl else b"}")
    source.end()
    yield trailer


def _header(source: "_Source") -> Header:
    value = source.object()[1]
    header = _as_header(value)
    if header is None or header.as_document() != value:
        source.refuse("文件头不合规定", f"the header is not one of {FORMAT}")
    return header


def _as_header(value: dict[str, Any]) -> Header | None:
    match value:
        case {
            "origin": str(origin),
            "revision": int(revision),
            "log_size": int(log_size),
            "filters": {"division": None | str() as division},
            "divisions": [*divisions],
        } if type(revision) is type(log_size) is int:
            is_prefix = division is None or re.fullmatch(PREFIX_PATTERN, division, re.ASCII)
            has_notices = all(isinstance(one, dict) and isinstance(one.get("notice"), dict) for one in divisions)
            if is_prefix and has_notices and revision > 0 and log_size > 0:
                return Header(origin, revision, log_size, division, tuple(divisions))
    return None


def _service(source: "_Source") -> StoredDocument:
    written, value = source.object()
    identity, version = value.get("id"), value.get("version")
    if not isinstance(identity, str) or type(version) is not int:
        source.refuse("不是事项", "it is not a service")
    return StoredDocument(identity, version, written, digest_of(written))


def _trailer(source: "_Source") -> Trailer:
    match value := source.object()[1]:
        case {"count": int(count), "sha256": str(sha256), "checkpoint": str(checkpoint)} if type(count) is int:
            trailer = Trailer(count, sha256, checkpoint)
            if trailer.as_document() == value:
                return trailer
    return source.refuse("文件结尾不合规定", f"the trailer is not one of {FORMAT}")


class _Source:
    """The bytes of a file from its start on, as many of them as the present piece needs.

    ``item`` is the service that is being read, from 1; 0 before the first.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._file = file
        self._bytes, self._at = b"", 0
        self.item = 0

    def next_is(self, expected: bytes) -> bool:
        """Tell whether these bytes come next."""
        if len(self._bytes) - self._at < len(expected):
            self._read(_CHUNK)
        return self._bytes.startswith(expected, self._at)

    def take(self, expected: bytes) -> None:
        """Step over the bytes that must come next."""
        if not self.next_is(expected):
            shown = expected.decode().replace("\n", "\\n")
            self.refuse(f"此处应为 {shown}", f"{shown} is expected")
        self._at += len(expected)

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self._at < len(self._bytes) or self._read(1):
            self.refuse("结尾之后还有内容", "something follows its end")

    def object(self) -> tuple[bytes, dict[str, Any]]:
        """Step over the canonical object that comes next; return its bytes and its value."""
        wanted = _CHUNK
        while (end := self._object_end()) < 0:
            if len(self._bytes) - self._at > LONGEST_ITEM or not self._read(wanted):
                self.refuse("对象没有结束", "an object has no end")
            wanted *= 2  # so that a long object is not looked through too often
        written = self._bytes[self._at : end]
        try:
            value = stored_document(written)
            is_canonical = isinstance(value, dict) and canonical(value) == written
        except (ValueError, TypeError, RecursionError):
            is_canonical = False
        if not is_canonical:
            self.refuse("不是规范的 JSON（RFC 8785）", "it is not canonical JSON (RFC 8785)")
        self._at = end
        return written, value

    def refuse(self, zh: str, en: str) -> NoReturn:
        """Give the file up where it stands."""
        where = (
            Text(f"第 {self.item} 项事项附近", f"near service {self.item}")
            if self.item
            else Text("开头处", "at its start")
        )
        raise UnreadableFile(Text(f"不是完好的导出文件（{where.zh}）：{zh}", f"not a sound export, {where.en}: {en}"))

    def _object_end(self) -> int:
        """Return where the object that comes next ends, or -1 where more bytes are needed to tell."""
        if not self.next_is(b"{"):
            self.refuse("此处应为对象", "an object is expected")
        depth = 0
        for token in _TOKEN.finditer(self._bytes, self._at):
            if token[0] == b"{":
                depth += 1
            elif token[0] == b"}":
                depth -= 1
                if depth == 0:
                    return token.end()
        return -1

    def _read(self, size: int) -> bool:
        """Read on, dropping what was stepped over; tell whether there was anything."""
        more = self._file.read(size)
        self._bytes, self._at = self._bytes[self._at :] + more, 0
        return bool(more)
