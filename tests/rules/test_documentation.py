"""The documentation and the code say the same: settings, commands, parameters, figures and links."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from flask.testing import FlaskClient

from service_catalog import config
from service_catalog.api.contract import current_contract
from service_catalog.app import create_app
from service_catalog.cli.main import main
from service_catalog.documents.cpsv_ap import context_of
from service_catalog.documents.schemas.service import ServiceSchema
from service_catalog.verification.checks import Check
from tests.conftest import debian_program, open_database

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
FORBIDDEN = re.compile(r"/wor[k]/|far[m]|pypi[.]org|pythonhoste[d]|registry[.]npmj[s]", re.IGNORECASE)
"""Paths of one machine and hosts of registries; spelt so that this file does not find itself."""


def page(name: str) -> str:
    """Return the text of a page of the documentation."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def prose(text: str) -> str:
    """Return a page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next of the same or a higher level; empty if there is none."""
    found = re.search(rf"^(#+) `{re.escape(heading)}`$", text, re.MULTILINE)
    if found is None:
        return ""
    rest = text[found.end() :]
    following = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group with the words that call it."""
    for name, command in group.commands.items():
        words = f"{path} {name}".strip()
        if isinstance(command, click.Group):
            yield from commands(command, words)
        else:
            yield words, command


COMMANDS = dict(commands(main))
CONTRACT: dict[str, Any] = current_contract(create_app(open_database("sqlite:///unused")))
PARAMETERS = {
    parameter["name"]: parameter["schema"]
    for item in CONTRACT["paths"].values()
    for method, operation in item.items()
    if method != "parameters"
    for parameter in operation.get("parameters", ())
    if parameter["in"] == "query"
}
"""Every query parameter of a call, with its schema."""

CALLS = [(method, path) for path, item in CONTRACT["paths"].items() for method in item if method != "parameters"]

FIGURES = re.findall(r"^\| `total '([^']+)'` \| (\d+) \|", page("api.md"), re.MULTILINE)


@pytest.mark.parametrize("name", [f"{config.PREFIX}{name}" for name in config._NAMES])
def test_a_setting_when_it_can_be_set_is_documented(name: str):
    text = section(page("settings.md"), name)
    for part in ("*Default:*", "*Example", "*When bad:*"):
        assert part in text


def test_a_setting_when_documented_can_be_set():
    written = set(re.findall(rf"^## `{config.PREFIX}(\w+)`$", page("settings.md"), re.MULTILINE))
    assert written == set(config._NAMES)


@pytest.mark.parametrize("level", config.LOG_LEVELS)
def test_a_log_level_when_it_can_be_set_is_documented(level: str):
    assert f"`{level}`" in section(page("settings.md"), f"{config.PREFIX}LOG_LEVEL")


def test_a_variable_of_make_when_it_has_a_default_is_documented_with_it():
    variables = re.findall(r"^(\w+) \?= (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert variables
    missing = [name for name, default in variables if f"| `{name}` | `{default}` |" not in page("settings.md")]
    assert not missing


def test_a_target_of_make_when_listed_is_explained_in_both_languages():
    listed = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    rows = listed.splitlines()
    assert rows
    assert [row for row in rows if not re.fullmatch(r"make \w+ +[^·]*[\u4e00-\u9fff][^·]* · [A-Z].+", row)] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_when_it_can_be_run_is_documented_with_every_option(words: str):
    text = section(page("commands.md"), words)
    assert "```console\n$ " in text
    options = [spelt for option in COMMANDS[words].params for spelt in spellings(option)]
    assert not [spelt for spelt in options if f"`{spelt}`" not in text]


def spellings(option: click.Parameter) -> list[str]:
    """Return the ways in which an option is given, or the word that stands for an argument."""
    if isinstance(option, click.Argument):
        return [option.metavar or option.human_readable_name]
    return [*option.opts, *option.secondary_opts]


def test_an_option_of_the_program_when_it_can_be_given_is_documented():
    options = [spelt for option in main.params for spelt in (*option.opts, *option.secondary_opts)]
    assert not [spelt for spelt in options if f"`{spelt}`" not in page("commands.md")]


@pytest.mark.parametrize("check", Check)
def test_a_check_of_the_verifier_when_it_is_reported_is_documented(check: Check):
    assert f"`{check}`" in page("auditing.md")


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_when_it_can_be_asked_is_documented(name: str):
    assert re.search(rf"^\| `{name}` \||`\?{name}=", page("api.md"), re.MULTILINE)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_when_it_takes_codes_is_documented_with_each(name: str):
    schema = PARAMETERS[name]
    listed = schema.get("items", schema)
    named = CONTRACT["components"]["schemas"].get(listed.get("$ref", "").rpartition("/")[2], listed)
    codes = named.get("enum", ())
    rows = re.findall(rf"^\| `{name}` \|.*$", page("api.md"), re.MULTILINE)
    assert not [code for code in codes if not any(f"`{code}`" in row for row in rows)]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_cursor_when_shown_is_the_one_that_the_call_gives_out(client: FlaskClient):
    call, linked, following = re.findall(
        r"""^\$ curl -s -D - 'http://127\.0\.0\.1:8000(.+)'\nlink: <(.+)…>; rel="next"$.+?"next":"(.+?)…\"""",
        page("api.md"),
        re.MULTILINE | re.DOTALL,
    )[0]
    answer = client.get(call)
    assert answer.headers["Link"].startswith(f"<{linked}")
    assert answer.get_json()["next"].startswith(following)


