"""The examples of docs/auditing.md, from the first download to the caught forgeries, print what the page shows."""

import re

import pytest

from tests.rules.test_writing_page import ROOT, pattern_of, plain, run_page, shown_of

PAGE = (ROOT / "docs" / "auditing.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run the page once."""
    folders = [tmp_path_factory.mktemp(name) for name in ("data", "home")]
    return run_page(PAGE, *folders, ORIGIN="catalogue.example/log")


@pytest.mark.parametrize(("number", "shown"), shown_of(PAGE))
def test_example_of_auditing_when_run_in_order_prints_what_is_shown(number: int, shown: str, printed: list[str]):
    assert re.fullmatch(pattern_of(shown), plain(printed[number])), printed[number]
