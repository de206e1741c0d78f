"""What of a service is indexed: the one pure function from documents to tokens."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from service_catalog.documents.canonical import compact, stored_document
from service_catalog.documents.search.names import LONGEST_WHOLE, name_of
from service_catalog.documents.search.spelling import squeezed, tokens
from service_catalog.domain.search import Part, coded, numbered
from service_catalog.domain.service import LocalText, Service

MOST_FORMER = 20
"""Names of earlier versions by which a service is found, the latest ones."""

MOST_SEARCHED = 20_000
"""Characters of each part of a service by which it is found; PostgreSQL keeps no more than a mebibyte of tokens."""

_PREFIXES = (2, 4, 6, 9, 12)
"""Lengths of a division and of the divisions above it."""


def is_indexed_alike(before: Service, after: Service) -> bool:
    """Tell whether two versions of a service have the same tokens, apart from former names."""
    return all(before[member] == after[member] for member in _INDEXED)


_INDEXED: tuple[Literal["name", "summary", "materials", "codes", "status", "domain", "life_events"], ...] = (
    "name",
    "summary",
    "materials",
    "codes",
    "status",
    "domain",
    "life_events",
)
"""Members that may change and that tokens come from."""


def former_names(former: Iterable[str], before: Service, after: Service) -> list[str]:
    """Return the former names of a service after a change, the latest first; ``former`` are those before it."""
    dropped = [name for name in _texts(before["name"]) if name not in _texts(after["name"])]
    names = [name for name in dict.fromkeys([*dropped, *former]) if name not in _texts(after["name"])]
    return names[:MOST_FORMER]


def tokens_of(service: Service, former: Iterable[str] = ()) -> list[str]:
    """Return the tokens by which a service is found, in order; a word stands in the best of its places alone."""
    codes = [service["code"], service["id"], *service["codes"].values()]
    name = name_of(service["name"])
    materials = [text for material in service["materials"] for text in _texts(material["name"])]
    places: dict[Part, Iterable[str]] = {
        Part.SUMMARY: [*_texts(service["summary"]), *former, *codes],
        Part.MATERIAL: materials,
    }
    found = {numbered(name.number), *name.tokens, *(Part.CODE + squeezed(code)[:LONGEST_WHOLE] for code in codes)}
    seen = {token[1:] for token in name.tokens if token.startswith(Part.NAME)}
    for part, texts in places.items():
        words = tokens("\n".join(texts)[:MOST_SEARCHED]) - seen
        found.update(part + word for word in words)
        seen |= words
    found.update(coded(Part.DIVISION, service["division"][:length]) for length in _PREFIXES)
    found.update(coded(Part.LIFE_EVENT, event) for event in service["life_events"])
    found |= {coded(Part.STATUS, service["status"]), coded(Part.DOMAIN, service["domain"])}
    return sorted(found)


def changed_entry(former: str, before: Service, after: Service) -> tuple[str, list[str]]:
    """Return the former names and the tokens of a service after a change; ``former`` are its former names so far."""
    names = former_names(stored_document(former.encode()), before, after)
    return compact(names).decode(), tokens_of(after, names)


def entry_of(versions: Sequence[Service]) -> tuple[str, list[str]]:
    """Return the former names, as JSON, and the tokens of a service, from all its versions."""
    former: list[str] = []
    for before, after in pairwise(versions):
        former = former_names(former, before, after)
    return compact(former).decode(), tokens_of(versions[-1], former)


def _texts(text: LocalText) -> list[str]:
    return [words for words in (text["zh"], text["en"]) if words]
