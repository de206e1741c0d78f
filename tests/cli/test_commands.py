"""The command line: each command, its exit codes, and one clear line where something is wrong."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from service_catalog.app import open_catalogue
from service_catalog.cli.group import Commands
from service_catalog.cli.main import main
from service_catalog.config import read_settings
from service_catalog.documents.notes import new_signing_key
from tests.actions.test_writing import content, write
from tests.conftest import debian_program
from tests.serving import COMMAND, environment, free_port, run

ROOT = Path(__file__).parent.parent.parent
BOTH = re.compile(r"[\u4e00-\u9fff].* · [A-Z]")
"""Chinese words and, after a dot, an English sentence."""


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return a data folder with a seeded catalogue, made by the commands themselves."""
    assert run(tmp_path, "db", "upgrade").returncode == 0
    assert run(tmp_path, "seed").returncode == 0
    return tmp_path


def test_upgrade_on_an_empty_folder_makes_tables_and_a_key_and_says_where(tmp_path: Path) -> None:
    first = run(tmp_path / "new", "db", "upgrade")
    assert first.returncode == 0, first.stderr
    key = tmp_path / "new" / "signing.key"
    assert str(key) in first.stderr
    assert key.stat().st_mode & 0o777 == 0o600
    again = run(tmp_path / "new", "db", "upgrade")
    assert (again.returncode, again.stderr) == (0, "")


def test_seed_twice_says_that_nothing_was_changed(filled: Path) -> None:
    again = run(filled, "seed")
    assert again.returncode == 0
    assert "nothing was changed" in again.stdout


def test_check_of_a_seeded_catalogue_is_sound(filled: Path) -> None:
    checked = run(filled, "check", "--totals")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "73" in checked.stdout and "75" in checked.stdout


def test_check_when_a_row_was_changed_exits_1_and_names_it(filled: Path) -> None:
    with closing(sqlite3.connect(filled / "catalogue.sqlite3")) as connection, connection:
        connection.execute("UPDATE service SET single_window = 0 WHERE id = '430203-card-application'")
    checked = run(filled, "check")
    assert checked.returncode == 1
    assert "430203-card-application" in checked.stderr


def test_check_of_another_total_is_a_note_and_with_totals_a_failure(tmp_path: Path) -> None:
    run(tmp_path, "db", "upgrade")
    run(tmp_path, "seed")
    catalogue = open_catalogue(read_settings({"SERVICE_CATALOG_DATA_DIR": str(tmp_path)}))
    write(catalogue, content(catalogue, single_window=False))
    catalogue.database.close()
    noted, failed = run(tmp_path, "check"), run(tmp_path, "check", "--totals")
    assert (noted.returncode, failed.returncode) == (0, 1)
    assert "declared 46, actual 45" in noted.stdout


@pytest.mark.parametrize("command", ["check", "seed"])
def test_command_without_a_database_says_what_to_run_and_makes_none(tmp_path: Path, command: str) -> None:
    stopped = run(tmp_path / "none", command)
    assert stopped.returncode == 2
    assert "run db upgrade or serve" in stopped.stderr and "请先运行 db upgrade" in stopped.stderr
    assert stopped.stderr.count("\n") == 1
    assert not (tmp_path / "none").exists()


def test_check_of_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "catalogue.sqlite3").close()
    assert "run db upgrade or serve" in run(tmp_path, "check").stderr


