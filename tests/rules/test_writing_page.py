"""The examples of docs/writing.md, run in order against the real server, answer what the page shows."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service_catalog.domain.rules import Rule
from tests.conftest import debian_program
from tests.serving import Server, environment

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")

BLOCKS = re.findall(r"^```(sh|console)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^\$ (.+\n(?:> .+\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)
"""A command after ``$``, gone on with after ``>``, and the lines that it prints."""

CHANGING = re.compile(r"token-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
"""What differs from run to run and is shown: the ids of tokens, and times."""

MARK = "=== end of an example ==="


def steps() -> Iterator[tuple[str, str | None]]:
    """Yield each command of the page with what it prints; definitions print nothing that is shown."""
    for language, text in BLOCKS:
        if language == "sh":
            yield text, None
        for command, shown in EXAMPLE.findall(text) if language == "console" else ():
            yield command.replace("\n> ", "\n"), shown


def plain(text: str) -> str:
    """Return what is printed as one line, without what differs from run to run."""
    return re.sub(r"\s*\n\s*", "", CHANGING.sub("#", text))


def pattern_of(shown: str) -> str:
    """Return the pattern of what is shown; an ellipsis stands for anything left out."""
    return ".*".join(re.escape(part) for part in plain(shown).split("…"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run the page in one shell and return what each command prints."""
    bash, _ = debian_program("bash"), debian_program("curl")
    data_dir, folder = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("home")
    with Server(data_dir) as server:
        script = "".join(f"{command}\necho; echo '{MARK}'\n" for command, _ in steps())
        run = subprocess.run(
            [bash],
            input=script.replace("http://127.0.0.1:8000", server.base),
            env=environment(data_dir) | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=True,
        )
    return run.stdout.split(f"\n{MARK}\n")[:-1]


@pytest.mark.parametrize(("number", "shown"), [(n, shown) for n, (_, shown) in enumerate(steps()) if shown is not None])
def test_example_of_writing_when_run_in_order_prints_what_is_shown(number: int, shown: str, printed: list[str]):
    assert re.fullmatch(pattern_of(shown), plain(printed[number])), printed[number]


def test_page_about_writing_when_read_shows_commands_of_one_kind_alone():
    assert len(BLOCKS) == PAGE.count("\n```sh\n") + PAGE.count("\n```console\n")
    assert len(list(steps())) > len(BLOCKS)


@pytest.mark.parametrize("rule", Rule)
def test_rule_when_it_may_refuse_or_warn_is_documented_in_both_languages(rule: Rule):
    row = re.findall(rf"^\| `{rule.value}` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert row == [(rule.label.zh, rule.label.en)]
