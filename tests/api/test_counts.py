"""Every total, facet and indicator is what counting the documents one by one gives, whatever was written before."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.indexing import mend_index
from service_catalog.config import packaged_folder
from service_catalog.domain.vocabulary import Audience, Depth, Domain, LifeEvent, Tag
from service_catalog.store.tables import division_tally, tally
from tests.actions.test_writing import CARD, content, write
from tests.api.writes import API, Headers, document, matching, revision
from tests.domain import samples
from tests.tokens import signed

Document = dict[str, Any]
DIVISIONS = ("430203", "430203001", "430204", "430301002003", "440306", "110101")
PREFIXES = (None, "43", "4302", "4303", "44", "1101", "430203", "430203001", "99", "9901")
DEPTHS = (None, *Depth)


@pytest.fixture
def headers(catalogue: Catalogue) -> Headers:
    """Return an administrator's headers."""
    return signed(catalogue)


def made(random: Random, number: int) -> Document:
    """Return a service of any kind that breaks no rule."""
    audiences = random.choice([["individual"], ["enterprise"], ["individual", "enterprise"]])
    visits = random.choice([0, 1])
    online = audiences if visits == 0 else random.sample(audiences, random.randint(0, len(audiences)))
    return samples.content(
        code=f"made-{number}",
        division=random.choice(DIVISIONS),
        audiences=audiences,
        visits=visits,
        online_channels=[samples.channel(audience, depth=random.choice(DEPTHS)) for audience in online],
        domain=random.choice(list(Domain)),
        single_window=random.choice([True, False]),
        life_events=random.sample(list(LifeEvent), random.randint(0, 3)),
    )


def import_some(client: FlaskClient, headers: Headers, random: Random, number: int) -> None:
    rows = [made(random, 100 * number + place) for place in range(40)]
    assert client.post(f"{API}/imports?reason=x", json=rows, headers=headers).status_code == 200


def change_tags(client: FlaskClient, headers: Headers, random: Random, number: int) -> None:
    chosen = random.sample(documents(client), 20)
    changes = [{"id": one["id"], random.choice(["add", "remove"]): ["single-window"]} for one in chosen]
    body = {"changes": changes, "reason": "x"}
    assert client.post(f"{API}/tag-changes", json=body, headers=headers).status_code == 200


def edit_one(client: FlaskClient, headers: Headers, random: Random, number: int) -> None:
    path = f"{API}/services/{random.choice(documents(client))['id']}"
    changes = {"domain": random.choice(list(Domain)), "life_events": ["card", "talent"]}
    body = {"changes": changes, "reason": "x"}
    assert client.patch(path, json=body, headers=matching(client, headers, path)).status_code == 200


def retire_a_division(client: FlaskClient, headers: Headers, random: Random, number: int) -> None:
    division = random.choice(DIVISIONS[1:])
    rows = [one | {"status": "retired"} for one in documents(client) if one["division"] == division]
    if rows:
        assert client.post(f"{API}/imports?reason=x", json=rows, headers=headers).status_code == 200


def undo_the_last(client: FlaskClient, headers: Headers, random: Random, number: int) -> None:
    undo = client.post(f"{API}/revisions/{revision(client)}/revert", json={"reason": "x"}, headers=headers)
    assert undo.status_code == 200, undo.data


WRITES = (import_some, change_tags, retire_a_division, undo_the_last, edit_one, import_some, retire_a_division)


def documents(client: FlaskClient) -> list[Document]:
    """Return every service there is."""
    answer = client.get(f"{API}/services?status=any&limit=1000").get_json()
    assert answer["next"] is None
    items: list[Document] = answer["items"]
    return items


