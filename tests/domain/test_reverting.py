"""What undoing a change means, member by member."""

from typing import Any

import pytest

from service_catalog.domain.reverting import Undone, undone
from service_catalog.domain.service import content_of
from tests.domain.samples import content, service


def undo(before: dict[str, Any] | None, after: dict[str, Any], current: dict[str, Any]) -> Undone:
    """Undo a change between services that differ from the small one as given."""
    return undone(None if before is None else service(**before), service(**after), service(**current))


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        ("visits", 1, 0),
        ("single_window", True, False),
        ("life_events", ["card"], []),
        ("online_channels", content()["online_channels"], content()["online_channels"][:1]),
        ("codes", {}, {"basic": "1"}),
        ("summary", {"zh": None, "en": None}, {"zh": "甲", "en": None}),
        ("status", "active", "retired"),
    ],
)
def test_member_that_still_has_the_value_it_was_given_goes_back(member: str, old: object, new: object) -> None:
    result = undo({member: old}, {member: new}, {member: new})
    assert result == Undone(content(**{member: old}), ())


def test_member_that_was_not_changed_keeps_what_came_later() -> None:
    result = undo({"visits": 1}, {"visits": 0}, {"visits": 0, "life_events": [], "single_window": False})
    assert result == Undone(content(visits=1, life_events=[], single_window=False), ())


def test_member_that_went_back_already_is_left() -> None:
    assert undo({"visits": 1}, {"visits": 0}, {"visits": 1}) == Undone(content(visits=1), ())


def test_member_that_has_a_third_value_is_a_conflict_and_all_of_them_are_named() -> None:
    before = {"life_events": [], "codes": {}, "visits": 1}
    after = {"life_events": ["card"], "codes": {"basic": "1"}, "visits": 0}
    now = {"life_events": ["card", "retirement"], "codes": {"basic": "2"}, "visits": 0}
    assert undo(before, after, now).conflicts == ("codes", "life_events")


def test_list_counts_as_one_value_its_order_included() -> None:
    result = undo({"life_events": []}, {"life_events": ["card", "retirement"]}, {"life_events": ["retirement", "card"]})
    assert result.conflicts == ("life_events",)


def test_creation_that_is_undone_leaves_the_service_retired() -> None:
    assert undo(None, {}, {}) == Undone(content(status="retired"), ())


def test_creation_of_a_service_that_is_retired_already_leaves_it_so() -> None:
    assert undo(None, {}, {"status": "retired"}) == Undone(content(status="retired"), ())


def test_creation_of_a_service_that_was_edited_since_is_a_conflict() -> None:
    assert undo(None, {}, {"visits": 1}).conflicts == ("visits",)


def test_members_that_the_catalogue_sets_are_no_conflict() -> None:
    current = service(visits=0, version=7, revision=9, updated_at="2027-01-01T00:00:00Z")
    result = undone(service(visits=1), service(visits=0, version=2), current)
    assert result == Undone(content_of(current) | {"visits": 1}, ())
