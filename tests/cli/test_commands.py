"""The command line: each command, its exit codes, and one clear line where something is wrong."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from service_catalog.app import open_catalogue
from service_catalog.config import read_settings
from service_catalog.documents.notes import new_signing_key
from tests.actions.test_writing import content, write
from tests.serving import run

ROOT = Path(__file__).parent.parent.parent


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


def test_check_without_tables_says_what_to_run(tmp_path: Path) -> None:
    checked = run(tmp_path, "check")
    assert checked.returncode == 2
    assert "db upgrade" in checked.stderr


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
        ({"SIGNING_KEY_FILE": "/dev/null/folder/key"}, "/dev/null/folder/key"),
        ({"SIGNING_KEY": "PRIVATE+KEY+x+y+z"}, "signing key"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "cannot be reached"),
    ],
)
def test_setting_that_is_bad_stops_the_start_with_a_clear_line(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    stopped = run(tmp_path, "serve", **settings)
    assert stopped.returncode == 2
    assert named in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert "z" * 3 not in stopped.stderr


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
