"""The examples of docs/writing.md, run in order against the real server, answer what the page shows."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service_catalog.domain.rules import Rule
from tests.conftest import debian_program
from tests.serving import Server, environment, free_port

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")

BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^\$ (.+\n(?:> .+\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)
"""A command after ``$``, gone on with after ``>``, and the lines that it prints."""

CHANGING = re.compile(
    r"token-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|[0-9a-f]{64}|-[0-9a-f]{16}\.txt|[A-Za-z0-9+/]{43,}={0,2}$",
    re.MULTILINE,
)
"""What differs from run to run and is shown: the ids of tokens, times, digests, and the lines of a checkpoint."""

MARK = "=== end of an example ==="


def steps(page: str) -> Iterator[tuple[str, str | None]]:
    """Yield each command of a page with what it prints; definitions print nothing that is shown."""
    for language, text in BLOCK.findall(page):
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


def run_page(page: str, data_dir: Path, folder: Path, **settings: str) -> list[str]:
    """Run a page in one shell and return what each command prints; port 8001 stands for another that is free."""
    bash, _ = debian_program("bash"), debian_program("curl")
    with Server(data_dir, **settings) as server:
        script = "".join(f"{command}\necho; echo '{MARK}'\n" for command, _ in steps(page))
        for port, other in (("8000", server.port), ("8001", free_port())):
            script = script.replace(f"127.0.0.1:{port}", f"127.0.0.1:{other}").replace(
                f"-port {port}", f"-port {other}"
            )
        run = subprocess.run(
            [bash],
            input=script,
            env=environment(data_dir) | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=True,
        )
    return run.stdout.split(f"\n{MARK}\n")[:-1]


def shown_of(page: str) -> list[tuple[int, str]]:
    """Return the number of each command of a page whose output is shown, and what is shown."""
    return [(number, shown) for number, (_, shown) in enumerate(steps(page)) if shown is not None]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run the page once."""
    return run_page(PAGE, tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(("number", "shown"), shown_of(PAGE))
def test_example_of_writing_when_run_in_order_prints_what_is_shown(number: int, shown: str, printed: list[str]):
    assert re.fullmatch(pattern_of(shown), plain(printed[number])), printed[number]


def test_page_about_writing_when_read_shows_commands_of_one_kind_alone():
    blocks = BLOCK.findall(PAGE)
    assert len(blocks) == PAGE.count("\n```sh\n") + PAGE.count("\n```console\n")
    assert len(list(steps(PAGE))) > len(blocks)


@pytest.mark.parametrize("rule", Rule)
def test_rule_when_it_may_refuse_or_warn_is_documented_in_both_languages(rule: Rule):
    row = re.findall(rf"^\| `{rule.value}` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert row == [(rule.label.zh, rule.label.en)]
