"""Which permission each route needs; a route that does not stand here is refused."""

from flask import request

from service_catalog.domain.access import ANONYMOUS, Permission
from service_catalog.domain.errors import NotPermitted
from service_catalog.domain.vocabulary import Text

PUBLIC = (
    "entry.get_entry",
    "health.get_health",
    "health.get_readiness",
    "services.list_services",
    "services.get_service",
    "services.get_history",
    "changes.list_changes",
    "log.get_checkpoint",
    "log.get_entries",
    "log.get_proof",
    "log.get_consistency",
    "facets.get_facets",
    "indicators.get_indicators",
    "vocabularies.get_vocabularies",
    "documentation.show_start",
    "documentation.show_contract",
    "documentation.show_errors",
    "documentation.get_openapi",
    "documentation.get_asset",
    "documentation.get_swagger_asset",
)

POLICY: dict[str, Permission] = dict.fromkeys(PUBLIC, Permission.READ_CATALOGUE)
"""The permission behind each endpoint; a test holds it against all routes."""


def check_policy() -> None:
    """Refuse a call whose route has no policy, or whose caller lacks the permission.

    Raises:
        NotPermitted: deny by default.
    """
    if request.endpoint is None:
        return  # no such route: 404 or 405 follows
    permission = POLICY.get(request.endpoint)
    if permission is None or not ANONYMOUS.may(permission):
        raise NotPermitted(Text("没有规定谁可以这样做", "nobody is allowed to do this"))
