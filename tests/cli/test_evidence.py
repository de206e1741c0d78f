"""The command that exports: to a file that is whole or not there, or to standard output."""

import os
import subprocess
from pathlib import Path

import pytest

from service_catalog.app import open_catalogue
from service_catalog.config import read_settings
from tests.actions.test_writing import content, write
from tests.serving import COMMAND, environment, run


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return a data folder with a seeded catalogue and a second revision."""
    run(tmp_path, "db", "upgrade")
    run(tmp_path, "seed")
    catalogue = open_catalogue(read_settings({"SERVICE_CATALOG_DATA_DIR": str(tmp_path)}))
    write(catalogue, content(catalogue, status="retired"))
    catalogue.database.close()
    return tmp_path


def printed(folder: Path, *options: str, seed: str = "0") -> bytes:
    """Return what the command writes to standard output, under a seed of Python's hashes."""
    return subprocess.run(
        [*COMMAND, "export", *options],
        env=environment(folder) | {"PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    ).stdout


@pytest.mark.parametrize("written_as", ["jsonl", "json", "csv", "xlsx", "jsonld"])
def test_export_printed_and_written_in_any_process_is_the_same(filled: Path, written_as: str) -> None:
    file = filled / "kept"
    told = run(filled, "export", "--format", written_as, "--output", str(file))
    assert (told.returncode, told.stderr) == (0, "")
    assert f"exported revision 2: {file}" in told.stdout
    assert (
        file.read_bytes()
        == printed(filled, "--format", written_as)
        == printed(filled, "--revision", "2", "--format", written_as, seed="4711")
    )
    assert printed(filled, "--revision", "1", "--format", written_as) != file.read_bytes()


@pytest.mark.parametrize(("name", "start"), [("a.json", b'{"header"'), ("a.csv", b"\xef\xbb\xbfid,"), ("a", b"{")])
def test_export_to_a_file_takes_the_format_from_its_name(filled: Path, name: str, start: bytes) -> None:
    run(filled, "export", "--output", str(filled / name))
    body = (filled / name).read_bytes()
    assert body.startswith(start)
    assert (body.count(b"\n") > 1) is (name != "a.json")


def test_export_takes_the_place_of_a_file_and_leaves_nothing_beside_it(filled: Path) -> None:
    folder = filled / "exports"
    folder.mkdir()
    file = folder / "today.json"
    file.write_text("yesterday's", encoding="utf-8")
    assert run(filled, "export", "--at", "2999-01-01T00:00:00+08:00", "--output", str(file)).returncode == 0
    assert b'"revision":2' in file.read_bytes()
    assert list(folder.iterdir()) == [file]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--revision", "3"], "there is no revision 3; the latest is 2"),
        (["--at", "2020-01-01T00:00:00Z"], "there was no revision yet at 2020-01-01T00:00:00Z"),
        (["--at", "yesterday"], "must be a time such as"),
        (["--division", "4302031"], "must be 2, 4, 6, 9 or 12 digits"),
        (["--revision", "1", "--at", "2026-11-24T08:00:00Z"], "only one of --revision and --at"),
        (["--format", "xml"], "'xml' is not one of"),
    ],
)
def test_export_that_is_refused_says_why_and_leaves_the_file_there_was(
    filled: Path, options: list[str], said: str
) -> None:
    file = filled / "kept.json"
    file.write_text("yesterday's", encoding="utf-8")
    refused = run(filled, "export", "--output", str(file), *options)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert file.read_text(encoding="utf-8") == "yesterday's"


@pytest.mark.parametrize("output", ["missing/kept.json", "kept.json/x", "x" * 300])
def test_export_to_a_place_that_cannot_be_written_ends_in_one_line(filled: Path, output: str) -> None:
    (filled / "kept.json").write_text("", encoding="utf-8")
    refused = run(filled, "export", "--output", str(filled / output))
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_export_of_a_division_is_its_part(filled: Path) -> None:
    assert printed(filled, "--division", "430204").count(b"\n") == 2
    assert printed(filled, "--division", "43").count(b"\n") == 75


def test_export_whose_reader_goes_away_ends_quietly(filled: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "export"], env=environment(filled), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("division", ["430203", "430204"])  # the latter is so short that it waits in a buffer
def test_export_to_a_full_disk_ends_in_words(filled: Path, division: str) -> None:
    with Path("/dev/full").open("wb") as full:
        stopped = subprocess.run(
            [*COMMAND, "export", "--division", division],
            env=environment(filled) | {"PYTHONUNBUFFERED": ""},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert stopped.returncode == 1
    assert b"cannot be written: No space left on device" in stopped.stderr
    assert stopped.stderr.count(b"\n") == 1


def test_export_to_what_is_no_plain_file_is_refused_and_leaves_it(filled: Path) -> None:
    pipe = filled / "pipe"
    os.mkfifo(pipe)
    refused = run(filled, "export", "--output", str(pipe))
    assert refused.returncode == 2
    assert "must be a plain file" in refused.stderr
    assert pipe.is_fifo()
