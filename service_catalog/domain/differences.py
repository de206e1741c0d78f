"""What differs between two states of the catalogue: the one definition, for the API, the command line and pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from service_catalog.domain.revisions import Operation, operation_between
from service_catalog.domain.service import Service, changed_members

_FLAGS = ("visits", "single_window")
"""The members from which the tags follow; where tags moved, these say nothing more."""

_IN_ORDER = ("tags", *Service.__annotations__)


@dataclass(frozen=True, slots=True)
class Change:
    """A member, or a part of one, before and after; ``path`` leads to it, list positions counted from 1."""

    path: tuple[str | int, ...]
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """How a service, or a division's own document, differs; ``before`` is ``None`` where it did not exist.

    ``members`` are the names of those that differ, in alphabetical order; none of what is new.
    """

    id: str
    op: Operation
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    members: tuple[str, ...]


def service_difference(before: Service | None, after: Service) -> Difference | None:
    """Return how a service differs; ``None`` where it does not, as after a change that was changed back."""
    members = changed_members(before, after) if before else []
    if before and not members:
        return None
    return Difference(after["id"], operation_between(before, after), before, after, tuple(members))


def division_differences(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> tuple[Difference, ...] | None:
    """Return how the divisions' own documents differ that the exports of two revisions quote, in order of their codes.

    ``None`` where the later export quotes none: there may be none, or too many. A division's document never goes away,
    so the earlier export cannot have had too many where the later one has not.
    """
    if not after:
        return None
    earlier = {document["division"]: document for document in before}
    pairs = ((earlier.get(document["division"]), document) for document in after)
    return tuple(_division_difference(old, new) for old, new in pairs if old != new)


def _division_difference(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Difference:
    if before is None:
        return Difference(after["division"], Operation.CREATED, None, after, ())
    members = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return Difference(after["division"], Operation.CHANGED, before, after, tuple(members))


def changes_of(difference: Difference) -> list[Change]:
    """Return every part that differs, as a person reads it: tags first, then member by member down to single values.

    Tags stand for the two members from which they follow. Of a list's items those alone that differ.
    """
    if difference.before is None:
        return []
    names = set(difference.members)
    if difference.before.get("tags") != difference.after.get("tags"):
        names = names - set(_FLAGS) | {"tags"}
    found = []
    for name in sorted(names, key=_place):
        found += _changes((name,), difference.before.get(name), difference.after.get(name))
    return found


def _place(member: str) -> tuple[int, str]:
    return (_IN_ORDER.index(member) if member in _IN_ORDER else len(_IN_ORDER), member)


def _changes(path: tuple[str | int, ...], before: Any, after: Any) -> list[Change]:
    """Go down as far as both sides are objects or lists of objects, an unknown one being empty."""
    parts = [change for step, old, new in _parts(before, after) for change in _changes((*path, step), old, new)]
    return parts or [Change(path, before, after)]


def _parts(before: Any, after: Any) -> Iterator[tuple[str | int, Any, Any]]:
    """Yield the parts that differ, none where one side has no parts."""
    sides = [side for side in (before, after) if side is not None]
    if all(isinstance(side, dict) for side in sides):
        old, new = before or {}, after or {}
        names = sorted(old | new, key=lambda name: name == "en")  # Chinese first
        yield from ((name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))
    elif all(isinstance(side, list) and all(isinstance(item, dict) for item in side) for side in sides):
        yield from _items(before or [], after or [])


def _items(before: list[Any], after: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Yield the items that differ with their position, beside each other where one took the other's place."""
    matcher = SequenceMatcher(None, [*map(repr, before)], [*map(repr, after)], autojunk=False)
    for kind, old, old_end, new, new_end in matcher.get_opcodes():
        if kind != "equal":
            for step in range(max(old_end - old, new_end - new)):
                one = before[old + step] if old + step < old_end else None
                other = after[new + step] if new + step < new_end else None
                yield (old if other is None else new) + step + 1, one, other
