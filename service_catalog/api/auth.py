"""Which permission each call needs, and the check that refuses a route which stands in no such table."""

from collections.abc import Callable, Mapping

from flask import g, request

from service_catalog.actions.signing_in import authenticate
from service_catalog.api.current import current_request, current_write_rate, latest_catalogue
from service_catalog.domain.access import ANONYMOUS, Actor, Permission
from service_catalog.domain.errors import NotPermitted, NotSignedIn
from service_catalog.domain.vocabulary import Text

PUBLIC = (
    "entry.get_entry",
    "health.get_health",
    "health.get_readiness",
    "services.list_services",
    "services.get_service",
    "services.get_history",
    "changes.list_changes",
    "export.get_export",
    "log.get_checkpoint",
    "log.get_entries",
    "log.get_proof",
    "log.get_consistency",
    "suggestions.suggest_names",
    "facets.get_facets",
    "indicators.get_indicators",
    "vocabularies.get_vocabularies",
    "documentation.show_contract",
    "documentation.show_errors",
    "documentation.get_openapi",
    "documentation.get_asset",
    "documentation.get_swagger_asset",
)

FOR_AUDITORS = ("revisions.list_revisions", "revisions.get_revision", "revisions.compare_revisions")

WRITES = (
    "editing.put_service",
    "editing.patch_service",
    "editing.delete_service",
    "tagging.put_tags",
    "tagging.put_tag",
    "tagging.delete_tag",
    "bulk.change_tags",
    "imports.import_services",
    "revisions.revert_revision",
)

POLICY: dict[str, Permission] = {
    **dict.fromkeys(PUBLIC, Permission.READ_CATALOGUE),
    **dict.fromkeys(FOR_AUDITORS, Permission.READ_REVISIONS),
    **dict.fromkeys(WRITES, Permission.WRITE_CATALOGUE),
}
"""The permission behind each endpoint of the API and its documentation."""

_PREFLIGHT = "OPTIONS"
_READING = frozenset({"GET", "HEAD"})


def policy_check(
    policy: Mapping[str, Permission], sessions: Mapping[str, Callable[[], str]] | None = None
) -> Callable[[], None]:
    """Return what refuses, before each request, a call that the policy does not allow; see ``_check``.

    ``sessions`` says for each page how its reader presents a token; calls take it from ``Authorization`` alone.
    """
    presented = sessions or {}

    def check() -> None:
        asked = current_request()
        if (endpoint := asked.endpoint) is None or asked.method == _PREFLIGHT:
            return  # no such route: 404 or 405 follows; what is allowed may be asked by anybody
        _check(policy.get(endpoint), presented.get(endpoint, _secret))

    return check


def _check(permission: Permission | None, secret: Callable[[], str]) -> None:
    """Refuse a call whose route has no policy, or whose caller lacks the permission; nothing of the body is read.

    Raises:
        NotPermitted: deny by default.
        NotSignedIn, InvalidToken: where the route needs a token and there is none that holds.
        TooManyWrites: where the token writes faster than the server allows.
    """
    if permission is None:
        raise NotPermitted(Text("没有规定谁可以这样做", "nobody is allowed to do this"))
    if ANONYMOUS.may(permission):
        return  # a token is not even looked at: what is public is the same for everybody
    actor = authenticate(latest_catalogue(), secret())
    if not actor.may(permission):
        raise NotPermitted(
            Text(f"{actor.role} 角色没有此权限", f"the role {actor.role} lacks the permission {permission}")
        )
    if permission is Permission.WRITE_CATALOGUE and request.method not in _READING:
        current_write_rate().take(actor.id)
    g.actor = actor


def current_actor() -> Actor:
    """Return who holds the token of the present request, which the policy has let through."""
    actor: Actor = g.actor
    return actor


def _secret() -> str:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise NotSignedIn(
            Text("请在 Authorization: Bearer 中带上访问令牌", "send an access token in Authorization: Bearer")
        )
    return given.token
