"""What of a service is indexed."""

from hypothesis import given
from hypothesis import strategies as st

from service_catalog.documents.search.entries import entry_of, is_indexed_alike, tokens_of
from service_catalog.documents.search.pinyin import FILE
from service_catalog.documents.search.spelling import squeezed
from service_catalog.domain.revisions import digest_of
from tests.domain.samples import CONTENTS, complete, service, text
from tests.search.pinyin import table

TOKENS_OF_THE_SEED = "31e14c7df4d6425a8678ec266aa512a3aec7746fd961a6c17d75e497100782b7"
"""Digest of what the seed's services are found by. A release that computes it otherwise must mend the table in a
migration of its own, as 0011 fills it; else ``check`` calls every older database broken."""


def test_tokens_of_the_seed_are_those_that_the_last_migration_filled_the_table_with() -> None:
    lines = [" ".join(tokens_of(complete(content))) for content in CONTENTS]
    assert digest_of("\n".join(lines).encode()) == TOKENS_OF_THE_SEED


def test_table_of_readings_is_what_the_library_says() -> None:
    assert FILE.read_text(encoding="utf-8") == table()


def test_word_stands_in_the_best_of_its_places_alone() -> None:
    found = tokens_of(service(name=text("社保卡", None), summary=text("社保卡补办", None)))
    assert {"n社保", "n保卡", "n卡", "s补办", "s卡补"} <= set(found)
    assert "s社保" not in found


def test_former_names_are_found_and_the_present_one_is_not_among_them() -> None:
    names = ["甲乙", "丙丁", "甲乙", "戊己"]
    former, tokens = entry_of([service(name=text(name, None), version=place) for place, name in enumerate(names, 1)])
    assert former == '["甲乙","丙丁"]'
    assert {"s甲乙", "s丙丁", "n戊己"} <= set(tokens)


def test_change_of_tags_alone_leaves_the_tokens_as_they_are() -> None:
    before, after = service(), service(single_window=False, visits=1)
    assert is_indexed_alike(before, after) and tokens_of(before) == tokens_of(after)
    for changed in (service(status="retired"), service(domain="employment"), service(life_events=["talent"])):
        assert not is_indexed_alike(before, changed)


@given(st.text(max_size=40), st.text(max_size=40))
def test_tokens_of_any_text_are_letters_and_digits_alone(zh: str, en: str) -> None:
    found = tokens_of(service(name=text(zh, en), summary=text(en, zh)))
    assert all(squeezed(token) == token for token in found), found
