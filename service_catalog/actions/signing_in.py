"""Signing in: issuing and revoking access tokens, and finding out who holds one."""

import hashlib
import secrets
from datetime import datetime, timedelta

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.ledger import Intent
from service_catalog.actions.writing import open_write
from service_catalog.domain.access import OPERATOR, AccessToken, Actor, Permission, Role
from service_catalog.domain.errors import CatalogueBusy, InvalidToken, OutcomeUnknown, UnknownToken
from service_catalog.domain.revisions import Action
from service_catalog.domain.times import format_time
from service_catalog.domain.vocabulary import Text
from service_catalog.store import log, tokens

SECRET_PREFIX = "sct_"  # noqa: S105 - so that a leaked token is recognised, not a secret
LONGEST_NAME = 100
"""Characters of the name of a token's holder."""

LAST_USE_PRECISION = timedelta(minutes=5)
"""How exact the time of a token's last use is; writing it on every request would cost more than the request."""


def issue_token(
    catalogue: Catalogue, name: str, role: Role, *, days: int, division: str | None
) -> tuple[AccessToken, str]:
    """Issue a token of 256 random bits; return it with its secret, which is kept nowhere and shown only now.

    Raises:
        KeyMismatch, CatalogueBusy, DatabaseUnavailable: as ``open_write``.
    """
    secret = SECRET_PREFIX + secrets.token_urlsafe(32)
    now = catalogue.clock()
    token = AccessToken(
        id=f"token-{secrets.token_hex(6)}",
        name=name,
        role=role,
        division=division,
        secret_sha256=_digest(secret),
        issued_at=format_time(now),
        expires_at=format_time(now + timedelta(days=days)),
        revoked_at=None,
    )
    intent = Intent(OPERATOR, Permission.MANAGE_TOKENS, Action.ISSUE_TOKEN, "签发令牌 · a token was issued")
    with open_write(catalogue, intent) as write:
        write.put_token(token)
        write.commit()
    return token, secret


def revoke_token(catalogue: Catalogue, token_id: str) -> AccessToken:
    """Revoke a token; one that was revoked already stays as it is.

    Raises:
        UnknownToken: where there is none with this id.
        KeyMismatch, CatalogueBusy, DatabaseUnavailable: as ``open_write``.
    """
    intent = Intent(OPERATOR, Permission.MANAGE_TOKENS, Action.REVOKE_TOKEN, "吊销令牌 · a token was revoked")
    with open_write(catalogue, intent) as write:
        token = tokens.find_by_id(write.session, token_id)
        if token is None:
            raise UnknownToken(Text(f"没有令牌 {token_id}", f"there is no token {token_id}"))
        if token.revoked_at is None:
            token = token.revoked(write.at)
            write.put_token(token)
            write.commit()
    return token


def list_tokens(catalogue: Catalogue) -> list[tuple[AccessToken, str | None]]:
    """Return every token with the time of its last use, oldest first."""
    with catalogue.database.reading() as session:
        return tokens.read_tokens(session)


def authenticate(catalogue: Catalogue, secret: str) -> Actor:
    """Return who holds this secret.

    Raises:
        InvalidToken: where it is unknown, expired or revoked.
        CatalogueBusy, DatabaseUnavailable: as ``Database.reading``.
    """
    now = catalogue.clock()
    with catalogue.database.reading() as session:
        found = tokens.find_by_secret(session, _digest(secret))
    if found is None:
        raise InvalidToken(Text("没有这个令牌", "there is no such token"))
    token, last_used_at = found
    if token.revoked_at is not None:
        raise InvalidToken(Text(f"令牌已于 {token.revoked_at} 吊销", f"the token was revoked at {token.revoked_at}"))
    if token.expires_at <= format_time(now):
        raise InvalidToken(Text(f"令牌已于 {token.expires_at} 到期", f"the token expired at {token.expires_at}"))
    if last_used_at is None or last_used_at <= format_time(now - LAST_USE_PRECISION):
        _note_use(catalogue, token.id, now)
    return token.as_actor()


def _note_use(catalogue: Catalogue, token_id: str, now: datetime) -> None:
    try:
        with catalogue.database.writing() as session:
            log.take_turn(session)
            tokens.note_use(session, token_id, format_time(now))
            session.commit()
    except (CatalogueBusy, OutcomeUnknown):
        return  # scratch: the next request notes it


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
