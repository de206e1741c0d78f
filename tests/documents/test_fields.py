"""The strict fields (PITFALLS 10, 11, 12): one spelling each, bounded, and every fault in both languages."""

import re
from collections.abc import Iterator
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service_catalog.documents.fields import Codes, Many, Nested, OneOf, StrictSchema, Truth, Whole, Words
from service_catalog.domain.vocabulary import Depth, Text

FROM_TEXT = {"json": False, "query": True}
WORD = Words(longest=5, shortest=2, pattern="[a-z]+")
CODES = Codes(most=2)


class Inner(StrictSchema):
    """A document of one word."""

    word = Words(longest=3, required=True)


def leaves(messages: Any) -> Iterator[Any]:
    if isinstance(messages, dict | list):
        for inner in messages.values() if isinstance(messages, dict) else messages:
            yield from leaves(inner)
    else:
        yield messages


def assert_bilingual(messages: Any) -> None:
    found = list(leaves(messages))
    assert found
    for message in found:
        assert isinstance(message, Text), message
        assert re.search("[\u4e00-\u9fff]", message.zh), message
        assert message.en.isascii(), message
        assert message.en, message


def assert_refused(field: ma.fields.Field[Any], value: Any) -> None:
    with pytest.raises(ma.ValidationError) as refused:
        field.deserialize(value)
    assert_bilingual(refused.value.messages)


@pytest.mark.parametrize("value", [-3, 0, 7, 9])
def test_a_whole_number_when_within_bounds_is_read(value: int):
    assert Whole(least=-3, most=9).deserialize(value) == value
    assert Whole(least=-3, most=9, from_text=True).deserialize(str(value)) == value


@pytest.mark.parametrize("value", [-4, 10, 10**19, 10**20, -(10**20), 2**63])
def test_a_whole_number_when_out_of_bounds_is_refused(value: int):
    assert_refused(Whole(least=-3, most=9), value)
    assert_refused(Whole(least=-3, most=9, from_text=True), str(value))


NOT_WHOLE: list[Any] = [
    *(
        "１２",
        "1_000",
        " 1",
        "1 ",
        "+1",
        "1.0",
        "1e1",
        "0x1",
        "01",
        "",
        "-",
        "--1",
        "1\n",
        "\n1",
        "1\x00",
        "٣",
        "²",
        "一",
    ),
    *("9" * 20, "9" * 5_000, "1,0", "true", "NaN", 12.9, 1.0, float("nan"), float("inf"), True, False, [], [1], {}),
]


@pytest.mark.parametrize("value", NOT_WHOLE, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("from_text", FROM_TEXT.values(), ids=FROM_TEXT)
def test_a_whole_number_when_spelt_otherwise_is_refused(from_text: bool, value: Any):
    assert_refused(Whole(least=0, most=10**6, from_text=from_text), value)


def test_a_whole_number_when_zero_has_a_sign_is_refused_in_a_query():
    assert_refused(Whole(least=0, most=9, from_text=True), "-0")


@pytest.mark.parametrize("value", ["1", "12", "0"])
def test_a_whole_number_when_a_json_text_is_refused(value: str):
    assert_refused(Whole(least=0, most=99), value)


@settings(deadline=None)
@given(value=st.text(max_size=25))
def test_a_whole_number_when_from_any_text_is_its_only_spelling_or_refused(value: str):
    field = Whole(least=-(10**6), most=10**6, from_text=True)
    try:
        number = field.deserialize(value)
    except ma.ValidationError as refused:
        assert_bilingual(refused.messages)
    else:
        assert str(number) == value


@pytest.mark.parametrize(("word", "value"), [("true", True), ("false", False)])
def test_a_truth_when_spelt_as_json_spells_it_is_read(word: str, value: bool):
    assert Truth().deserialize(value) is value
    assert Truth(from_text=True).deserialize(word) is value


NOT_TRUTH: list[Any] = [
    *(
        "yes",
        "no",
        "on",
        "off",
        "1",
        "0",
        "True",
        "TRUE",
        "False",
        "t",
        "f",
        "",
        " true",
        "true ",
        "true\n",
        "ｔｒｕｅ",
    ),
    *(1, 0, 1.0, 0.0, [], [True], {}),
]


@pytest.mark.parametrize("value", NOT_TRUTH, ids=repr)
@pytest.mark.parametrize("from_text", FROM_TEXT.values(), ids=FROM_TEXT)
def test_a_truth_when_spelt_otherwise_is_refused(from_text: bool, value: Any):
    assert_refused(Truth(from_text=from_text), value)


@pytest.mark.parametrize(("from_text", "value"), [(False, "true"), (False, "false"), (True, True), (True, False)])
def test_a_truth_when_of_the_other_kind_is_refused(from_text: bool, value: Any):
    assert_refused(Truth(from_text=from_text), value)


@pytest.mark.parametrize("codes", [Depth, tuple(Depth), tuple(depth.value for depth in Depth)])
def test_a_code_when_in_the_list_is_read_as_plain_text(codes: Any):
    read = OneOf(codes).deserialize("accept")
    assert (read, type(read)) == ("accept", str)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Accept",
        " accept",
        "accept\n",
        "accept\x00",
        "ａccept",
        "ACCEPT",
        "网上受理",
        1,
        True,
        4.0,
        [],
        ["accept"],
        {},
    ],
    ids=repr,
)
def test_a_code_when_not_in_the_list_is_refused(value: Any):
    assert_refused(OneOf(Depth), value)


