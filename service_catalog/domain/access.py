"""Who may do what: roles, permissions and the actor a credential stands for. Denied unless granted here."""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """The kinds of caller."""

    ANONYMOUS = "anonymous"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


TOKEN_ROLES = (Role.ADMINISTRATOR, Role.AUDITOR)
"""The roles that an access token can give; the operator needs none."""


class Permission(StrEnum):
    """The things that need permission."""

    READ_CATALOGUE = "read-catalogue"
    SIGN_IN = "sign-in"
    READ_REVISIONS = "read-revisions"
    WRITE_CATALOGUE = "write-catalogue"
    SEED_CATALOGUE = "seed-catalogue"
    MANAGE_TOKENS = "manage-tokens"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ANONYMOUS: frozenset({Permission.READ_CATALOGUE, Permission.SIGN_IN}),
    Role.AUDITOR: frozenset({Permission.READ_CATALOGUE, Permission.SIGN_IN, Permission.READ_REVISIONS}),
    Role.ADMINISTRATOR: frozenset(
        {Permission.READ_CATALOGUE, Permission.SIGN_IN, Permission.READ_REVISIONS, Permission.WRITE_CATALOGUE}
    ),
    Role.OPERATOR: frozenset(Permission),
}
"""What each role may do; the operator is whoever can run commands on the machine."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the public id that the log records, and the role. Comes from a credential, never from a body.

    ``division`` is a prefix of the divisions whose services the actor may change; ``None`` means all of them.
    """

    id: str
    role: Role
    division: str | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor's role grants the permission."""
        return permission in GRANTS[self.role]

    def may_write_in(self, division: str) -> bool:
        """Tell whether services of this division are within the actor's reach."""
        return self.division is None or division.startswith(self.division)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A credential as the catalogue keeps it: everything but the secret, of which only the SHA-256 is known.

    Times are UTC as in documents; ``revoked_at`` is ``None`` while the token stands.
    """

    id: str
    name: str
    role: Role
    division: str | None
    secret_sha256: str
    issued_at: str
    expires_at: str
    revoked_at: str | None

    @property
    def version(self) -> int:
        """1 when issued, 2 when revoked: its version in the log."""
        return 1 if self.revoked_at is None else 2

    def revoked(self, at: str) -> "AccessToken":
        """Return the token as it is after its revocation."""
        return replace(self, revoked_at=at)

    def as_document(self) -> dict[str, object]:
        """Return the members whose canonical JSON the log holds the digest of."""
        return asdict(self)

    def as_actor(self) -> Actor:
        """Return who acts with this token."""
        return Actor(self.id, self.role, self.division)


ANONYMOUS = Actor("anonymous", Role.ANONYMOUS)
SEEDER = Actor("seed", Role.OPERATOR)
"""The actor of revision 1."""
OPERATOR = Actor("operator", Role.OPERATOR)
"""Whoever runs commands on the machine."""
