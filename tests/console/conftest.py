"""A real server whose administrator is known, and a phone's window on it, with and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.console.accessibility import NARROW
from tests.console.administrators import Site, administered


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield the real server over the seed, and an administrator's token."""
    with administered(tmp_path_factory.mktemp("administered")) as running:
        yield running


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """Yield a phone's window, with and without scripts, that fails the test for any error of a script."""
    viewport = {"width": NARROW, "height": 740}
    with browser.new_context(base_url=site.base, java_script_enabled=request.param, viewport=viewport) as context:  # type: ignore[arg-type]
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        assert complaints == []
