"""What undoing a change means, member by member; pure, like the rules."""

from dataclasses import dataclass
from typing import Any

from service_catalog.domain.service import Service, content_of
from service_catalog.domain.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Undone:
    """The content that undoing leaves, or the members in which a later change stands in the way."""

    content: dict[str, Any]
    conflicts: tuple[str, ...]


def undone(before: Service | None, after: Service, current: Service) -> Undone:
    """Undo the change from ``before`` to ``after`` in a service that is ``current`` now.

    A member that the change set goes back if it still has the value the change gave it, and is left if it has gone
    back already; any other value is a conflict. Lists and objects count as one value each. Undoing a creation retires
    the service, and anything that was changed in it since is a conflict.
    """
    content, made = content_of(current), content_of(after)
    earlier = content_of(before) if before else {**made, "status": Status.RETIRED.value}
    touched = [member for member in made if before is None or made[member] != earlier[member]]
    conflicts = [member for member in touched if content[member] not in (made[member], earlier[member])]
    return Undone(content | {member: earlier[member] for member in touched}, tuple(sorted(conflicts)))
