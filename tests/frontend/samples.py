"""The code that docs/front-end.md shows, with the address of a running server in place of the page's own."""

import re
from pathlib import Path

from tests.serving import Server

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "front-end.md").read_text(encoding="utf-8")


def shown(language: str, number: int = 0) -> str:
    """Return a block of code in this language, counted from 0."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[number]


def against(server: Server, code: str) -> str:
    """Return the code as it asks this server."""
    return code.replace("http://127.0.0.1:8000", server.base)
