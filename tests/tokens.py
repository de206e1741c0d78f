"""Access tokens for tests, and the headers that carry them."""

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.signing_in import issue_token
from service_catalog.domain.access import Role


def signed(catalogue: Catalogue, role: Role = Role.ADMINISTRATOR, *, division: str | None = None) -> dict[str, str]:
    """Issue a token and return the header of somebody who holds it."""
    _, secret = issue_token(catalogue, f"测试{role}", role, days=1, division=division)
    return {"Authorization": f"Bearer {secret}"}
