"""What a question means: its words without what only makes it a question, each with the other ways to say it."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path

from service_catalog.documents.search.entries import LONGEST_WHOLE
from service_catalog.documents.search.pinyin import INITIALS, divided, read_aloud
from service_catalog.documents.search.spelling import IGNORED, folded, pairs, runs, squeezed, stem, tokens
from service_catalog.domain.search import Part, Question, Word, Wording

REMEMBERED = 1024
"""Questions whose meaning is kept; finding one out costs more than a small database takes to answer it."""

_FOLDER = Path(__file__).parent
_MOST_INITIALS = 12


def _lines(name: str) -> Iterator[str]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield folded(line)


def _synonyms() -> dict[str, tuple[str, ...]]:
    found = {}
    for line in _lines("synonyms.txt"):
        said, _, meant = line.partition("=")
        found[said.strip()] = tuple(way.strip() for way in meant.split("|") if way.strip())
    return found


_SYNONYMS = _synonyms()
_STOPS = frozenset(word for line in _lines("stopwords.txt") for word in line.split())
_LONGEST = max(map(len, (*_SYNONYMS, *_STOPS)))


def _spoken() -> dict[str, list[str]]:
    """Return what is said in daily speech, by its pinyin and by its initials."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for said in _SYNONYMS:
        ways = read_aloud(said) if len(said) > 1 else []
        for letters in {spelt for way in ways for spelt in ("".join(way), "".join(syllable[0] for syllable in way))}:
            found[letters].append(said)
    return dict(found)


_SPOKEN = _spoken()


@lru_cache(maxsize=REMEMBERED)
def understood(text: str) -> Question:
    """Return what a text asks for; without a single letter or digit it has no words, and finds nothing."""
    folded_text = folded(text)
    stretches, words = _read(folded_text, _STOPS)
    if not words:  # it is all stop words: then they are what is looked for
        stretches, words = _read(folded_text, frozenset())
    return Question(squeezed(text)[:LONGEST_WHOLE], stretches, words)


def _read(text: str, stops: frozenset[str]) -> tuple[tuple[Wording, ...], tuple[Word, ...]]:
    """Return the stretches of a text as they were typed, and its words, each once."""
    stretches: list[Wording] = []
    words: list[Word] = []
    for run, is_chinese in runs(text):
        if is_chinese:
            for stretch in _without(stops, _divided(run, stops)):
                stretches.append(Wording(tuple(pairs("".join(stretch)))))
                words += map(_chinese, _telling(stretch))
        elif run not in IGNORED:
            word = _other(run)
            stretches.append(word.typed)
            words.append(word)
    return tuple(dict.fromkeys(stretches)), tuple(dict.fromkeys(words))


def _divided(run: str, stops: frozenset[str]) -> list[str]:
    """Return the words of a run of Chinese: at each place the longest one known, and whatever stands between them."""
    found, rest, start = [], "", 0
    while start < len(run):
        ends = range(min(len(run), start + _LONGEST), start, -1)
        known = next((run[start:end] for end in ends if run[start:end] in _SYNONYMS or run[start:end] in stops), "")
        if known:
            found += [rest, known]
            rest = ""
        else:
            rest += run[start]
        start += len(known) or 1
    return [word for word in (*found, rest) if word]


def _without(stops: frozenset[str], words: list[str]) -> Iterator[list[str]]:
    """Yield the stretches of words between stop words."""
    for is_stop, stretch in groupby(words, key=stops.__contains__):
        if not is_stop:
            yield list(stretch)


def _telling(stretch: list[str]) -> list[str]:
    """Return the words of a stretch but for characters left alone beside them: particles and verbs nobody listed."""
    return [word for word in stretch if len(word) > 1 or word in _SYNONYMS] or stretch


def _chinese(word: str) -> Word:
    others = (Wording(tuple(sorted(tokens(meant)))) for meant in _SYNONYMS.get(word, ()))
    return Word(Wording(tuple(pairs(word))), tuple(others))


def _other(word: str) -> Word:
    """Return a word of letters or digits: English, or pinyin, or the initials of some name."""
    said = [_chinese(chinese) for chinese in _SPOKEN.get(word, ())]
    meant = [wording for chinese in said for wording in (chinese.typed, *chinese.others)]
    return Word(Wording((stem(word),)), tuple(dict.fromkeys([*meant, *_in_pinyin(word), *_in_initials(word)])))


def _in_pinyin(letters: str) -> Iterator[Wording]:
    for way in divided(letters):
        spelt = [f"{one}0{other}" for one, other in pairwise(way)] or list(way)
        yield Wording(tuple(Part.PINYIN + syllables for syllables in spelt), placed=True)


def _in_initials(letters: str) -> Iterator[Wording]:
    if 1 < len(letters) <= _MOST_INITIALS and INITIALS.issuperset(letters):
        yield Wording(tuple(Part.INITIALS + one + other for one, other in pairwise(letters)), placed=True)
