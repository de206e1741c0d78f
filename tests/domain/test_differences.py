"""What differs: taken together, and part by part."""

from typing import Any

import pytest

from service_catalog.domain.differences import Change, changes_of, division_differences, service_difference
from service_catalog.domain.revisions import Operation
from tests.domain.samples import channel, limit, material, service, text

PIN, FORM = material("密码", "PIN"), material("申请表", "Form")


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return what differs between the small service with these members and with those."""
    difference = service_difference(service(**before), service(version=2, **after))
    assert difference is not None
    return [(".".join(map(str, change.path)), change.before, change.after) for change in changes_of(difference)]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"visits": 0, "tags": ["a"]}, {"visits": 1, "tags": ["b"]}, [("tags", ["a"], ["b"])]),
        (
            {},
            {"name": text("社会保障卡申领", "A card")},
            [("name.en", "Application for a social security card", "A card")],
        ),
        (
            {"time_limits": {"statutory": limit(20), "promised": None}},
            {"time_limits": {"statutory": limit(15), "promised": limit(5)}},
            [
                ("time_limits.statutory.days", 20, 15),
                ("time_limits.promised.days", None, 5),
                ("time_limits.promised.unit", None, "working-day"),
            ],
        ),
        (
            {"materials": [material(), PIN, FORM]},
            {"materials": [PIN, FORM | {"form": "copy"}]},
            [
                ("materials.1.name.zh", "身份证", None),
                ("materials.1.name.en", "Identity card", None),
                ("materials.1.required", True, None),
                ("materials.2.form", None, "copy"),
            ],
        ),
        (
            {"online_channels": [channel("individual", url=None)]},
            {"online_channels": [channel("individual")]},
            [("online_channels.1.url", None, "https://example.org/")],
        ),
        ({"life_events": []}, {"life_events": ["card"]}, [("life_events", [], ["card"])]),
        ({"codes": {}}, {"codes": {"GB/T": "1"}}, [("codes.GB/T", None, "1")]),
        ({"fees": [{"amount": None, "text": None}]}, {"fees": []}, [("fees.1", {"amount": None, "text": None}, None)]),
        (
            {"status": "active", "domain": "employment"},
            {"status": "retired", "domain": "talent-personnel"},
            [("domain", "employment", "talent-personnel"), ("status", "active", "retired")],
        ),
    ],
)
def test_changes_are_told_part_by_part_and_tags_for_the_members_they_follow_from(
    before: dict[str, Any], after: dict[str, Any], found: list[tuple[str, Any, Any]]
) -> None:
    assert changes(before, after) == found


def test_difference_is_none_where_nothing_that_a_writer_decides_differs() -> None:
    assert service_difference(service(), service(version=3, revision=9, updated_at="2027-01-01T00:00:00Z")) is None


@pytest.mark.parametrize(
    ("before", "after", "op"),
    [
        (None, "active", Operation.CREATED),
        (None, "retired", Operation.CREATED),
        ("active", "retired", Operation.RETIRED),
        ("retired", "active", Operation.RESTORED),
    ],
)
def test_difference_names_what_happened_taken_together(before: str | None, after: str, op: Operation) -> None:
    difference = service_difference(service(status=before) if before else None, service(status=after))
    assert difference is not None and difference.op is op
    assert (difference.members == ()) is (changes_of(difference) == []) is (before is None)


def test_division_differs_member_by_member_and_is_not_compared_where_none_is_quoted() -> None:
    first, other = {"division": "430203", "name": text(), "declared": None}, {"division": "430204", "name": text()}
    second = first | {"declared": {"total": 73}}
    found = division_differences([first], [second, other])
    assert found is not None
    assert [(one.id, one.op, one.members) for one in found] == [
        ("430203", Operation.CHANGED, ("declared",)),
        ("430204", Operation.CREATED, ()),
    ]
    assert changes_of(found[0]) == [Change(("declared", "total"), None, 73)]
    assert division_differences([first], [first]) == ()
    assert division_differences([first], []) is None
