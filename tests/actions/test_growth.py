"""What a call reads does not grow with the past: however often a service was changed, its current version is one row.

Counted, not timed: SQLite's steps, and the rows that PostgreSQL takes out of the table of versions.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from service_catalog.actions.browsing import get_service, get_services, list_history, list_services, suggest_names
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.counting import count_facets, read_indicators
from service_catalog.documents.search.questions import begun, understood
from service_catalog.domain.selection import Filters, HistoryRequest, PageRequest, Sort, SuggestionRequest
from tests.actions.test_writing import CARD, content, write

CHANGES = 300
"""Versions that one service gets beside its first two; a table of few more rows PostgreSQL reads from end to end."""

_ROWS = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'service_version'"

CALLS: dict[str, Callable[[Catalogue], Any]] = {
    "list": lambda catalogue: list_services(catalogue, page(Sort.ID)),
    "latest first": lambda catalogue: list_services(catalogue, page(Sort.LATEST)),
    "search": lambda catalogue: list_services(catalogue, page(Sort.RELEVANCE, "社保卡")),
    "nearest": lambda catalogue: list_services(catalogue, page(Sort.RELEVANCE, "社保卡补领换领挂夫")),
    "suggestions": lambda catalogue: suggest_names(catalogue, SuggestionRequest(begun("社会保"), "430203")),
    "facets": lambda catalogue: count_facets(catalogue, page(Sort.ID).filters),
    "facets of a search": lambda catalogue: count_facets(catalogue, page(Sort.ID, "社保卡").filters),
    "indicators": lambda catalogue: read_indicators(catalogue, "430203"),
    "one service": lambda catalogue: get_service(catalogue, CARD),
    "some services": lambda catalogue: get_services(catalogue, [CARD]),
    "history": lambda catalogue: list_history(catalogue, CARD, HistoryRequest(1, None)),
}


def page(sort: Sort, asked: str | None = None) -> PageRequest:
    return PageRequest(Filters(division="430203", q=understood(asked) if asked else None), sort, 100, None)


def work(catalogue: Catalogue, call: Callable[[Catalogue], Any]) -> int:
    """Return what the database does for a call, which is made once before, so that its statements are known."""
    call(catalogue)
    with catalogue.snapshot() as frozen, frozen.database.reading() as session:
        if not catalogue.database.is_sqlite:
            before = session.execute(text(_ROWS)).scalar_one()
            call(frozen)
            return int(session.execute(text(_ROWS)).scalar_one() - before)
        steps: list[None] = []
        connection: Any = session.connection().connection.driver_connection
        connection.set_progress_handler(lambda: steps.append(None), 1)
        call(frozen)
        connection.set_progress_handler(None, 0)
        return len(steps)


def test_work_of_each_call_is_the_same_however_often_a_service_was_changed(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))  # from here on, nothing is the first of its kind
    before = {name: work(catalogue, call) for name, call in CALLS.items()}
    for turn in range(CHANGES):
        write(catalogue, content(catalogue, single_window=bool(turn % 2)))
    after = {name: work(catalogue, call) for name, call in CALLS.items()}
    grown = {name: (before[name], steps) for name, steps in after.items() if steps - before[name] > CHANGES / 4}
    assert not grown
