"""How a text is cut into what an index holds: pairs of Chinese characters, and the stems of other words."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from operator import add

from snowballstemmer import stemmer

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_FIRST_CHINESE = "\u3400"
_RUNS = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")
"""A run of Chinese characters, or of other letters and digits; all else only separates."""

_STEMMER = stemmer("english")

_IGNORED_WORDS = """
a an and are as at be by can do does for from how i in is it my of on or the to what when where which who with you your
"""
IGNORED = frozenset(_IGNORED_WORDS.split())
"""English words that say nothing of a service."""


LONGEST_WORD = 100
"""Letters of a word that is not Chinese by which it is found; PostgreSQL keeps no token of more than 2,046 bytes."""


def folded(text: str) -> str:
    """Return a text as it is compared: full-width letters as plain ones, capitals as small ones."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the runs of letters of a folded text, each with whether it is Chinese."""
    for run in _RUNS.findall(text):
        yield run, run >= _FIRST_CHINESE


def squeezed(text: str) -> str:
    """Return the letters and digits of a text alone, by which two spellings of one name are the same."""
    return "".join(_RUNS.findall(folded(text)))


def pairs(run: str) -> list[str]:
    """Return what stands for a run of Chinese characters: its pairs, each once, or itself where it is one character."""
    return [*dict.fromkeys(map(add, run, run[1:]))] or [run]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of an English word; any other word is its own."""
    return str(_STEMMER.stemWord(word)) if word.isascii() and word.isalpha() else word


def tokens(text: str, *, with_characters: bool = False) -> set[str]:
    """Return the tokens of a text: pairs and stems, and where wanted each Chinese character by itself."""
    found: set[str] = set()
    for run, is_chinese in runs(folded(text)):
        if is_chinese:
            found.update(pairs(run))
            if with_characters:
                found.update(run)
        elif run not in IGNORED:
            found.add(stem(run[:LONGEST_WORD]))
    return found
