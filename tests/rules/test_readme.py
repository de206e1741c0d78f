"""The README's examples are what the seeded catalogue answers, put through the README's own commands."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
COMMANDS = {
    name: (address, program)
    for name, address, program in re.findall(
        r"""^(\w+)\(\) \{ curl -s "http://127\.0\.0\.1:8000(/[^"]*\$1)" \| python3 -c '([^']+)'; \}$""",
        README,
        re.MULTILINE,
    )
}
"""The commands that the README defines, by name: the address they ask and the program that shows the answer."""

ASKED = re.findall(rf'^\$ ({"|".join(COMMANDS)}) "?([^"\n]+)"?\n((?:.+\n)+?)```', README, re.MULTILINE)
FETCHED = re.findall(r'^\$ curl -s "http://127\.0\.0\.1:8000(.+)"\n(\{.+\})\n```', README, re.MULTILINE)


@pytest.mark.parametrize(("name", "argument", "shown"), ASKED)
def test_question_in_the_readme_gets_the_answer_shown(
    client: FlaskClient, name: str, argument: str, shown: str
) -> None:
    address, program = COMMANDS[name]
    answer = client.get(address.replace("$1", argument)).data
    command = [sys.executable, "-X", "utf8", "-c", program]
    assert subprocess.run(command, input=answer, capture_output=True, check=True).stdout.decode() == shown


@pytest.mark.parametrize(("path", "shown"), FETCHED)
def test_call_in_the_readme_gets_the_bytes_shown(client: FlaskClient, path: str, shown: str) -> None:
    assert client.get(path).get_json() == json.loads(shown)


def test_readme_shows_an_answer_to_every_question_of_a_front_end() -> None:
    assert list(COMMANDS) == ["ask", "show", "figures"]
    assert (len(ASKED), len(FETCHED)) == (10, 1)
    assert len(ASKED) + len(FETCHED) == README.count("```console\n")
