"""The command ``diff``: two revisions of the catalogue, or two files on a machine that has nothing but them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from service_catalog.app import open_catalogue
from service_catalog.config import read_settings
from tests.actions.test_writing import content, write
from tests.cli.test_verifying import OFFLINE
from tests.serving import COMMAND, environment, run
from tests.verification.samples import WORLD


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a seeded catalogue, a second revision, and the exports of both."""
    folder = tmp_path_factory.mktemp("filled")
    run(folder, "db", "upgrade")
    run(folder, "seed")
    catalogue = open_catalogue(read_settings({"SERVICE_CATALOG_DATA_DIR": str(folder)}))
    write(catalogue, content(catalogue, single_window=False, summary={"zh": "换行\n说明", "en": None}))
    catalogue.database.close()
    run(folder, "export", "--revision", "1", "--output", str(folder / "old.json"))
    run(folder, "export", "--revision", "2", "--output", str(folder / "new.jsonl"))
    return folder


def diff(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command; words that name a file of the folder are paths there."""
    return run(folder, "diff", *(str(folder / word) if (folder / word).is_file() else word for word in words))


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_diff_of_two_files_prints_what_that_of_the_two_revisions_does(filled: Path, options: tuple[str, ...]) -> None:
    of_files, of_revisions = diff(filled, "old.json", "new.jsonl", *options), diff(filled, "1", "2", *options)
    assert (of_files.returncode, of_files.stderr) == (of_revisions.returncode, of_revisions.stderr) == (0, "")
    assert of_files.stdout == of_revisions.stdout
    assert of_files.stdout.endswith("\n") and not of_files.stdout.endswith("\n\n")
    if options:
        assert [one["id"] for one in json.loads(of_files.stdout)["items"]] == ["430203-card-application"]
    else:
        assert "标签 Tags" in of_files.stdout and "换行\\n说明" in of_files.stdout


def test_diff_of_files_loads_neither_web_nor_database_and_opens_no_connection(filled: Path) -> None:
    program = [sys.executable, "-c", OFFLINE, "diff", filled / "old.json", filled / "new.jsonl"]
    done = subprocess.run(program, cwd=filled, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.rpartition("loaded:")[2].split())
    assert {"service_catalog", "click", "orjson"} <= loaded
    assert not loaded & {"flask", "flask_smorest", "werkzeug", "sqlalchemy", "alembic", "marshmallow", "granian"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new.jsonl", "old.json"), "OLD is revision 2 and NEW 1"),
        (("old.json", "foreign.json"), "the files are of two logs"),
        (("old.json", "cut.jsonl"), "NEW: not a sound export"),
        (("none", "new.jsonl"), "none cannot be read: No such file or directory"),
        (("2", "1"), "may be at most 1"),
        (("1", "3"), "there is no revision 3; the latest is 2"),
        (("1", "new.jsonl"), "give two files or two revisions"),
        (("old.json", "new.jsonl", "--division", "43"), "--division goes with revisions, not with files"),
        (("1", "2", "--division", "4"), "must be 2, 4, 6, 9 or 12 digits"),
    ],
)
def test_diff_that_is_refused_says_why_in_both_languages_and_prints_nothing(
    filled: Path, words: tuple[str, ...], said: str
) -> None:
    (filled / "foreign.json").write_bytes(WORLD.export("json"))
    (filled / "cut.jsonl").write_bytes((filled / "new.jsonl").read_bytes()[:-20])
    refused = diff(filled, *words)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr and any("\u4e00" <= sign <= "\u9fff" for sign in refused.stderr)


def test_diff_of_revisions_in_a_division_is_of_its_services(filled: Path) -> None:
    elsewhere = json.loads(diff(filled, "0", "2", "--division", "11", "--json").stdout)
    assert (elsewhere["division"], elsewhere["items"]) == ("11", [])
    assert len(json.loads(diff(filled, "0", "2", "--division", "43", "--json").stdout)["items"]) == 73


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_diff_to_a_full_disk_ends_in_words(filled: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        stopped = subprocess.run(
            [*COMMAND, "diff", filled / "old.json", filled / "new.jsonl"],
            env=environment(filled),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert stopped.returncode == 1
    assert b"cannot be written: No space left on device" in stopped.stderr
    assert stopped.stderr.count(b"\n") == 1