@pytest.mark.parametrize(
    "name",
    [
        "settings.md",
        "commands.md",
        "data.md",
        "writing.md",
        "auditing.md",
        "standards.md",
        "front-end.md",
        "operating.md",
    ],
)
def test_a_page_for_users_when_read_opens_every_section_in_chinese(name: str):
    opening = re.findall(r"^#+ .+\n\n((?:.+\n)+)", page(name), re.MULTILINE)
    assert len(opening) == len(re.findall(r"^#+ ", prose(page(name)), re.MULTILINE))
    assert [text for text in opening if not re.match(r".*[\u4e00-\u9fff]", text)] == []


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_call_when_it_is_served_is_documented(method: str, path: str):
    assert f"`{method.upper()} {path.replace('{service_id}', '{id}')}`" in page("api.md")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_figure_when_asked_again_is_the_documented_one(client: FlaskClient):
    assert FIGURES
    found = [(query, client.get(f"/api/v1/services?limit=1&{query}").get_json()["total"]) for query, _ in FIGURES]
    assert found == [(query, int(total)) for query, total in FIGURES]


def test_the_counts_of_the_seed_when_made_again_are_the_documented_ones():
    script, printed = re.findall(
        r"^python3 - <<'END'\n(.*?)^END\n```\n\n```text\n(.*?)^```", page("data.md"), re.MULTILINE | re.DOTALL
    )[0]
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == printed


def test_a_term_of_our_own_when_written_into_json_ld_is_defined_and_no_other():
    terms = [term["@id"] if isinstance(term, dict) else term for term in context_of("").values()]
    written = {term for term in terms if term.startswith("sc:")}
    defined = set(re.findall(r"^\| `(sc:\w+)` \|", page("standards.md"), re.MULTILINE))
    assert defined == written


@pytest.mark.parametrize("heading", ["Members in CPSV-AP", "Members in HSDS 3"])
def test_a_member_of_a_service_when_it_exists_has_its_row_in_each_mapping(heading: str):
    rows = page("standards.md").partition(f"## {heading} ")[2].partition("\n## ")[0]
    mapped = {
        name for cell in re.findall(r"^\| (`.+?) \|", rows, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)
    }
    assert mapped == set(ServiceSchema().fields)


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("source", [ROOT / "README.md", *DOCS], ids=lambda path: path.name)
def test_a_link_when_relative_leads_somewhere(source: Path):
    for link in re.findall(r"\]\(([^)\s]+)\)", source.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = source.parent / name if name else source
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_a_page_when_it_exists_says_something(path: Path):
    assert path.read_text(encoding="utf-8").strip()


def test_a_file_when_committed_names_no_machine_and_no_registry():
    if not (ROOT / ".git").exists():
        pytest.skip("what is committed is known in a checkout alone")
    command = [debian_program("git"), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    texts = {path: path.read_bytes().decode("utf-8", errors="ignore") for path in files}
    assert not [f"{path}: {found[0]}" for path, text in texts.items() if (found := FORBIDDEN.search(text))]
