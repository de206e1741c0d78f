"""The formats in which many services come in one file, told by the file's name, its beginning or its media type."""

from enum import Enum
from pathlib import PurePath


class ImportFormat(Enum):
    """A format by the ending of its files and its media type."""

    JSON = "json", "application/json"
    JSONL = "jsonl", "application/jsonl"
    CSV = "csv", "text/csv"
    XLSX = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def __init__(self, ending: str, media_type: str) -> None:
        """Keep the ending (without its dot) and the media type."""
        self.ending = ending
        self.media_type = media_type

    @property
    def is_tabular(self) -> bool:
        """Tell whether its services stand in rows and columns."""
        return self in (ImportFormat.CSV, ImportFormat.XLSX)


_ALIASES = {"application/x-ndjson": ImportFormat.JSONL, "application/x-jsonlines": ImportFormat.JSONL}
_BY_TYPE = {one.media_type: one for one in ImportFormat} | _ALIASES
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How an XLSX begins, and an old workbook or one with a password."""
_BOM = b"\xef\xbb\xbf"
_BY_ENDING = {one.ending: one for one in ImportFormat} | {"ndjson": ImportFormat.JSONL}


def format_of_name(name: str) -> ImportFormat | None:
    """Return the format that a file's ending names, ``None`` for any other."""
    return _BY_ENDING.get(PurePath(name).suffix.lower().removeprefix("."))


def format_of_file(name: str, beginning: bytes) -> ImportFormat:
    """Return the format of a file that somebody chose, whatever their machine calls it.

    A workbook says so itself, an old or locked one too, so that it can be told apart from a broken table. Then the
    ending counts; where it names no format, how the file begins: a list or an object is JSON, and JSON Lines where its
    first line is whole and another follows; anything else is a table as CSV.
    """
    if beginning.startswith(_WORKBOOKS):
        return ImportFormat.XLSX
    named = format_of_name(name)
    return named if named is not None else _format_of_text(beginning.removeprefix(_BOM).lstrip())


def _format_of_text(beginning: bytes) -> ImportFormat:
    if not beginning.startswith((b"[", b"{")):
        return ImportFormat.CSV
    first, _, following = beginning.partition(b"\n")
    is_line = beginning.startswith(b"{") and first.rstrip().endswith(b"}") and following.strip()
    return ImportFormat.JSONL if is_line else ImportFormat.JSON


def format_of_media_type(content_type: str) -> ImportFormat | None:
    """Return the format that a ``Content-Type`` names, whatever its parameters; ``None`` for any other."""
    return _BY_TYPE.get(content_type.partition(";")[0].strip().lower())
