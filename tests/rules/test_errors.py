"""One status, one code and one row in the documentation for each reason to refuse."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service_catalog.api.errors import REFUSALS, RETRY_AFTER, STATUS, Refusal
from service_catalog.domain.errors import CatalogueError

DOCUMENTED = {
    row["code"]: row
    for row in re.finditer(
        r"^\| `(?P<code>[a-z-]+)` \| (?P<status>\d{3}) \| (?P<en>[^|]+) \| (?P<zh>[^|]+) \|$",
        (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
}
"""The rows of the error tables, by code."""


def reasons(kind: type[CatalogueError] = CatalogueError) -> Iterator[type[CatalogueError]]:
    """Yield every class of reason that the package defines."""
    for reason in kind.__subclasses__():
        if reason.__module__.startswith("service_catalog."):
            yield reason
        yield from reasons(reason)


REASONS = list(reasons())


def test_the_statuses_when_held_against_the_reasons_have_one_row_for_each():
    assert set(STATUS) == set(REASONS)


def test_a_code_when_given_out_belongs_to_one_reason():
    codes = [reason.code for reason in REASONS] + [refusal.code for refusal in REFUSALS.values()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("reason", [*REASONS, *REFUSALS.values()], ids=lambda reason: reason.code)
def test_a_reason_when_explained_has_whole_sentences_of_its_own_in_both_languages(
    reason: type[CatalogueError] | Refusal,
):
    explanation = vars(reason)["explanation"] if isinstance(reason, type) else reason.explanation
    assert re.search(r"[\u4e00-\u9fff].*。$", explanation.zh)
    assert re.match(r"[A-Z].* .*\.$", explanation.en)


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_when_defined_has_its_own_code_and_words_in_both_languages(reason: type[CatalogueError]):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", vars(reason)["code"])
    assert vars(reason)["title"].zh
    assert vars(reason)["title"].en
    assert 400 <= STATUS[reason] <= 599


def test_the_documentation_when_held_against_the_codes_has_each_with_its_status():
    statuses = {reason.code: status for reason, status in STATUS.items()}
    statuses |= {refusal.code: status for status, refusal in REFUSALS.items()}
    assert {code: int(row["status"]) for code, row in DOCUMENTED.items()} == statuses


def test_a_wait_when_advised_is_advised_where_time_mends_it_and_documented():
    assert set(RETRY_AFTER) == {reason for reason, status in STATUS.items() if status in (429, 503)}
    for reason, seconds in RETRY_AFTER.items():
        assert f"`Retry-After: {seconds}`" in DOCUMENTED[reason.code]["en"]
