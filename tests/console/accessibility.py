"""The checker of accessibility, run on a page as it stands: at both widths, in light and dark."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / ".ci" / "node" / "node_modules" / "axe-core" / "axe.min.js"
NARROW, WIDE = 360, 1280
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
    """Return what the checker finds, with all that can be opened open, and the widths that the page overflows."""
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
        if (taken := page.evaluate("document.documentElement.scrollWidth")) > width:
            found[f"width {page.url} {width}"] = taken
    return found
