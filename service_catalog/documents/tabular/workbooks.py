"""Reading the sheet of services out of an XLSX workbook, row by row in constant memory.

The file is somebody else's: what it would unpack to is bounded, document types and so entities are refused, and its
texts go to a temporary file instead of memory. Libraries that read workbooks hold all shared texts or whole sheets,
and do not tell an empty cell from a formula without a stored result.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from service_catalog.documents.tabular.parts import NAMESPACES, Elements, SharedTexts, date_styles
from service_catalog.documents.tabular.sheets import SheetReader
from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.vocabulary import Text

SHEET_NAMES = ("services", "事项", "事项 services")
"""The sheet that is read, in any case of letters; without one of these the first."""

MOST_PARTS = 1_000
LARGEST_DIRECTORY = 2**20
MOST_UNPACKED = 2 * 2**30
"""Bytes that the parts of a workbook may have together; 100,000 full rows have about a third."""

MOST_TIMES = 200
"""How many times its packed size a part of more than a MiB may unpack to; real sheets stay below 60."""

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The two that Office Open XML has; Python reads more, and each of those fails in its own way when a byte is wrong."""

_CHUNK = 2**16
_END, _LOCATOR = b"PK\x05\x06", b"PK\x06\x07"
_OLE = b"\xd0\xcf\x11\xe0"
_SIGNS_OF_A_BROKEN_FILE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    LookupError,  # a part or a relation that is missing, an encoding that nobody knows
    ValueError,
)
_BROKEN = Text("文件不是完好的 XLSX 工作簿", "the file is not a sound XLSX workbook")


def workbook_rows(file: BinaryIO, most_tags: int | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row that is there, as ``cells`` knows them.

    ``most_tags`` bounds the work where somebody waits: of all parts together, empty cells and rows included.

    Raises:
        UnreadableFile: where the file is no sound workbook, or would unpack to more than the bounds.
    """
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_sizes(archive)
            if most_tags is not None:
                _check_tags(archive, most_tags)
            yield from _rows(archive)
    except _SIGNS_OF_A_BROKEN_FILE as error:
        raise UnreadableFile(Text(_BROKEN.zh, f"{_BROKEN.en}: {str(error)[:200]}")) from None


def _rows(archive: zipfile.ZipFile) -> Iterator[tuple[int, list[str]]]:
    book = _related(archive, "")["officeDocument"][0]
    parts = _related(archive, book)
    sheet = _sheet(archive, book)
    dates = date_styles(archive.open(parts["styles"][0])) if "styles" in parts else frozenset()
    with closing(SharedTexts()) as texts:
        if "sharedStrings" in parts:
            with archive.open(parts["sharedStrings"][0]) as part:
                texts.fill(part)
        with archive.open(sheet) as part:
            yield from SheetReader(texts, dates).rows(part)


def _check_directory(file: BinaryIO) -> None:
    """Look at the end of the archive before its directory is read: one of a million parts would fill memory."""
    file.seek(0)
    start = file.read(4)
    if not start:
        raise UnreadableFile(Text("文件是空的", "the file is empty"))
    if start == _OLE:
        raise UnreadableFile(
            Text(
                "文件是旧版 .xls 或加了密码；请另存为不加密的 .xlsx",
                "the file is an old .xls or has a password; save it as .xlsx without one",
            )
        )
    size = file.seek(0, 2)
    file.seek(max(0, size - 2**16 - 22))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise UnreadableFile(_BROKEN)
    (directory,) = struct.unpack_from("<L", tail, at + 12)
    if directory > LARGEST_DIRECTORY or tail[max(0, at - 20) : at].startswith(_LOCATOR):
        raise UnreadableFile(_too_large())


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.compress_type not in _PACKINGS for part in parts):
        raise UnreadableFile(_BROKEN)
    unpacked = sum(part.file_size for part in parts)
    swollen = any(part.file_size > max(2**20, MOST_TIMES * part.compress_size) for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or swollen:
        raise UnreadableFile(_too_large())


def _check_tags(archive: zipfile.ZipFile, most: int) -> None:
    """Count before anything is parsed: a tag of four bytes that says nothing costs as much as a cell."""
    for name in archive.namelist():
        with archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                most -= chunk.count(b"<")
                if most < 0:
                    raise UnreadableFile(_too_large())


def _too_large() -> Text:
    return Text("工作簿解压后过大，或压缩比异常", "the workbook would unpack to too much")


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, list[str]]:
    """Return the parts to which a part, or for ``""`` the package, refers, by the last word of the relation's type."""
    return {kind: [target for _, target in pairs] for kind, pairs in _relations(archive, part).items()}


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, list[tuple[str, str]]]:
    folder, _, name = part.rpartition("/")
    found: dict[str, list[tuple[str, str]]] = {}
    with archive.open(f"{folder}/_rels/{name}.rels".removeprefix("/")) as source:
        for tag, attributes in Elements(source):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                kind = attributes.get("Type", "").rpartition("/")[2]
                target = _resolved(folder, attributes.get("Target", ""))
                found.setdefault(kind, []).append((attributes.get("Id", ""), target))
    return found


def _resolved(folder: str, target: str) -> str:
    """Return the name within the archive of a target, which is relative to a folder unless it begins with a slash."""
    steps = [] if target.startswith("/") else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(filter(None, steps))


def _sheet(archive: zipfile.ZipFile, book: str) -> str:
    """Return the part of the sheet of services."""
    targets = dict(_relations(archive, book).get("worksheet", []))
    named = []
    with archive.open(book) as source:
        for tag, attributes in Elements(source):
            target = next((targets[value] for name, value in attributes.items() if _is_id(name, value, targets)), None)
            if tag == "sheet" and target is not None:
                named.append((attributes.get("name", ""), target))
    if not named:
        raise UnreadableFile(Text("工作簿中没有工作表", "the workbook has no sheet"))
    return next((target for name, target in named if name.strip().lower() in SHEET_NAMES), named[0][1])


def _is_id(name: str, value: str, targets: dict[str, str]) -> bool:
    return name.startswith(NAMESPACES) and name.endswith(" id") and value in targets
