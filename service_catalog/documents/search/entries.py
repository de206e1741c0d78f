"""What of a service is indexed: the one pure function from documents to tokens."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, product
from typing import Literal

from service_catalog.documents.canonical import compact, stored_document
from service_catalog.documents.search.pinyin import read_aloud, readings
from service_catalog.documents.search.spelling import folded, runs, squeezed, tokens
from service_catalog.domain.search import Part, coded
from service_catalog.domain.service import LocalText, Service

LONGEST_WHOLE = 200
"""Characters of a name by which it can be found as a whole."""

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
    names = _texts(service["name"])
    materials = [name for material in service["materials"] for name in _texts(material["name"])]
    places: dict[Part, Iterable[str]] = {
        Part.NAME: names,
        Part.SUMMARY: [*_texts(service["summary"]), *former, *codes],
        Part.MATERIAL: materials,
    }
    seen: set[str] = set()
    found = {Part.EXACT + squeezed(text)[:LONGEST_WHOLE] for text in (*names, *codes)}
    for part, texts in places.items():
        words = tokens("\n".join(texts)[:MOST_SEARCHED], with_characters=part is Part.NAME) - seen
        found.update(part + word for word in words)
        seen |= words
    found.update(_spoken(service["name"]["zh"] or ""))
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


@lru_cache(maxsize=4096)
def _spoken(name: str) -> frozenset[str]:
    """Return the tokens of a name in pinyin; many divisions call the same service by the same name."""
    return frozenset(_spelt(name))


def _spelt(name: str) -> Iterator[str]:
    """Yield the tokens of a name in pinyin, by every reading of its characters."""
    chinese = [run for run, is_chinese in runs(folded(name)) if is_chinese]
    for run in chinese:
        ways = [readings(character) for character in run]
        for way in ways:
            yield from (Part.PINYIN + syllable for syllable in way)
        for one, other in (pair for first, second in pairwise(ways) for pair in product(first, second)):
            yield Part.PINYIN + one + "0" + other
            yield Part.INITIALS + one[0] + other[0]
    for syllables in read_aloud("".join(chinese)[:LONGEST_WHOLE]):
        yield Part.READ + "".join(syllables)
        yield Part.READ_SHORT + "".join(syllable[0] for syllable in syllables)
