"""What a question means: stop words, synonyms, pinyin, and what is left of a hostile one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_catalog.documents.search.pinyin import divided
from service_catalog.documents.search.questions import begun, understood
from service_catalog.domain.search import Part, Word, Wording, nearest, ranked
from service_catalog.store.search_terms import parameters, terms


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("怎么领失业金", ["失业金"]),
        ("社保卡 要不要跑？", ["社保卡"]),
        ("公司招人备案", ["公司", "招人", "备案"]),
        ("社会保障卡丢了怎么办", ["社会保障卡", "丢了"]),
        ("卡", ["卡"]),
        ("怎么办理", ["怎么办理"]),
        ("ＳＨＥＢＡＯＫＡ", ["shebaoka"]),
        ("how do i register unemployment", ["regist", "unemploy"]),
        ("社保, 社保", ["社保"]),
        ("？！", []),
    ],
)
def test_question_keeps_the_words_that_tell_of_a_service(asked: str, words: list[str]) -> None:
    pairs = [word.typed.tokens for word in understood(asked).words]
    assert ["".join([tokens[0], *(token[1:] for token in tokens[1:])]) for tokens in pairs] == words


def test_synonym_is_another_way_to_say_a_word_in_characters_pinyin_and_initials() -> None:
    meant = Wording(("会保", "保障", "社会", "障卡"))
    for asked in ("社保卡", "shebaoka", "sbk"):
        (word,) = understood(asked).words
        assert meant in word.others


def test_wording_that_contains_another_one_is_not_looked_for() -> None:
    typed, longer, other = Wording(("认证",)), Wording(("资格", "格认", "认证")), Wording(("年审",))
    parts = (Part.NAME, Part.SUMMARY)
    assert Word(typed, (longer, other)).within(parts) == Word(typed, (other,)).within(parts)
    assert Word(longer, (other,)).within(parts) != Word(other).within(parts)


def test_letters_that_can_be_divided_in_several_ways_are_all_of_them() -> None:
    assert set(divided("xian")) == {("xian",), ("xi", "an")}
    assert divided("q" * 100) == []


@given(st.text(max_size=100))
def test_any_text_means_something_or_nothing_but_never_fails(asked: str) -> None:
    for question in (understood(asked), begun(asked)):
        if question.words:
            assert ranked(question) and nearest(question)


def test_keys_of_gin_begin_with_the_division_and_go_on_with_what_has_the_fewest_tokens() -> None:
    """In another order it takes half a second instead of 19 ms to find nothing in one of forty thousand divisions."""
    question = understood("社保卡 失业金 工伤")
    values, keys = terms(ranked(question)[-1:], ((Part.DIVISION, "430203"),), is_sqlite=False)
    first, *others = (values[name] for name in parameters(0, keys[0]))
    assert first == "('d430203')"
    assert [[word for word in ("工伤", "社保", "保卡", "业金") if f"m{word}'" in key] for key in others] == [
        ["工伤"],
        ["保卡"],
        ["业金"],
        ["社保", "保卡"],
        ["业金"],
    ]
