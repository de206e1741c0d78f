"""Cursors: good for one list alone, and never a reason for any other error than an invalid cursor."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service_catalog.documents.cursors import read_cursor, write_cursor
from service_catalog.domain.errors import InvalidCursor
from service_catalog.domain.selection import Filters, Position, Sort

FILTERS = Filters(
    division="4302",
    domain="employment",
    audience="individual",
    tags=("single-window", "zero-visit"),
    online=True,
    online_for=("individual",),
    min_depth="accept",
    max_visits=0,
    life_event="card",
    status="any",
)
POSITION = Position(7, "430203-card-application", 3)
CURSOR = write_cursor(POSITION, FILTERS, Sort.LATEST)
FINGERPRINT_CHARACTERS = len('["0123456789abcdef"') * 4 // 3
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n\x00é社\ud800"
REVISIONS = st.integers(1, 2**31 - 1)


def body_of(cursor: str) -> list[Any]:
    return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))


def cursor_of(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def is_refused(cursor: str, filters: Filters = FILTERS, sort: Sort = Sort.LATEST) -> bool:
    try:
        assert isinstance(read_cursor(cursor, filters, sort), Position)
    except InvalidCursor as refused:
        assert refused.detail.zh
        assert refused.detail.en
        return True
    return False


@settings(deadline=None)
@given(
    as_of=REVISIONS,
    last_revision=REVISIONS,
    last_id=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
)
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("filters", [Filters(), FILTERS])
def test_a_cursor_when_read_with_its_own_filters_gives_its_position(
    filters: Filters, sort: Sort, as_of: int, last_revision: int, last_id: str
):
    position = Position(as_of, last_id, last_revision)
    assert read_cursor(write_cursor(position, filters, sort), filters, sort) == position


@pytest.mark.parametrize(
    "last_id", [f"430203-{'a' * length}" for length in range(1, 5)] + [f"430203002001-{'z' * 100}"]
)
def test_a_cursor_when_written_fits_the_parameter_that_takes_it(last_id: str):
    cursor = write_cursor(Position(2**31 - 1, last_id, 2**31 - 1), FILTERS, Sort.ID)
    assert set(cursor) <= set(ALPHABET[:64])
    assert len(cursor) <= 600


OTHER_FILTERS = [
    {"division": "430203"},
    {"division": None},
    {"domain": "social-insurance"},
    {"audience": "enterprise"},
    {"tags": ("zero-visit",)},
    {"tags": ()},
    {"tags": ("single-window",), "online_for": ("individual", "zero-visit")},
    {"online": False},
    {"online": None},
    {"online_for": ("enterprise",)},
    {"online_for": ()},
    {"min_depth": "complete"},
    {"max_visits": 1},
    {"max_visits": None},
    {"life_event": None},
    {"status": "active"},
    {"audience": None, "domain": "individual"},
]


@pytest.mark.parametrize("changes", OTHER_FILTERS, ids=repr)
def test_a_cursor_when_read_with_other_filters_is_refused(changes: dict[str, Any]):
    assert is_refused(CURSOR, replace(FILTERS, **changes))
    assert not is_refused(CURSOR)


@pytest.mark.parametrize("sort", [sort for sort in Sort if sort is not Sort.LATEST])
def test_a_cursor_when_read_in_another_order_is_refused(sort: Sort):
    assert is_refused(CURSOR, FILTERS, sort)


@pytest.mark.parametrize("position", range(len(CURSOR)))
def test_a_cursor_when_any_one_character_is_another_is_a_position_or_refused(position: int):
    others = [CURSOR[:position] + other + CURSOR[position + 1 :] for other in ALPHABET if other != CURSOR[position]]
    refused = [is_refused(other) for other in others]
    assert any(refused)
    if position < FINGERPRINT_CHARACTERS:
        assert all(refused)


@pytest.mark.parametrize("position", range(len(CURSOR)))
def test_a_cursor_when_cut_short_is_refused(position: int):
    assert is_refused(CURSOR[:position])


def test_a_cursor_when_one_character_is_missing_or_added_raises_nothing_else():
    for position in range(len(CURSOR)):
        is_refused(CURSOR[:position] + CURSOR[position + 1 :])
        for added in ALPHABET:
            is_refused(CURSOR[:position] + added + CURSOR[position:])
    assert is_refused(f"{CURSOR}AAAA")


@pytest.mark.parametrize(
    "members",
    [
        *([0, "a", 1], [1, "a", 0], [-1, "a", 1], [2**31, "a", 1], [1, "a", 2**31], [10**30, "a", 1]),
        *([True, "a", 1], [1, "a", True], [1.0, "a", 1], ["1", "a", 1], [None, "a", 1], [1, "a", None], [1, "a", [1]]),
        *([1, None, 1], [1, 1, 1], [1, ["a"], 1], [1, {}, 1], [1, "a\x00", 1], [1, "\ud800", 1]),
        *([], [1], [1, "a"], [1, "a", 1, 1]),
    ],
    ids=ascii,
)
def test_a_cursor_when_forged_under_the_right_fingerprint_is_refused(members: list[Any]):
    fingerprint = body_of(CURSOR)[0]
    assert not is_refused(cursor_of(json.dumps([fingerprint, 1, "a", 1]).encode()))
    assert is_refused(cursor_of(json.dumps([fingerprint, *members]).encode()))


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"1", b"null", b"true", b'"abcd"', b"[]", b"{}", b'{"a":1,"b":2,"c":3,"d":4}', b"[[],1,2,3]"),
        *(b"[null,1,2,3]", b"NaN", b"\xff\xff\xff", b"[" * 2_000, b"[" * 2_000 + b"]" * 2_000),
    ],
)
def test_a_cursor_when_its_body_is_of_another_shape_is_refused(body: bytes):
    assert is_refused(cursor_of(body))


@pytest.mark.parametrize("sort", list(Sort))
@settings(deadline=None, max_examples=300)
@given(cursor=st.text(st.characters()) | st.text(ALPHABET[:64], max_size=200) | st.binary(max_size=90).map(cursor_of))
def test_any_text_when_read_as_a_cursor_is_refused(sort: Sort, cursor: str):
    assert is_refused(cursor, Filters(), sort)
