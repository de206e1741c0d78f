"""How tokens and conditions on them are written for each database: all that is known of the syntax of either.

What is asked of PostgreSQL's index is taken apart into **keys**, of which a service must meet all. GIN looks for what
meets one key by the rarest of its tokens, and leaps from there to what meets the next; of a single long ``tsquery`` it
tries far more services, each against the whole of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, TableClause, Text, bindparam, cast, column, literal_column, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from service_catalog.domain.search import AllOf, AnyOf, Condition, Part, Token, narrowed
from service_catalog.domain.selection import Filters
from service_catalog.store.statements import is_on_sqlite

Codes = tuple[tuple[Part, str], ...]

Keys = tuple[int, ...]
"""Of how many keys each condition consists; with the filters this is all that a statement depends on."""


class Terms(NamedTuple):
    """Conditions as a database reads them: their values by name, and of how many keys each of them consists."""

    values: dict[str, str]
    keys: Keys


def parameters(condition: int, keys: int) -> list[str]:
    """Return the parameters by which statements know the keys of a condition."""
    return [f"condition_{condition}_{key}" for key in range(keys)]


def terms(conditions: Sequence[Condition], codes: Codes, *, is_sqlite: bool) -> Terms:
    """Return conditions, each narrowed to codes, in the syntax of a database."""
    syntax = _FTS5 if is_sqlite else _TSQUERY
    narrow = [narrowed(condition, codes) for condition in conditions]
    parted = [[condition] if is_sqlite else _keys(condition) for condition in narrow]
    values = {
        name: _spelt(key, syntax)
        for number, keys in enumerate(parted)
        for name, key in zip(parameters(number, len(keys)), keys, strict=True)
    }
    return Terms(values, tuple(map(len, parted)))


def _keys(condition: Condition) -> list[Condition]:
    """Return together in one all tokens that must be there, and each choice that must be met, the shortest first.

    GIN takes keys in their order: two that seldom meet it follows side by side to their ends, before it asks the next.
    So what is rarest stands first: a division, and after it the words with the fewest ways to say them.
    """
    parts = list(_parts(condition))
    tokens = tuple(part for part in parts if isinstance(part, Token))
    choices = [key for part in parts if isinstance(part, AnyOf) for key in (part, *_implied(part))]
    return [*([AllOf(tokens)] if tokens else []), *sorted(choices, key=_length)]


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


def remaining(filters: Filters, *, is_sqlite: bool) -> Filters:
    """Return the filters that tokens do not answer."""
    status = "any" if _is_status_a_token(filters, is_sqlite=is_sqlite) else filters.status
    return replace(filters, q=None, division=None, status=status, domain=None, life_event=None)


def _is_status_a_token(filters: Filters, *, is_sqlite: bool) -> bool:
    """Tell whether the index is asked for the status.

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
