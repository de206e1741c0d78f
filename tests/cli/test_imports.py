"""Importing files from the command line."""

import os
import pty
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from service_catalog.actions.auditing import check_catalogue
from service_catalog.app import open_catalogue
from service_catalog.config import read_settings
from service_catalog.store.log import find_revision
from tests.conftest import SIGNING_KEY
from tests.documents.tabular.files import CSV, JSONL, csv_file, file_of, table
from tests.domain.samples import content
from tests.serving import COMMAND, environment, run


@pytest.fixture
def engine() -> str:
    """Use SQLite alone; both engines are tested where importing itself is."""
    return "sqlite"


@pytest.fixture
def filled(seeded_url: str, tmp_path: Path) -> Path:
    """Return a folder with a seeded catalogue and its key."""
    assert seeded_url == f"sqlite:///{tmp_path / 'catalogue.sqlite3'}"
    key = tmp_path / "signing.key"
    key.touch(0o600)
    key.write_text(f"{SIGNING_KEY}\n", encoding="ascii")
    return tmp_path


def state(folder: Path) -> tuple[int, int, str | None]:
    """Return the revision, the number of services, and what is wrong with the catalogue."""
    catalogue = open_catalogue(read_settings({"SERVICE_CATALOG_DATA_DIR": str(folder)}))
    report = check_catalogue(catalogue)
    catalogue.database.close()
    return report.revision, report.services, None if report.broken is None else str(report.broken)


def reason_of(folder: Path, number: int) -> str:
    """Return the reason of a revision."""
    catalogue = open_catalogue(read_settings({"SERVICE_CATALOG_DATA_DIR": str(folder)}))
    with catalogue.database.reading() as session:
        revision = find_revision(session, number)
    catalogue.database.close()
    assert revision is not None
    return revision.reason


def written(folder: Path, name: str, rows: Iterable[Any]) -> Path:
    """Write services to a file and return its path."""
    path = folder / name
    path.write_bytes(file_of(JSONL if path.suffix == ".jsonl" else CSV, list(rows)).read())
    return path


def test_file_that_is_imported_is_one_revision_with_the_reason_that_was_given(filled: Path) -> None:
    path = written(filled, "new.csv", [content(code="made-1"), content(code="made-2")])
    done = run(filled, "import", str(path), "--reason", "十一月核对")
    assert (done.returncode, done.stderr) == (0, "")
    assert "revision 2" in done.stdout and "新建 created 2" in done.stdout
    assert "a declared total does not hold" in done.stdout
    assert state(filled) == (2, 75, None)


def test_file_without_a_reason_is_its_own_reason(filled: Path) -> None:
    path = written(filled, "十一月.jsonl", [content(code="made")])
    assert run(filled, "import", str(path)).returncode == 0
    assert reason_of(filled, 2) == "导入文件 十一月.jsonl · imported the file 十一月.jsonl"


def test_dry_run_says_what_it_would_do_and_does_nothing(filled: Path) -> None:
    path = written(filled, "new.csv", [content(code="made")])
    tried = run(filled, "import", str(path), "--dry-run")
    assert (tried.returncode, tried.stderr) == (0, "")
    assert "dry run" in tried.stdout and "新建 created 1" in tried.stdout
    assert state(filled) == (1, 73, None)


def test_faults_are_listed_by_row_and_column_and_nothing_is_written(filled: Path) -> None:
    rows = table({"visits": "3", "single_window": "perhaps", "code": "made"})
    path = filled / "bad.csv"
    path.write_bytes(csv_file(rows).read())
    refused = run(filled, "import", str(path))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "第 2 行" in refused.stderr and "row 2, column" in refused.stderr
    assert refused.stderr.count("row 2, column") == 2
    assert "Traceback" not in refused.stderr
    assert state(filled) == (1, 73, None)


@pytest.mark.parametrize(
    ("name", "inside", "said"),
    [
        ("missing.csv", None, "does not exist"),
        ("notes.txt", b"hello", "must end in"),
        ("folder.csv", "folder", "is a directory"),
        ("pipe.csv", "pipe", "must be a regular file"),
        ("empty.csv", b"", "the file is empty"),
        ("none.json", b"[]", "no service"),
        ("broken.xlsx", b"PK\x03\x04", "Unreadable file"),
        ("utf16.csv", b"\xff\xfei\x00d\x00", "UTF-16"),
        ("cut.json", b'[{"division": ', "Unreadable file"),
    ],
)
def test_file_that_cannot_be_imported_ends_with_the_reason_and_code_2(
    filled: Path, name: str, inside: bytes | str | None, said: str
) -> None:
    path = filled / name
    if isinstance(inside, bytes):
        path.write_bytes(inside)
    elif inside == "pipe":
        os.mkfifo(path)
    elif inside:
        path.mkdir()
    refused = run(filled, "import", str(path))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr and "Traceback" not in refused.stderr
    assert re.search("[一-鿿]", refused.stderr)


def test_file_whose_name_is_not_text_is_imported(filled: Path) -> None:
    path = written(filled, "new.csv", [content(code="made")])
    strange = os.fsdecode(os.fsencode(filled) + b"/\xff\n.csv")
    path.rename(strange)
    done = run(filled, "import", strange)
    assert (done.returncode, done.stderr) == (0, "")
    assert state(filled) == (2, 74, None)
    assert "imported the file ��.csv" in reason_of(filled, 2)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "a\x01b", "\udcff"])
def test_reason_that_cannot_be_kept_is_refused(filled: Path, reason: str) -> None:
    path = written(filled, "new.csv", [content(code="made")])
    refused = run(filled, "import", str(path), "--reason", reason)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--reason" in refused.stderr and "Traceback" not in refused.stderr


def test_import_before_there_is_a_catalogue_says_what_to_do(tmp_path: Path) -> None:
    path = written(tmp_path, "new.csv", [content(code="made")])
    refused = run(tmp_path, "import", str(path))
    assert refused.returncode == 2
    assert "db upgrade" in refused.stderr and "Traceback" not in refused.stderr


def test_terminal_shows_how_far_reading_and_writing_are(filled: Path) -> None:
    path = written(filled, "new.jsonl", [content(code=f"made-{number}") for number in range(300)])
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        done = subprocess.run(
            [*COMMAND, "import", str(path)], env=environment(filled), stdout=subprocess.PIPE, stderr=theirs, check=False
        )
        os.close(theirs)
        shown = screen.read(65536).decode()
    assert done.returncode == 0
    assert "reading" in shown and "writing" in shown and "100%" in shown
    assert "revision 2" in done.stdout.decode()
