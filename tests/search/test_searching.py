"""Searching through the front door, on both engines: what is found, in which order, and that nothing breaks it."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.app import create_app
from service_catalog.documents.search.names import name_of
from service_catalog.domain.namesakes import namesakes_of
from service_catalog.domain.search import numbered
from service_catalog.store.names import MOST_NAMES, write_names
from service_catalog.store.search_terms import written
from service_catalog.store.tables import search, service, service_version
from tests.actions.test_writing import content, write
from tests.domain import samples
from tests.search.questions import KNOWN, UNSEEN

LIST, FACETS, SUGGESTIONS = "/api/v1/services", "/api/v1/facets", "/api/v1/suggestions"
CARDS = ["card-application", "card-information-change", "card-loss-report", "card-replacement"]


def answer(client: FlaskClient, **query: Any) -> dict[str, Any]:
    response = client.get(f"{LIST}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200, response.data
    found: dict[str, Any] = response.get_json()
    return found


def codes(client: FlaskClient, **query: Any) -> list[str]:
    return [item["code"] for item in answer(client, **query)["items"]]


def suggested(client: FlaskClient, **query: str) -> list[str]:
    response = client.get(f"{SUGGESTIONS}?{urlencode(query)}")
    assert response.status_code == 200, response.data
    return [item["name"]["zh"] for item in response.get_json()["items"]]


def test_question_of_a_citizen_finds_its_service_among_the_first_five(client: FlaskClient) -> None:
    """As measured by ``benchmarks/search.py``: all of those known, and most of those that nobody looked at."""
    for among, least in ((KNOWN, len(KNOWN)), (UNSEEN, 18)):
        found = [asked for asked, code in among.items() if code in codes(client, q=asked, limit=5)]
        assert len(found) >= least, set(among) - set(found)
    first = [asked for asked, code in KNOWN.items() if codes(client, q=asked, limit=1) == [code]]
    assert len(first) >= 56, set(KNOWN) - set(first)


FIRST = {
    "老人认证要不要跑": "benefit-eligibility-certification",
    "怎么领失业金": "unemployment-benefit-claim",
    "公司招人备案": "labour-use-filing",
    "失业保险金": "unemployment-benefit-claim",
    "劳动用工备案": "labour-use-filing",
    "430203-card-application": "card-application",
    "card-loss-report": "card-loss-report",
    "下岗 登记": "unemployment-registration",
    "laodongyonggongbeian": "labour-use-filing",
    "shi ye deng ji": "unemployment-registration",
    "Filing of labour use": "labour-use-filing",
    "unemployment benefits claimed": "unemployment-benefit-claim",
    "失业登机": "unemployment-registration",
}


def test_question_in_characters_pinyin_english_or_by_code_finds_its_service_first(client: FlaskClient) -> None:
    assert {asked: codes(client, q=asked, limit=1) for asked in FIRST} == {
        asked: [code] for asked, code in FIRST.items()
    }


def test_the_cards_are_found_whatever_they_are_called(client: FlaskClient) -> None:
    for asked in ("社保卡", "社会保障卡", "shebaoka", "sbk", "social security card", "障卡", "卡", "社保 卡"):
        assert sorted(codes(client, q=asked, limit=4)) == CARDS, asked


def test_rank_is_the_exact_name_then_the_name_then_synonyms_then_summary_then_materials(catalogue: Catalogue) -> None:
    """Those with the first ids entered first and come last here, but among equals: there f entered before e."""
    texts = {
        "a": ("丁戊", "甲", "社保卡"),
        "b": ("丁戊", "补办社保卡", "乙"),
        "c": ("社会保障卡补办", "甲", "乙"),
        "d": ("社保卡补办", "甲", "乙"),
        "f": ("社保卡", "甲", "乙"),
        "e": ("社保卡", "甲", "乙"),
    }
    write(
        catalogue,
        *(
            samples.content(
                code=code,
                division="999999",
                name=samples.text(name, None),
                summary=samples.text(summary, None),
                materials=[samples.material(material, None)],
            )
            for code, (name, summary, material) in texts.items()
        ),
    )
    assert codes(create_app(catalogue).test_client(), q="社保卡", division="999999") == ["e", "f", "d", "c", "b", "a"]


def named(code: str, name: str, material: str = "甲", **codes: str) -> dict[str, Any]:
    texts: dict[str, Any] = {"name": samples.text(name, None), "materials": [samples.material(material, None)]}
    return samples.content(code=code, division="999999", codes=codes, **texts)


def test_code_or_name_is_found_first_however_its_words_are_parted(catalogue: Catalogue) -> None:
    """The last of them only says so in its materials; it is found where the others are, if it is parted alike."""
    write(
        catalogue,
        named("d", "丁戊", local="TY-2024"),
        named("c", "丁戊", local="TY2024"),
        named("b", "企业（单位）房补"),
        named("a", "丁戊", "企业单位房补和 TY2024"),
    )
    client = create_app(catalogue).test_client()
    found = {"TY2024": ["c", "d", "a"], "TY-2024": ["c", "d"], "企业单位房补": ["b", "a"], "企业 单位房补": ["b", "a"]}
    for asked, expected in found.items():
        page = answer(client, q=asked, division="999999")
        assert ([item["code"] for item in page["items"]], page["total"]) == (expected, len(expected)), asked
        assert followed(client, q=asked, division="999999", limit=1) == [f"999999-{code}" for code in expected]


def followed(client: FlaskClient, **query: Any) -> list[str]:
    """Return the ids on all pages."""
    page = answer(client, **query)
    seen = [item["id"] for item in page["items"]]
    while page["next"]:
        page = answer(client, **query, cursor=page["next"])
        seen += [item["id"] for item in page["items"]]
    return seen


def test_hits_of_equal_rank_come_by_id_on_pages_of_any_length_though_they_entered_otherwise(
    catalogue: Catalogue,
) -> None:
    in_name, in_materials = ["b", "d", "f", "h"], ["a", "c", "e", "g", "i"]
    entered = [named(code, "海草房修缮") for code in in_name]
    entered += [named(code, "丁戊", "海草房修缮图") for code in in_materials]
    write(catalogue, *sorted(entered, key=lambda one: str(one["code"]), reverse=True))
    client = create_app(catalogue).test_client()
    expected = {
        "海草房修": [*in_name, *in_materials],  # by rank
        "海草房修膳": in_name,  # by nearness
    }
    for asked, found in expected.items():
        for limit in (1, 2, 3, 4, 5, 9):
            seen = followed(client, q=asked, limit=limit)
            assert seen == [f"999999-{code}" for code in found], (asked, limit)


def test_search_holds_together_with_every_filter(client: FlaskClient) -> None:
    filters: dict[str, Any] = {
        "division": "4302",
        "domain": "social-security-card",
        "audience": "individual",
        "tag": ["zero-visit"],
        "online": "true",
        "online_for": ["individual"],
        "min_depth": "complete",
        "max_visits": 0,
        "life_event": "card",
        "status": "active",
    }
    everything = set(codes(client, q="社保"))
    for name, value in filters.items():
        listed = set(codes(client, **{name: value}))
        assert set(codes(client, q="社保", **{name: value})) == everything & listed, name
        facets = client.get(f"{FACETS}?{urlencode({'q': '社保', name: value}, doseq=True)}").get_json()
        assert (facets["total"], facets["total_is"]) == (len(everything & listed), "exact")
    assert codes(client, q="社保", **filters) == ["card-loss-report", "electronic-card-issuance"]


@pytest.mark.parametrize("sort", ["relevance", "id", "-revision"])
@pytest.mark.parametrize("asked", ["社保", "社会保帐卡"])
def test_pages_of_a_search_when_followed_show_everything_once(client: FlaskClient, asked: str, sort: str) -> None:
    whole = answer(client, q=asked, sort=sort)
    seen: list[str] = []
    page = answer(client, q=asked, sort=sort, limit=7)
    while True:
        seen += [item["id"] for item in page["items"]]
        assert page["total"] == whole["total"] == len(whole["items"])
        if page["next"] is None:
            break
        page = answer(client, q=asked, sort=sort, limit=7, cursor=page["next"])
    assert seen == [item["id"] for item in whole["items"]]


def test_of_very_many_hits_the_first_ten_thousand_are_counted_and_shown_and_the_total_says_so(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    """A service and its like are written straight into the tables, the last one first; those beyond need a visit.

    Who entered later has the lower id: the first thousand are in front, and both they and the rest come by id. Before
    them comes the one that entered last, which is called so exactly, and of the others one less is shown.
    """
    most, more, word, seeded = 10_000, 50, "wqxzw", "430203-card-loss-report"
    name, exactly = name_of(samples.text(f"{word} b", None)), name_of(samples.text(word, None))
    found_by = ["vactive", f"n{word}", numbered(name.number)]
    with catalogue.database.writing() as session:
        called = {"tokens": written(session, found_by), "name": name.number}
        session.execute(update(search).where(search.c.service_id == seeded).values(called))
        write_names(session, [namesakes_of(name, ()), namesakes_of(exactly, ())])
        like = dict(session.execute(select(service).where(service.c.id == seeded)).one()._mapping)
        entry = dict(session.execute(select(search).where(search.c.service_id == seeded)).one()._mapping)
        rows = [
            {"service_id": f"999999-{20_000 - place}", "visits": int(place >= most), "position": 1000 + 97 * place}
            for place in range(most + more - 1, 0, -1)
        ]
        session.execute(insert(service), [like | {"id": row["service_id"], "visits": row["visits"]} for row in rows])
        exact = {"tokens": written(session, ["vactive", f"n{word}", f"x{word}", numbered(exactly.number)])}
        exact["name"] = exactly.number
        session.execute(insert(search), [entry | row | (exact if row is rows[0] else {}) for row in rows])
        version = dict(
            session.execute(select(service_version).where(service_version.c.service_id == seeded)).one()._mapping
        )
        documents = {row["service_id"]: b'{"id":"%s"}' % row["service_id"].encode() for row in rows}
        session.execute(
            insert(service_version),
            [version | {"service_id": identity, "document": document} for identity, document in documents.items()],
        )
        session.commit()
    for query in ("", "&audience=individual", "&sort=id"):
        page = client.get(f"{LIST}?q={word}&limit=1{query}").get_json()
        assert (page["total"], page["total_is"]) == (most, "at-least"), query
    facets = client.get(f"{FACETS}?q={word}").get_json()
    assert (facets["total"], facets["total_is"]) == (most, "at-least")
    assert facets["tag"]["zero-visit"] == facets["audience"]["individual"] == most
    last, *others = [*(row["service_id"] for row in rows), seeded]
    shown = others[:-most:-1]
    assert followed(client, q=word, limit=1000) == [last, *sorted(shown[:1000]), *sorted(shown[1000:])]
    rest = client.get(f"{FACETS}?q={word}&tag=one-visit").get_json()
    assert (rest["total"], rest["total_is"]) == (more, "exact")


def test_cursor_of_one_question_is_refused_with_another(client: FlaskClient) -> None:
    cursor = answer(client, q="社保", limit=1)["next"]
    response = client.get(f"{LIST}?{urlencode({'q': '社保卡', 'cursor': cursor})}")
    assert (response.status_code, response.get_json()["code"]) == (422, "invalid-cursor")


def test_relevance_without_a_question_says_what_it_goes_with(client: FlaskClient) -> None:
    response = client.get(f"{LIST}?sort=relevance")
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["detail"] == "relevance goes with q only"


@pytest.mark.parametrize("asked", ["", "   "])
def test_empty_question_asks_nothing(client: FlaskClient, asked: str) -> None:
    assert codes(client, q=asked) == codes(client, q=asked, sort="relevance") == codes(client)
    assert suggested(client, q=asked) == []


def test_renamed_and_retired_services_are_found_by_what_they_are_now_and_were(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    write(catalogue, content(catalogue, name={"zh": "民生通卡", "en": None}))
    assert codes(client, q="民生通卡") == ["card-application"]
    assert "card-application" in codes(client, q="社会保障卡申领")
    write(catalogue, content(catalogue, status="retired"))
    assert codes(client, q="民生通卡") == []
    assert codes(client, q="民生通卡", status="retired") == ["card-application"]
    assert check_catalogue(catalogue).broken is None


TYPED = {
    "社会": "社会保障卡申领",
    "shehuibaozhangk": "社会保障卡申领",
    "shebaok": "社会保障卡申领",
    "sbk": "社会保障卡申领",
    "失业": "失业登记",
    "sydj": "失业登记",
    "unempl": "失业登记",
    "用工": "劳动用工备案",
}


def test_name_is_suggested_while_it_is_typed(client: FlaskClient) -> None:
    assert {typed: suggested(client, q=typed)[0] for typed in TYPED} == TYPED
    assert suggested(client, q="vvvv") == []


def test_suggestions_are_few_and_each_once_and_of_the_division_in_force(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    write(catalogue, content(catalogue, division="999999"), content(catalogue, status="retired"))
    assert len(suggested(client, q="s")) == 10
    assert suggested(client, q="社会保障卡申")[0] == "社会保障卡申领"
    assert "社会保障卡申领" not in suggested(client, q="社会保障卡申", division="430203")
    assert suggested(client, q="社会保障卡申", division="99") == ["社会保障卡申领"]


def test_of_very_many_names_the_shortest_are_suggested_and_those_of_a_division_though_others_fill_the_list(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    named = [f"海草房{'甲' * length}乙" for length in range(120)]
    services = [samples.content(code=f"c{number}", name=samples.text(name, None)) for number, name in enumerate(named)]
    local = samples.content(code="local", division="999999", name=samples.text(f"海草房{'丙' * 150}", None))
    write(catalogue, *(service | {"division": "430203"} for service in reversed(services)), local)
    assert suggested(client, q="海草房") == suggested(client, q="haicaof") == named[:10]
    assert suggested(client, q="海草房", division="99") == [local["name"]["zh"]]
    assert suggested(client, q="海草房", division="430203999") == []


def test_name_that_no_service_has_any_more_is_not_suggested_and_one_that_others_have_is(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    twins = [samples.content(code=code, division="999999", name=samples.text("海草房修缮", None)) for code in "ab"]
    write(catalogue, *twins)
    for renamed, left in zip(twins, (["海草房修缮"], []), strict=True):
        write(catalogue, renamed | {"name": samples.text("石头房修缮", None)})
        assert suggested(client, q="海草") == left
        assert suggested(client, q="石头") == ["石头房修缮"]
        assert check_catalogue(catalogue).broken is None


@pytest.mark.parametrize("many", [1, MOST_NAMES, MOST_NAMES + 1, 2 * MOST_NAMES])
def test_words_that_several_names_have_together_rank_the_same_however_many_these_are(
    client: FlaskClient, catalogue: Catalogue, many: int
) -> None:
    names = {f"n{number:03}": samples.text(f"海草房第{number}类修缮", None) for number in range(many)}
    both = [samples.content(code=code, name=name) for code, name in names.items()]
    apart = samples.content(code="a", name=samples.text("海草房", None), summary=samples.text("修缮", None))
    neither = samples.content(code="b", name=samples.text("石头房", None), summary=samples.text("海草房修缮", None))
    write(catalogue, *(service | {"division": "999999"} for service in (apart, neither, *both)))
    assert codes(client, q="海草房 修缮", limit=1000) == [*names, "a", "b"]
    assert codes(client, q="海草房 修缮", limit=1000, division="43") == []
    assert answer(client, q="海草房 修缮")["total"] == many + 2


HOSTILE = [
    *('"', "'", '" OR "a', "a' OR 'b", "NEAR(a b)", "a AND", "NOT a", "*", "a*", "a:*", "社'保", '社"保', "(((", "^a"),
    *("-", "{n}: a", "'a':A & !b", "\\", "a\\", "%", "_", "--", ";", "😀", "é", "İ", "ß", "ﬁ", "½", "①"),
    *("a" * 100, "㍿" * 100, "ﷺ" * 100, "".join(map(chr, range(0x4E00, 0x4E64)))),
]


def test_hostile_question_is_a_plain_answer(client: FlaskClient) -> None:
    for asked in HOSTILE:
        assert answer(client, q=asked)["total_is"] == "exact", asked
        suggested(client, q=asked)


def test_question_too_long_or_with_control_characters_is_422(client: FlaskClient) -> None:
    for asked in ("%00", "a%01", "x" * 101, quote("社" * 1300), "%C2%85", "x" * 10_000):
        for call in (LIST, FACETS, SUGGESTIONS):
            assert client.get(f"{call}?q={asked}").status_code == 422, asked[:20]


@given(asked=st.text(max_size=110))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_question_is_answered_or_refused(client: FlaskClient, asked: str) -> None:
    sent = quote(asked.encode("utf-8", "surrogatepass"))
    for call in (LIST, FACETS, SUGGESTIONS):
        assert client.get(f"{call}?q={sent}&division=430203").status_code in (200, 422)
