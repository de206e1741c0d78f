"""The documentation page in a real browser: it draws the contract and asks no other host for anything."""

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from service_catalog.api.errors import REFUSALS, STATUS
from tests.serving import Server


@pytest.mark.parametrize("width", [360, 1280])
def test_documentation_page_draws_every_call_without_any_other_host(
    server: Server, browser: Browser, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.base}/docs")
    for path in ("/api/v1/services", "/api/v1/services/{service_id}", "/api/v1/facets", "/api/v1/indicators"):
        page.locator(f'[data-path="{path}"]').first.wait_for()
    page.locator('[data-path="/api/v1/indicators"]').first.click()
    page.get_by_text("declared beside actual").first.wait_for()
    assert {url for url in asked if not url.startswith((server.base, "data:"))} == set()
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_error_page_explains_a_code_at_its_own_address(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    problem = server.get("/api/v1/services?nonsense=1").json()
    page.goto(server.base + problem["type"])
    shown = page.locator(".reason:target").inner_text()
    assert "invalid-parameters" in shown and "请求参数不正确" in shown
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_error_page_at_each_width_fits_and_explains_every_code_in_both_languages(
    server: Server, browser: Browser, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{server.base}/docs/errors")
    for reason in [*STATUS, *REFUSALS.values()]:
        shown = page.locator(f"#{reason.code}").inner_text()
        assert reason.explanation.zh in shown and reason.explanation.en in shown
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


ASSETS = {
    "/docs/assets/docs.js": "text/javascript; charset=utf-8",
    "/docs/assets/docs.css": "text/css; charset=utf-8",
    "/docs/swagger/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "/docs/swagger/swagger-ui.css": "text/css; charset=utf-8",
}


@pytest.mark.parametrize("path", ASSETS)
def test_asset_of_the_page_is_served_with_its_type_and_tag(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert (first.status_code, first.content_type) == (200, ASSETS[path])
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("asked", ["bytes=0-9", "bytes=-1", "bytes=9999999999-", "bytes=0-1,3-4", "nonsense"])
@pytest.mark.parametrize("path", ASSETS)
def test_asset_asked_for_in_part_is_answered_as_a_whole(client: FlaskClient, path: str, asked: str) -> None:
    whole, response = client.get(path), client.get(path, headers={"Range": asked})
    assert (response.status_code, response.data) == (200, whole.data)
    assert response.headers["Accept-Ranges"] == "none"
    assert "Content-Range" not in response.headers


@pytest.mark.parametrize(
    "path", ["/docs/assets/other.js", "/docs/swagger/index.html", "/docs/swagger/..%2F__init__.py"]
)
def test_assets_that_the_page_does_not_need_are_not_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
