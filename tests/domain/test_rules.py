"""The rules R1 to R9 and the warnings W1 to W5, each broken and each kept at its edge."""

from typing import Any

import pytest

from service_catalog.domain.rules import CATCH_ALL_MATERIALS, Rule, broken_rules, warnings
from service_catalog.domain.service import Service
from tests.domain.samples import CONTENTS, channel, complete, limit, material, service, text

IMMEDIATE = {"handling": "immediate"}
FEE_POINTER = "/fees/1"
FREE = {"amount": 0, "text": None}
PROMISED = "/time_limits/promised/days"


def limits(statutory: Any, promised: Any) -> dict[str, Any]:
    return {"time_limits": {"statutory": statutory, "promised": promised}}


def found(findings: list[Any]) -> list[tuple[str, str]]:
    return [(finding.rule.value, finding.pointer) for finding in findings]


BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("R1", "/tags", {"tags": ["one-visit", "single-window"]}),
    ("R1", "/tags", {"tags": ["zero-visit", "one-visit", "single-window"]}),
    ("R1", "/tags", {"tags": ["single-window"]}),
    ("R1", "/tags", {"tags": ["zero-visit"]}),
    ("R1", "/tags", {"tags": ["single-window", "zero-visit"]}),
    ("R1", "/tags", {"visits": 2}),
    ("R1", "/tags", {"visits": -1}),
    ("R2", "/online_channels", {"online_channels": [channel("individual")]}),
    ("R2", "/online_channels", {"online_channels": [], "audiences": ["enterprise"]}),
    (
        "R3",
        "/online_channels/1/audience",
        {"audiences": ["individual"], "online_channels": [channel("individual"), channel("enterprise")]},
    ),
    ("R4", PROMISED, limits(limit(20), limit(21))),
    ("R4", PROMISED, limits(limit(0, "calendar-day"), limit(1, "calendar-day"))),
    ("R4", PROMISED, limits(limit(20, None), limit(21, None))),
    ("R5", PROMISED, IMMEDIATE | limits(None, limit(2))),
    ("R5", PROMISED, IMMEDIATE | limits(limit(20), limit(2, "calendar-day"))),
    ("R6", FEE_POINTER, {"fees": [FREE, {"amount": None, "text": None}]}),
    ("R6", FEE_POINTER, {"fees": [FREE, {"amount": None, "text": text(None, None)}]}),
    ("R7", "/audiences", {"audiences": [], "online_channels": []}),
    ("R7", "/name/zh", {"name": text(None, "Card")}),
    ("R7", "/name/zh", {"name": text("", "Card")}),
    ("R7", "/name/zh", {"name": text(" \t\u3000", "Card")}),
    ("R7", "/name/zh", {"name": text("\u200b\ufeff", "Card")}),
    ("R8", "/materials/1/name/zh", {"materials": [material(), material("其他材料", None)]}),
    ("R8", "/materials/0/name/zh", {"materials": [material("\u3000其他材料 \n")]}),
    ("R8", "/materials/0/name/en", {"materials": [material(None, "other materials")]}),
    ("R8", "/materials/0/name/en", {"materials": [material("申请表", "  Other MATERIALS\t")]}),
    (
        "R9",
        "/online_channels",
        {"online_channels": [channel("individual"), channel("enterprise"), channel("individual")]},
    ),
]

KEPT: list[tuple[str, dict[str, Any]]] = [
    ("R1", {"visits": 1, "single_window": False, "tags": ["one-visit"]}),
    ("R1", {"visits": 0, "single_window": False, "tags": ["zero-visit"]}),
    ("R1", {"visits": 1, "single_window": True, "tags": ["one-visit", "single-window"]}),
    ("R2", {"visits": 1, "online_channels": []}),
    ("R2", {"visits": 1, "online_channels": [channel("enterprise")]}),
    ("R2", {"online_channels": [channel("individual", depth=None), channel("enterprise", url=None)]}),
    ("R3", {"audiences": ["enterprise"], "online_channels": [channel("enterprise")]}),
    ("R4", limits(limit(20), limit(20))),
    ("R4", limits(limit(20, "working-day"), limit(28, "calendar-day"))),
    ("R4", limits(limit(20, "working-day"), limit(28, None))),
    ("R4", limits(None, limit(3650))),
    ("R4", limits(limit(0), None)),
    ("R4", limits(limit(0), limit(0))),
    ("R5", IMMEDIATE | limits(None, limit(1))),
    ("R5", IMMEDIATE | limits(limit(20), limit(0))),
    ("R5", IMMEDIATE | limits(limit(20), None)),
    ("R5", {"handling": "committed"} | limits(None, limit(2))),
    ("R6", {"fees": []}),
    ("R6", {"fees": [FREE]}),
    ("R6", {"fees": [{"amount": None, "text": text("按物价部门标准", None)}]}),
    ("R7", {"name": text("卡", None)}),
    ("R8", {"materials": [material("其他材料清单表", "other materials list")]}),
    ("R8", {"materials": [material("其他", "materials")]}),
    ("R8", {"materials": [material(None, None)]}),
    ("R8", {"materials": []}),
    ("R9", {"online_channels": [channel("individual"), channel("individual", "app"), channel("enterprise")]}),
]


@pytest.mark.parametrize(("rule", "pointer", "changes"), BROKEN)
def test_a_rule_when_broken_is_named_with_its_place(rule: str, pointer: str, changes: dict[str, Any]):
    assert found(broken_rules(service(**changes))) == [(rule, pointer)]


@pytest.mark.parametrize(("rule", "changes"), KEPT)
def test_a_rule_when_kept_at_its_edge_finds_nothing(rule: str, changes: dict[str, Any]):
    assert found(broken_rules(service(**changes))) == []


