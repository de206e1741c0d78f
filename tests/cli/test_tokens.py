"""Tokens and keys from the command line, used on the real server."""

import stat
from pathlib import Path

import pytest

from service_catalog.actions.auditing import check_catalogue
from service_catalog.app import open_catalogue
from service_catalog.config import read_settings
from tests.serving import Server, run


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return a folder with a seeded catalogue."""
    run(tmp_path, "db", "upgrade")
    run(tmp_path, "seed")
    return tmp_path


def test_token_that_is_created_stands_alone_on_standard_output_and_signs_in_until_it_is_revoked(filled: Path) -> None:
    created = run(filled, "token", "create", "--role", "auditor", "--name", "李审计")
    secret = created.stdout.strip()
    assert created.stdout == f"{secret}\n" and len(secret) >= 43
    with Server(filled) as server:
        assert server.get("/api/v1/revisions", Authorization=f"Bearer {secret}").status == 200
        listed = run(filled, "token", "list").stdout.rstrip("\n").split("\t")
        assert listed[1] == "auditor" and listed[-1] == "李审计" and listed[-2].endswith("Z")
        assert run(filled, "token", "revoke", listed[0]).returncode == 0
        refused = server.get("/api/v1/revisions", Authorization=f"Bearer {secret}")
        assert (refused.status, refused.json()["code"]) == (401, "invalid-token")
    assert "吊销 revoked" in run(filled, "token", "list").stdout


def test_token_when_issued_and_revoked_is_in_the_log_but_its_secret_is_nowhere(filled: Path) -> None:
    secret = run(filled, "token", "create", "--role", "administrator", "--name", "x").stdout.strip()
    run(filled, "token", "revoke", run(filled, "token", "list").stdout.split("\t")[0])
    catalogue = open_catalogue(read_settings({"SERVICE_CATALOG_DATA_DIR": str(filled)}))
    report = check_catalogue(catalogue)
    catalogue.database.close()
    assert (report.broken, report.revision, report.entries) == (None, 3, 77)
    assert not [path for path in filled.iterdir() if secret.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--role", "owner", "--name", "x"), "--role"),
        (("--role", "auditor", "--name", " "), "--name"),
        (("--role", "auditor", "--name", "x" * 101), "--name"),
        (("--role", "auditor", "--name", "x", "--expires", "0"), "--expires"),
        (("--role", "auditor", "--name", "x", "--division", "430"), "--division"),
        (("--role", "auditor"), "--name"),
    ],
)
def test_token_that_is_asked_for_wrongly_is_not_issued(filled: Path, options: tuple[str, ...], named: str) -> None:
    refused = run(filled, "token", "create", *options)
    assert refused.returncode == 2 and named in refused.stderr and refused.stdout == ""
    assert run(filled, "token", "list").stdout == ""


def test_revoking_an_id_that_nobody_has_is_refused_in_one_line(filled: Path) -> None:
    refused = run(filled, "token", "revoke", "token-000000000000")
    assert refused.returncode == 2
    assert "there is no token token-000000000000" in refused.stderr


def test_key_that_is_made_first_is_the_key_of_the_catalogue_and_is_not_made_twice(tmp_path: Path) -> None:
    made = run(tmp_path, "keys", "init")
    assert made.returncode == 0
    assert stat.S_IMODE((tmp_path / "signing.key").stat().st_mode) == 0o600
    assert run(tmp_path, "keys", "init").returncode == 2
    assert run(tmp_path, "db", "upgrade").returncode == 0
    assert run(tmp_path, "keys", "show").stdout == made.stdout
    (tmp_path / "signing.key").unlink()
    assert run(tmp_path, "keys", "show").stdout == made.stdout


def test_key_that_is_shown_is_never_the_signing_key(filled: Path) -> None:
    shown = run(filled, "keys", "show")
    assert "PRIVATE" not in shown.stdout + shown.stderr
    assert shown.stdout.count("\n") == 1
