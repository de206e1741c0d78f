"""What a service document is, and what follows from its content alone.

A service is one document, the JSON a reader gets. This module names its members, computes those that are
derived, and projects a document onto the index by which it is found.
"""

import re
from collections.abc import Collection, Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast

from service_catalog.domain.vocabulary import (
    Audience,
    Authentication,
    Basis,
    Code,
    Confidence,
    DayUnit,
    Depth,
    Domain,
    FlagOrigin,
    Handling,
    LifeEvent,
    MaterialForm,
    MatterType,
    Platform,
    Status,
    Tag,
)

SCHEMA = 1
"""Version of the document's shape; each stored document names the shape it was written in."""

DIVISION_PATTERN = r"[0-9]{6}(?:[0-9]{3}){0,2}"
CODE_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"
ID_PATTERN = rf"{DIVISION_PATTERN}-{CODE_PATTERN}"
"""An identity: a division of 6, 9 or 12 digits and the service's own name within it."""

PREFIX_PATTERN = r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}"
"""A division, or the digits with which all divisions of a province or a city begin."""

SERVER_SET = ("id", "tags", "schema", "version", "revision", "updated_at")
"""Members that the catalogue sets; a writer may send them back only unchanged."""

CODED: dict[str, type[Code]] = {
    "domain": Domain,
    "audiences": Audience,
    "tags": Tag,
    "online_channels.audience": Audience,
    "online_channels.platform": Platform,
    "online_channels.depth": Depth,
    "online_channels.authentication": Authentication,
    "matter_type": MatterType,
    "handling": Handling,
    "time_limits.statutory.unit": DayUnit,
    "time_limits.promised.unit": DayUnit,
    "materials.form": MaterialForm,
    "life_events": LifeEvent,
    "provenance.basis": Basis,
    "provenance.confidence": Confidence,
    "provenance.flags": FlagOrigin,
    "status": Status,
}
"""Each member that holds a code, or a list of them, by its path without list positions, and whose code it is."""

LONGEST_ID = 113
"""Characters of an id: 12 digits, a hyphen, and 100 for the code."""


class LocalText(TypedDict):
    """A text in both languages; an unknown one is null, never empty."""

    zh: str | None
    en: str | None


class OnlineChannel(TypedDict):
    """One way to do a service online, for one audience."""

    audience: str
    platform: str
    name: LocalText | None
    url: str | None
    depth: str | None
    authentication: str | None


class TimeLimit(TypedDict):
    """A number of days and their unit; the unit is null where the source leaves it open."""

    days: int
    unit: str | None
    note: LocalText | None


class TimeLimits(TypedDict):
    """The time the law allows and the shorter one that is promised."""

    statutory: TimeLimit | None
    promised: TimeLimit | None


class LegalBasis(TypedDict):
    """设定依据: title (Chinese, as published), document number and article."""

    title: str
    document_number: str | None
    article: str | None


class Material(TypedDict):
    """Something to bring or upload."""

    name: LocalText
    required: bool | None
    form: str | None


class Fee(TypedDict):
    """A charge: an amount in fen (1/100 yuan), a text, or both."""

    amount: int | None
    text: LocalText | None


class Provenance(TypedDict):
    """What an entry rests on, how sure it is, and where its flags come from."""

    basis: str
    confidence: str
    flags: str
    note: LocalText | None


class Service(TypedDict):
    """One catalogue entry with every member present; unknown is null or an empty list."""

    id: str
    division: str
    code: str
    name: LocalText
    summary: LocalText
    domain: str
    audiences: list[str]
    visits: int
    single_window: bool
    tags: list[str]
    online_channels: list[OnlineChannel]
    matter_type: str
    handling: str
    time_limits: TimeLimits
    legal_basis: list[LegalBasis]
    materials: list[Material]
    fees: list[Fee]
    life_events: list[str]
    codes: dict[str, str]
    provenance: Provenance
    status: str
    schema: int
    version: int
    revision: int
    updated_at: str


@dataclass(frozen=True, slots=True)
class ServiceIndex:
    """The columns by which a service is found, computed from its document and from nothing else.

    A depth is ``None`` where the audience has no online channel, 0 where it has one of unknown depth, and
    otherwise the rank (1 to 5) of its deepest channel. Life events are an ``event_list``.
    """

    id: str
    division: str
    domain: str
    visits: int
    single_window: bool
    for_individual: bool
    for_enterprise: bool
    depth_individual: int | None
    depth_enterprise: int | None
    status: str
    version: int
    revision: int
    life_events: str


def event_list(life_events: Iterable[str]) -> str:
    """Return life events as one text in which each stands between commas, in order: ``,card,rights,``."""
    return "," + "".join(f"{event}," for event in sorted(life_events))


