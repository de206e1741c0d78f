"""The README's examples are what the seeded catalogue answers."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
ASKED = re.findall(r'^\$ ask "(.+)"\n((?:.+\n)+?)```', README, re.MULTILINE)
FETCHED = re.findall(r'^\$ curl -s "http://127\.0\.0\.1:8000(.+)"\n(\{.+\})\n```', README, re.MULTILINE)


@pytest.mark.parametrize(("path", "shown"), ASKED)
def test_question_in_the_readme_gets_the_answer_shown(client: FlaskClient, path: str, shown: str) -> None:
    answer = client.get(f"/api/v1/{path}").get_json()
    lines = [f"{answer['total']} 项 services"]
    lines += [f"- {item['name']['zh']} · {item['name']['en']}" for item in answer["items"]]
    assert shown == "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(("path", "shown"), FETCHED)
def test_call_in_the_readme_gets_the_bytes_shown(client: FlaskClient, path: str, shown: str) -> None:
    assert client.get(path).get_json() == json.loads(shown)


def test_readme_shows_the_questions_of_a_front_end(client: FlaskClient) -> None:
    assert (len(ASKED), len(FETCHED)) == (6, 2)
