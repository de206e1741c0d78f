"""Signing in to the pages: the cookie, who is let in, forms of other sites, and what a cache may keep."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.signing_in import list_tokens, revoke_token
from service_catalog.console.sessions import COOKIE
from service_catalog.domain.access import Role
from tests.console.accessibility import NARROW, faults_in_accessibility
from tests.console.administrators import HERE, Site, administered, hold, secret


@pytest.fixture
def engine() -> str:
    """Return the one engine that is enough here: what a token is worth is tested on both beside the calls."""
    return "sqlite"


def enter(client: FlaskClient, token: str, **form: str) -> TestResponse:
    """Send the form with a token."""
    return client.post("/admin/sign-in", data={"token": token, **form}, headers=HERE)


def test_cookie_is_for_this_host_alone_and_no_script_reads_it(client: FlaskClient, catalogue: Catalogue) -> None:
    response = enter(client, secret(catalogue), goal="/admin")
    assert (response.status_code, response.location) == (303, "/admin")
    name, *attributes = response.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-")
    assert set(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example/admin", "/services", ""])
def test_sign_in_leads_to_no_other_place_than_these_pages(client: FlaskClient, catalogue: Catalogue, goal: str) -> None:
    assert enter(client, secret(catalogue), goal=goal).location == "/admin"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8080"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
    ids=lambda headers: " ".join(headers.values()) or "nothing",
)
@pytest.mark.parametrize("path", ["/admin/sign-in", "/en/admin/sign-out"])
def test_form_that_no_page_of_this_site_sent_is_refused(
    client: FlaskClient, catalogue: Catalogue, path: str, headers: dict[str, str]
) -> None:
    response = client.post(path, data={"token": secret(catalogue)}, headers=headers)
    assert response.status_code == 403
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}], ids=str)
def test_form_of_this_site_is_taken_where_a_browser_says_it_in_one_way_only(
    client: FlaskClient, catalogue: Catalogue, headers: dict[str, str]
) -> None:
    response = client.post("/admin/sign-in", data={"token": secret(catalogue)}, headers=headers)
    assert response.status_code == 303


def test_form_of_very_many_fields_is_refused_before_they_are_told_apart(client: FlaskClient) -> None:
    many = {"data": b"a&" * 600_000, "content_type": "application/x-www-form-urlencoded"}
    assert client.post("/en/admin/sign-in", headers=HERE, **many).status_code == 413  # type: ignore[arg-type]


def test_signed_in_page_is_kept_by_nobody(client: FlaskClient, catalogue: Catalogue) -> None:
    hold(client, secret(catalogue))
    response = client.get("/admin")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store" and "ETag" not in response.headers


def test_token_that_is_revoked_ends_its_session_at_once_and_leads_back(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    hold(client, secret(catalogue))
    assert client.get("/en/admin").status_code == 200
    revoke_token(catalogue, list_tokens(catalogue)[0][0].id)
    response = client.get("/en/admin?text=large")
    assert response.status_code == 401
    assert "Not signed in: the token was revoked at" in response.text
    assert 'value="/en/admin?text=large"' in response.text
    assert "Max-Age=0" in response.headers["Set-Cookie"]


def test_auditor_is_told_that_these_pages_are_not_theirs(client: FlaskClient, catalogue: Catalogue) -> None:
    hold(client, secret(catalogue, Role.AUDITOR))
    response = client.get("/en/admin")
    assert response.status_code == 403
    assert "This is not allowed" in response.text and "Sign out" in response.text


def test_cookie_is_no_credential_of_the_api_and_a_bearer_token_none_of_the_pages(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    token = secret(catalogue)
    assert client.get("/admin", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    hold(client, token)
    assert client.get("/api/v1/revisions").status_code == 401


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield the real server over the seed, and an administrator's token."""
    with administered(tmp_path_factory.mktemp("administered")) as running:
        yield running


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """Yield a phone's window, with and without scripts."""
    viewport = {"width": NARROW, "height": 740}
    with browser.new_context(base_url=site.base, java_script_enabled=request.param, viewport=viewport) as context:  # type: ignore[arg-type]
        yield context.new_page()


def test_administrator_signs_in_by_the_form_and_out_again(page: Page, site: Site) -> None:
    base, token = site.base, site.token
    page.goto("/en/admin")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in as an administrator")
    expect(page.get_by_text("does not seem to be encrypted")).to_have_count(0)
    page.get_by_label("Access token").fill("sct_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Not signed in: there is no such token.")
    page.get_by_label("Access token").fill(token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep services")
    assert page.url == f"{base}/en/admin"
    assert [cookie["name"] for cookie in page.context.cookies()] == [COOKIE]
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("管理事项")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("管理员登录")
    assert page.context.cookies() == []
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("管理员登录")


def test_checker_of_accessibility_finds_nothing_on_the_pages_around_signing_in(browser: Browser, site: Site) -> None:
    found: dict[str, Any] = {}
    with browser.new_context(base_url=site.base) as context:
        page = context.new_page()
        for language, button, label in (("", "登录", "访问令牌"), ("/en", "Sign in", "Access token")):
            context.clear_cookies()
            page.goto(f"{language}/admin")
            for token in ("sct_wrong", site.token):
                page.get_by_label(label).fill(token)
                page.get_by_role("button", name=button, exact=True).click()
                found |= faults_in_accessibility(page)
    assert found == {}
