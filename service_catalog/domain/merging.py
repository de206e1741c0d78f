"""What becomes of a service that two people changed at once: the merge of three versions, member by member; pure.

A member counts as one value, as in a history and in undoing: half of a list, or of a time limit, would be nobody's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    """Whose value of a member is taken."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A member that at least one of the two changed: what it was when both began, and what each made of it."""

    member: str
    opened: Any
    mine: Any
    theirs: Any

    @property
    def side(self) -> Side | None:
        """Whose change it is; ``None`` where both changed it, to different values, so that somebody must choose."""
        if self.mine in (self.theirs, self.opened):
            return Side.THEIRS
        return Side.MINE if self.theirs == self.opened else None

    def settled(self, choices: Mapping[str, Side]) -> Any:
        """Return the value to take; ``choices`` decide by member where both changed it."""
        return self.mine if (self.side or choices[self.member]) is Side.MINE else self.theirs


def met(opened: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Meeting]:
    """Return the members that differ among three contents of one service, in the document's order."""
    meetings = [Meeting(member, opened[member], mine.get(member), theirs[member]) for member in opened]
    return [one for one in meetings if not one.opened == one.mine == one.theirs]


def joined(theirs: Mapping[str, Any], meetings: Sequence[Meeting], choices: Mapping[str, Side]) -> dict[str, Any]:
    """Return ``theirs`` with my changes in it; ``choices`` decide where both changed a member.

    Raises:
        KeyError: where a choice is missing.
    """
    return {**theirs, **{meeting.member: meeting.settled(choices) for meeting in meetings}}
