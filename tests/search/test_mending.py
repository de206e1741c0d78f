"""What services are found by stays of their documents: through every write, by the migration, and by ``db reindex``."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from alembic import command
from alembic.config import Config
from flask.testing import FlaskClient
from sqlalchemy import Table, inspect, text
from sqlalchemy.orm import Session

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.indexing import mend_index
from service_catalog.config import packaged_folder
from service_catalog.documents.search.names import name_of
from service_catalog.domain.namesakes import namesakes_of
from service_catalog.store.names import write_names
from service_catalog.store.search_terms import written
from service_catalog.store.tables import search, service_name
from tests.actions.test_writing import CARD, content, write
from tests.api.test_reverting import edited, revert
from tests.api.writes import API, Headers
from tests.domain import samples
from tests.search.test_searching import codes, suggested
from tests.tokens import signed

OTHER = "430203-card-replacement"


@pytest.fixture
def headers(catalogue: Catalogue) -> Headers:
    """Return an administrator's headers."""
    return signed(catalogue)


def test_service_is_found_by_what_each_write_made_of_it(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    number = edited(client, headers, {"name": {"zh": "民生通卡"}, "materials": [samples.material("蓝色卡套", None)]})
    assert codes(client, q="民生通卡") == codes(client, q="蓝色卡套") == ["card-application"]
    revert(client, headers, number)
    assert codes(client, q="社会保障卡申领", limit=1) == codes(client, q="民生通卡") == ["card-application"]
    assert "card-application" not in codes(client, q="蓝色卡套")
    new = samples.content(code="new", division="999999", name=samples.text("海草房修缮", None))
    for dry_run, found in (("true", []), ("false", ["new"])):
        sent = client.post(f"{API}/imports?reason=x&dry_run={dry_run}", json=[new], headers=headers)
        assert sent.status_code == 200, sent.data
        assert codes(client, q="海草房修缮", division="99") == found
    assert check_catalogue(catalogue).broken is None


def test_search_is_filtered_and_counted_by_what_a_change_of_tags_made(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    asked = {"q": "社会保障卡申领", "limit": 1, "tag": "single-window"}
    found, facets = f"{API}/services?{urlencode(asked)}", f"{API}/facets?{urlencode({'q': '社会保障卡申领'})}"
    before = client.get(facets).get_json()["tag"]["single-window"]
    assert [item["id"] for item in client.get(found).get_json()["items"]] == [CARD]
    write(catalogue, content(catalogue, single_window=False))
    assert CARD not in [item["id"] for item in client.get(found).get_json()["items"]]
    assert client.get(facets).get_json()["tag"]["single-window"] == before - 1
    assert check_catalogue(catalogue).broken is None


def empty_index(session: Session, table: Table) -> None:
    if session.get_bind().dialect.name == "sqlite":
        index = f"{table.name}_index"
        session.execute(text(f"INSERT INTO {index} ({index}) VALUES ('delete-all')"))  # noqa: S608 - our own names
    else:
        session.execute(table.update().values(tokens=""))


NAMED = service_name.c.zh == "民生通卡"


WAYS: dict[str, Callable[[Session], object]] = {
    "missing": lambda session: session.execute(search.delete().where(search.c.service_id == CARD)),
    "other": lambda session: session.execute(search.update().where(search.c.service_id == OTHER).values(tokens="nx")),
    "moved": lambda session: session.execute(search.update().values(position=search.c.position + 1000)),
    "counted": lambda session: session.execute(search.update().values(life_events=",card,")),
    "empty": lambda session: empty_index(session, search),
    "called otherwise": lambda session: session.execute(search.update().values(name=search.c.name + 1)),
    "name missing": lambda session: session.execute(service_name.delete().where(NAMED)),
    "name other": lambda session: session.execute(service_name.update().where(NAMED).values(zh="民生卡")),
    "name by other words": lambda session: session.execute(service_name.update().where(NAMED).values(tokens="nx")),
    "name of nobody": lambda session: write_names(session, [namesakes_of(name_of(samples.text("无", None)), ())]),
    "name without words of a service": lambda session: session.execute(
        service_name.update()
        .where(NAMED)
        .values(tokens=written(session, name_of(samples.text("民生通卡", None)).tokens))
    ),
    "name with words of one service for all": lambda session: session.execute(
        service_name.update().where(NAMED).values(lacking="")
    ),
    "names empty": lambda session: empty_index(session, service_name),
}


@pytest.mark.parametrize("way", WAYS)
def test_check_finds_the_table_out_of_step_and_reindex_mends_it(
    client: FlaskClient, catalogue: Catalogue, way: str
) -> None:
    named = {"name": {"zh": "民生通卡", "en": None}}
    write(catalogue, content(catalogue, **named), content(catalogue, OTHER, **named))
    before = codes(client, q="社保卡")
    with catalogue.database.writing() as session:
        WAYS[way](session)
        session.commit()
    broken = check_catalogue(catalogue).broken
    assert broken is not None and "db reindex mends it" in broken.en
    mend_index(catalogue)
    assert check_catalogue(catalogue).broken is None
    assert codes(client, q="社保卡") == before
    assert suggested(client, q="民生")[0] == "民生通卡"
    assert mend_index(catalogue) == 0


def test_migration_fills_the_table_of_a_catalogue_that_is_there_and_its_way_back_leaves_none(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    write(catalogue, content(catalogue, name={"zh": "民生通卡", "en": None}))
    config = Config()
    config.set_main_option("script_location", str(packaged_folder("migrations")))
    config.set_main_option("path_separator", "os")
    with catalogue.database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        assert not [name for name in inspect(connection).get_table_names() if name.startswith("search")]
        command.upgrade(config, "head")
    assert codes(client, q="民生通卡") == ["card-application"]
    assert "card-application" in codes(client, q="社会保障卡申领")
    assert check_catalogue(catalogue).broken is None


def test_longest_texts_are_kept_and_found_on_either_engine(client: FlaskClient, catalogue: Catalogue) -> None:
    """PostgreSQL refuses a token of more than 2,046 bytes, and more than a mebibyte of them."""
    long = ["".join(chr(0x4E00 + step * place % 20_011) for place in range(2000)) for step in range(1, 101)]
    write(
        catalogue,
        samples.content(
            division="999999",
            name=samples.text("\u1820" * 2000, long[0]),
            summary=samples.text(long[1], "x" * 2000),
            materials=[samples.material(zh, en) for zh, en in zip(long[::2], long[1::2], strict=True)],
        ),
    )
    assert codes(client, q=long[0][:5], division="99") == codes(client, q="\u1820" * 100) == ["card-application"]
    assert check_catalogue(catalogue).broken is None
