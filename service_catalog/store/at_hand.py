"""Reading a small catalogue whole, to be held in memory."""

from sqlalchemy import Text, bindparam, cast, select
from sqlalchemy.orm import Session

from service_catalog.domain.at_hand import Held
from service_catalog.domain.tally import Attributes
from service_catalog.store.search_entries import ATTRIBUTES
from service_catalog.store.search_terms import read_tokens
from service_catalog.store.statements import Remembered
from service_catalog.store.tables import IS_CURRENT, search, service, service_version

_EVERYTHING = Remembered(
    select(service.c.id, service.c.revision, service_version.c.document, search.c.position)
    .add_columns(cast(search.c.tokens, Text), *ATTRIBUTES)
    .join_from(service, service_version, IS_CURRENT)
    .outerjoin(search, search.c.service_id == service.c.id)
    .order_by(service.c.id)
    .limit(bindparam("rows"))
)


def read_everything(session: Session, most: int) -> list[tuple[Held, list[str]]] | None:
    """Return every service with its tokens in the order of ids, retired ones among them.

    ``None`` where there are more than ``most``, or where one has no entry, of which the database's own lists know.
    """
    rows = _EVERYTHING.rows(session, {"rows": most + 1})
    if len(rows) > most or any(position is None for _, _, _, position, *_ in rows):
        return None
    return [
        (Held(identity, position, revision, Attributes(*attributes), document), read_tokens(tokens))
        for identity, revision, document, position, tokens, *attributes in rows
    ]
