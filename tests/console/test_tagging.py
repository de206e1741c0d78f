"""An official tags many services at once: preview, refusal by a rule, reason, undo; with and without a script."""

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.test import TestResponse

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.signing_in import list_tokens, revoke_token
from service_catalog.domain.access import Role
from tests.actions.test_writing import content, write
from tests.console.accessibility import faults_in_accessibility
from tests.console.administrators import HERE, Site, hold, secret, sign_in

LETTER, CARD = "430203-arrears-contribution-declaration", "430203-card-application"
"""A service that can be done online by all whom it is for, at most one visit, and one that cannot be done online."""


@pytest.fixture
def engine() -> str:
    """Return the one engine that is enough here: the calls behind these pages are tested on both."""
    return "sqlite"


@pytest.fixture
def official(client: FlaskClient, catalogue: Catalogue) -> FlaskClient:
    """Return a client that is signed in as an administrator."""
    hold(client, secret(catalogue))
    return client


def send(client: FlaskClient, step: str, *ids: str, **fields: str) -> TestResponse:
    """Send the form of the table in English."""
    data = [*(("id", one) for one in ids), ("step", step), *fields.items()]
    kind = "application/x-www-form-urlencoded"
    return client.post("/en/admin/tags", data=urlencode(data), content_type=kind, headers=HERE)


def hidden(html: str, name: str) -> str:
    """Return the value of a hidden field."""
    return html.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def revision_of(client: FlaskClient) -> int:
    """Return where the catalogue stands."""
    revision: int = client.get("/api/v1/services?limit=1").json["revision"]  # type: ignore[index]
    return revision


def test_preview_tells_the_effect_and_writes_nothing(official: FlaskClient) -> None:
    before = revision_of(official)
    page = send(official, "preview", LETTER, visits="zero-visit").text
    assert "Changed: 1" in page and "division 430203, No visit: published 22, catalogue 23" in page
    assert revision_of(official) == before


def test_change_that_came_in_between_is_told_and_the_form_stays_filled(official: FlaskClient) -> None:
    preview = send(official, "preview", LETTER, visits="zero-visit", reason="核对").text
    send(official, "apply", LETTER, window="add", reason="somebody was faster")
    late = send(
        official,
        "apply",
        LETTER,
        visits="zero-visit",
        reason="核对",
        expected_revision=hidden(preview, "expected_revision"),
    )
    assert late.status_code == 412
    assert "services have changed in the meantime" in late.text and 'value="核对"' in late.text
    assert 'name="visits" value="zero-visit" checked' in late.text


