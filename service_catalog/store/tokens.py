"""Access tokens by their secret's digest or their id, and when each was last seen."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.orm import Session

from service_catalog.domain.access import AccessToken, Role
from service_catalog.store.statements import is_on_sqlite
from service_catalog.store.tables import access_token, token_use

_TOKENS = select(access_token, token_use.c.last_used_at).outerjoin(token_use, token_use.c.token_id == access_token.c.id)


def find_by_secret(session: Session, secret_sha256: str) -> tuple[AccessToken, str | None] | None:
    """Return the token whose secret has this digest, and when it was last seen."""
    row = session.execute(_TOKENS.where(access_token.c.secret_sha256 == secret_sha256)).one_or_none()
    return None if row is None else _token(row)


def find_by_id(session: Session, token_id: str) -> AccessToken | None:
    """Return a token by its public id."""
    row = session.execute(_TOKENS.where(access_token.c.id == token_id)).one_or_none()
    return None if row is None else _token(row)[0]


def read_tokens(session: Session) -> list[tuple[AccessToken, str | None]]:
    """Return every token with the time it was last seen, oldest first, those of one second by name."""
    return [
        _token(row)
        for row in session.execute(_TOKENS.order_by(access_token.c.issued_at, access_token.c.name, access_token.c.id))
    ]


def find_names(session: Session, ids: set[str]) -> dict[str, str]:
    """Return the names of those of ``ids`` that are tokens."""
    query = select(access_token.c.id, access_token.c.name).where(access_token.c.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}


def insert_token(session: Session, token: AccessToken) -> None:
    """Write a new token."""
    session.execute(insert(access_token).values(**asdict(token)))


def revoke_token(session: Session, token_id: str, at: str) -> None:
    """Write the time of a token's revocation."""
    session.execute(update(access_token).where(access_token.c.id == token_id).values(revoked_at=at))


def note_use(session: Session, token_id: str, at: str) -> None:
    """Remember when a token was last seen; no standby is waited for, since nothing is lost with it."""
    if not is_on_sqlite(session):
        session.execute(text("SET LOCAL synchronous_commit = off"))
    moved = session.connection().execute(
        update(token_use).where(token_use.c.token_id == token_id).values(last_used_at=at)
    )
    if moved.rowcount == 0:
        session.execute(insert(token_use).values(token_id=token_id, last_used_at=at))


def _token(row: Row[Any]) -> tuple[AccessToken, str | None]:
    columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    last_used_at = columns.pop("last_used_at")
    return AccessToken(**{**columns, "role": Role(columns["role"])}), last_used_at
