"""What a call reads does not grow with the past, nor with services that have no part in its answer.

Counted, not timed: SQLite's steps, and the rows that PostgreSQL takes out of its tables.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import make_url, text

from service_catalog.actions.browsing import (
    current_revision,
    get_service,
    get_services,
    list_history,
    list_services,
    suggest_names,
)
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.counting import count_facets, read_indicators
from service_catalog.documents.search.questions import begun, understood
from service_catalog.domain.search import Question
from service_catalog.domain.selection import Filters, HistoryRequest, PageRequest, Position, Sort, SuggestionRequest
from service_catalog.store import lists
from service_catalog.store.engine import LONGEST_READ, Database
from tests.actions.test_writing import CARD, content, write
from tests.conftest import open_database
from tests.domain.samples import CONTENTS

CHANGES = 300
"""Versions that one service gets beside its first two; a table of few more rows PostgreSQL reads from end to end."""

DIVISIONS = 10
"""Divisions that call their services by the same names."""

FEW = 4
"""Divisions until there are more services of each kind than a page needs."""

TABLES = ("search", "service_name", "service", "service_version")

_ROWS = "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname = ANY (:tables)"

CALLS: dict[str, Callable[[Catalogue], Any]] = {
    "list": lambda catalogue: list_services(catalogue, page(Sort.ID)),
    "latest first": lambda catalogue: list_services(catalogue, page(Sort.LATEST)),
    "search": lambda catalogue: list_services(catalogue, page(Sort.RELEVANCE, "社保卡")),
    "search, latest first": lambda catalogue: list_services(catalogue, page(Sort.LATEST, "社保卡")),
    "search by id": lambda catalogue: list_services(catalogue, page(Sort.ID, "社保卡")),
    "nearest": lambda catalogue: list_services(catalogue, page(Sort.RELEVANCE, "社保卡补领换领挂夫")),
    "suggestions": lambda catalogue: suggest_names(catalogue, SuggestionRequest(begun("社会保"), "430203")),
    "facets": lambda catalogue: count_facets(catalogue, page(Sort.ID).filters),
    "facets of a search": lambda catalogue: count_facets(catalogue, page(Sort.ID, "社保卡").filters),
    "indicators": lambda catalogue: read_indicators(catalogue, "430203"),
    "one service": lambda catalogue: get_service(catalogue, CARD),
    "some services": lambda catalogue: get_services(catalogue, [CARD]),
    "history": lambda catalogue: list_history(catalogue, CARD, HistoryRequest(1, None)),
    "a later page": lambda catalogue: list_services(catalogue, before_the_last_change(catalogue)),
    "a later page of a search": lambda catalogue: list_services(catalogue, before_the_last_change(catalogue, "社保卡")),
}


@pytest.fixture
def catalogue(seeded_url: str) -> Iterator[Catalogue]:
    """Yield a catalogue as it is opened for readers: PostgreSQL looks into indexes where there are any.

    It plans at once for all values, as it does by itself when it has been asked the same some times.
    """
    opened = open_database(seeded_url)
    url = make_url(seeded_url)
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": "-c plan_cache_mode=force_generic_plan"})
    served = replace(opened, database=Database(url.render_as_string(hide_password=False), LONGEST_READ))
    yield served
    served.database.close()


def latest(**filters: Any) -> PageRequest:
    return PageRequest(Filters(**filters), Sort.LATEST, 20, None)


def before_the_last_change(catalogue: Catalogue, asked: str | None = None) -> PageRequest:
    """Return a page of so few services that they are looked for by their attributes, one of which changed since."""
    begun = current_revision(catalogue) - 1
    return replace(latest(life_event="card", q=question(asked)), after=Position(begun, "999999", begun))


def page(sort: Sort, asked: str | None = None) -> PageRequest:
    return PageRequest(Filters(division="430203", q=question(asked)), sort, 20, None)


def question(asked: str | None) -> Question | None:
    return understood(asked) if asked else None


def work(catalogue: Catalogue, call: Callable[[Catalogue], Any], *tables: str) -> int:
    """Return what the database does for a call, which is made once before, so that its statements are known.

    That is SQLite's steps, or the rows that PostgreSQL reads in these tables.
    """
    call(catalogue)
    with catalogue.snapshot() as frozen, frozen.database.reading() as session:
        if not catalogue.database.is_sqlite:
            before = session.execute(text(_ROWS), {"tables": list(tables)}).scalar_one()
            call(frozen)
            return int(session.execute(text(_ROWS), {"tables": list(tables)}).scalar_one() - before)
        steps: list[None] = []
        connection: Any = session.connection().connection.driver_connection
        connection.set_progress_handler(lambda: steps.append(None), 1)
        call(frozen)
        connection.set_progress_handler(None, 0)
        return len(steps)


def analyze(catalogue: Catalogue) -> None:
    """Have PostgreSQL look at its tables, as it does by itself, sooner or later."""
    if catalogue.database.is_sqlite:
        return
    with catalogue.database.writing() as session:
        session.execute(text("ANALYZE"))
        session.commit()


def test_work_of_each_call_is_the_same_however_often_a_service_was_changed(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))  # from here on, nothing is the first of its kind
    analyze(catalogue)
    before = {name: work(catalogue, call, "service_version") for name, call in CALLS.items()}
    for turn in range(CHANGES):
        write(catalogue, content(catalogue, single_window=bool(turn % 2)))
    analyze(catalogue)
    after = {name: work(catalogue, call, "service_version") for name, call in CALLS.items()}
    grown = {name: (before[name], steps) for name, steps in after.items() if steps - before[name] > CHANGES / 4}
    assert not grown


FREQUENT: dict[str, Any] = {"domain": "employment", "life_event": "job-seeking"}
"""Filters that services elsewhere meet, whose attributes these are then."""

RARE: dict[str, Any] = {"domain": "employment", "life_event": "card"}
"""Filters that of the seed's services none meets, wherever these are."""

