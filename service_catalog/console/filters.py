"""The filters as a reader sees them: groups of choices, each with the number of services that it would leave."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service_catalog.actions import counting
from service_catalog.actions.catalogue import Catalogue
from service_catalog.console.languages import Given
from service_catalog.console.texts import TEXTS
from service_catalog.documents.query_strings import read_query
from service_catalog.documents.schemas.queries import FilterQuery
from service_catalog.domain.selection import Filters, Sort
from service_catalog.domain.vocabulary import Audience, Code, Depth, Domain, LifeEvent, Status, Tag, Text

Pair = tuple[str, str]
Count = Callable[[list[Pair]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a filter may take: ``pair`` is how the address says it."""

    pair: Pair
    label: Text


@dataclass(frozen=True, slots=True)
class Group:
    """Choices of which one may be made, under the text that has the key ``filter.<name>``."""

    name: str
    choices: tuple[Choice, ...]
    is_main: bool = False

    @property
    def pairs(self) -> frozenset[Pair]:
        """All that this group puts into an address."""
        return frozenset(choice.pair for choice in self.choices)


def _choices(parameter: str, codes: type[Code]) -> tuple[Choice, ...]:
    return tuple(Choice((parameter, code.value), code.label) for code in codes)


GROUPS = (
    Group("audience", _choices("audience", Audience), is_main=True),
    Group(
        "online",
        (
            Choice(("online", "true"), TEXTS["filter.online.any"]),
            Choice(("online_for", Audience.INDIVIDUAL.value), TEXTS["filter.online.individual"]),
            Choice(("online_for", Audience.ENTERPRISE.value), TEXTS["filter.online.enterprise"]),
            Choice(("online", "false"), TEXTS["filter.online.none"]),
        ),
        is_main=True,
    ),
    Group(
        "visits",
        tuple(Choice(("tag", tag.value), tag.label) for tag in (Tag.ZERO_VISIT, Tag.ONE_VISIT)),
        is_main=True,
    ),
    Group("window", (Choice(("tag", Tag.SINGLE_WINDOW.value), Tag.SINGLE_WINDOW.label),)),
    Group("domain", _choices("domain", Domain)),
    Group("life_event", _choices("life_event", LifeEvent)),
)
"""The groups in the order in which they are shown; the main ones are always in sight."""

_ORDER_AND_PLACE = frozenset({"sort", "limit", "cursor"})
_NAMED: dict[str, Callable[[str], Given]] = {
    "min_depth": lambda value: Depth(value).label,
    "status": lambda value: TEXTS["filter.status.any"] if value == "any" else Status(value).label,
}
"""How a filter that stands in no group names its value, where it is a code."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice as the page shows it: ``pairs`` are the address that makes it, or takes it back where it is made."""

    label: Text
    pairs: list[Pair]
    count: int
    is_chosen: bool
    key: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A group as the page shows it; ``without`` are the parameters that make no choice in it."""

    name: str
    options: list[Option]
    without: list[Pair]
    is_chosen: bool
    is_main: bool


def panels(catalogue: Catalogue, given: list[Pair]) -> list[Panel]:
    """Return each group with what it would find beside the other filters, counted by the API's own facets."""
    known: dict[tuple[Pair, ...], dict[str, Any]] = {}

    def count(pairs: list[Pair]) -> dict[str, Any]:
        key = tuple(pairs)
        if key not in known:
            known[key] = counting.count_facets(catalogue, _filters_of(pairs))
        return known[key]

    kept = [pair for pair in given if pair[0] not in ("limit", "cursor")]
    return [_panel(group, kept, count) for group in GROUPS]


def _panel(group: Group, given: list[Pair], count: Count) -> Panel:
    others = [pair for pair in given if pair not in group.pairs]
    chosen = [pair for pair in given if pair in group.pairs]
    options = []
    for choice in group.choices:
        is_chosen = choice.pair in chosen
        if is_chosen or _fits(choice.pair, others):
            made = _agreeing([*others, choice.pair])
            pairs = [pair for pair in given if pair != choice.pair] if is_chosen else made
            options.append(
                Option(choice.label, pairs, _found(choice.pair, others, made, count), is_chosen, "-".join(choice.pair))
            )
    return Panel(group.name, options, others, bool(chosen), group.is_main)


def _fits(pair: Pair, others: list[Pair]) -> bool:
    """Tell whether a choice is offered: whoever said who they are is asked whether *they* can do it online."""
    audience = dict(others).get("audience")
    return audience is None or pair in (("online", "false"), ("online_for", audience)) or "online" not in pair[0]


def _agreeing(pairs: list[Pair]) -> list[Pair]:
    """Return the parameters with being online asked for the audience that is chosen, if one is."""
    audience = dict(pairs).get("audience")
    if audience is None:
        return pairs
    theirs = ("online_for", audience)
    asked = [theirs if pair == ("online", "true") or pair[0] == "online_for" else pair for pair in pairs]
    return list(dict.fromkeys(asked))


def _found(pair: Pair, others: list[Pair], made: list[Pair], count: Count) -> int:
    """Return how many services a choice leaves: a facet, or the total where no facet counts it."""
    name, value = pair
    if made != [*others, pair]:
        return _total(count(made))
    if name != "online":
        found: int = count(others)[name][value]
        return found
    online = _total(count([*others, ("online", "true")]))
    return online if value == "true" else _total(count(others)) - online


def _total(facets: dict[str, Any]) -> int:
    total: int = facets["total"]
    return total


def _filters_of(pairs: list[Pair]) -> Filters:
    """Return the filters among some parameters, which were checked before."""
    filters: Filters = read_query(FilterQuery, [pair for pair in pairs if pair[0] not in _ORDER_AND_PLACE], 0)
    return filters


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter in force: the text with the key ``condition.<name>`` or its own label, and the address without it."""

    name: str
    value: Given
    pairs: list[Pair]
    is_choice: bool


def conditions(given: list[Pair]) -> list[Condition]:
    """Return every filter in force, also those that stand in no group, in the order of the address."""
    labels = {choice.pair: choice.label for group in GROUPS for choice in group.choices}
    kept = [pair for pair in given if pair[0] not in ("limit", "cursor")]
    return [
        Condition(pair[0], labels.get(pair) or _named(pair), _without(pair, kept), pair in labels)
        for pair in kept
        if pair[0] != "sort"
    ]


def _without(pair: Pair, given: list[Pair]) -> list[Pair]:
    """Return the parameters without one of them, and without an order that goes with a question alone."""
    relevance = ("sort", Sort.RELEVANCE.value)
    return [other for other in given if other != pair and not (pair[0] == "q" and other == relevance)]


def _named(pair: Pair) -> Given:
    name, value = pair
    return _NAMED[name](value) if name in _NAMED else Text(value, value)