def test_form_that_is_sent_twice_writes_once_and_leads_to_the_same_revision(official: FlaskClient) -> None:
    preview = send(official, "preview", LETTER, visits="zero-visit").text
    fields = {"visits": "zero-visit", "reason": "核对"} | {
        name: hidden(preview, name) for name in ("expected_revision", "key")
    }
    first, second = (send(official, "apply", LETTER, **fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location and "/en/admin/revisions/" in first.location


def test_missing_reason_is_asked_for_beside_its_field(official: FlaskClient) -> None:
    answer = send(official, "apply", LETTER, visits="zero-visit")
    assert answer.status_code == 422
    assert 'id="reason-fault"' in answer.text and 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("identity", ["430203-nothing", "\0", "'; drop table service", "x" * 5000])
def test_service_that_is_not_there_is_told_not_guessed(official: FlaskClient, identity: str) -> None:
    answer = send(official, "preview", LETTER, identity, visits="zero-visit")
    assert answer.status_code == 422 and "This cannot be done" in answer.text


def test_all_that_the_filters_find_can_be_ticked_by_a_link(official: FlaskClient) -> None:
    page = official.get("/en/admin?domain=social-security-card&select=all").text
    assert page.count('name="id"') == page.count(" checked></td>") > 3


def test_work_of_a_session_that_ended_goes_on_after_signing_in(client: FlaskClient, catalogue: Catalogue) -> None:
    hold(client, secret(catalogue))
    revoke_token(catalogue, list_tokens(catalogue)[0][0].id)
    ended = send(client, "preview", LETTER, visits="zero-visit", reason="核对&<b>")
    assert ended.status_code == 401 and "What you typed is kept" in ended.text
    token = secret(catalogue)
    held = {"goal": hidden(ended.text, "goal"), "held": hidden(ended.text, "held").replace("&#34;", '"')}
    entered = client.post("/en/admin/sign-in", data={"token": token, **held}, headers=HERE)
    assert f'name="id" value="{LETTER}"' in entered.text and 'action="/en/admin/tags"' in entered.text
    assert 'name="visits" value="zero-visit"' in entered.text


def test_form_of_another_site_does_not_come_back_as_one_of_this(client: FlaskClient) -> None:
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/en/admin/tags", data={"id": LETTER, "step": "apply"}, headers=foreign)
    assert answer.status_code == 401 and LETTER not in answer.text and 'name="held"' not in answer.text


def test_auditor_reads_a_revision_but_is_offered_no_undo(client: FlaskClient, catalogue: Catalogue) -> None:
    hold(client, secret(catalogue, Role.AUDITOR))
    assert "Undo this revision" not in client.get("/en/admin/revisions/1").text
    assert client.post("/en/admin/revisions/1/undo", headers=HERE).status_code == 403
    assert client.get("/en/admin/revisions/0").status_code == client.get("/en/admin/revisions/99").status_code == 404


def test_undo_that_a_later_change_stands_in_the_way_of_names_it(official: FlaskClient, catalogue: Catalogue) -> None:
    for words in ("一", "二"):
        write(catalogue, content(catalogue, summary={"zh": words, "en": ""}))
    number = revision_of(official) - 1
    answer = official.post(
        f"/en/admin/revisions/{number}/undo", data={"step": "apply", "reason": "again"}, headers=HERE
    )
    assert answer.status_code == 409
    assert f"summary of {CARD} was changed again by revision {number + 1}" in answer.text


@pytest.fixture
def page(page: Page, site: Site) -> Page:
    """Return the window of an administrator who has signed in."""
    sign_in(page, site.token)
    return page


def test_official_tags_three_is_refused_by_a_rule_mends_it_and_undoes_it(page: Page) -> None:
    page.goto("/en/admin")
    boxes = page.get_by_role("table").get_by_role("checkbox")
    for place in (0, 1, 2):
        boxes.nth(place).check()
    page.get_by_label("Zero visits").check()
    page.get_by_role("button", name="Preview", exact=True).click()
    preview = page.get_by_role("region", name="This cannot be done")
    expect(preview.get_by_role("alert")).to_contain_text("nothing was written")
    expect(preview).to_contain_text("(R2)")
    preview.get_by_role("button", name="Leave these out (1)").click()
    expect(page.get_by_role("region", name="Preview: nothing is written yet")).to_contain_text("Changed: 1")
    moved = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="No visit"))
    expect(moved).to_contain_text("23 (+1)")
    page.get_by_label("Why (public)").fill("checked with the office")
    page.get_by_role("button", name="Change services: 1").click()
    expect(page.get_by_role("status").first).to_contain_text("Done: this is revision")
    expect(page.get_by_role("main")).to_contain_text("王芳")
    expect(page.get_by_role("main")).to_contain_text("checked with the office")
    page.get_by_text("Undo this revision").click()
    page.get_by_label("Why (public)").fill("not yet agreed")
    page.get_by_role("button", name="Preview", exact=True).click()
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Undo")
    page.goto("/en/indicators")
    expect(page.get_by_role("main")).to_contain_text("22")


def test_ticking_shows_at_once_what_it_would_do(browser: Browser, site: Site) -> None:
    with browser.new_context(base_url=site.base) as context:
        page = context.new_page()
        sign_in(page, site.token)
        page.get_by_label("Zero visits").check()
        page.get_by_role("table").get_by_role("checkbox").first.check()
        preview = page.get_by_role("region", name="Preview: nothing is written yet")
        expect(preview).to_contain_text("Changed: 1")
        expect(page.get_by_role("button", name="Change services: 1")).to_be_enabled()
        page.get_by_role("link", name="Tick none").click()
        expect(preview).to_have_count(0)


def test_what_was_ticked_before_a_slow_script_arrived_is_shown_too(browser: Browser, site: Site) -> None:
    held: list[Route] = []
    with browser.new_context(base_url=site.base) as context:
        page = context.new_page()
        page.route("**/tagging.js", lambda route: held.insert(0, route))
        with page.expect_request("**/tagging.js"):
            sign_in(page, site.token)
        page.get_by_label("Zero visits").check()
        page.get_by_role("table").get_by_role("checkbox").first.check()
        preview = page.get_by_role("region", name="Preview: nothing is written yet")
        expect(preview).to_have_count(0)
        held[0].continue_()
        expect(preview).to_contain_text("Changed: 1")


def test_checker_of_accessibility_finds_nothing_where_administrators_tag_and_undo(browser: Browser, site: Site) -> None:
    found = {}
    with browser.new_context(base_url=site.base) as context:
        page = context.new_page()
        for path, preview, zero in (("/admin", "预览", "一次不用跑"), ("/en/admin", "Preview", "Zero visits")):
            sign_in(page, site.token, path)
            page.get_by_label(zero).check()
            for box in page.get_by_role("table").get_by_role("checkbox").all()[:3]:
                box.check()
            found |= faults_in_accessibility(page)
            page.get_by_role("button", name=preview, exact=True).click()
            found |= faults_in_accessibility(page)
            page.goto(f"{path}/revisions/1")
            found |= faults_in_accessibility(page)
            context.clear_cookies()
    assert found == {}
