"""What a reader is looking for, as conditions on the tokens of a service, and the order of what is found.

A token is a word with a letter before it that says where in the service it stands. What the letters are is said here;
how texts become words is the business of ``documents/search``, and how a database looks for them that of the store.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Part(StrEnum):
    """The letter before a token: where the word stands."""

    EXACT = "x"
    """A whole name, without spaces and punctuation."""
    CODE = "c"
    """A whole code, written so."""
    NAME = "n"
    SUMMARY = "s"
    """The summary, the codes, and names of earlier versions."""
    MATERIAL = "m"
    PINYIN = "p"
    """Two syllables of the name in a row, or one."""
    INITIALS = "i"
    """The first letters of two syllables of the name in a row."""
    READ = "y"
    """The whole name in pinyin."""
    READ_SHORT = "z"
    """The whole name in initials."""
    NAMED = "w"
    """The number of the whole name, which all services have that are called so."""
    ANYTHING = "a"
    """Stands by a name whose services have too many words to keep; it is no token of a service."""
    DIVISION = "d"
    STATUS = "v"
    DOMAIN = "k"
    LIFE_EVENT = "l"


@dataclass(frozen=True, slots=True)
class Token:
    """The condition that a service has this token; a prefix is one that begins with it."""

    text: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """The condition that all parts hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The condition that one of the parts holds."""

    parts: tuple["Condition", ...]


Condition = Token | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say a word: the tokens that must all be there, wherever in the service is asked for.

    Those that are ``placed`` have their letter already; of one ``unfinished`` the last is only the beginning.
    """

    tokens: tuple[str, ...]
    placed: bool = False
    unfinished: bool = False

    def within(self, parts: tuple[Part, ...]) -> Condition:
        """Return the condition that it stands in these parts of a service."""
        letters = ("",) if self.placed else parts
        return _all(
            tuple(_any(tuple(self._token(place, letter) for letter in letters)) for place in range(len(self.tokens)))
        )

    def asks_more_than(self, other: "Wording") -> bool:
        """Tell whether it finds nothing that the other one does not: it has its tokens, and others."""
        both = (self, other)
        return set(other.tokens) < set(self.tokens) and not any(one.placed or one.unfinished for one in both)

    def _token(self, place: int, letter: str) -> Token:
        is_last = place == len(self.tokens) - 1
        return Token(letter + self.tokens[place], is_prefix=self.unfinished and is_last)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question as it was typed, and the other ways to say it."""

    typed: Wording
    others: tuple[Wording, ...] = ()

    def within(self, parts: tuple[Part, ...]) -> Condition:
        """Return the condition that it stands in these parts, in one way or another; what adds nothing is left out."""
        ways = (self.typed, *self.others)
        return _any(tuple(way.within(parts) for way in ways if not any(map(way.asks_more_than, ways))))


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader typed: as a whole, in stretches without what says nothing, and its words, all looked for.

    ``text`` tells one question from another; the rest follows from it.
    """

    text: str
    whole: str = field(compare=False)
    stretches: tuple[Wording, ...] = field(compare=False)
    words: tuple[Word, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A service's name in both languages, its number, and the tokens that it is found by, in order.

    Of two names the shorter one, in Chinese, has the smaller number.
    """

    number: int
    zh: str
    en: str | None
    tokens: tuple[str, ...]


MOST_PIECES = 24
"""Pieces of a question by which the nearest services are told, the first ones; a database joins so many, not any."""

NEAR = 100
"""The rank of what meets every piece; above that of any service that has all the words."""

MOST_NEAR = 100
"""Services shown where none has all the words."""


def comes_near(met: Any, pieces: int) -> Any:
    """Tell whether what meets so many of a question's pieces is shown where none has all words: at least a third."""
    return met * 3 >= pieces


_NAME = (Part.NAME,)
_ANYWHERE = (Part.NAME, Part.SUMMARY, Part.MATERIAL)
_WIDENING = (_NAME, (Part.NAME, Part.SUMMARY), _ANYWHERE)


def ranked(question: Question) -> tuple[Condition, ...]:
    """Return what finds a service, the best first: a service's rank is the first condition that it meets.

    The exact name or code; what was typed in the name; all words in the name, be they said otherwise; also in the
    summary; also in the materials, or else the exact name or code. So the last finds all that the others find; where
    two are the same, it is there once.
    """
    whole = (Token(Part.EXACT + question.whole), Token(Part.CODE + question.whole))
    typed = _all(tuple(stretch.within(_NAME) for stretch in question.stretches))
    *wider, anywhere = (_all(tuple(word.within(parts) for word in question.words)) for parts in _WIDENING)
    return tuple(dict.fromkeys((AnyOf(whole), typed, *wider, _or(whole, anywhere))))


def _or(ways: tuple[Token, ...], condition: Condition) -> Condition:
    """Return that a condition holds, or one of these tokens is there: each part of it may be met so.

    What separates words is no part of a whole name or code, so that those who parted it otherwise find it as well.
    """
    if isinstance(condition, AllOf):
        return AllOf(tuple(_or(ways, part) for part in condition.parts))
    return AnyOf((*ways, *(condition.parts if isinstance(condition, AnyOf) else (condition,))))


_OF_NAMES = (Part.EXACT, Part.NAME, Part.PINYIN, Part.INITIALS, Part.READ, Part.READ_SHORT)


def is_of_names(condition: Condition) -> bool:
    """Tell whether it depends on a service's name alone."""
    if isinstance(condition, Token):
        return condition.text.startswith(_OF_NAMES)
    return all(map(is_of_names, condition.parts))


NOTHING = Token(Part.NAMED)
"""The condition that no service meets."""


def called(numbers: Sequence[int]) -> Condition:
    """Return the condition that a service has one of the names with these numbers."""
    return _any(tuple(Token(numbered(number)) for number in numbers)) if numbers else NOTHING


def numbers_of(condition: Condition) -> list[int]:
    """Return the numbers of the names that a condition is about, where it is about nothing else."""
    parts = condition.parts if isinstance(condition, AnyOf) else (condition,)
    tokens = [part.text for part in parts if isinstance(part, Token) and part.text.startswith(Part.NAMED)]
    return [int(token[1:], 16) for token in tokens if len(token) > 1] if len(tokens) == len(parts) else []


def nearest(question: Question) -> tuple[Condition, ...]:
    """Return what each piece of a question finds, in names and then anywhere: who meets most comes nearest.

    Where no service has all words, a misspelt one shall not hide what the others find; so of a word without synonyms
    each pair of characters, and in names each character, counts by itself.
    """
    pieces = [*dict.fromkeys(piece for word in question.words for piece in _pieces(word))][:MOST_PIECES]
    characters = dict.fromkeys(
        "".join(token for piece in pieces for token in piece.typed.tokens if not token.isascii())
    )
    return (
        *(piece.within(parts) for parts in (_NAME, _ANYWHERE) for piece in pieces),
        *(Wording((character,)).within(_NAME) for character in characters),
    )


def _pieces(word: Word) -> list[Word]:
    return [word] if word.others else [Word(Wording((token,))) for token in word.typed.tokens]


def suggested(question: Question) -> tuple[Condition, ...]:
    """Return what finds a name that somebody has begun to type, the best first.

    A name that begins so, in characters, pinyin or initials; one with these words in it; one that says them otherwise.
    """
    if not question.words:
        return ()
    begun = (Part.EXACT, Part.READ, Part.READ_SHORT)
    typed = _all(tuple(stretch.within(_NAME) for stretch in question.stretches))
    said = _all(tuple(word.within(_NAME) for word in question.words))
    return (_any(tuple(Token(part + question.whole, is_prefix=True) for part in begun)), typed, said)


def coded(part: Part, code: str) -> str:
    """Return the token of a code; tokens hold letters and digits alone."""
    return part + code.replace("-", "")


def numbered(name: int) -> str:
    """Return the token of a name's number, by which all services are found that are called so."""
    return f"{Part.NAMED}{name:016x}"


def narrowed(condition: Condition, codes: Iterable[tuple[Part, str]]) -> Condition:
    """Return a condition that holds only where a service also has these codes."""
    return _all((condition, *(Token(coded(part, code)) for part, code in codes)))


def _all(parts: tuple[Condition, ...]) -> Condition:
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _any(parts: tuple[Condition, ...]) -> Condition:
    return parts[0] if len(parts) == 1 else AnyOf(parts)
