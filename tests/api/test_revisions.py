"""Reviewing revisions: who changed what, when and why."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.comparing import LARGEST_PAGE
from service_catalog.domain.access import Role
from tests.actions.test_writing import content, write
from tests.api.test_http import assert_problem
from tests.api.writes import API, CARD, REPLACEMENT, Headers, document, patch, revision
from tests.tokens import signed

CARD_ID = "430203-card-application"
REPLACEMENT_ID = "430203-card-replacement"


@pytest.fixture
def headers(catalogue: Catalogue) -> Headers:
    """Return an administrator's headers; the token is revision 2."""
    return signed(catalogue)


@pytest.fixture
def auditor(client: FlaskClient, catalogue: Catalogue, headers: Headers) -> Headers:
    """Return an auditor's headers after four edits: revisions 3 to 6, and the auditor's own token as revision 7."""
    patch(client, headers, {"single_window": False}, reason="窗口调整")
    patch(client, headers, {"life_events": []})
    patch(client, headers, {"single_window": False, "life_events": []}, REPLACEMENT)
    patch(client, headers, {"single_window": True})
    return signed(catalogue, Role.AUDITOR)


def get(client: FlaskClient, path: str, headers: Headers) -> Any:
    response = client.get(f"{API}/revisions{path}", headers=headers)
    assert response.status_code == 200, response.data
    return response.json


def test_revisions_are_listed_newest_first_with_who_what_and_why(client: FlaskClient, auditor: Headers) -> None:
    items = get(client, "", auditor)["items"]
    assert [(item["number"], item["action"], item["entries"]) for item in items] == [
        (7, "issue-token", 1),
        (6, "edit", 1),
        (5, "edit", 1),
        (4, "edit", 1),
        (3, "edit", 1),
        (2, "issue-token", 1),
        (1, "seed", 75),
    ]
    assert (items[4]["reason"], items[4]["actor_name"]) == ("窗口调整", "测试administrator")
    assert items[4]["actor"].startswith("token-")
    assert (items[0]["actor"], items[0]["actor_name"], items[6]["actor"]) == ("operator", None, "seed")
    assert [item["log_size"] for item in items] == [81, 80, 79, 78, 77, 76, 75]


def test_one_revision_is_as_listed_with_the_checkpoint_that_the_log_gives(
    client: FlaskClient, auditor: Headers
) -> None:
    for item in get(client, "", auditor)["items"]:
        one = get(client, f"/{item['number']}", auditor)
        checkpoint = client.get(f"{API}/log/checkpoint?revision={item['number']}").text
        assert one == item | {"checkpoint": checkpoint}


def test_answer_for_signed_callers_is_kept_by_nobody_in_between(client: FlaskClient, auditor: Headers) -> None:
    for path in ("", "/3", "/3/diff"):
        response = client.get(f"{API}/revisions{path}", headers=auditor)
        assert "private" in response.headers["Cache-Control"]
        assert "Authorization" in response.headers["Vary"]
        tag = {"If-None-Match": response.headers["ETag"]}
        assert client.get(f"{API}/revisions{path}", headers=auditor | tag).status_code == 304
        assert client.get(f"{API}/revisions{path}", headers=tag).status_code == 401


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_pages_of_the_list_hold_each_revision_once_though_others_are_written(
    client: FlaskClient, catalogue: Catalogue, auditor: Headers, limit: int
) -> None:
    numbers, path = [], f"{API}/revisions?limit={limit}"
    while path:
        response = client.get(path, headers=auditor)
        numbers += [item["number"] for item in response.json["items"]]
        link = response.headers.get("Link", "")
        assert bool(link) is (response.json["next"] is not None)
        path = link.partition(">")[0].removeprefix("<")
        write(catalogue, content(catalogue, REPLACEMENT_ID, single_window=len(numbers) % 2 == 0))
    assert numbers == [7, 6, 5, 4, 3, 2, 1]


def test_difference_is_from_the_revision_before_unless_said(client: FlaskClient, auditor: Headers) -> None:
    answer = get(client, "/3/diff", auditor)
    assert answer == get(client, "/3/diff?from=2", auditor)
    assert (answer["from"], answer["to"], answer["next"]) == (2, 3, None)
    assert answer["items"] == [
        {
            "id": CARD_ID,
            "op": "changed",
            "name": document(client)["name"],
            "status": "active",
            "versions": {"before": 1, "after": 2},
            "tags": {"before": ["one-visit", "single-window"], "after": ["one-visit"]},
            "changed": [{"member": "single_window", "before": True, "after": False}],
        }
    ]


def test_difference_over_several_revisions_is_what_is_left_of_them(client: FlaskClient, auditor: Headers) -> None:
    items = get(client, "/6/diff?from=1", auditor)["items"]
    assert [(item["id"], [change["member"] for change in item["changed"]]) for item in items] == [
        (CARD_ID, ["life_events"]),
        (REPLACEMENT_ID, ["life_events", "single_window"]),
    ]
    assert items[0]["versions"] == {"before": 1, "after": 4}
    assert get(client, "/6/diff?from=6", auditor)["items"] == []
    assert get(client, "/2/diff", auditor)["items"] == []


def test_service_that_was_changed_and_changed_back_does_not_differ(
    client: FlaskClient, headers: Headers, auditor: Headers
) -> None:
    life_events = client.get(f"{CARD}?revision=1").json["life_events"]
    patch(client, headers, {"life_events": life_events})
    assert [item["id"] for item in get(client, f"/{revision(client)}/diff?from=1", auditor)["items"]] == [
        REPLACEMENT_ID
    ]