def test_a_code_when_refused_is_told_with_all_that_would_do():
    with pytest.raises(ma.ValidationError) as refused:
        OneOf(("one", "two")).deserialize("three")
    (message,) = refused.value.messages
    assert "one, two" in message.en
    assert "one, two" in message.zh


@pytest.mark.parametrize("value", ["ab", "abcde"])
def test_words_when_within_length_and_pattern_are_read(value: str):
    assert WORD.deserialize(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "a",
        "abcdef",
        "ab\n",
        "\nab",
        "ab\r",
        "ab ",
        " ab",
        "aB",
        "a1",
        "ａｂ",
        "社保",
        "ab\x00",
        12,
        1.5,
        True,
        b"ab",
        [],
        {},
    ],
    ids=repr,
)
def test_words_when_they_do_not_fit_are_refused(value: Any):
    assert_refused(WORD, value)


def test_words_when_a_pattern_has_alternatives_must_fit_one_of_them_whole():
    field = Words(longest=9, pattern="[0-9]{2}|[0-9]{4}")
    assert [field.deserialize(value) for value in ("43", "4302")] == ["43", "4302"]
    for value in ("430", "43020", "43\n", "4302\n", "４３", "٤٣"):
        assert_refused(field, value)


def test_words_when_a_pattern_names_a_class_of_characters_mean_the_ascii_ones():
    field = Words(longest=9, pattern=r"\d+-\w+")
    assert field.deserialize("12-ab") == "12-ab"
    for value in ("１２-ab", "12-社保"):
        assert_refused(field, value)


def test_words_when_counted_are_counted_in_characters():
    field = Words(longest=3)
    assert field.deserialize("社保卡") == "社保卡"
    assert_refused(field, "社保卡片")
    assert_refused(field, "")


CONTROLS = [chr(code) for code in [*range(0x20), 0x7F, 0x80, 0x85, 0x9F] if chr(code) not in "\t\n\r"]


@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
def test_words_when_they_hold_a_control_character_are_refused(control: str):
    for value in (f"社{control}保", control, f"社保{control}"):
        assert_refused(Words(longest=9), value)


@pytest.mark.parametrize("surrogate", ["\ud800", "\udbff", "\udc00", "\udfff"], ids=ascii)
def test_words_when_they_hold_a_lone_surrogate_are_refused(surrogate: str):
    assert_refused(Words(longest=9), f"社{surrogate}保")


@pytest.mark.parametrize("value", ["第一行\n第二行", "a\tb", "\U00020000", "é", "e\u0301", "’"])
def test_words_when_free_of_control_characters_are_read_unchanged(value: str):
    assert Words(longest=9).deserialize(value) == value