def test_openapi_prints_the_committed_contract(tmp_path: Path) -> None:
    printed = run(tmp_path, "openapi")
    assert printed.stdout == (ROOT / "openapi.yaml").read_text(encoding="utf-8")
    written = run(tmp_path, "openapi", "--output", str(tmp_path / "contract.yaml"))
    assert written.returncode == 0
    assert (tmp_path / "contract.yaml").read_text(encoding="utf-8") == printed.stdout


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"DATABASE_URL": "mysql://x/y"}, "SERVICE_CATALOG_DATABASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "SERVICE_CATALOG_DATABASE_URL"),
        ({"DATABASE_URL": "sqlite://"}, "SERVICE_CATALOG_DATABASE_URL"),
        ({"LOG_LEVEL": "loud"}, "SERVICE_CATALOG_LOG_LEVEL"),
        ({"ORIGIN": "two words"}, "SERVICE_CATALOG_ORIGIN"),
        ({"DATABSE_URL": "sqlite:///x"}, "SERVICE_CATALOG_DATABSE_URL"),
        ({"DATABASE_URL": "postgresql://u:p@h:notaport/x"}, "SERVICE_CATALOG_DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////no/such/folder/x.db"}, "cannot be reached"),
        ({"DATABASE_URL": "sqlite:////tmp"}, "cannot be reached"),
        ({"DATABASE_URL": f"sqlite:///{__file__}"}, "cannot be reached"),
        ({"SIGNING_KEY_FILE": "/dev/null/folder/key"}, "/dev/null/folder/key：路径中有一段不是目录"),
        ({"SIGNING_KEY_FILE": str(ROOT)}, f"{ROOT}：这是一个目录 · "),
        ({"SIGNING_KEY_FILE": sys.executable}, f"{sys.executable} 不是密钥文件 · "),
        ({"SIGNING_KEY": "PRIVATE+KEY+x+y+z"}, "signing key"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "Connection refused"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none?bogus=x"}, "SERVICE_CATALOG_DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none?connect_timeout=x"}, "SERVICE_CATALOG_DATABASE_URL"),
        ({"DATABASE_URL": "postgresql:///none?port=x"}, "SERVICE_CATALOG_DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none?host=127.0.0.1&host=127.0.0.2"}, "127.0.0.2"),
        ({"DATABASE_URL": "postgresql://a:1,b:2/x"}, "several servers are written ?host=a:5432&host=b:5432"),
        ({"READ_DATABASE_URL": "postgresql://a/x"}, "SERVICE_CATALOG_DATABASE_URL must both begin with postgresql:"),
        (
            {"DATABASE_URL": "postgresql://a/x", "READ_DATABASE_URL": "postgresql://b/x?bogus=x"},
            "SERVICE_CATALOG_READ_DATABASE_URL has an option that cannot be used",
        ),
        ({"DATA_DIR": __file__}, f"SERVICE_CATALOG_DATA_DIR is not a folder that can be used: {__file__}"),
        ({"DATA_DIR": f"{__file__}/below"}, f"{__file__}/below"),
        ({"DATA_DIR": "/proc"}, "/proc/catalogue.sqlite3"),
        ({"DATA_DIR": "/proc/none"}, "/proc/none"),
    ],
)
def test_setting_that_is_bad_stops_the_start_with_a_clear_line(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    stopped = run(tmp_path, "serve", "--port", str(free_port()), **settings)
    assert stopped.returncode == 2
    assert named in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert stopped.stderr.count("\n") == 1
    assert " · " in stopped.stderr
    assert "z" * 3 not in stopped.stderr


def test_database_that_the_server_does_not_have_is_one_line_with_its_name(tmp_path: Path, postgresql: str) -> None:
    url = make_url(postgresql).set(database="absent").render_as_string(hide_password=False)
    for command in (["check"], ["seed"], ["db", "upgrade"], ["serve", "--port", str(free_port())]):
        stopped = run(tmp_path, *command, DATABASE_URL=url)
        assert (stopped.returncode, stopped.stderr.count("\n")) == (2, 1), stopped.stderr
        assert 'database "absent" does not exist' in stopped.stderr


def test_database_file_that_may_not_be_written_is_one_line_with_its_path(filled: Path) -> None:
    """Root obeys the permissions of files, as everybody else does, once it has given up two of its capabilities."""
    giving_up = "--bounding-set=-dac_override,-dac_read_search"
    without_privilege = [debian_program("setpriv"), giving_up] if os.getuid() == 0 else []
    file = filled / "catalogue.sqlite3"
    file.chmod(0o400)
    stopped = subprocess.run(
        [*without_privilege, *COMMAND, "serve", "--port", str(free_port())],
        env=environment(filled),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (stopped.returncode, stopped.stderr.count("\n")) == (2, 1), stopped.stderr
    assert str(file) in stopped.stderr


def test_process_with_another_key_stops_with_one_line(filled: Path) -> None:
    stopped = run(filled, "db", "upgrade", SIGNING_KEY=new_signing_key("other"))
    assert stopped.returncode == 2
    assert "another key" in stopped.stderr
    assert stopped.stderr.count("\n") == 1


def test_process_without_the_key_of_an_existing_log_stops_with_one_line(filled: Path) -> None:
    (filled / "signing.key").unlink()
    stopped = run(filled, "db", "upgrade")
    assert stopped.returncode == 2
    assert "is missing" in stopped.stderr
    assert not (filled / "signing.key").exists()


def test_routes_of_flask_are_there_for_developers(tmp_path: Path) -> None:
    listed = run(tmp_path, "routes")
    assert listed.returncode == 0
    assert "/api/v1/services" in listed.stdout


def test_commands_when_listed_have_words_in_both_languages_whatever_the_settings(tmp_path: Path) -> None:
    listed = run(tmp_path, "--help", LOG_LEVEL="loud")
    assert (listed.returncode, listed.stderr) == (0, "")
    rows = listed.stdout.partition("Commands:\n")[2].splitlines()
    assert len(rows) == len(main.commands)
    assert [row for row in rows if not BOTH.search(row)] == []


@pytest.mark.parametrize("arguments", [("serve",), ("check",), ("openapi",), ("db", "upgrade"), ("seed",)])
def test_option_when_explained_has_words_in_both_languages(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    shown = run(tmp_path, *arguments, "--help").stdout
    options = re.split(r"^  (?=-)", shown.partition("Options:\n")[2], flags=re.MULTILINE)[1:]
    assert options
    assert [option for option in options if not BOTH.search(option)] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("servee",), "命令有误：没有 servee 这个命令\n"),
        (("db", "down"), "命令有误：没有 down 这个命令\n"),
        (("--quiet",), "命令有误：没有 --quiet 这个选项\n"),
        (("serve", "--prot", "1"), "命令有误：没有 --prot 这个选项\n"),
        (("serve", "--port", "none"), "命令有误：--port 的值不能使用\n"),
        (("serve", "--port"), "命令有误：选项 --port 的写法不对，缺少或多了一个值\n"),
        (("check", "--totals=1"), "命令有误：选项 --totals 的写法不对，缺少或多了一个值\n"),
        (("run", "--cert", __file__), "命令有误：--key 的值不能使用\n"),
        (("check", "all"), "命令有误：缺少命令，或多了参数\n"),
        (("--", "check", "all"), "命令有误：缺少命令，或多了参数\n"),
    ],
)
def test_command_when_mistyped_is_told_so_in_chinese_before_the_english(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    stopped = run(tmp_path, *arguments)
    assert stopped.returncode == 2
    assert stopped.stderr.startswith(said)
    assert re.search(r"^Error: [A-Z]", stopped.stderr, re.MULTILINE)


def test_command_when_it_lacks_an_argument_is_told_so_in_chinese_before_the_english() -> None:
    @click.group(cls=Commands)
    def program() -> None: ...

    @program.command()
    @click.argument("file")
    def read(file: str) -> None: ...

    stopped = CliRunner().invoke(program, ["read"])
    assert stopped.exit_code == 2
    assert stopped.stderr.startswith("命令有误：缺少 FILE\n")
    assert "Error: Missing argument 'FILE'." in stopped.stderr


def test_program_when_nothing_is_typed_shows_its_commands_and_no_error(tmp_path: Path) -> None:
    shown = run(tmp_path)
    assert "启动服务" in shown.stdout + shown.stderr
    assert "命令有误" not in shown.stdout + shown.stderr


def test_contract_when_its_file_cannot_be_written_is_refused_with_the_cause_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "contract.yaml"
    stopped = run(tmp_path, "openapi", "--output", str(file))
    assert stopped.returncode == 1
    assert f"无法写入 {file}：没有这个文件或目录 · {file} cannot be written: No such file" in stopped.stderr


def test_a_command_when_it_fails_unexpectedly_ends_with_2_as_1_says_that_something_is_refuted():
    @click.command()
    def divide() -> None:
        1 / 0  # noqa: B018

    ended = CliRunner().invoke(Commands(commands=[divide]), ["divide"])
    assert ended.exit_code == 2
    assert "ZeroDivisionError" in ended.stderr