def events_in(text: str) -> list[str]:
    """Return the life events that ``event_list`` wrote."""
    return [event for event in text.split(",") if event]


def service_id(division: str, code: str) -> str:
    """Return the identity of a service, ``division-code``; it never changes."""
    return f"{division}-{code}"


def can_be_id(text: str) -> bool:
    """Tell whether a service could have this id at all."""
    return len(text) <= LONGEST_ID and re.fullmatch(ID_PATTERN, text, re.ASCII) is not None


def tags_of(visits: int, single_window: bool) -> list[str]:
    """Return the derived tags: the visit tag, then ``single-window`` where it holds."""
    visit_tag = Tag.ZERO_VISIT if visits == 0 else Tag.ONE_VISIT
    return [visit_tag.value, *([Tag.SINGLE_WINDOW.value] if single_window else [])]


def completed(content: dict[str, Any], *, version: int, revision: int, updated_at: str) -> Service:
    """Return the full document of what a writer sent: ``content`` with the members that the catalogue sets."""
    document = {
        **content,
        "id": service_id(content["division"], content["code"]),
        "tags": tags_of(content["visits"], content["single_window"]),
        "schema": SCHEMA,
        "version": version,
        "revision": revision,
        "updated_at": updated_at,
    }
    return cast("Service", document)


def content_of(service: Service) -> dict[str, Any]:
    """Return what a writer decides: the document without the members that the catalogue sets."""
    return {member: value for member, value in service.items() if member not in SERVER_SET}


def upgraded(document: dict[str, Any]) -> Service:
    """Read a stored document of any earlier shape as today's; shape 1 is the first, so it is returned as it is.

    Raises:
        ValueError: for a shape that this release does not know.
    """
    if document.get("schema") != SCHEMA:
        raise ValueError(f"a service document of unknown shape {document.get('schema')!r}")
    return cast("Service", document)


def depth_online(service: Service, audience: Audience) -> int | None:
    """Return the deepest rank among the audience's channels, 0 if all are unknown, ``None`` if there are none."""
    ranks = [
        Depth(channel["depth"]).rank if channel["depth"] else 0
        for channel in service["online_channels"]
        if channel["audience"] == audience
    ]
    return max(ranks, default=None)


def index_of(service: Service) -> ServiceIndex:
    """Project a document onto its index."""
    return ServiceIndex(
        id=service["id"],
        division=service["division"],
        domain=service["domain"],
        visits=service["visits"],
        single_window=service["single_window"],
        for_individual=Audience.INDIVIDUAL in service["audiences"],
        for_enterprise=Audience.ENTERPRISE in service["audiences"],
        depth_individual=depth_online(service, Audience.INDIVIDUAL),
        depth_enterprise=depth_online(service, Audience.ENTERPRISE),
        status=service["status"],
        version=service["version"],
        revision=service["revision"],
        life_events=event_list(service["life_events"]),
    )


_UNKNOWN_TEXT = {"zh": None, "en": None}
_RESET: dict[str, Any] = {
    "name": _UNKNOWN_TEXT,
    "summary": _UNKNOWN_TEXT,
    "time_limits": {"statutory": None, "promised": None},
    "audiences": [],
    "online_channels": [],
    "legal_basis": [],
    "materials": [],
    "fees": [],
    "life_events": [],
    "codes": {},
}
"""What null in a merge patch leaves of a member; every other member takes null as it is, or refuses it."""


def merged(content: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return ``content`` with a merge patch (RFC 7396) applied to it.

    Every member is always present, so null does not remove one but sets it back to unknown: null, or an empty
    list. Only in ``codes``, whose names are free, does null remove.
    """
    patched: dict[str, Any] = _merged(content, changes)
    for member, empty in _RESET.items():
        if patched[member] is None:
            patched[member] = deepcopy(empty)
    if isinstance(patched["codes"], dict):
        patched["codes"] = {scheme: code for scheme, code in patched["codes"].items() if code is not None}
    return patched


def _merged(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    kept = target if isinstance(target, dict) else {}
    return kept | {name: _merged(kept.get(name), value) for name, value in patch.items()}


def tagged(content: dict[str, Any], tags: Collection[str]) -> dict[str, Any]:
    """Return ``content`` with the members from which exactly these tags follow; one of them is a visit tag."""
    return content | {"visits": 0 if Tag.ZERO_VISIT in tags else 1, "single_window": Tag.SINGLE_WINDOW in tags}


def changed_members(before: Service, after: Service) -> list[str]:
    """Return the names of the members that a writer decides and that differ, in alphabetical order."""
    old, new = content_of(before), content_of(after)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


StatusFilter = Literal["active", "retired", "any"]
"""Which entries a reader asks for; ``active`` unless said otherwise."""
