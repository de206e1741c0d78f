"""How fast one token may write."""

from itertools import repeat

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.api.rates import WriteRate
from service_catalog.app import create_app
from service_catalog.domain.access import Role
from service_catalog.domain.errors import TooManyWrites
from tests.api.test_http import assert_problem
from tests.api.writes import API
from tests.tokens import signed


class Clock:
    """Seconds that pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands."""
    return Clock()


def taken(rate: WriteRate, actor: str = "a", at_most: int = 10_000) -> int:
    """Return how many writes get through before one is refused."""
    for number in range(at_most):
        try:
            rate.take(actor)
        except TooManyWrites:
            return number
    return at_most


@pytest.mark.parametrize(("rate", "burst"), [(1, 5), (7, 35), (200, 1000)])
def test_burst_of_five_seconds_gets_through_and_no_more(clock: Clock, rate: int, burst: int) -> None:
    assert taken(WriteRate(rate, clock)) == burst


def test_bucket_fills_at_the_rate_and_never_over_the_burst(clock: Clock) -> None:
    rate = WriteRate(2, clock)
    assert taken(rate) == 10
    for seconds, writes in ((0.25, 0), (0.25, 1), (1, 2), (2.5, 5), (10_000, 10)):
        clock.now += seconds
        assert taken(rate) == writes


def test_steady_writer_at_the_rate_is_never_refused(clock: Clock) -> None:
    rate = WriteRate(4, clock)
    taken(rate)
    for _ in range(1000):
        clock.now += 0.25
        rate.take("a")
    assert taken(rate) == 0  # each second's four writes were let in, and none was saved up


def test_tokens_do_not_share_a_bucket(clock: Clock) -> None:
    rate = WriteRate(1, clock)
    assert (taken(rate, "a"), taken(rate, "b"), taken(rate, "a")) == (5, 5, 0)


def test_rate_of_zero_lets_everything_through(clock: Clock) -> None:
    assert taken(WriteRate(0, clock)) == 10_000


def test_clock_that_goes_back_gives_nothing_away(clock: Clock) -> None:
    rate = WriteRate(1, clock)
    taken(rate)
    clock.now -= 100
    assert taken(rate) == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_token_that_writes_too_fast_is_told_to_wait_and_others_are_not(catalogue: Catalogue) -> None:
    client = create_app(catalogue, write_rate=1).test_client()
    hasty, patient, auditor = signed(catalogue), signed(catalogue), signed(catalogue, Role.AUDITOR)
    answers = (client.post(f"{API}/tag-changes", headers=headers) for headers in repeat(hasty, 1000))
    refused = next(answer for answer in answers if answer.status_code != 415)
    assert_problem(refused, 429, "too-many-writes")
    assert int(refused.headers["Retry-After"]) >= 1
    assert client.post(f"{API}/tag-changes", headers=patient).status_code == 415
    assert client.get(f"{API}/revisions", headers=hasty).status_code == 200
    assert {client.post(f"{API}/tag-changes", headers=auditor).status_code for _ in range(20)} == {403}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_rate_of_zero_is_off_for_the_application(catalogue: Catalogue) -> None:
    client: FlaskClient = create_app(catalogue, write_rate=0).test_client()
    headers = signed(catalogue)
    assert {client.post(f"{API}/tag-changes", headers=headers).status_code for _ in range(1500)} == {415}
