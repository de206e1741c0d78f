"""A file that somebody chose in a form: picked just now, or carried on from the page before in a hidden field.

The next request may go to another worker on another host, so no server keeps the file: the page itself brings it back.
"""

import base64
import binascii
import gzip
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from flask import request

from service_catalog.actions.importing import format_of_file
from service_catalog.documents.tabular.formats import ImportFormat

LONGEST_NAME = 200
"""Characters of a file's name that are kept."""

LARGEST = 16 * 2**20
"""Bytes of a file: as many as a body may have, so that what is carried on unpacks to no more than what was sent."""

MOST_CARRIED = LARGEST - 2**16
"""Characters of a hidden field, so that the form with its other fields is no larger than a body may be."""

_BEGINNING = 2**16
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file's name as the reader knows it, and its bytes."""

    name: str
    content: bytes

    @property
    def format(self) -> ImportFormat:
        """The format, told by its beginning and its name."""
        return format_of_file(self.name, self.content[:_BEGINNING])

    @property
    def kib(self) -> int:
        """Its size in KiB, rounded up."""
        return -(-len(self.content) // 1024)

    def packed(self) -> str | None:
        """Return the file as text for a hidden field; ``None`` where it is too large to be carried on."""
        text = base64.urlsafe_b64encode(gzip.compress(self.content, compresslevel=6, mtime=0)).decode()
        return text if len(text) <= MOST_CARRIED else None


def chosen_file() -> ChosenFile | None:
    """Return the file of the present form, one that was picked just now first; ``None`` where there is none."""
    picked = request.files.get("file")
    if picked is not None and picked.filename:
        return ChosenFile(PurePath(picked.filename).name[-LONGEST_NAME:], picked.read())
    content = _unpacked(request.form.get("carried", ""))
    return None if content is None else ChosenFile(request.form.get("carried_name", "")[-LONGEST_NAME:], content)


def _unpacked(text: str) -> bytes | None:
    """Return the bytes of a hidden field; one that was damaged on the way holds no file."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        content = unpacking.decompress(base64.b64decode(text, altchars=b"-_", validate=True), LARGEST + 1)
    except (binascii.Error, zlib.error, ValueError):
        return None
    return content if unpacking.eof and len(content) <= LARGEST else None
