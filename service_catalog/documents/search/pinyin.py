"""Pinyin: how characters are read, and which syllables a run of letters may be; the table is data beside it."""

from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from pathlib import Path

FILE = Path(__file__).parent / "pinyin.txt"
"""A line a syllable: the characters that it is the first reading of, then those that it is another reading of."""

MOST_SPELLINGS = 8
"""Ways to read one text, or to divide one run of letters, that are followed."""

LONGEST_SYLLABLE = 6


@cache
def _readings() -> dict[str, list[str]]:
    """Return the table, read when somebody first searches or writes; a program that does neither does without."""
    found: dict[str, list[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        syllable, first, *others = line.split(" ")
        for character in first:
            found.setdefault(character, []).insert(0, syllable)
        for character in "".join(others):
            found.setdefault(character, []).append(syllable)
    return found


@cache
def _syllables() -> frozenset[str]:
    return frozenset(syllable for ways in _readings().values() for syllable in ways)


@cache
def initials() -> frozenset[str]:
    """Return the letters that a syllable begins with: all but i, u and v."""
    return frozenset(syllable[0] for syllable in _syllables())


def readings(character: str) -> list[str]:
    """Return how a character is read, the commonest first; nothing where the table does not have it."""
    return _readings().get(character, [])


def read_aloud(text: str) -> list[tuple[str, ...]]:
    """Return the first few ways to read a text of Chinese characters; what has no reading is passed over."""
    return list(islice(product(*(ways for character in text if (ways := readings(character)))), MOST_SPELLINGS))


def divided(letters: str) -> list[tuple[str, ...]]:
    """Return the first few ways to divide letters into syllables, long ones first; nothing where there is none."""
    return list(islice(_divided(letters), MOST_SPELLINGS))


def _divided(letters: str) -> Iterator[tuple[str, ...]]:
    syllables = _syllables()
    dead: set[int] = set()  # places from which nothing can follow, so that no word takes exponential time

    def following(start: int) -> Iterator[tuple[str, ...]]:
        if start == len(letters):
            yield ()
            return
        if start in dead:
            return
        fruitless = True
        for end in range(min(len(letters), start + LONGEST_SYLLABLE), start, -1):
            if letters[start:end] in syllables:
                for rest in following(end):
                    fruitless = False
                    yield letters[start:end], *rest
        if fruitless:
            dead.add(start)

    return following(0)
