"""The command ``verify``: real files of a real catalogue, on a machine that has nothing but them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.serving import COMMAND, run
from tests.verification.samples import AUDITOR, FORMATS, WORLD, Header

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ORDINARY = ("--key", AUDITOR.key, "--origin", AUDITOR.origin)

OFFLINE = """
import sys

def refuse(event, arguments):
    is_scratch = event == "sqlite3.connect" and arguments == ("",) or event == "sqlite3.connect/handle"
    if event.startswith(("socket.", "sqlite3.", "subprocess.", "ftplib.")) and not is_scratch:
        raise RuntimeError(f"not offline: {event}")

sys.addaudithook(refuse)
from service_catalog.cli.program import run
try:
    run()
finally:
    print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
"""The program in an interpreter that refuses network and databases and says in the end what it loaded.

What must be held between two readings is in a temporary file of SQLite's, which has no name.
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with an export, its log, and what else an auditor may have."""
    contents = {
        "export.json": WORLD.export("json"),
        "export.jsonl": WORLD.export("jsonl"),
        "log.jsonl": WORLD.log(),
        "old.txt": WORLD.checkpoint(2),
        "checkpoint.txt": WORLD.checkpoint(),
        "receipt.txt": WORLD.receipt(3),
        "entry.json": WORLD.leaves[3],
        "document.json": WORLD.lines(1)[0],
        "consistency.txt": WORLD.consistency(2),
        "key.txt": f"{AUDITOR.key}\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return tmp_path


def verify(folder: Path, *arguments: str, key: tuple[str, ...] = ORDINARY) -> subprocess.CompletedProcess[str]:
    """Run the command; words that name a file of the folder are paths there."""
    paths = [str(folder / word) if (folder / word).is_file() else word for word in (*arguments, *key)]
    return run(folder, "verify", *paths, DATABASE_URL="nonsense", LOG_LEVEL="nonsense")


@pytest.mark.parametrize(
    "arguments",
    [
        ("export.json", "--log", "log.jsonl"),
        ("export.jsonl", "--log", "log.jsonl", "--since", "old.txt"),
        ("old.txt", "--log", "log.jsonl", "--checkpoint", "checkpoint.txt"),
        ("receipt.txt", "--entry", "entry.json", "--document", "document.json"),
        ("consistency.txt", "--since", "old.txt"),
    ],
)
def test_verify_of_a_sound_file_exits_0_and_names_every_check_in_both_languages(
    files: Path, arguments: tuple[str, ...]
) -> None:
    said = verify(files, *arguments)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.endswith("结论 · outcome: 已证实 · proven\n")
    told = verify(files, *arguments, "--json", key=("--key", "key.txt", "--origin", "tests"))
    assert told.returncode == 0
    report = json.loads(told.stdout)
    assert report["outcome"] == "proven"
    for check in report["checks"]:
        assert f"√ {check['check']}: {check['label']['zh']} · {check['label']['en']}\n" in said.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [(("verify", "--log"), "结论 · outcome: 已证实 · proven\n"), (("diff",), "恢复 Brought back 0\n")],
)
def test_files_that_come_through_pipes_are_read_as_others_are(files: Path, words: tuple[str, ...], said: str) -> None:
    names = ("log.jsonl", "export.json") if words[0] == "verify" else ("export.json", "export.jsonl")
    starts = []
    for name in names:
        start, end = os.pipe()
        assert os.write(end, (files / name).read_bytes()) == (files / name).stat().st_size
        os.close(end)
        starts.append(start)
    given = [*words, *(f"/dev/fd/{start}" for start in starts), *(ORDINARY if words[0] == "verify" else ())]
    done = subprocess.run([*COMMAND, *given], pass_fds=starts, capture_output=True, text=True, check=False)
    for start in starts:
        os.close(start)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(said)


def test_verify_of_a_forgery_exits_1_and_says_where(files: Path) -> None:
    export = files / "export.jsonl"
    export.write_bytes(export.read_bytes().replace(b'"single_window":true', b'"single_window":1234', 1))
    said = verify(files, "export.jsonl", "--log", "log.jsonl")
    assert said.returncode == 1
    assert "× format: " in said.stdout and "第 5 项事项附近" in said.stdout and "near service 5" in said.stdout
    assert "? documents: " in said.stdout and "not reached" in said.stdout
    assert said.stdout.endswith("结论 · outcome: 不成立 · refuted\n")


