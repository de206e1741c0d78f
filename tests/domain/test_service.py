"""What follows from a service's content alone: identity, tags, index and shape."""

from typing import Any

import pytest

from service_catalog.domain.service import (
    SERVER_SET,
    ServiceIndex,
    can_be_id,
    completed,
    content_of,
    depth_online,
    index_of,
    service_id,
    tags_of,
    upgraded,
)
from service_catalog.domain.vocabulary import Audience, Depth
from tests.domain.samples import CONTENTS, channel, complete, content, service


@pytest.mark.parametrize(
    ("visits", "single_window", "tags"),
    [
        (0, False, ["zero-visit"]),
        (0, True, ["zero-visit", "single-window"]),
        (1, False, ["one-visit"]),
        (1, True, ["one-visit", "single-window"]),
    ],
)
def test_tags_when_derived_are_the_visit_tag_and_then_the_window(visits: int, single_window: bool, tags: list[str]):
    assert tags_of(visits, single_window) == tags


LONGEST = f"430203002001-{'a' * 100}"


@pytest.mark.parametrize("possible", ["430203-a", "430203002-card-1", "430203002001-0", "430203-a-b-c", LONGEST])
def test_an_id_when_well_formed_is_possible(possible: str):
    assert can_be_id(possible)


@pytest.mark.parametrize(
    "impossible",
    [
        "",
        "430203",
        "430203-",
        "-card",
        "4302-card",
        "4302031-card",
        "43020300-card",
        "430203-card\n",
        "\n430203-card",
        " 430203-card",
        "４３０２０３-card",
        "430203-card１",
        "٤٣٠٢٠٣-card",
        "430203-Card",
        "430203-card-",
        "430203--card",
        "430203-ca--rd",
        "430203-ca_rd",
        "430203-社保",
        "430203-card\x00",
        "430203/card",
        f"{LONGEST}a",
        "9" * 100_000,
    ],
)
def test_an_id_when_malformed_is_impossible(impossible: str):
    assert not can_be_id(impossible)


def test_a_service_when_completed_gets_what_the_catalogue_sets_and_keeps_the_rest():
    document = completed(content(visits=1), version=3, revision=8, updated_at="2026-11-24T08:00:00Z")
    server_set = {name: document[name] for name in SERVER_SET}  # type: ignore[literal-required]
    assert server_set == {
        "id": "430203-card-application",
        "tags": ["one-visit", "single-window"],
        "schema": 1,
        "version": 3,
        "revision": 8,
        "updated_at": "2026-11-24T08:00:00Z",
    }
    assert {name: value for name, value in document.items() if name not in SERVER_SET} == content(visits=1)


def test_a_service_when_completed_from_stale_server_members_overrules_them():
    stale = content() | {"id": "430203-other", "tags": ["one-visit"], "version": 9, "revision": 9, "schema": 0}
    assert complete(stale) == complete(content())


@pytest.mark.parametrize("seeded", CONTENTS, ids=[seeded["code"] for seeded in CONTENTS])
def test_content_when_taken_from_a_completed_service_is_what_went_in(seeded: dict[str, Any]):
    document = complete(seeded)
    assert content_of(document) == seeded
    assert complete(content_of(document)) == document
    assert can_be_id(document["id"])
    assert document["id"] == service_id(seeded["division"], seeded["code"])


def test_a_document_when_of_todays_shape_is_upgraded_to_itself():
    assert upgraded({**service()}) == service()


@pytest.mark.parametrize("shape", [None, 0, 2, "1", [1], 99])
def test_a_document_when_of_an_unknown_shape_is_refused(shape: Any):
    with pytest.raises(ValueError, match="unknown shape"):
        upgraded({**service(), "schema": shape})


def test_a_document_when_it_names_no_shape_is_refused():
    with pytest.raises(ValueError, match="unknown shape"):
        upgraded(content())


DEPTHS: list[tuple[list[str | None], int | None]] = [
    ([], None),
    ([None], 0),
    ([None, None], 0),
    (["consult"], 1),
    (["submit", None], 2),
    (["preliminary-review"], 3),
    (["accept", "consult"], 4),
    (["consult", "complete", "accept"], 5),
]


@pytest.mark.parametrize(("depths", "rank"), DEPTHS)
@pytest.mark.parametrize("audience", list(Audience))
def test_the_depth_online_when_asked_is_that_of_the_audiences_deepest_channel(
    audience: Audience, depths: list[str | None], rank: int | None
):
    (other,) = set(Audience) - {audience}
    channels = [channel(other.value, depth="submit"), *(channel(audience.value, depth=depth) for depth in depths)]
    document = service(online_channels=channels)
    assert depth_online(document, audience) == rank
    assert depth_online(document, other) == 2


def test_the_depths_when_ranked_run_from_1_to_5_as_declared():
    ranked = {depth.value: depth.rank for depth in Depth}
    assert ranked == {"consult": 1, "submit": 2, "preliminary-review": 3, "accept": 4, "complete": 5}


def test_the_index_when_computed_holds_every_column_of_its_document():
    document = service(
        visits=1,
        audiences=["enterprise"],
        online_channels=[channel("enterprise", depth="accept")],
        life_events=["talent", "card"],
        status="retired",
        version=4,
        revision=7,
    )
    assert index_of(document) == ServiceIndex(
        id="430203-card-application",
        division="430203",
        domain="social-security-card",
        visits=1,
        single_window=True,
        for_individual=False,
        for_enterprise=True,
        depth_individual=None,
        depth_enterprise=4,
        status="retired",
        version=4,
        revision=7,
        life_events=",card,talent,",
    )


def test_the_index_when_an_audience_is_served_only_in_person_has_no_depth_for_it():
    index = index_of(service(visits=1, online_channels=[channel("individual", depth=None)]))
    assert (index.for_individual, index.depth_individual) == (True, 0)
    assert (index.for_enterprise, index.depth_enterprise) == (True, None)


def test_the_index_when_summed_over_the_seed_gives_the_published_figures():
    rows = [index_of(complete(seeded)) for seeded in CONTENTS]
    assert len(rows) == 73
    assert [row.visits for row in rows].count(0) == 22
    assert [row.visits for row in rows].count(1) == 51
    assert [row.single_window for row in rows].count(True) == 46
    assert len([row for row in rows if row.depth_individual is not None]) == 29
    assert len([row for row in rows if row.depth_enterprise is not None]) == 33