FIRST = Position(as_of=3, last_id="999999", last_revision=3)
"""Where a list goes on of which nothing has been read, begun before there were services elsewhere."""

NEAR_THE_END = Position(as_of=3, last_id="430203-d", last_revision=1)
"""Where such a list goes on near its end, among the seed's services."""

ELSEWHERE: dict[str, Callable[[Catalogue], Any]] = {
    "suggestions": lambda catalogue: suggest_names(catalogue, SuggestionRequest(begun("社会保"), None)),
    "suggestions of a division": lambda catalogue: suggest_names(
        catalogue, SuggestionRequest(begun("社会保"), "430203")
    ),
    "latest of a city": lambda catalogue: list_services(catalogue, latest(division="4302")),
    "latest of the retired": lambda catalogue: list_services(catalogue, latest(status="retired")),
    "latest of what few are": lambda catalogue: list_services(catalogue, latest(**RARE)),
    "latest of what few are in a province": lambda catalogue: list_services(catalogue, latest(**RARE, division="43")),
    "more of what few are": lambda catalogue: list_services(catalogue, replace(latest(**RARE), after=FIRST)),
    "the last page of an old list": lambda catalogue: list_services(catalogue, replace(latest(), after=NEAR_THE_END)),
}
"""Calls whose answers services of other divisions do not change, though they have the same names and changed later."""


def assert_elsewhere_costs_nothing(catalogue: Catalogue, call: Callable[[Catalogue], Any], **changes: Any) -> None:
    counts = []
    for number in range(DIVISIONS):
        write(catalogue, *(service | {"division": f"4399{number:02}"} | changes for service in CONTENTS))
        analyze(catalogue)
        counts.append(work(catalogue, call, *TABLES))
    least, most = min(counts[FEW:]), max(counts[FEW:])
    assert least > 0 and most - least <= 8, str(counts)


@pytest.mark.parametrize("call", ELSEWHERE)
def test_work_of_each_call_is_the_same_however_many_services_there_are_elsewhere(
    catalogue: Catalogue, call: str
) -> None:
    write(catalogue, content(catalogue, "430203-card-replacement", status="retired"))
    write(catalogue, content(catalogue, domain="employment"))
    assert_elsewhere_costs_nothing(catalogue, ELSEWHERE[call])


def test_work_of_a_later_page_is_the_same_however_many_services_changed_before_its_list_began(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_WALKED", 0)

    def more(catalogue: Catalogue) -> Any:
        begun = current_revision(catalogue) - 1
        return list_services(catalogue, replace(latest(), after=Position(begun, "999999", begun)))

    assert_elsewhere_costs_nothing(catalogue, more)


@pytest.mark.parametrize("division", [None, "43"])
@pytest.mark.parametrize("walked", [lists.MOST_WALKED, 1])
def test_work_of_the_latest_is_the_same_however_many_were_retired_since(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, walked: int, division: str | None
) -> None:
    """A walk of one change for each row of the page is short enough to be tried among so few services."""
    monkeypatch.setattr(lists, "MOST_WALKED", walked)
    in_force = latest(division=division)
    assert_elsewhere_costs_nothing(catalogue, lambda catalogue: list_services(catalogue, in_force), status="retired")


@pytest.mark.parametrize("division", [None, "43"])
def test_work_of_the_latest_is_the_same_however_many_meet_several_filters(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, division: str | None
) -> None:
    monkeypatch.setattr(lists, "MOST_WALKED", 5)  # so that soon enough services meet them for a whole walk
    found = latest(**FREQUENT, status="any", division=division)
    assert_elsewhere_costs_nothing(
        catalogue, lambda catalogue: list_services(catalogue, found), domain="employment", life_events=["job-seeking"]
    )
