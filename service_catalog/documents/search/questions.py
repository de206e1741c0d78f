"""What a question means: its words without what only makes it a question, each with the other ways to say it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from service_catalog.documents.search.names import LONGEST_WHOLE
from service_catalog.documents.search.pinyin import LONGEST_SYLLABLE, divided, initials, read_aloud
from service_catalog.documents.search.spelling import IGNORED, folded, pairs, runs, squeezed, stem, tokens
from service_catalog.domain.search import Part, Question, Word, Wording

REMEMBERED = 1024
"""Questions whose meaning is kept; finding one out costs more than a small database takes to answer it."""

LONGEST_READ = 100
"""Characters that are read of a question; one character may stand for a whole company's form (㍿) or a prayer (ﷺ)."""

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


def _spoken(synonyms: Iterable[str]) -> dict[str, list[str]]:
    """Return what is said in daily speech, by its pinyin and by its initials."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for said in synonyms:
        ways = read_aloud(said) if len(said) > 1 else []
        for letters in {spelt for way in ways for spelt in ("".join(way), "".join(syllable[0] for syllable in way))}:
            found[letters].append(said)
    return dict(found)


class _Lexicon(NamedTuple):
    """What is known of words: their synonyms, those that only make a question, the longest, and how they are spelt."""

    synonyms: dict[str, tuple[str, ...]]
    stops: frozenset[str]
    longest: int
    spoken: dict[str, list[str]]


@cache
def _lexicon() -> _Lexicon:
    """Return what the files beside this one say, read when the first question is asked."""
    synonyms = _synonyms()
    stops = frozenset(word for line in _lines("stopwords.txt") for word in line.split())
    return _Lexicon(synonyms, stops, max(map(len, (*synonyms, *stops))), _spoken(synonyms))


@lru_cache(maxsize=REMEMBERED)
def understood(text: str) -> Question:
    """Return what a text asks for; without a single letter or digit it has no words, and finds nothing."""
    question = _read(text, _lexicon().stops, _other)
    return question if question.words else _read(text, frozenset(), _other)  # all stop words: then those


@lru_cache(maxsize=REMEMBERED)
def begun(text: str) -> Question:
    """Return what a text asks for while it is being typed: of its words in letters more may follow."""
    return replace(_read(text, frozenset(), _unfinished), text=f"{text}…")


def _read(text: str, stops: frozenset[str], spelt: Callable[[str], Word]) -> Question:
    """Read a text as stretches between stop words and as words, each once; ``spelt`` reads those not in Chinese."""
    stretches: list[Wording] = []
    words: list[Word] = []
    for run, is_chinese in runs(folded(text)[:LONGEST_READ]):
        if is_chinese:
            for stretch in _without(stops, _divided(run, stops)):
                stretches.append(Wording(tuple(pairs("".join(stretch)))))
                words += map(_chinese, _telling(stretch))
        elif run not in IGNORED:
            word = spelt(run)
            stretches.append(word.typed)
            words.append(word)
    return Question(text, squeezed(text)[:LONGEST_WHOLE], tuple(dict.fromkeys(stretches)), tuple(dict.fromkeys(words)))


def _divided(run: str, stops: frozenset[str]) -> list[str]:
    """Return the words of a run of Chinese: at each place the longest one known, and whatever stands between them."""
    synonyms, _, longest, _ = _lexicon()
    found, rest, start = [], "", 0
    while start < len(run):
        ends = range(min(len(run), start + longest), start, -1)
        known = next((run[start:end] for end in ends if run[start:end] in synonyms or run[start:end] in stops), "")
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
    synonyms = _lexicon().synonyms
    return [word for word in stretch if len(word) > 1 or word in synonyms] or stretch


def _chinese(word: str) -> Word:
    others = (Wording(tuple(sorted(tokens(meant)))) for meant in _lexicon().synonyms.get(word, ()))
    return Word(Wording(tuple(pairs(word))), tuple(others))


def _other(word: str) -> Word:
    """Return a word of letters or digits: English, or pinyin, or the initials of some name."""
    return _spelt(Wording((stem(word),)), _lexicon().spoken.get(word, []), [*_in_pinyin(word), *_in_initials(word)])


def _unfinished(word: str) -> Word:
    """Return a word of letters of which more may follow."""
    spoken = _lexicon().spoken if len(word) > 1 else {}
    said = [one for letters, ways in spoken.items() if letters.startswith(word) for one in ways]
    finished = [Wording((stem(word),)), *_in_pinyin(word), *_in_initials(word)]
    return _spelt(Wording((word,), unfinished=True), said, [*finished, *_in_pinyin_so_far(word)])


def _spelt(typed: Wording, said: Iterable[str], others: Iterable[Wording]) -> Word:
    meant = [wording for chinese in map(_chinese, said) for wording in (chinese.typed, *chinese.others)]
    return Word(typed, tuple(dict.fromkeys([*meant, *others])))


def _in_pinyin(letters: str) -> Iterator[Wording]:
    for way in divided(letters):
        yield Wording(_in_syllables(way) or (Part.PINYIN + way[0],), placed=True)


def _in_pinyin_so_far(letters: str) -> Iterator[Wording]:
    """Yield the readings of letters whose last few only begin a syllable."""
    for end in range(max(1, len(letters) - LONGEST_SYLLABLE + 1), len(letters)):
        for way in divided(letters[:end]):
            begins = f"{Part.PINYIN}{way[-1]}0{letters[end:]}"
            yield Wording((*_in_syllables(way), begins), placed=True, unfinished=True)


def _in_syllables(way: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{Part.PINYIN}{one}0{other}" for one, other in pairwise(way))


def _in_initials(letters: str) -> Iterator[Wording]:
    if 1 < len(letters) <= _MOST_INITIALS and initials().issuperset(letters):
        yield Wording(tuple(f"{Part.INITIALS}{one}{other}" for one, other in pairwise(letters)), placed=True)
