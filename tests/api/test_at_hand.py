"""What a small catalogue answers from memory is what the database answers: the same bytes under the same headers."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from service_catalog.actions import at_hand
from service_catalog.actions.at_hand import SmallCatalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.api.at_hand import LIST, ListsAtHand
from service_catalog.app import create_app
from service_catalog.domain.errors import DatabaseUnavailable
from service_catalog.domain.vocabulary import Audience, Depth, Domain, LifeEvent, Tag, Text
from service_catalog.http_cache import HttpCache
from service_catalog.store.latest import LatestRevision
from service_catalog.store.tables import search
from tests.actions.test_writing import content, write
from tests.domain import samples
from tests.search.questions import KNOWN, UNSEEN


class InFront:
    """An application with its small catalogue in front, and how often the application itself was asked."""

    def __init__(self, catalogue: Catalogue, ask: Callable[[], tuple[int, float]]) -> None:
        """Put both in front of it, and ask once for what it must be asked for: the headers."""
        self.asked = 0
        app: Flask = create_app(catalogue)
        inner = app.wsgi_app

        def counted(environ: Any, start_response: Any) -> Any:
            self.asked += 1
            return inner(environ, start_response)

        lists = ListsAtHand(counted, SmallCatalogue(catalogue))
        app.wsgi_app = HttpCache(lists, ask, 32 * 2**20)  # type: ignore[method-assign]
        self.client: FlaskClient = app.test_client()
        assert self.client.get(LIST).status_code == 200
        self.asked = 0

    def get(self, path: str) -> tuple[dict[str, Any], bool]:
        """Return an answer, and whether the application was asked."""
        before = self.asked
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.data
        found: dict[str, Any] = answer.get_json()
        return found, self.asked > before


@pytest.fixture
def mixed(catalogue: Catalogue) -> Catalogue:
    """Return a catalogue in which ids, entries and changes have orders of their own, and not all are in force."""
    of_card = content(catalogue)
    write(catalogue, *({**of_card, "division": division} for division in ("430204", "430202001", "110101")))
    write(catalogue, content(catalogue, "430203-card-replacement", status="retired"))
    renamed = {"zh": "社保卡申领", "en": "Applying for a card"}
    write(catalogue, content(catalogue, "110101-card-application", name=renamed, domain="employment"))
    write(catalogue, content(catalogue, "430203-labour-use-filing", single_window=False))
    channels = [samples.channel("individual"), samples.channel("enterprise", depth="consult")]
    both = {"code": "both", "audiences": ["individual", "enterprise"], "online_channels": channels}
    write(catalogue, {**of_card, "division": "110101", **both})
    return catalogue


@pytest.fixture
def in_front(mixed: Catalogue) -> Iterator[InFront]:
    """Yield the application with the small catalogue in front, which holds it."""
    with closing(LatestRevision(mixed.database)) as latest:
        yield InFront(mixed, latest.ask)


@pytest.fixture
def behind(mixed: Catalogue) -> FlaskClient:
    """Return a client of the application alone."""
    return create_app(mixed).test_client()


def told(client: FlaskClient, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, dict[str, str]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.open(path, method=method, headers={"X-Request-ID": "same", **named})
    return answer.status_code, answer.data, dict(answer.headers)


QUESTIONS = (
    *KNOWN,
    *UNSEEN,
    "社保卡",
    "sbk",
    "card",
    "430203-card-application",
    "社保卡补领换领挂夫",
    "卡",
    "  ",
    "?",
    "没有",
)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "division": st.sampled_from(["43", "4302", "430203", "430202001", "11", "99"]),
        "domain": st.sampled_from([*Domain]),
        "audience": st.sampled_from([*Audience]),
        "tag": st.lists(st.sampled_from([*Tag]), max_size=3),
        "online": st.sampled_from(["true", "false"]),
        "online_for": st.lists(st.sampled_from([*Audience]), max_size=2),
        "min_depth": st.sampled_from([*Depth]),
        "max_visits": st.sampled_from([0, 1]),
        "life_event": st.sampled_from([*LifeEvent]),
        "status": st.sampled_from(["active", "retired", "any"]),
        "q": st.sampled_from(QUESTIONS),
        "sort": st.sampled_from(["id", "-revision"]),
        "limit": st.sampled_from([1, 2, 7, 29, 1000]),
    },
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_any_list_is_what_the_application_answers_to_the_last_page(
    in_front: InFront, behind: FlaskClient, query: dict[str, Any]
) -> None:
    path: str | None = f"{LIST}?{urlencode(query, doseq=True)}"
    while path is not None:
        ours, theirs = told(in_front.client, path), told(behind, path)
        assert ours == theirs
        link = theirs[2].get("Link")
        path = link.partition(">")[0].removeprefix("<") if link else None


def test_citizens_questions_are_answered_alike_and_without_the_application(
    in_front: InFront, behind: FlaskClient
) -> None:
    for asked in QUESTIONS:
        for narrowed in ({}, {"division": "430203", "limit": 3}, {"status": "any", "sort": "-revision"}):
            path = f"{LIST}?{urlencode({'q': asked, **narrowed})}"
            assert told(in_front.client, path) == told(behind, path), path
    assert in_front.asked == 0


@pytest.mark.parametrize(
    "headers", [{}, {"If_None_Match": '"x"'}, {"If_None_Match": '"x", "y"'}, {"If_None_Match": "*"}]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_method_and_known_tags_are_minded(
    in_front: InFront, behind: FlaskClient, method: str, headers: dict[str, str]
) -> None:
    for number, path in enumerate((f"{LIST}?limit=3", f"{LIST}?limit=5&q=card")):
        assert told(in_front.client, path, method, **headers) == told(behind, path, method, **headers), number
    path = f"{LIST}?limit=4"
    tag = told(behind, path)[2]["ETag"]
    assert told(in_front.client, path, method, If_None_Match=tag) == told(behind, path, method, If_None_Match=tag)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1&limit=2", "shape=round", "sort=relevance", "cursor=x", "q=%FF", "q=%00", "division=4"]
)
def test_faulty_question_is_refused_as_ever(in_front: InFront, behind: FlaskClient, query: str) -> None:
    ours, theirs = told(in_front.client, f"{LIST}?{query}"), told(behind, f"{LIST}?{query}")
    assert ours == theirs


@pytest.mark.parametrize(
    "query", ["q=社保卡".encode(), b"q=%E7%A4%BE%E4%BF%9D", b"q=\xff", b"q=caf\xe9&limit=1", b"q=a+b&&limit=2"]
)
def test_bytes_of_an_address_are_read_as_ever(in_front: InFront, behind: FlaskClient, query: bytes) -> None:
    ours, theirs = (
        client.get(LIST, environ_overrides={"QUERY_STRING": query.decode("latin-1")}, headers={"X-Request-ID": "same"})
        for client in (in_front.client, behind)
    )
    assert (ours.status_code, ours.data, dict(ours.headers)) == (theirs.status_code, theirs.data, dict(theirs.headers))


def test_after_a_write_the_next_list_shows_it_and_memory_is_filled_again_when_that_pays(
    in_front: InFront, mixed: Catalogue
) -> None:
    before, _ = in_front.get(f"{LIST}?limit=11")
    write(mixed, content(mixed, single_window=False))
    in_front.client.application.wsgi_app._until = 0  # type: ignore[attr-defined]
    answers = [in_front.get(f"{LIST}?limit={limit}") for limit in range(20, 35)]
    assert {found["revision"] for found, _ in answers} == {before["revision"] + 1}
    assert [was_asked for _, was_asked in answers] == [True] * 7 + [False] * 8


def test_what_was_read_before_the_database_was_away_is_not_told_after_it(mixed: Catalogue) -> None:
    """Another server may have taken over, with another revision of the same number."""
    is_away = False

    def ask() -> tuple[int, float]:
        if is_away:
            raise DatabaseUnavailable(Text("不在", "away"))
        return 7, 0.0

    in_front = InFront(mixed, ask)
    assert in_front.get(f"{LIST}?limit=12")[1] is False
    is_away = True
    assert in_front.get(f"{LIST}?limit=13")[1] is True
    is_away = False
    assert in_front.get(f"{LIST}?limit=14")[1] is True


def test_catalogue_that_outgrew_memory_is_left_to_the_database(
    mixed: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_hand, "MOST_HELD", 77 - 1)
    with closing(LatestRevision(mixed.database)) as latest:
        in_front = InFront(mixed, latest.ask)
        answers = [in_front.get(f"{LIST}?limit={limit}") for limit in range(20, 40)]
    assert all(was_asked for _, was_asked in answers)
    assert {found["total"] for found, _ in answers} == {76}


def test_service_without_an_entry_is_listed_all_the_same(mixed: Catalogue) -> None:
    with mixed.database.writing() as session:
        session.execute(delete(search).where(search.c.service_id == "110101-card-application"))
        session.commit()
    with closing(LatestRevision(mixed.database)) as latest:
        in_front = InFront(mixed, latest.ask)
        found, _ = in_front.get(f"{LIST}?division=110101")
        assert [item["id"] for item in found["items"]] == ["110101-both", "110101-card-application"]


def test_what_a_standby_tells_without_certainty_is_not_held(mixed: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(mixed.database), "is_certain", False)
    with closing(LatestRevision(mixed.database)) as latest:
        in_front = InFront(mixed, latest.ask)
        assert in_front.get(f"{LIST}?limit=15")[1] is True