def test_a_list_when_it_fits_is_read():
    field = Many(OneOf(Depth), most=2, distinct=True)
    assert field.deserialize([]) == []
    assert field.deserialize(["accept", "submit"]) == ["accept", "submit"]
    assert Many(OneOf(Depth), most=2).deserialize(["accept", "accept"]) == ["accept", "accept"]


@pytest.mark.parametrize(
    "value",
    [
        *(["accept", "submit", "complete"], ["accept", "accept"], ["accept", None], ["accept", "other"], [["accept"]]),
        *("accept", "", 1, True, {}, {"accept": 1}, {"0": "accept"}),
    ],
    ids=repr,
)
def test_a_list_when_it_does_not_fit_is_refused(value: Any):
    assert_refused(Many(OneOf(Depth), most=2, distinct=True), value)


@pytest.mark.parametrize("value", [[1, 2, True], [1, 2, 3.0]], ids=repr)
def test_a_list_when_one_item_is_wrong_names_it_by_its_position(value: list[Any]):
    with pytest.raises(ma.ValidationError) as refused:
        Many(Whole(least=0, most=9), most=3).deserialize(value)
    assert list(refused.value.messages) == [2]


@pytest.mark.parametrize("value", [{}, {"GB/T-39554.1_x": "A1"}, {"a": "1", "b": "社保"}], ids=repr)
def test_codes_when_they_fit_are_read(value: dict[str, str]):
    assert CODES.deserialize(value) == value


@pytest.mark.parametrize(
    "value",
    [
        *({"a": "1", "b": "2", "c": "3"}, {"": "1"}, {"a b": "1"}, {"a\n": "1"}, {"社": "1"}, {"-a": "1"}),
        *({"a" * 61: "1"}, {"a": ""}, {"a": "x" * 61}, {"a": "x\x00"}, {"a": None}, {"a": 1}, {"a": ["1"]}),
        *([], [["a", "1"]], "a", 1, True),
    ],
    ids=lambda value: repr(value)[:25],
)
def test_codes_when_they_do_not_fit_are_refused(value: Any):
    assert_refused(CODES, value)


@pytest.mark.parametrize("value", [[], "a", 1, {}, {"word": None}, {"word": "long"}, {"word": "a", "x": 1}], ids=repr)
def test_a_nested_document_when_it_does_not_fit_is_refused(value: Any):
    assert_refused(Nested(Inner), value)


EVERY_FIELD = {
    "whole": lambda **options: Whole(least=0, most=9, **options),
    "whole-from-text": lambda **options: Whole(least=0, most=9, from_text=True, **options),
    "truth": Truth,
    "truth-from-text": lambda **options: Truth(from_text=True, **options),
    "one-of": lambda **options: OneOf(Depth, **options),
    "words": lambda **options: Words(longest=9, **options),
    "many": lambda **options: Many(OneOf(Depth), most=2, **options),
    "codes": lambda **options: Codes(most=2, **options),
    "nested": lambda **options: Nested(Inner, **options),
}


@pytest.mark.parametrize("make", EVERY_FIELD.values(), ids=EVERY_FIELD)
def test_a_field_when_null_is_refused_unless_it_may_be(make: Any):
    assert_refused(make(), None)
    assert make(allow_none=True).deserialize(None) is None


@pytest.mark.parametrize("make", EVERY_FIELD.values(), ids=EVERY_FIELD)
def test_a_field_when_missing_is_refused_if_required(make: Any):
    assert_refused(make(required=True), ma.missing)
    assert make().deserialize(ma.missing) is ma.missing


def test_the_bounds_when_documented_are_those_that_are_checked():
    assert Whole(least=0, most=9, metadata={"description": "d"}).metadata == {
        "minimum": 0,
        "maximum": 9,
        "description": "d",
    }
    assert WORD.metadata == {"minLength": 2, "maxLength": 5, "pattern": "^(?:[a-z]+)$"}
    assert OneOf(("a", "b"), allow_none=True).metadata["enum"] == ["a", "b", None]
    assert OneOf(("a", "b")).metadata["enum"] == ["a", "b"]
    assert Many(Truth(), most=3, distinct=True).metadata == {"maxItems": 3, "uniqueItems": True}
    assert Many(Truth(), most=3).metadata == {"maxItems": 3}
    assert CODES.metadata == {"maxProperties": 2}
