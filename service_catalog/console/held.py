"""What somebody typed into a form, carried on in the pages themselves while the form could not be taken.

Nothing is kept on the server: a session that ended, or a database that is away, must cost nobody their work, whichever
worker answers next.
"""

import json

from flask import request
from werkzeug.exceptions import HTTPException

from service_catalog.console.pages import LARGE_TYPE
from service_catalog.console.sessions import is_own_form
from service_catalog.domain.errors import CatalogueBusy

HELD = "held"
"""The field of the sign-in form that carries the fields of another form on."""

Pair = tuple[str, str]


def typed() -> list[Pair]:
    """Return the fields of the form that was sent, none where it is not of these pages or cannot be read.

    A form of another site must not come back as one of this site, for the reader to send on.
    """
    if request.method != "POST" or not is_own_form():
        return []
    try:
        return [pair for pair in request.form.items(multi=True) if pair != LARGE_TYPE]
    except (HTTPException, CatalogueBusy):
        return []  # too large to be read, or too many at once: the answer says so


def packed(fields: list[Pair]) -> str:
    """Return fields as the value of one field; nothing for none."""
    return json.dumps(fields, ensure_ascii=False) if fields else ""


def unpacked(value: str) -> list[Pair]:
    """Return the fields in such a value, none where it holds anything else."""
    try:
        fields = json.loads(value)
        return [(str(name), str(text)) for name, text in fields]
    except (ValueError, TypeError, RecursionError):
        return []
