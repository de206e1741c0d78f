"""What the services of one name say beside it: the words that some of them have, and those of these that others lack.

Kept once for each name, it tells which names a question may find before any service is looked at: of words that are
frequent each, but that no name's services have, it is known at once that no service has them together.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from service_catalog.domain.search import AllOf, Condition, Name, Part, Token, is_of_names

MOST_WORDS = 2000
"""Words kept of a name; each write that adds one writes all of them, and of services that say more nothing is told."""

_BESIDE = (Part.SUMMARY, Part.MATERIAL, Part.CODE)
_ANYTHING = frozenset({str(Part.ANYTHING)})


@dataclass(frozen=True, slots=True)
class Namesakes:
    """The services of one name: the tokens, beside the name's, of some of them, and those of these that others lack.

    There may be tokens of ``some`` that no service has any more; then others lack them.
    """

    name: Name
    some: frozenset[str]
    lacking: frozenset[str]

    @property
    def tokens(self) -> list[str]:
        """What some of them are found by, in order."""
        return sorted({*self.name.tokens, *self.some})

    def include(self, other: "Namesakes") -> bool:
        """Tell whether what is said here holds of the other ones as well."""
        if self.name != other.name or not self.lacking <= self.some:
            return False
        if self.some == _ANYTHING:
            return True
        return other.some <= self.some and self.some - self.lacking <= other.some - other.lacking


def namesakes_of(name: Name, tokens: Iterable[str]) -> Namesakes:
    """Return what is kept of a name by what one service called so is found by."""
    return _bounded(name, frozenset(token for token in tokens if _is_beside(token)), frozenset())


def read_namesakes(number: int, zh: str, en: str | None, tokens: Iterable[str], lacking: Set[str]) -> Namesakes:
    """Return what is kept of a name, from all tokens that some services are found by."""
    of_name: list[str] = []
    some: list[str] = []
    for token in tokens:
        (some if token.startswith((*_BESIDE, Part.ANYTHING)) else of_name).append(token)
    return Namesakes(Name(number, zh, en, tuple(sorted(of_name))), frozenset(some), frozenset(lacking))


def joined(one: Namesakes, other: Namesakes) -> Namesakes:
    """Return what is kept of a name by what is kept of two parts of its services, as the second one spells it."""
    if one.some == other.some and one.lacking == other.lacking:
        return other
    return _bounded(other.name, one.some | other.some, one.lacking | other.lacking | (one.some ^ other.some))


def _bounded(name: Name, some: frozenset[str], lacking: frozenset[str]) -> Namesakes:
    if len(some) > MOST_WORDS or some >= _ANYTHING:
        return Namesakes(name, _ANYTHING, _ANYTHING)
    return Namesakes(name, some, lacking)


def _is_beside(token: str) -> bool:
    """Tell whether a token is kept: no word with a digit, as that may be of a code, which each service has its own."""
    return token.startswith(_BESIDE) and token[1:].isalpha()


def are_kept(condition: Condition) -> bool:
    """Tell whether what is kept of a name tells of a condition: all its tokens are the name's, or would be kept."""
    if isinstance(condition, Token):
        return is_of_names(condition) or _is_beside(condition.text)
    return all(map(are_kept, condition.parts))


def meet(tokens: Set[str], condition: Condition) -> bool:
    """Tell whether these tokens meet a condition without beginnings of words."""
    if isinstance(condition, Token):
        return condition.text in tokens
    return (all if isinstance(condition, AllOf) else any)(meet(tokens, part) for part in condition.parts)
