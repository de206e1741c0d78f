"""Documents to test with: the seed's own, and one small service that breaks no rule and earns no warning."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from service_catalog.domain.service import Service, completed

SEED = Path(__file__).parent.parent.parent / "seed"
CONTENTS: list[dict[str, Any]] = json.loads((SEED / "430203" / "services.json").read_text(encoding="utf-8"))
ABSENT = object()
"""Stands for a member that is taken away."""


def complete(content: dict[str, Any]) -> Service:
    """Return the full document of a content part."""
    return completed(content, version=1, revision=1, updated_at="2026-11-24T08:00:00Z")


def text(zh: str | None = "甲", en: str | None = "A") -> dict[str, str | None]:
    """Return a text in both languages."""
    return {"zh": zh, "en": en}


def limit(days: int, unit: str | None = "working-day") -> dict[str, Any]:
    """Return a time limit."""
    return {"days": days, "unit": unit, "note": None}


def channel(audience: str, platform: str = "web", **changes: Any) -> dict[str, Any]:
    """Return an online channel of known address and depth."""
    known = {"name": None, "url": "https://example.org/", "depth": "complete", "authentication": None}
    return {"audience": audience, "platform": platform, **known, **changes}


def material(zh: str | None = "身份证", en: str | None = "Identity card") -> dict[str, Any]:
    """Return a material of this name."""
    return {"name": text(zh, en), "required": True, "form": None}


def content(**changes: Any) -> dict[str, Any]:
    """Return what a writer decides of a small zero-visit service for both audiences."""
    return {
        "division": "430203",
        "code": "card-application",
        "name": text("社会保障卡申领", "Application for a social security card"),
        "summary": text("申领社会保障卡。", "Apply for the card."),
        "domain": "social-security-card",
        "audiences": ["individual", "enterprise"],
        "visits": 0,
        "single_window": True,
        "online_channels": [channel("individual"), channel("enterprise")],
        "matter_type": "public-service",
        "handling": "committed",
        "time_limits": {"statutory": limit(20), "promised": limit(5)},
        "legal_basis": [{"title": "社会保险法", "document_number": None, "article": None}],
        "materials": [material()],
        "fees": [],
        "life_events": ["card"],
        "codes": {},
        "provenance": {"basis": "inferred", "confidence": "low", "flags": "inferred", "note": None},
        "status": "active",
        **changes,
    }


def service(**changes: Any) -> Service:
    """Return the full document of the small service; changed server-set members win."""
    return complete(content(**changes)) | changes  # type: ignore[return-value]


def altered(document: Any, pointer: str, value: Any) -> Any:
    """Return a copy in which the member at a JSON Pointer has the value, or is taken away for ``ABSENT``."""
    copy = deepcopy(document)
    *steps, last = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    node = copy
    for step in steps:
        node = node[int(step) if isinstance(node, list) else step]
    place: Any = int(last) if isinstance(node, list) else last
    if value is ABSENT:
        del node[place]
    else:
        node[place] = value
    return copy
