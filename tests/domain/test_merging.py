"""The merge of three versions: whose change is taken, and what somebody must choose."""

import pytest

from service_catalog.domain.merging import Side, joined, met

OPENED = {"name": "a", "visits": 1, "materials": [1]}


@pytest.mark.parametrize(
    ("mine", "theirs", "side"),
    [
        ("b", "a", Side.MINE),
        ("a", "b", Side.THEIRS),
        ("b", "b", Side.THEIRS),
        ("b", "c", None),
    ],
    ids=["only mine", "only theirs", "both the same", "both differently"],
)
def test_member_when_changed_has_the_side_that_changed_it(mine: str, theirs: str, side: Side | None) -> None:
    (meeting,) = met(OPENED, OPENED | {"name": mine}, OPENED | {"name": theirs})
    assert (meeting.member, meeting.side) == ("name", side)


def test_merge_when_two_changed_takes_both_and_a_choice_where_they_met() -> None:
    mine, theirs = OPENED | {"name": "b", "materials": [2]}, OPENED | {"visits": 0, "materials": [3]}
    meetings = met(OPENED, mine, theirs)
    assert [meeting.member for meeting in meetings] == ["name", "visits", "materials"]
    for choice, materials in ((Side.MINE, [2]), (Side.THEIRS, [3])):
        merged = joined(theirs, meetings, {"materials": choice})
        assert merged == {"name": "b", "visits": 0, "materials": materials}
    with pytest.raises(KeyError):
        joined(theirs, meetings, {})
