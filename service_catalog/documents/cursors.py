"""Cursors: the opaque text by which a reader asks for the next page of the same list."""

import base64
import binascii
from dataclasses import fields

import orjson

from service_catalog.documents.canonical import canonical
from service_catalog.domain.errors import InvalidCursor
from service_catalog.domain.revisions import digest_of
from service_catalog.domain.search import Question
from service_catalog.domain.selection import Filters, Position
from service_catalog.domain.vocabulary import Text


def write_cursor(position: Position, *scope: object) -> str:
    """Return the cursor that goes on after ``position``, good for this scope alone (filters and order, or words)."""
    body = [_fingerprint(scope), position.as_of, position.last_id, position.last_revision]
    return base64.urlsafe_b64encode(canonical(body)).decode().rstrip("=")


def read_cursor(cursor: str, *scope: object) -> Position:
    """Read a cursor back.

    Raises:
        InvalidCursor: where it was not given out for this scope.
    """
    try:
        fingerprint, as_of, last_id, last_revision = orjson.loads(
            base64.b64decode(_padded(cursor), b"-_", validate=True)
        )
    except (binascii.Error, ValueError, TypeError):
        raise _refused() from None
    types_fit = isinstance(last_id, str) and _is_revision(as_of) and _is_revision(last_revision)
    if fingerprint != _fingerprint(scope) or not types_fit or "\x00" in last_id:
        raise _refused()
    return Position(as_of, last_id, last_revision)


def _padded(cursor: str) -> str:
    return cursor + "=" * (-len(cursor) % 4)


def _is_revision(value: object) -> bool:
    return type(value) is int and 0 < value < 2**31


def _fingerprint(scope: tuple[object, ...]) -> str:
    return digest_of(canonical([_plain(part) for part in scope]))[:16]


def _plain(part: object) -> object:
    if isinstance(part, Filters):
        return [_plain(getattr(part, member.name)) for member in fields(part)]
    return part.text if isinstance(part, Question) else part


def _refused() -> InvalidCursor:
    return InvalidCursor(
        Text("该游标不是本列表在相同筛选条件下给出的", "the cursor was not given out for this list with these filters")
    )
