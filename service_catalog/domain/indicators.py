"""The 3140 figures of a set of services, and how they compare with the totals that were declared."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class Figures(NamedTuple):
    """Numbers of services. ``individual`` and ``enterprise`` are online for them and overlap in ``both``."""

    total: int = 0
    zero_visit: int = 0
    one_visit: int = 0
    single_window: int = 0
    individual: int = 0
    enterprise: int = 0
    any: int = 0
    both: int = 0

    @classmethod
    def declared(cls, document: dict[str, Any]) -> "Figures":
        """Read the six control totals of a division's document; nobody declares ``any`` or ``both``."""
        top = {name: document[name] for name in ("total", "zero_visit", "one_visit", "single_window")}
        return cls(**top, individual=document["online"]["individual"], enterprise=document["online"]["enterprise"])

    def as_declaration(self) -> dict[str, Any]:
        """Return the six figures that an authority declares, in the document's shape."""
        return {
            "total": self.total,
            "zero_visit": self.zero_visit,
            "one_visit": self.one_visit,
            "single_window": self.single_window,
            "online": {"individual": self.individual, "enterprise": self.enterprise},
        }

    def as_document(self) -> dict[str, Any]:
        """Return all eight figures, in the answer's shape."""
        document = self.as_declaration()
        document["online"] |= {"any": self.any, "both": self.both}
        return document


def total_of(figures: Iterable[Figures]) -> Figures:
    """Add figures up."""
    return Figures(*map(sum, zip(*figures, strict=True)))


def shares(figures: Figures) -> dict[str, Any]:
    """Return each figure as a part of the total, to four decimals; ``None`` where there is no service."""

    def share(number: int) -> float | None:
        return round(number / figures.total, 4) if figures.total else None

    return {
        "zero_visit": share(figures.zero_visit),
        "one_visit": share(figures.one_visit),
        "single_window": share(figures.single_window),
        "online": {
            "individual": share(figures.individual),
            "enterprise": share(figures.enterprise),
            "any": share(figures.any),
            "both": share(figures.both),
        },
    }


def differences(declared: Figures, actual: Figures) -> list[dict[str, Any]]:
    """Return the declared figures that the catalogue does not meet, by name, with both numbers."""
    pairs = {
        "total": (declared.total, actual.total),
        "zero_visit": (declared.zero_visit, actual.zero_visit),
        "one_visit": (declared.one_visit, actual.one_visit),
        "single_window": (declared.single_window, actual.single_window),
        "online.individual": (declared.individual, actual.individual),
        "online.enterprise": (declared.enterprise, actual.enterprise),
    }
    return [
        {"figure": name, "declared": said, "actual": found} for name, (said, found) in pairs.items() if said != found
    ]
