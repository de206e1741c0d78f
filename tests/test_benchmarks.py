"""The benchmarks ask what they say they ask, and name what they cannot use."""

import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from benchmarks.catalogues import SEEDED, divisions, fill
from benchmarks.requests import unseen_queries
from benchmarks.search import ASKED, unseen_questions
from service_catalog.actions.auditing import check_catalogue
from service_catalog.domain.service import PREFIX_PATTERN
from tests.conftest import prepare

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "program",
    [
        "requests",
        "search",
        "pages",
        "starting",
        "writes",
        "imports",
        "exports",
        "verification",
        "slow_connections",
        "peers/compare",
    ],
)
@pytest.mark.parametrize("rounds", ["0", "x", "-1", "1001"])
def test_benchmark_with_rounds_that_are_none_says_so_in_one_line(program: str, rounds: str) -> None:
    command = [sys.executable, ROOT / "benchmarks" / f"{program}.py"]
    stopped = subprocess.run(
        command, env={**os.environ, "ROUNDS": rounds}, capture_output=True, text=True, check=False, timeout=60
    )
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"ROUNDS={rounds}: ") and stopped.stderr.count("\n") == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_unseen_queries_are_each_another_one_and_find_the_29_services(client: FlaskClient) -> None:
    asked = list(unseen_queries())
    assert len(set(asked)) == len(asked) > 700_000
    for query in asked[::9973]:
        assert len(client.get(f"/api/v1/services?{query}").get_json()["items"]) == 29, query


def test_generated_catalogue_is_sound_and_leaves_the_seeds_figures_as_they_are(empty_url: str) -> None:
    catalogue = prepare(empty_url)
    fill(catalogue, SEEDED + 900, each_revision=400)
    report = check_catalogue(catalogue)
    assert (report.broken, report.differing_totals) == (None, ())
    assert (report.services, report.revision) == (SEEDED + 900, 4)
    catalogue.database.close()


def test_generated_divisions_have_codes_of_the_real_shape_each_once() -> None:
    codes = list(divisions())
    assert len(set(codes)) == len(codes) == 50_764
    assert all(re.fullmatch(PREFIX_PATTERN, code) for code in codes)
    assert {len(code) for code in codes} == {6, 9, 12}


@pytest.mark.parametrize("engine", ["sqlite"])
def test_unseen_questions_are_each_another_one_and_find_the_same(client: FlaskClient) -> None:
    asked = list(islice(unseen_questions(), 0, None, 29))
    assert len(set(asked)) == len(asked) > 20_000
    whole = client.get("/api/v1/services", query_string={"q": ASKED, "limit": 20}).data
    for query in asked[::1009]:
        assert client.get(f"/api/v1/services?{query}").data == whole, query
