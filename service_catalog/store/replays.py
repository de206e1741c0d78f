"""Answers kept for a day, so that a client that never heard its answer may ask again without doing the thing twice."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from service_catalog.store.tables import idempotency


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer and the digest of the request it belongs to."""

    request: str
    answer: bytes


def find_answer(session: Session, token_id: str, key: str, since: str) -> Kept | None:
    """Return the answer that was given under this key at ``since`` or later."""
    columns = idempotency.c
    query = select(columns.request, columns.answer).where(
        columns.token_id == token_id, columns.key == key, columns.at >= since
    )
    row = session.execute(query).one_or_none()
    return None if row is None else Kept(row.request, row.answer)


def keep_answer(session: Session, token_id: str, key: str, kept: Kept, *, at: str, since: str) -> None:
    """Keep an answer, and forget those given before ``since``."""
    session.execute(delete(idempotency).where(idempotency.c.at < since))
    values = {"token_id": token_id, "key": key, "request": kept.request, "answer": kept.answer, "at": at}
    session.execute(insert(idempotency).values(**values))