def any_query(random: Random) -> Document:
    """Return filters of any kind, each there as often as not."""
    choices: Document = {
        "division": random.choice(PREFIXES),
        "domain": random.choice(list(Domain)),
        "audience": random.choice(list(Audience)),
        "tag": random.sample(list(Tag), random.randint(1, 2)),
        "online": random.choice(["true", "false"]),
        "online_for": random.sample(list(Audience), random.randint(1, 2)),
        "min_depth": random.choice(list(Depth)),
        "max_visits": random.choice([0, 1]),
        "life_event": random.choice(list(LifeEvent)),
        "status": random.choice(["active", "retired", "any"]),
    }
    chosen = random.sample(sorted(choices), random.randint(0, 4))
    return {name: choices[name] for name in chosen if choices[name] is not None}


def ranks(service: Document, audiences: list[str]) -> list[int]:
    """Return how deep each audience's channel goes: -1 without one, 0 where that is unknown."""
    depth_of = {channel["audience"]: channel["depth"] for channel in service["online_channels"]}
    return [[*DEPTHS].index(depth_of[one]) if one in depth_of else -1 for one in audiences]


def is_meant(service: Document, query: Document) -> bool:
    """Tell whether a service meets every filter."""
    named = query.get("online_for", [])
    least = [*DEPTHS].index(query["min_depth"]) if "min_depth" in query else -1
    everybody = ranks(service, list(Audience))
    return all(
        (
            service["division"].startswith(query.get("division", "")),
            query.get("domain") in (None, service["domain"]),
            query.get("audience") in (None, *service["audiences"]),
            set(query.get("tag", [])) <= set(service["tags"]),
            query.get("online") in (None, "true" if max(everybody) >= 0 else "false"),
            min(ranks(service, named), default=0) >= 0,
            (min(ranks(service, named)) if named else max(everybody)) >= least,
            service["visits"] <= query.get("max_visits", 1),
            query.get("life_event") in (None, *service["life_events"]),
            query.get("status", "active") in ("any", service["status"]),
        )
    )


def facets_of(found: list[Document]) -> Document:
    """Count documents one by one."""
    tags = Counter(tag for one in found for tag in one["tags"])
    audiences = Counter(audience for one in found for audience in one["audiences"])
    online = Counter(audience for one in found for audience in {c["audience"] for c in one["online_channels"]})
    domains = Counter(one["domain"] for one in found)
    events = Counter(event for one in found for event in one["life_events"])
    return {
        "total": len(found),
        "total_is": "exact",
        "tag": {tag: tags[tag] for tag in Tag},
        "domain": {domain: domains[domain] for domain in Domain},
        "audience": {audience: audiences[audience] for audience in Audience},
        "online_for": {audience: online[audience] for audience in Audience},
        "life_event": {event: events[event] for event in LifeEvent},
    }


def assert_counted(client: FlaskClient, random: Random, queries: int) -> None:
    """Hold facets, totals and indicators against documents counted one by one."""
    everything = documents(client)
    for query in (any_query(random) for _ in range(queries)):
        found = [one for one in everything if is_meant(one, query)]
        facets = client.get(f"{API}/facets", query_string=query).get_json()
        del facets["revision"]
        assert facets == facets_of(found), query
        listed = client.get(f"{API}/services", query_string=query | {"limit": 7}).get_json()
        assert (listed["total"], len(listed["items"])) == (len(found), min(len(found), 7)), query
    for division in PREFIXES:
        query = {} if division is None else {"division": division}
        found = [one for one in everything if is_meant(one, query)]
        told = client.get(f"{API}/indicators", query_string=query).get_json()
        assert told["divisions"] == len({one["division"] for one in found}), division
        facets = facets_of(found)
        assert (told["total"], told["zero_visit"]) == (facets["total"], facets["tag"]["zero-visit"]), division
        assert told["online"]["both"] == sum(min(ranks(one, list(Audience))) >= 0 for one in found), division


