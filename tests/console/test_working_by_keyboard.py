"""Officials without a mouse: every page for whoever is signed in, from the top to the end by the Tab key."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.accessibility import WIDE, walk_by_keyboard
from tests.console.administrators import Site, sign_in

CARD = "/admin/services/430203-card-application"
PAGES = {
    "table": "/admin?limit=3",
    "edit": f"{CARD}/edit",
    "history": f"{CARD}/history",
    "upload": "/admin/upload",
    "revisions": "/admin/revisions",
    "revision": "/admin/revisions/1",
    "compare": "/admin/compare",
}


@pytest.fixture(scope="module")
def window(browser: Browser, site: Site) -> Iterator[Page]:
    """Yield a wide window of an administrator who has signed in."""
    with browser.new_context(base_url=site.base, viewport={"width": WIDE, "height": 740}) as context:
        page = context.new_page()
        sign_in(page, site.token)
        yield page


@pytest.mark.parametrize("name", PAGES)
def test_keyboard_alone_reaches_everything_where_officials_work(window: Page, name: str) -> None:
    window.goto(PAGES[name])
    walk_by_keyboard(window)


def test_official_tags_by_keyboard_alone(window: Page) -> None:
    window.goto("/en/admin?limit=3")
    window.get_by_role("table").get_by_role("checkbox").first.focus()
    window.keyboard.press("Space")
    window.get_by_role("group", name="Visits").get_by_label("Leave as it is").focus()
    window.keyboard.press("ArrowRight")
    expect(window.get_by_label("Zero visits")).to_be_checked()
    expect(window.get_by_role("button", name="Change services: 1")).to_be_visible()
    window.get_by_label("Why (public)").focus()
    window.keyboard.type("checked by keyboard")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Tag services")
    window.get_by_role("button", name="Change services: 1").press("Enter")
    expect(window.get_by_role("status").first).to_contain_text("Done: this is revision")
