"""How tokens and conditions on them are written for each database: all that is known of the syntax of either.

What is asked of PostgreSQL's index is taken apart into **keys**, of which a service must meet all. GIN looks for what
meets one key by the rarest of its tokens, and leaps from there to what meets the next; of a single long ``tsquery`` it
tries far more services, each against the whole of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, TableClause, Text, bindparam, cast, column, literal_column, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from service_catalog.domain.search import AllOf, AnyOf, Condition, Part, Token, narrowed, numbers_of
from service_catalog.domain.selection import Filters
from service_catalog.store.statements import is_on_sqlite

Codes = tuple[tuple[Part, str], ...]


class Shape(NamedTuple):
    """How a condition is asked: of how many keys it consists, or about how many names it is, and nothing else."""

    keys: int
    names: int = 0


Shapes = tuple[Shape, ...]
"""Those of some conditions; with the filters this is all that a statement depends on."""


_MERGED = (1, 2, 4, 8, 16)
"""Names whose services are found one name after the other and merged, as many to a statement; some may be nobody's.

Of more names, merging takes longer than looking for their tokens.
"""

_NO_NAME = -1


class Terms(NamedTuple):
    """Conditions as a database reads them: their values by name, and how each of them is asked."""

    values: dict[str, Any]
    shapes: Shapes


def parameters(condition: int, shape: Shape) -> list[str]:
    """Return the parameters by which statements know the keys, or the names, of a condition."""
    return [f"condition_{condition}_{place}" for place in range(shape.keys or shape.names)]


def terms(conditions: Sequence[Condition], codes: Codes, *, is_sqlite: bool) -> Terms:
    """Return conditions, each narrowed to codes, in the syntax of a database."""
    asked = [_asked(condition, codes, is_sqlite=is_sqlite) for condition in conditions]
    values = {
        name: value
        for number, (given, shape) in enumerate(asked)
        for name, value in zip(parameters(number, shape), given, strict=True)
    }
    return Terms(values, tuple(shape for _, shape in asked))


def _asked(condition: Condition, codes: Codes, *, is_sqlite: bool) -> tuple[Sequence[str | int], Shape]:
    numbers = numbers_of(condition)
    merged = next((names for names in _MERGED if len(numbers) <= names), 0)
    if numbers and merged and all(part is Part.STATUS for part, _ in codes):  # which the index of names has, too
        return [*numbers, *[_NO_NAME] * (merged - len(numbers))], Shape(0, merged)
    narrow = narrowed(condition, codes)
    if is_sqlite:
        return [_spelt(narrow, _FTS5)], Shape(1)
    keys = _keys(narrow)
    return [_spelt(key, _TSQUERY) for key in keys], Shape(len(keys))


def _keys(condition: Condition) -> list[Condition]:
    """Return together in one all tokens that must be there, and each choice that must be met, the shortest first.

    GIN takes keys in their order: two that seldom meet it follows side by side to their ends, before it asks the next.
    So what is rarest stands first: a division, names, and after them the words with the fewest ways to say them.
    """
    parts = list(_parts(condition))
    tokens = tuple(part for part in parts if isinstance(part, Token))
    choices = [key for part in parts if isinstance(part, AnyOf) for key in (part, *_implied(part))]
    choices.sort(key=lambda choice: (not numbers_of(choice), _length(choice)))
    return [*([AllOf(tokens)] if tokens else []), *choices]


def _implied(choice: AnyOf) -> list[Condition]:
    """Return that the last token of one of several ways is there, where some way has several tokens.

    Of such a choice GIN goes through every token's list; this shorter one comes first, by which it leaps.
    """
    ways = [list(_parts(way)) for way in choice.parts]
    return [AnyOf(tuple(way[-1] for way in ways))] if max(map(len, ways)) > 1 else []


def _length(condition: Condition) -> int:
    return 1 if isinstance(condition, Token) else sum(map(_length, condition.parts))


def _parts(condition: Condition) -> Iterator[Condition]:
    """Yield what must be met, however deep it lies."""
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition


def codes_of(filters: Filters, *, is_sqlite: bool) -> Codes:
    """Return the codes that tokens stand for, which narrow a search before anything is looked up."""
    asked = (
        (Part.DIVISION, filters.division),
        (Part.STATUS, filters.status if _is_status_a_token(filters, is_sqlite=is_sqlite) else None),
        (Part.DOMAIN, filters.domain),
        (Part.LIFE_EVENT, filters.life_event),
    )
    return tuple((part, code) for part, code in asked if code is not None)


def remaining(filters: Filters) -> Filters:
    """Return the filters that no token answers, or not always: the status."""
    return replace(filters, q=None, division=None, domain=None, life_event=None)


def _is_status_a_token(filters: Filters, *, is_sqlite: bool) -> bool:
    """Tell whether the index of tokens is asked for the status.

    Nearly all services are active, so that GIN would walk its longest list to exclude next to nothing; as each hit's
    row is read there, the row says it. FTS5 reads no rows otherwise.
    """
    return filters.status == "retired" or (filters.status == "active" and is_sqlite)


class _Syntax(NamedTuple):
    """How a database writes a condition on tokens."""

    quote: str
    all_of: str
    any_of: str
    prefix: str


_FTS5 = _Syntax('"', " AND ", " OR ", "*")
_TSQUERY = _Syntax("'", " & ", " | ", ":*")


def _spelt(condition: Condition, syntax: _Syntax) -> str:
    if isinstance(condition, Token):
        return f"{syntax.quote}{condition.text}{syntax.quote}{syntax.prefix if condition.is_prefix else ''}"
    joint = syntax.all_of if isinstance(condition, AllOf) else syntax.any_of
    return "(" + joint.join(_spelt(part, syntax) for part in condition.parts) + ")"


def written(session: Session, tokens: Iterable[str]) -> str:
    """Return tokens as the database keeps them; they hold letters and digits alone, so nothing need be escaped."""
    return " ".join(tokens) if is_on_sqlite(session) else " ".join(f"'{token}'" for token in tokens)


def read_tokens(kept: str) -> list[str]:
    """Return the tokens that either database keeps so, in no order."""
    return kept.replace("'", "").split(" ")


def fts5(index: str, asked: Iterable[str]) -> tuple[TableClause, list[ColumnElement[bool]]]:
    """Return an index of SQLite, of which each row has a ``rowid``, and the conditions that it meets these keys."""
    return table(index, column("rowid")), [literal_column(index).op("MATCH")(bindparam(name)) for name in asked]


def gin(tokens: Column[str], asked: Iterable[str]) -> list[ColumnElement[bool]]:
    """Return the conditions that a column of PostgreSQL's meets these keys.

    They stand in the statement itself: a plan made for any question is bad for each.
    """
    keys = (bindparam(name, type_=Text(), literal_execute=True) for name in asked)
    return [tokens.op("@@")(cast(key, TSQUERY)) for key in keys]