def test_the_tables_when_compared_with_the_rules_leave_none_out():
    errors = {rule.value for rule in Rule if not rule.is_warning}
    assert {rule for rule, _, _ in BROKEN} == {rule for rule, _ in KEPT} == errors
    assert {rule for rule, _, _ in WARNED} == {rule.value for rule in Rule if rule.is_warning}


CATCH_ALLS = {
    *(
        "其他材料",
        "其它材料",
        "相关材料",
        "有关材料",
        "其他相关材料",
        "其它相关材料",
        "其他有关材料",
        "其他需要提供的材料",
    ),
    *("其他所需材料", "法律法规规定的其他材料", "other materials", "other documents", "other relevant materials"),
    *("relevant materials", "related materials"),
}


@pytest.mark.parametrize("name", sorted(CATCH_ALL_MATERIALS | CATCH_ALLS))
def test_a_catch_all_name_when_it_stands_alone_is_refused_and_as_a_part_is_accepted(name: str):
    language = "zh" if not name.isascii() else "en"
    alone = service(materials=[material(**{"zh": None, "en": None, language: name.upper()})])
    longer = service(materials=[material(**{"zh": None, "en": None, language: f"{name}清单"})])
    assert found(broken_rules(alone)) == [("R8", f"/materials/0/name/{language}")]
    assert found(broken_rules(longer)) == []


def test_a_material_when_catch_all_in_both_languages_is_found_in_each():
    findings = broken_rules(service(materials=[material("相关材料", "Related materials")]))
    assert found(findings) == [("R8", "/materials/0/name/zh"), ("R8", "/materials/0/name/en")]


def test_a_zero_visit_service_when_no_audience_is_online_lacks_a_channel_for_each():
    findings = broken_rules(service(online_channels=[]))
    assert found(findings) == [("R2", "/online_channels"), ("R2", "/online_channels")]
    assert ["individual" in findings[0].message.en, "enterprise" in findings[1].message.en] == [True, True]
    assert ["个人" in findings[0].message.zh, "企业" in findings[1].message.zh] == [True, True]


def test_two_channels_when_both_serve_strangers_are_found_each():
    changes = {"visits": 1, "audiences": ["individual"]}
    strangers = [channel("enterprise"), channel("enterprise", "app")]
    assert found(broken_rules(service(**changes, online_channels=strangers))) == [
        ("R3", "/online_channels/0/audience"),
        ("R3", "/online_channels/1/audience"),
    ]


def test_a_promise_when_longer_than_the_statute_is_told_with_both_numbers():
    (finding,) = broken_rules(service(**limits(limit(20), limit(21))))
    for sentence in (finding.message.zh, finding.message.en):
        assert "20" in sentence
        assert "21" in sentence


def test_many_broken_rules_when_found_together_come_in_the_order_of_the_rules():
    broken = service(
        tags=[],
        handling="immediate",
        audiences=["individual"],
        online_channels=[channel("enterprise"), channel("enterprise")],
        name=text(None, None),
        fees=[{"amount": None, "text": None}],
        materials=[material("其他材料")],
        **limits(limit(2), limit(3)),
    )
    rules = [rule for rule, _ in found(broken_rules(broken))]
    assert rules == ["R1", "R2", "R3", "R3", "R4", "R5", "R6", "R7", "R8", "R9"]


WARNED: list[tuple[str, str, dict[str, Any]]] = [
    ("W1", "/legal_basis", {"legal_basis": []}),
    ("W2", "/summary", {"summary": text(None, "English alone")}),
    ("W2", "/summary", {"summary": text("只有中文", None)}),
    ("W2", "/summary", {"summary": text(None, None)}),
    ("W3", "/name/en", {"name": text("社会保障卡申领", None)}),
    ("W4", "/online_channels/1/url", {"online_channels": [channel("individual"), channel("enterprise", url=None)]}),
    ("W5", "/online_channels/1/depth", {"online_channels": [channel("individual"), channel("enterprise", depth=None)]}),
]


@pytest.mark.parametrize(("rule", "pointer", "changes"), WARNED)
def test_a_warning_when_deserved_names_its_place_and_refuses_nothing(rule: str, pointer: str, changes: dict[str, Any]):
    warned = service(**changes)
    assert found(warnings(warned)) == [(rule, pointer)]
    assert found(broken_rules(warned)) == []


def test_a_whole_service_when_checked_earns_no_warning():
    assert found(warnings(service())) == []
    assert found(broken_rules(service())) == []


def test_many_warnings_when_found_together_come_in_the_order_of_the_rules():
    vague = [channel("individual", url=None, depth=None), channel("enterprise", url=None, depth=None)]
    bare = service(legal_basis=[], summary=text(None, None), name=text("卡", None), online_channels=vague)
    assert [rule for rule, _ in found(warnings(bare))] == ["W1", "W2", "W3", "W4", "W4", "W5", "W5"]


@pytest.mark.parametrize("rule", list(Rule))
def test_a_rule_when_shown_has_a_sentence_in_both_languages(rule: Rule):
    assert rule.label.zh
    assert rule.label.en
    assert rule.label.zh != rule.label.en
    assert rule.is_warning == (rule.value[0] == "W")


SEEDED: list[Service] = [complete(seeded) for seeded in CONTENTS]


@pytest.mark.parametrize("seeded", SEEDED, ids=[seeded["code"] for seeded in SEEDED])
def test_a_seeded_service_when_checked_breaks_no_rule(seeded: Service):
    assert found(broken_rules(seeded)) == []


def test_the_seed_when_counted_has_all_its_services():
    assert len({seeded["id"] for seeded in SEEDED}) == 73
