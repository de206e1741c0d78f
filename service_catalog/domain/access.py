"""Who may do what: roles, permissions and the actor a credential stands for. Denied unless granted here."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The kinds of caller."""

    ANONYMOUS = "anonymous"
    OPERATOR = "operator"


class Permission(StrEnum):
    """The things that need permission."""

    READ_CATALOGUE = "read-catalogue"
    SEED_CATALOGUE = "seed-catalogue"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ANONYMOUS: frozenset({Permission.READ_CATALOGUE}),
    Role.OPERATOR: frozenset(Permission),
}
"""What each role may do; the operator is whoever can run commands on the machine."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the public id that the log records, and the role. Comes from a credential, never from a body."""

    id: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor's role grants the permission."""
        return permission in GRANTS[self.role]


ANONYMOUS = Actor("anonymous", Role.ANONYMOUS)
SEEDER = Actor("seed", Role.OPERATOR)
"""The actor of revision 1."""
