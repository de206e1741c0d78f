"""The names that services have, each once however many services share it, and what a name is found by."""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise, product

from service_catalog.documents.canonical import canonical
from service_catalog.documents.search.pinyin import read_aloud, readings
from service_catalog.documents.search.spelling import folded, runs, squeezed, tokens
from service_catalog.domain.search import Name, Part
from service_catalog.domain.service import LocalText

LONGEST_WHOLE = 200
"""Characters of a name by which it can be found as a whole."""

_MOST_SEARCHED = 20_000
"""Characters of both languages by which a name is found."""

_LONGEST_COUNTED = 255
_DIGEST_BITS = 55
"""A name's number is its length and these bits of a digest; two of a hundred thousand names of one length have the same
in one of seven million catalogues.
"""


def name_of(name: LocalText) -> Name:
    """Return a service's name as it is searched."""
    return _name(name["zh"] or "", name["en"])


@lru_cache(maxsize=4096)
def _name(zh: str, en: str | None) -> Name:
    """Return it from what is kept; many divisions call the same service by the same name."""
    texts = [text for text in (zh, en) if text]
    found = {Part.EXACT + squeezed(text)[:LONGEST_WHOLE] for text in texts}
    found |= {Part.NAME + word for word in tokens("\n".join(texts)[:_MOST_SEARCHED], with_characters=True)}
    found.update(_spoken(zh))
    return Name(_number(zh, en), zh, en, tuple(sorted(found)))


def _number(zh: str, en: str | None) -> int:
    digest = int.from_bytes(sha256(canonical({"en": en, "zh": zh})).digest()[:8])
    return min(len(zh), _LONGEST_COUNTED) << _DIGEST_BITS | digest >> 64 - _DIGEST_BITS


def _spoken(name: str) -> Iterator[str]:
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
