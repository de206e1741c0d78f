"""The table of differences: aligned in a terminal, in both languages, safe to print."""

import unicodedata
from collections import Counter

import pytest

from service_catalog.documents.differences import DIVISION_LABELS, Comparison, lines_of, written
from service_catalog.documents.schemas.division import DivisionSchema
from service_catalog.documents.tabular.columns import SERVICE, Member, members_of
from service_catalog.domain.differences import Difference, service_difference
from service_catalog.domain.selection import DiffFormat, Span
from service_catalog.domain.service import CODED
from service_catalog.domain.vocabulary import Code
from tests.domain.samples import service, text


def difference(**after: object) -> Difference:
    found = service_difference(service(), service(version=2, **after))
    assert found is not None
    return found


def table(*differences: Difference) -> list[str]:
    chunks = written(Comparison(Span(1, 2), (), differences), DiffFormat.TEXT)
    return b"".join(chunks).decode().splitlines()


def column_of(line: str, sign: str) -> int:
    """Return at which column of a terminal a sign stands."""
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in line.partition(sign)[0])


def test_table_has_a_line_for_each_part_with_its_arrow_below_the_one_above() -> None:
    changed = difference(
        tags=["one-visit"], handling="immediate", life_events=[], name=text("社保卡", "A card"), materials=[]
    )
    heading, *lines = table(changed)[2:-2]
    assert heading == "修改 Changed  430203-card-application  v1 → v2  社保卡 A card"
    assert len(lines) == len(lines_of(changed)) == 8
    assert "办件类型 Handling " in lines[3] and "承诺件 Settled within the promised time" in lines[3]
    (_, aligned), (_, too_long) = Counter(column_of(line, "→") for line in lines).most_common()
    assert (aligned, too_long) == (7, 1)


@pytest.mark.parametrize("sign", ["\n", "\x1b[2J", "\u202e", "\r", "\x07"])
def test_table_prints_no_sign_that_moves_a_cursor(sign: str) -> None:
    lines = table(difference(summary=text(f"前{sign}后", None), name=text(sign, sign)))
    assert len(lines) == 9
    assert all(line.isprintable() for line in lines)
    assert sign[:1].encode("unicode_escape").decode() in lines[4] + lines[5]


def test_line_keeps_a_long_value_whole() -> None:
    (line,) = lines_of(difference(summary=text("长" * 2000, "Apply for the card.")))
    assert line.after.zh == "长" * 2000


def test_service_that_is_new_and_retired_already_is_said_to_be() -> None:
    new = service_difference(None, service(status="retired"))
    assert new is not None
    assert "（已停用 Retired）" in "\n".join(table(new))


def all_members(members: tuple[Member, ...]) -> list[Member]:
    return [one for member in members for one in (member, *all_members(member.members))]


def test_members_that_hold_codes_are_those_of_the_schema() -> None:
    found: dict[str, type[Code]] = {
        ".".join(member.path): member.vocabulary for member in all_members(SERVICE) if member.vocabulary
    }
    assert found == CODED


def test_every_member_of_a_division_has_its_label() -> None:
    assert {".".join(member.path) for member in all_members(members_of(DivisionSchema()))} == {*DIVISION_LABELS}
