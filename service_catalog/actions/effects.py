"""What a bulk change does, told to whoever made it: each effect, the indicators before and after, totals that fail."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from service_catalog.actions.counting import declared_differences, indicators_of
from service_catalog.actions.writing import Effect
from service_catalog.domain.revisions import Operation
from service_catalog.domain.rules import Finding, warnings
from service_catalog.domain.service import changed_members

LEVELS = (2, 4, 6, 9, 12)
"""Digits of a division code, from a province down to a village."""


class Effects:
    """Collects what a write does; ``most`` effects are told one by one, and all are counted."""

    def __init__(self, session: Session, divisions: Collection[str], most: int) -> None:
        """Note the figures before the write; ``divisions`` are those whose services it may touch."""
        self._session = session
        self._divisions = divisions
        self._most = most
        self._area = _common_division(divisions)
        self._before = indicators_of(session, self._area)
        self._counts: Counter[str] = Counter()
        self._told: list[dict[str, Any]] = []

    def observe(self, effect: Effect) -> None:
        """Take in one effect."""
        self._counts[effect.op.value if effect.op else "unchanged"] += 1
        if len(self._told) < self._most:
            self._told.append(_told(effect))

    def as_document(self) -> dict[str, Any]:
        """Return everything, with the figures as the write leaves them."""
        counts = {op.value: self._counts[op.value] for op in Operation}
        return {
            "counts": {**counts, "unchanged": self._counts["unchanged"]},
            "effects": self._told,
            "indicators": {"before": self._before, "after": indicators_of(self._session, self._area)},
            "totals": declared_differences(self._session, _with_ancestors(self._divisions)),
        }


def _told(effect: Effect) -> dict[str, Any]:
    before, after = effect.before, effect.after
    return {
        "id": after["id"],
        "op": effect.op.value if effect.op else "unchanged",
        "version": after["version"],
        "changed": changed_members(before, after) if before else [],
        "tags": {"before": before["tags"] if before else [], "after": after["tags"]},
        "warnings": [warning_document(finding) for finding in warnings(after)],
    }


def warning_document(finding: Finding) -> dict[str, str]:
    """Return a warning as an answer carries it."""
    return {
        "rule": finding.rule.value,
        "pointer": finding.pointer,
        "detail": finding.message.en,
        "detail_zh": finding.message.zh,
    }


def _common_division(divisions: Collection[str]) -> str | None:
    """Return the smallest division that holds all of these, ``None`` for the whole catalogue.

    In order of their text the first and the last differ most, so what they share all share.
    """
    if not divisions:
        return None
    shared = _with_ancestors({min(divisions)}) & _with_ancestors({max(divisions)})
    return max(shared, key=len, default=None)


def _with_ancestors(divisions: Collection[str]) -> set[str]:
    return {division[:level] for division in divisions for level in LEVELS if len(division) >= level}
