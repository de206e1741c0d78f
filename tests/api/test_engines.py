"""The same requests on SQLite and PostgreSQL make the same log, to the byte."""

from pathlib import Path

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.ledger import Intent
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.actions.writing import open_write
from service_catalog.app import create_app
from service_catalog.config import packaged_folder
from service_catalog.domain.access import OPERATOR, Permission
from service_catalog.domain.revisions import Action
from tests.api.writes import API, CALLS, CARD, document, matching, send
from tests.conftest import create_database, prepare
from tests.examples import ADMINISTRATOR, SIGNED


def written(url: str) -> dict[str, bytes]:
    """Seed a new database, make every kind of write, some refused, and return what the log and its readers then say."""
    catalogue = prepare(url)
    seed_catalogue(catalogue, packaged_folder("seed"))
    with open_write(catalogue, Intent(OPERATOR, Permission.MANAGE_TOKENS, Action.ISSUE_TOKEN, "签发令牌")) as write:
        write.put_token(ADMINISTRATOR)
        write.commit()
    client = create_app(catalogue).test_client()
    new = document(client) | {"code": "made-up", "name": {"zh": "甲𠮷", "en": "A"}}
    content = {name: new[name] for name in new if name not in ("id", "version", "revision", "updated_at")}
    body = {"service": content, "reason": "新建"}
    created = client.put(f"{API}/services/430203-made-up", json=body, headers=SIGNED | {"If-None-Match": "*"})
    assert created.status_code == 201, created.data
    answers = [send(client, call, SIGNED) for name, call in CALLS.items() if name != "revisions.revert_revision"]
    refused = client.patch(CARD, json={"changes": {"visits": 0}, "reason": "x"}, headers=matching(client, SIGNED))
    undone = client.post(f"{API}/revisions/3/revert", json={"reason": "误建"}, headers=SIGNED)
    assert [answer.status_code for answer in (*answers, undone, refused)] == [200] * (len(answers) + 1) + [422]
    assert check_catalogue(catalogue).broken is None
    asked = ("/log/checkpoint", "/log/entries", "/services?status=any&limit=1000", "/changes?since=0", "/indicators")
    told = {path: client.get(API + path, headers=SIGNED).data for path in (*asked, "/revisions?limit=1000")}
    catalogue.database.close()
    return told


def test_same_requests_on_both_databases_give_the_same_log_root_and_answers(tmp_path: Path, postgresql: str) -> None:
    sqlite = written(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}")
    on_postgresql = written(create_database(postgresql))
    assert b"tests\n" in sqlite["/log/checkpoint"]
    assert sqlite == on_postgresql
