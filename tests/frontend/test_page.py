"""The page of docs/front-end.md in a real browser, served from another origin than the catalogue it asks."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.frontend.samples import against, shown
from tests.serving import Server


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(server: Server, tmp_path: Path) -> Iterator[str]:
    """Yield the address of the page on a website of its own."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "page.html").write_text(against(server, shown("html")), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as website:
        threading.Thread(target=website.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{website.server_port}/page.html"
        website.shutdown()


def opened(browser: Browser, address: str, locale: str) -> Page:
    """Return the page as a reader of this language sees it, on a phone."""
    page = browser.new_page(locale=locale, viewport={"width": 390, "height": 800})
    page.set_default_timeout(20_000)
    page.goto(address)
    return page


def test_page_when_its_reader_filters_pages_and_reloads_shows_what_the_catalogue_says(
    browser: Browser, address: str, server: Server
):
    page = opened(browser, address, "zh-CN")
    expect(page.get_by_role("status")).to_have_text("共 29 项")
    services = page.get_by_role("listitem")
    expect(services).to_have_count(20)
    expect(services.first).to_have_text("社会保险待遇领取资格认证 · 一次不用跑 · 一窗通办")

    page.get_by_role("button", name="更多").click()
    expect(services).to_have_count(29)
    expect(page.get_by_role("button", name="更多")).to_be_hidden()
    assert len(set(services.all_inner_texts())) == 29

    page.get_by_label("标签").select_option("最多跑一次")
    expect(page.get_by_role("status")).to_have_text("共 20 项")
    expect(page.get_by_label("标签")).to_have_value("one-visit")
    assert all("最多跑一次" in text for text in services.all_inner_texts())

    page.get_by_label("一件事").select_option("领卡用卡")
    expect(page).to_have_url(f"{address}?tag=one-visit&life_event=card")
    expect(page.get_by_role("alert")).to_be_empty()

    page.reload()
    expect(page.get_by_label("一件事")).to_have_value("card")
    server.wait_for_line('"status": 304')
    page.close()


def test_page_when_its_reader_is_english_speaks_english_and_says_what_went_wrong(
    browser: Browser, address: str, server: Server
):
    page = opened(browser, f"{address}?max_visits=2", "en-GB")
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"^check these parameters: max_visits \([0-9a-f]{32}\)$"))
    page.close()

    page = opened(browser, f"{address}?tag=zero-visit", "en-GB")
    expect(page.get_by_role("listitem").first).to_have_text(
        "Certification of eligibility to draw social insurance benefits · Zero visits · Single window"
    )
    expect(page.get_by_role("alert")).to_be_empty()
    server.stop()
    page.get_by_label("Tag").select_option("All")
    expect(page.get_by_role("alert")).to_have_text("The catalogue cannot be reached; try again later.")
    page.close()


def test_page_when_counted_has_forty_lines():
    assert shown("html").count("\n") == 40
