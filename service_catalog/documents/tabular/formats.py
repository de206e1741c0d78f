"""The formats in which many services come in one file, told by the file's name or its media type."""

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
_BY_ENDING = {one.ending: one for one in ImportFormat} | {"ndjson": ImportFormat.JSONL}


def format_of_name(name: str) -> ImportFormat | None:
    """Return the format that a file's ending names, ``None`` for any other."""
    return _BY_ENDING.get(PurePath(name).suffix.lower().removeprefix("."))


def format_of_media_type(content_type: str) -> ImportFormat | None:
    """Return the format that a ``Content-Type`` names, whatever its parameters; ``None`` for any other."""
    return _BY_TYPE.get(content_type.partition(";")[0].strip().lower())
