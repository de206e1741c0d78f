"""The catalogue's rules R1 to R9 and its warnings, as pure functions over one service document.

An error refuses the write that would cause it and names its rule; a warning comes back beside the answer.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from service_catalog.domain.service import Service, depth_online, tags_of
from service_catalog.domain.vocabulary import Audience, Code, Handling, Text


class Rule(Code):
    """Each rule by its short name, with the sentence that states it."""

    R1 = "R1", "“一次不用跑”与“最多跑一次”二者必居其一，并与到场次数一致", "exactly one visit tag, agreeing with visits"
    R2 = "R2", "“一次不用跑”要求每类服务对象都有网办渠道", "zero-visit needs an online channel for each audience"
    R3 = "R3", "网办渠道的对象必须是该事项的服务对象", "a channel's audience is one of the service's"
    R4 = "R4", "单位相同时，承诺时限不得长于法定时限", "the promised time is no longer than the statutory one"
    R5 = "R5", "即办件的承诺时限最多一天", "an immediate service promises at most one day"
    R6 = "R6", "收费项须写明金额或说明；没有收费项即不收费", "a fee needs an amount or a text; none means free"
    R7 = "R7", "至少有一类服务对象，并有中文名称", "at least one audience and a Chinese name"
    R8 = "R8", "不得以“其他材料”之类兜底", "no catch-all material"
    R9 = "R9", "每类对象在每个平台上只有一个渠道", "one channel for each audience and platform"
    W1 = "W1", "缺少设定依据", "no legal basis"
    W2 = "W2", "缺少事项说明", "no summary"
    W3 = "W3", "缺少英文名称", "no English name"
    W4 = "W4", "网办渠道没有网址", "a channel without URL"
    W5 = "W5", "网办深度不明", "a channel of unknown depth"

    @property
    def is_warning(self) -> bool:
        """Warnings inform; everything else refuses the write."""
        return self.startswith("W")


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a document breaks, and the place, as a JSON Pointer into the document."""

    rule: Rule
    pointer: str
    message: Text


CATCH_ALL_MATERIALS = frozenset(
    {
        "其他材料",
        "其它材料",
        "相关材料",
        "有关材料",
        "其他相关材料",
        "其它相关材料",
        "其他有关材料",
        "其他需要提供的材料",
        "其他所需材料",
        "法律法规规定的其他材料",
        "other materials",
        "other documents",
        "other relevant materials",
        "relevant materials",
        "related materials",
    }
)
"""Whole names that ask for anything at all (R8); compared as a whole, never as a part of a longer name."""


def broken_rules(service: Service) -> list[Finding]:
    """Return every error in the document, in the order of the rules; an empty list means it may be written."""
    return [finding for check in _ERRORS for finding in check(service)]


def warnings(service: Service) -> list[Finding]:
    """Return every warning about the document, in the order of the rules."""
    return [finding for check in _WARNINGS for finding in check(service)]


def _visits_agree(service: Service) -> Iterator[Finding]:
    if service["visits"] not in (0, 1) or service["tags"] != tags_of(service["visits"], service["single_window"]):
        yield Finding(Rule.R1, "/tags", Rule.R1.label)


def _zero_visit_is_online(service: Service) -> Iterator[Finding]:
    if service["visits"] != 0:
        return
    for audience in service["audiences"]:
        if depth_online(service, Audience(audience)) is None:
            label = Audience(audience).label
            yield Finding(
                Rule.R2,
                "/online_channels",
                Text(
                    f"“一次不用跑”缺少面向{label.zh}的网办渠道；先增加该渠道，或改为“最多跑一次”",
                    f"zero-visit lacks an online channel for {audience}; add one first, or make it one-visit",
                ),
            )


def _channels_match_audiences(service: Service) -> Iterator[Finding]:
    for position, channel in enumerate(service["online_channels"]):
        if channel["audience"] not in service["audiences"]:
            yield Finding(Rule.R3, f"/online_channels/{position}/audience", Rule.R3.label)


def _promise_within_statute(service: Service) -> Iterator[Finding]:
    statutory, promised = service["time_limits"]["statutory"], service["time_limits"]["promised"]
    if statutory and promised and statutory["unit"] == promised["unit"] and promised["days"] > statutory["days"]:
        message = Text(
            f"承诺 {promised['days']} 日长于法定 {statutory['days']} 日",
            f"promised {promised['days']} days, but the statute allows {statutory['days']}",
        )
        yield Finding(Rule.R4, "/time_limits/promised/days", message)


def _immediate_within_a_day(service: Service) -> Iterator[Finding]:
    promised = service["time_limits"]["promised"]
    if service["handling"] == Handling.IMMEDIATE and promised and promised["days"] > 1:
        yield Finding(Rule.R5, "/time_limits/promised/days", Rule.R5.label)


def _fees_say_something(service: Service) -> Iterator[Finding]:
    for position, fee in enumerate(service["fees"]):
        text = fee["text"]
        if fee["amount"] is None and not (text and (text["zh"] or text["en"])):
            yield Finding(Rule.R6, f"/fees/{position}", Rule.R6.label)


def _somebody_and_a_name(service: Service) -> Iterator[Finding]:
    if not service["audiences"]:
        yield Finding(Rule.R7, "/audiences", Rule.R7.label)
    if not any(letter.isprintable() and not letter.isspace() for letter in service["name"]["zh"] or ""):
        yield Finding(Rule.R7, "/name/zh", Rule.R7.label)


def _no_catch_all_material(service: Service) -> Iterator[Finding]:
    for position, material in enumerate(service["materials"]):
        for language in ("zh", "en"):
            name = (material["name"].get(language) or "").strip().casefold()  # type: ignore[attr-defined]
            if name in CATCH_ALL_MATERIALS:
                yield Finding(Rule.R8, f"/materials/{position}/name/{language}", Rule.R8.label)


def _one_channel_a_platform(service: Service) -> Iterator[Finding]:
    seen = Counter((channel["audience"], channel["platform"]) for channel in service["online_channels"])
    for (audience, platform), times in seen.items():
        if times > 1:
            message = Text(
                f"{audience} 在 {platform} 上有 {times} 个渠道", f"{times} channels for {audience} on {platform}"
            )
            yield Finding(Rule.R9, "/online_channels", message)


def _missing_texts(service: Service) -> Iterator[Finding]:
    if not service["legal_basis"]:
        yield Finding(Rule.W1, "/legal_basis", Rule.W1.label)
    if not (service["summary"]["zh"] and service["summary"]["en"]):
        yield Finding(Rule.W2, "/summary", Rule.W2.label)
    if not service["name"]["en"]:
        yield Finding(Rule.W3, "/name/en", Rule.W3.label)


def _channels_without(member: Literal["url", "depth"], rule: Rule, service: Service) -> Iterator[Finding]:
    for position, channel in enumerate(service["online_channels"]):
        if channel[member] is None:
            yield Finding(rule, f"/online_channels/{position}/{member}", rule.label)


_ERRORS = (
    _visits_agree,
    _zero_visit_is_online,
    _channels_match_audiences,
    _promise_within_statute,
    _immediate_within_a_day,
    _fees_say_something,
    _somebody_and_a_name,
    _no_catch_all_material,
    _one_channel_a_platform,
)
_WARNINGS = (
    _missing_texts,
    partial(_channels_without, "url", Rule.W4),
    partial(_channels_without, "depth", Rule.W5),
)
