"""The benchmarks ask what they say they ask, and name what they cannot use."""

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from benchmarks.requests import unseen_queries
from benchmarks.search import ASKED, unseen_questions

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("program", ["requests", "starting", "search", "writes", "imports", "verification"])
@pytest.mark.parametrize("rounds", ["0", "x", "-1", "1001"])
def test_benchmark_with_rounds_that_are_none_says_so_in_one_line(program: str, rounds: str) -> None:
    command = [sys.executable, ROOT / "benchmarks" / f"{program}.py"]
    stopped = subprocess.run(
        command, env={**os.environ, "ROUNDS": rounds}, capture_output=True, text=True, check=False, timeout=60
    )
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"ROUNDS={rounds}: ") and stopped.stderr.count("\n") == 1


def test_unseen_queries_are_each_another_one() -> None:
    asked = list(unseen_queries())
    assert len(set(asked)) == len(asked) > 700_000


@pytest.mark.parametrize("engine", ["sqlite"])
def test_unseen_queries_all_find_the_29_services(client: FlaskClient) -> None:
    for query in islice(unseen_queries(), 0, None, 9973):
        assert len(client.get(f"/api/v1/services?{query}").get_json()["items"]) == 29, query


@pytest.mark.parametrize("engine", ["sqlite"])
def test_unseen_questions_are_each_another_one_and_find_the_same(client: FlaskClient) -> None:
    asked = list(islice(unseen_questions(), 0, None, 29))
    assert len(set(asked)) == len(asked) > 20_000
    whole = client.get("/api/v1/services", query_string={"q": ASKED, "limit": 20}).data
    for query in asked[::1009]:
        assert client.get(f"/api/v1/services?{query}").data == whole, query
