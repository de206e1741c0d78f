"""Whether everybody can use a page: the checker of accessibility, text at twice its size, and the keyboard alone."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / ".ci" / "node" / "node_modules" / "axe-core" / "axe.min.js"
NARROW, WIDE = 360, 1280
TWICE = "225%"
"""Twice the size of type that the style sheet sets."""

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def axe() -> str:
    """Return the checker's program; without it the test is skipped, but never in CI."""
    if not AXE.exists():
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop("axe-core is missing; make lint installs it")
    return AXE.read_text(encoding="utf-8")


def faults_in_accessibility(page: Page) -> dict[str, Any]:
    """Return what the checker finds in light and dark, and the widths that the page overflows, also at twice its size.

    All that can be opened is open.
    """
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(axe())
    found: dict[str, Any] = {}
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": 740})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            report = page.evaluate("options => axe.run(document, options)", OPTIONS)
            for violation in report["violations"]:
                nodes = [node["html"] for node in violation["nodes"]][:3]
                found[f"{violation['id']} {page.url} {width} {scheme}"] = nodes
        for size in ("", TWICE):
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            if (taken := page.evaluate("document.documentElement.scrollWidth")) > width:
                found[f"width {page.url} {width} {size}"] = taken
        page.evaluate("document.documentElement.style.fontSize = ''")
    return found


REACHED = (
    "a[href], button:not([hidden], :disabled), input:not([type=hidden], [type=radio]), input[type=radio]:checked, "
    "select, textarea, summary, [tabindex='0']"
)
"""What the Tab key reaches; of radio buttons it reaches the one that is chosen, and arrow keys the others."""

_IS_MARKED = "one => one !== document.body && getComputedStyle(one).outlineStyle === 'solid'"


def walk_by_keyboard(page: Page) -> None:
    """Press Tab from the top of a page to its end: everything is reached, each shows where one is."""
    reached = page.locator(REACHED).and_(page.locator(":not([tabindex='-1'])"))
    everything = reached.filter(visible=True).count()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    for _ in range(1, everything):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.outerHTML")
        assert page.evaluate(f"({_IS_MARKED})(document.activeElement)"), where
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body || document.activeElement.hash === '#main'")