def test_counts_after_writes_of_every_kind_are_those_of_the_documents(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    random = Random(3140)  # noqa: S311 - the same in every run
    for number, make in enumerate(WRITES):
        make(client, headers, random, number)
        assert_counted(client, random, queries=8)
    assert check_catalogue(catalogue).broken is None


@pytest.mark.parametrize("query", [{"domain": "employment"}, {"division": "43", "online": "true"}, {"status": "any"}])
def test_pages_of_what_is_scattered_over_divisions_hold_each_service_once_in_order(
    client: FlaskClient, headers: Headers, query: Document
) -> None:
    random = Random(59)  # noqa: S311 - the same in every run
    import_some(client, headers, random, 1)
    edit_one(client, headers, random, 2)
    found = [one for one in documents(client) if is_meant(one, query)]
    for sort, key in (("id", lambda one: one["id"]), ("-revision", lambda one: (one["revision"], one["id"]))):
        expected = [one["id"] for one in sorted(found, key=key, reverse=sort == "-revision")]
        assert walk(client, query | {"sort": sort, "limit": 5}) == expected, sort


def walk(client: FlaskClient, query: Document) -> list[str]:
    """Return the ids of all pages."""
    ids: list[str] = []
    cursor: Document = {}
    while True:
        page = client.get(f"{API}/services", query_string=query | cursor).get_json()
        ids += [one["id"] for one in page["items"]]
        if page["next"] is None:
            return ids
        cursor = {"cursor": page["next"]}


def test_dry_run_and_refused_write_leave_the_counts_alone(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    rows = [made(Random(1), 1)]  # noqa: S311 - the same in every run
    planned = client.post(f"{API}/imports?reason=x&dry_run=true", json=rows, headers=headers).get_json()
    assert planned["indicators"]["after"]["total"] == planned["indicators"]["before"]["total"] + 1
    refused = client.post(f"{API}/imports?reason=x", json=[rows[0], rows[0]], headers=headers)
    assert refused.status_code == 422
    assert client.get(f"{API}/services").get_json()["total"] == 73
    assert check_catalogue(catalogue).broken is None


def test_numbers_that_have_come_to_nothing_are_not_kept(catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, division="110101"))
    write(catalogue, content(catalogue, CARD.replace("430203", "110101"), status="retired"))
    write(catalogue, content(catalogue, CARD.replace("430203", "110101"), status="active"))
    with catalogue.database.reading() as session:
        assert session.execute(select(func.min(tally.c.services))).scalar_one() == 1
        kept = select(func.count()).where(tally.c.prefix == "1101")
        assert session.execute(kept.select_from(tally)).scalar_one() == 1


BY_HAND = (
    "UPDATE tally SET services = services + 1 WHERE prefix = '43'",
    "DELETE FROM tally WHERE prefix = '4302'",
    "UPDATE tally SET prefix = '44' WHERE prefix = '43'",
    "UPDATE division_tally SET divisions = 2 WHERE prefix = ''",
)


@pytest.mark.parametrize("statement", BY_HAND)
def test_check_finds_numbers_out_of_step_and_reindex_mends_them(catalogue: Catalogue, statement: str) -> None:
    with catalogue.database.writing() as session:
        session.execute(text(statement))
        session.commit()
    broken = check_catalogue(catalogue).broken
    assert broken is not None and "db reindex mends them" in broken.en
    mend_index(catalogue)
    assert check_catalogue(catalogue).broken is None
    assert mend_index(catalogue) == 0


def test_migration_counts_the_catalogue_that_is_there_and_its_way_back_leaves_nothing(
    client: FlaskClient, catalogue: Catalogue, headers: Headers
) -> None:
    random = Random(73)  # noqa: S311 - the same in every run
    import_some(client, headers, random, 1)
    retire_a_division(client, headers, random, 2)
    config = Config()
    config.set_main_option("script_location", str(packaged_folder("migrations")))
    config.set_main_option("path_separator", "os")
    with catalogue.database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        assert not connection.dialect.has_table(connection, tally.name)
        assert not connection.dialect.has_table(connection, division_tally.name)
        command.upgrade(config, "head")
    assert_counted(client, random, queries=8)
    assert check_catalogue(catalogue).broken is None
    assert document(client)["version"] == 1