def test_verify_without_the_log_exits_2_and_says_what_is_missing(files: Path) -> None:
    said = verify(files, "export.json")
    assert (said.returncode, said.stderr) == (2, "")
    assert "√ signature" in said.stdout and "no log was given (--log)" in said.stdout
    told = verify(files, "export.json", "--json")
    assert (told.returncode, json.loads(told.stdout)["outcome"]) == (2, "unchecked")


@pytest.mark.parametrize("written_as", ["csv", "xlsx", "jsonld"])
@on_sqlite
def test_verify_of_a_rendering_exits_2_and_says_that_it_is_no_evidence(
    files: Path, client: FlaskClient, written_as: str
) -> None:
    (files / "rendered").write_bytes(client.get(f"/api/v1/export?format={written_as}").data)
    said = verify(files, "rendered", "--log", "log.jsonl")
    assert (said.returncode, said.stderr) == (2, "")
    assert "不是证据；请核对同一修订的 JSON 或 JSON Lines 导出 · this is a rendering" in said.stdout


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("none.json",), ORDINARY),
        (("export.json", "--log", "none"), ORDINARY),
        (("export.json", "--since", "none"), ORDINARY),
        (("export.json", "--checkpoint", "none"), ORDINARY),
        (("export.json",), ("--key", "none", "--origin", "tests")),
        (("/",), ORDINARY),
    ],
)
def test_verify_when_a_file_cannot_be_read_exits_2_and_names_it(
    files: Path, arguments: tuple[str, ...], key: tuple[str, ...]
) -> None:
    said = verify(files, *arguments, key=key)
    assert (said.returncode, said.stdout) == (2, "")
    assert "cannot be read: No such file or directory" in said.stderr or "is a directory" in said.stderr
    assert any("\u4e00" <= sign <= "\u9fff" for sign in said.stderr)


@pytest.mark.parametrize(("missing", "option"), [(ORDINARY[:2], "--origin"), (ORDINARY[2:], "--key")])
def test_verify_without_key_or_origin_exits_2_since_neither_may_come_from_the_file(
    files: Path, missing: tuple[str, ...], option: str
) -> None:
    said = verify(files, "export.json", key=missing)
    assert said.returncode == 2
    assert f"缺少 {option}" in said.stderr and f"Missing option '{option}'" in said.stderr


def test_verify_when_a_file_holds_control_signs_prints_none(files: Path) -> None:
    forged = "\x1b[2J\x1b]0;x\x07"
    (files / "export.json").write_bytes(b"".join(FORMATS["json"](Header(forged, 4, 11, None, ()), [], "x")))
    said = verify(files, "export.json")
    assert said.returncode == 1
    assert "\x1b" not in said.stdout and "\x07" not in said.stdout


def test_verify_loads_neither_web_nor_database_and_opens_no_connection(files: Path) -> None:
    program = [sys.executable, "-c", OFFLINE, "verify", files / "export.json", "--log", files / "log.jsonl", *ORDINARY]
    done = subprocess.run(program, cwd=files, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.rpartition("loaded:")[2].split())
    assert {"service_catalog", "click", "orjson"} <= loaded
    assert not loaded & {"flask", "flask_smorest", "werkzeug", "sqlalchemy", "alembic", "marshmallow", "granian"}


@on_sqlite
def test_verify_of_what_the_catalogue_itself_hands_out_is_proven(client: FlaskClient, tmp_path: Path) -> None:
    entry = client.get("/api/v1/log/entries?from=66&limit=1").get_json(force=True)
    addresses = {
        "log.jsonl": "/api/v1/log/entries?from=0",
        "checkpoint.txt": "/api/v1/log/checkpoint",
        "export.json": "/api/v1/export?revision=1",
        "export.jsonl": "/api/v1/export?format=jsonl&division=4302",
        "entry.json": "/api/v1/log/entries?from=66&limit=1",
        "document.json": f"/api/v1/services/{entry['id']}",
        "receipt.txt": "/api/v1/log/proof?index=66",
        "consistency.txt": "/api/v1/log/consistency?from=75",
    }
    for name, address in addresses.items():
        (tmp_path / name).write_bytes(client.get(address).get_data())
    for arguments in (
        ("export.json", "--log", "log.jsonl", "--since", "checkpoint.txt"),
        ("export.jsonl", "--log", "log.jsonl"),
        ("checkpoint.txt", "--log", "log.jsonl"),
        ("receipt.txt", "--entry", "entry.json", "--document", "document.json"),
        ("consistency.txt", "--since", "checkpoint.txt"),
    ):
        said = verify(tmp_path, *arguments)
        assert said.returncode == 0, said.stdout