def test_difference_from_nothing_is_every_service_as_created(client: FlaskClient, auditor: Headers) -> None:
    items = get(client, "/1/diff?from=0", auditor)["items"]
    assert len(items) == 73
    assert {(item["op"], item["versions"]["before"], len(item["changed"])) for item in items} == {("created", None, 0)}


def test_difference_in_a_division_is_that_of_its_services_and_its_own_document(
    client: FlaskClient, auditor: Headers
) -> None:
    within, above = get(client, "/6/diff?from=0&division=430203", auditor), get(client, "/6/diff?from=0", auditor)
    assert within == above | {"division": "430203"}
    assert [(one["division"], one["op"], one["changed"]) for one in within["divisions"]] == [("430203", "created", [])]
    elsewhere = get(client, "/6/diff?from=0&division=11", auditor)
    assert (elsewhere["items"], elsewhere["divisions"]) == ([], None)


def test_difference_as_text_is_a_table_whose_next_page_is_one_too(client: FlaskClient, auditor: Headers) -> None:
    first = client.get(f"{API}/revisions/6/diff?from=1&limit=1&format=text", headers=auditor)
    assert first.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert CARD_ID in first.text and "header Link has the address" in first.text
    second = client.get(first.headers["Link"].partition(">")[0].removeprefix("<"), headers=auditor)
    assert REPLACEMENT_ID in second.text and CARD_ID not in second.text
    assert "标签 Tags" in second.text and second.text.endswith("恢复 Brought back 0\n")
    assert "Link" not in second.headers


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_page_of_a_difference_of_long_documents_ends_early_and_goes_on(
    client: FlaskClient, catalogue: Catalogue, auditor: Headers
) -> None:
    long = {"zh": "长" * 2000, "en": None}
    count = LARGEST_PAGE // 6000 + 60
    write(catalogue, *(content(catalogue, code=f"s{number:03}", summary=long) for number in range(count)))
    sizes, path = [], f"{API}/revisions/{revision(client)}/diff?limit=1000"
    while path:
        response = client.get(path, headers=auditor)
        sizes.append(len(response.json["items"]))
        path = response.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert len(sizes) == 2 and sum(sizes) == count


@pytest.mark.parametrize("limit", [1, 30, 72, 73])
def test_pages_of_a_difference_hold_each_service_once_in_order(
    client: FlaskClient, auditor: Headers, limit: int
) -> None:
    whole = [item["id"] for item in get(client, "/6/diff?from=0", auditor)["items"]]
    ids, path = [], f"{API}/revisions/6/diff?from=0&limit={limit}"
    while path:
        response = client.get(path, headers=auditor)
        ids += [item["id"] for item in response.json["items"]]
        path = response.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert ids == whole == sorted(set(ids)) and len(ids) == 73


def test_cursor_of_another_question_is_refused(client: FlaskClient, auditor: Headers) -> None:
    cursor = get(client, "/6/diff?from=0&limit=1", auditor)["next"]
    listing = get(client, "?limit=1", auditor)["next"]
    for path in (
        f"/6/diff?from=1&cursor={cursor}",
        f"/5/diff?from=0&cursor={cursor}",
        f"/6/diff?from=0&division=43&cursor={cursor}",
        f"?cursor={cursor}",
        f"/6/diff?from=0&cursor={listing}",
        "?cursor=x",
    ):
        assert_problem(client.get(f"{API}/revisions{path}", headers=auditor), 422, "invalid-cursor")


def test_retirement_is_told_as_such(client: FlaskClient, headers: Headers, auditor: Headers) -> None:
    patch(client, headers, {"status": "retired"})
    (item,) = get(client, f"/{revision(client)}/diff", auditor)["items"]
    assert (item["op"], item["changed"]) == (
        "retired",
        [{"member": "status", "before": "active", "after": "retired"}],
    )


@pytest.mark.parametrize(
    "query", ["from=4", "from=-1", "from=x", "limit=0", "form=1", "from=1&from=2", "format=csv", "division=4"]
)
def test_difference_that_cannot_be_is_422(client: FlaskClient, auditor: Headers, query: str) -> None:
    body = assert_problem(client.get(f"{API}/revisions/3/diff?{query}", headers=auditor), 422, "invalid-parameters")
    assert [fault["parameter"] for fault in body["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("number", ["0", "8", "01", "-1", "x", "2147483647", "2147483648", "99999999999", "%00"])
def test_revision_that_was_never_made_is_404(client: FlaskClient, auditor: Headers, number: str) -> None:
    for path in (f"/{number}", f"/{number}/diff"):
        assert_problem(client.get(f"{API}/revisions{path}", headers=auditor), 404, "unknown-revision")


def test_administrator_of_one_division_may_review_all(client: FlaskClient, catalogue: Catalogue) -> None:
    elsewhere = signed(catalogue, division="110101")
    assert get(client, "", elsewhere)["items"]
    assert get(client, "/1/diff?from=0&limit=1", elsewhere)["items"]


def test_names_of_tokens_are_for_signed_callers_alone(client: FlaskClient, auditor: Headers) -> None:
    assert "测试administrator" in client.get(f"{API}/revisions", headers=auditor).text
    for path in (CARD, f"{CARD}/history", f"{API}/changes?since=1", f"{API}/log/entries"):
        assert "测试" not in client.get(path).text.replace("测试令牌", "")
    assert document(client)["version"] == 4
