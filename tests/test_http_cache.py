"""What the response cache answers is what the application would: the same bytes, bounded, and never what has passed."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import copy
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.app import create_app
from service_catalog.domain.errors import DatabaseUnavailable
from service_catalog.domain.vocabulary import Text
from service_catalog.http_cache import OVERHEAD, HttpCache
from service_catalog.store.latest import LatestRevision
from tests.actions.test_writing import CARD, content, write
from tests.api.test_http import READS

LIST = "/api/v1/services?limit=1"
MIB = 2**20


class Cached:
    """The application behind a cache whose clock stands still until it is moved; counts what the cache left to it."""

    def __init__(self, app: Flask, ask: Callable[[], tuple[int, float]], largest: int = 32 * MIB) -> None:
        """Put a cache before the application."""
        self.now = 1000.0
        self.asked = 0
        inner = app.wsgi_app

        def counted(environ: Any, start_response: Any) -> Any:
            self.asked += 1
            return inner(environ, start_response)

        app.wsgi_app = HttpCache(counted, ask, largest, lambda: self.now)  # type: ignore[method-assign]
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **headers: str) -> tuple[int, bytes, bool]:
        """Return status and body, and whether the application was asked."""
        before = self.asked
        answer = self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return answer.status_code, answer.data, self.asked > before


@pytest.fixture
def cached(app: Flask, catalogue: Catalogue) -> Iterator[Cached]:
    """Yield the application over the seeded catalogue behind a cache."""
    with closing(LatestRevision(catalogue.database)) as latest:
        yield Cached(app, latest.ask)


def told(client: FlaskClient, method: str, path: str, tag: str | None) -> tuple[int, bytes, dict[str, str]]:
    """Return status, body and headers of an answer; the request's id is the caller's."""
    named = {"X-Request-ID": "same"} | ({} if tag is None else {"If-None-Match": tag})
    answer = client.open(path, method=method, headers=named)
    return answer.status_code, answer.data, dict(answer.headers)


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("path", READS)
def test_answer_from_the_cache_is_the_applications_own_in_status_headers_and_bytes(
    cached: Cached, catalogue: Catalogue, path: str
) -> None:
    plain = create_app(catalogue).test_client()
    tag = plain.get(path).headers["ETag"]
    first = told(cached.client, "GET", path, tag)  # even where the first who asks has it, the whole answer is kept
    assert first == told(plain, "GET", path, tag)
    assert first[0] == 304
    for method in ("GET", "HEAD"):
        for known in (None, tag, f"W/{tag}", '"0"', 'W/"0"'):
            assert told(cached.client, method, path, known) == told(plain, method, path, known)
    assert cached.asked == 1
    for known in ("*", f'"0", {tag}', "x", "x" * 2001):
        assert told(cached.client, "GET", path, known) == told(plain, "GET", path, known)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_answer_from_the_cache_has_a_request_id_of_its_own(cached: Cached) -> None:
    ids = [cached.client.get(LIST).headers["X-Request-ID"] for _ in range(3)]
    assert len(set(ids)) == 3 and all(re.fullmatch(r"[0-9a-f]{32}", one) for one in ids)
    assert cached.client.get(LIST, headers={"X-Request-ID": "ä b"}).headers["X-Request-ID"] != "ä b"
    assert cached.asked == 1


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    "path", ["/api/v1/services/nobody", "/api/v1/services?limit=0", "/healthz", "/readyz", "/docs", "/api/v1/services/"]
)
def test_errors_and_what_is_not_public_are_never_kept(cached: Cached, path: str) -> None:
    assert [cached.get(path)[2] for _ in range(2)] == [True, True]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_requests_with_credentials_or_a_body_are_left_to_the_application(cached: Cached) -> None:
    cached.get(LIST)
    signed = cached.client.get(LIST, headers={"Authorization": "Bearer x"})
    assert "Access-Control-Allow-Origin" not in signed.headers
    cached.client.set_cookie("session", "x")
    assert cached.client.get(LIST).status_code == 200
    cached.client.delete_cookie("session")
    assert cached.client.get(LIST, data=b"x" * (16 * MIB + 1)).status_code == 413
    assert cached.client.options(LIST).status_code == 200
    assert cached.asked == 5


@pytest.mark.parametrize("engine", ["sqlite"])
def test_addresses_that_differ_in_one_byte_are_kept_apart(cached: Cached) -> None:
    found = [cached.get(f"/api/v1/services{rest}") for rest in ("?limit=1", "?limit=1&", "?limit=2", "%3Flimit=1")]
    assert [(status, was_asked) for status, _, was_asked in found] == [(200, True)] * 3 + [(404, True)]


def test_answer_stands_for_as_long_as_the_lease_and_is_new_after_a_write(cached: Cached, catalogue: Catalogue) -> None:
    path = f"/api/v1/services/{CARD}"
    before = cached.get(path)[1]
    write(catalogue, content(catalogue, single_window=False))
    cached.now += 0.0039
    assert cached.get(path) == (200, before, False)
    cached.now += 0.0002
    status, after, was_asked = cached.get(path)
    assert (status, was_asked) == (200, True) and after != before
    cached.now += 60
    assert cached.get(path) == (200, after, False)  # the revision still stands


@pytest.mark.parametrize("engine", ["sqlite"])
def test_lease_runs_from_when_the_question_was_sent_not_from_its_answer(app: Flask) -> None:
    questions = 0

    def ask() -> tuple[int, float]:
        nonlocal questions
        questions += 1
        cached.now += 0.9
        return 1, 1.0

    cached = Cached(app, ask)
    cached.get(LIST)
    cached.now += 0.09
    assert (cached.get(LIST)[2], questions) == (False, 1)
    cached.now += 0.02
    assert (cached.get(LIST)[2], questions) == (False, 2)


def test_revision_that_was_not_made_yet_is_asked_for_again_each_time(cached: Cached, catalogue: Catalogue) -> None:
    path = f"/api/v1/services/{CARD}?revision=2"
    assert cached.get(path)[0] == 404
    write(catalogue, content(catalogue, single_window=False))
    assert cached.get(path)[0] == 200  # the lease of the former revision still runs


@pytest.mark.parametrize("engine", ["sqlite"])
def test_answer_that_was_read_while_somebody_wrote_is_forgotten_with_the_next_question(app: Flask) -> None:
    revisions = iter([1, 2, 2])
    cached = Cached(app, lambda: (next(revisions), 1.0))
    cached.get(LIST)  # by then a second revision may have been made
    assert cached.get(LIST)[2] is False
    cached.now += 1
    assert [cached.get(LIST)[2] for _ in range(2)] == [True, False]


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize("path", [LIST, "/services"])
def test_answer_of_which_nobody_knows_whether_it_is_the_latest_is_not_kept(catalogue: Catalogue, path: str) -> None:
    behind = copy(catalogue.database)
    behind.is_certain = False  # as where a standby answers while its primary is away
    cached = Cached(create_app(replace(catalogue, database=behind)), lambda: (1, 60.0))
    assert [cached.get(path)[::2] for _ in range(2)] == [(200, True), (200, True)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_database_that_does_not_answer_ends_what_may_be_given_from_the_cache(app: Flask) -> None:
    answers = True

    def ask() -> tuple[int, float]:
        if not answers:
            raise DatabaseUnavailable(Text("", ""))
        return 1, 1.0

    cached = Cached(app, ask)
    cached.get(LIST)
    answers = False
    assert cached.get(LIST)[2] is False  # the lease still runs
    cached.now += 1
    assert [cached.get(LIST)[2] for _ in range(2)] == [True, True]
    answers = True  # nobody knows what was lost meanwhile, so what was kept is forgotten
    assert [cached.get(LIST)[2] for _ in range(2)] == [True, False]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_cache_that_is_full_forgets_what_was_asked_for_longest_ago(app: Flask) -> None:
    cached = Cached(app, lambda: (1, 60.0), largest=10 * (OVERHEAD + 500))
    paths = [f"/api/v1/log/entries?from={start}&limit=1" for start in range(11)]
    for path in paths[:10]:
        cached.get(path)
    assert cached.get(paths[0])[2] is False
    cached.get(paths[10])
    assert [cached.get(path)[2] for path in (paths[0], paths[2], paths[10], paths[1])] == [False, False, False, True]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_answer_of_more_than_the_eighth_part_is_not_kept(app: Flask) -> None:
    cached = Cached(app, lambda: (1, 60.0), largest=MIB)
    assert [cached.get("/api/v1/services?limit=1000")[2] for _ in range(2)] == [True, True]
    assert [cached.get(LIST)[2] for _ in range(2)] == [True, False]
