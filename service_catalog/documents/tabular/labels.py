"""What each column is called and how it is filled in, in both languages, for whoever works in a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass

from service_catalog.domain.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Label:
    """A member's name, and a sentence on what to write; members of a member carry only their own part."""

    name: Text
    hint: Text


def _label(zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> Label:
    return Label(Text(zh, en), Text(hint_zh, hint_en))


_SET_BY_CATALOGUE = (
    "由目录填写；新事项留空，已有事项保持导出时的值",
    "set by the catalogue; empty for a new service, else as exported",
)

LABELS: dict[str, Label] = {
    "id": _label("事项标识", "Identity", *_SET_BY_CATALOGUE),
    "division": _label("行政区划代码", "Division code", "6、9 或 12 位数字", "6, 9 or 12 digits"),
    "code": _label(
        "事项简码",
        "Service code",
        "小写英文字母、数字和连字符；在本区划内不重复，定后不改",
        "lower-case letters, digits and hyphens; unique in the division and never changed",
    ),
    "name": _label("事项名称", "Name"),
    "name.zh": _label("中文", "Chinese", "必填", "required"),
    "name.en": _label("英文", "English", "不知道则留空", "empty where unknown"),
    "summary": _label("事项说明", "Summary"),
    "summary.zh": _label("中文", "Chinese", "一两句话，让办事的人看懂", "one or two plain sentences"),
    "summary.en": _label("英文", "English", "不知道则留空", "empty where unknown"),
    "domain": _label("业务板块", "Area of business"),
    "audiences": _label("服务对象", "Audiences", "可填多个", "one or more"),
    "visits": _label(
        "到场次数上限", "Visits at most", "0 为一次不用跑，1 为最多跑一次", "0: nobody need come; 1: at most once"
    ),
    "single_window": _label("一窗通办", "Single window", "任一综合窗口均可办理", "any window takes it"),
    "online_channels": _label(
        "网办渠道",
        "Online channel",
        "每类对象在每个平台上一个；没有则留空",
        "one for each audience and platform; or none",
    ),
    "online_channels.audience": _label("对象", "audience"),
    "online_channels.platform": _label("平台", "platform"),
    "online_channels.name": _label("名称", "name"),
    "online_channels.name.zh": _label("中文", "Chinese"),
    "online_channels.name.en": _label("英文", "English"),
    "online_channels.url": _label("网址", "address", "以 http:// 或 https:// 开头", "begins with http:// or https://"),
    "online_channels.depth": _label("办理深度", "depth", "不明则留空", "empty where unknown"),
    "online_channels.authentication": _label("认证方式", "authentication", "不明则留空", "empty where unknown"),
    "matter_type": _label("事项类型", "Matter type"),
    "handling": _label("办件类型", "Handling"),
    "time_limits": _label("办结时限", "Time limit"),
    "time_limits.statutory": _label("法定", "statutory", "没有规定则整组留空", "empty as a whole where there is none"),
    "time_limits.statutory.days": _label("天数", "days", "整数", "a whole number"),
    "time_limits.statutory.unit": _label("单位", "unit", "不明则留空", "empty where unknown"),
    "time_limits.statutory.note": _label("说明", "note"),
    "time_limits.statutory.note.zh": _label("中文", "Chinese"),
    "time_limits.statutory.note.en": _label("英文", "English"),
    "time_limits.promised": _label(
        "承诺", "promised", "单位相同时不得长于法定时限", "no longer than the statutory one in the same unit"
    ),
    "time_limits.promised.days": _label("天数", "days", "整数", "a whole number"),
    "time_limits.promised.unit": _label("单位", "unit", "不明则留空", "empty where unknown"),
    "time_limits.promised.note": _label("说明", "note"),
    "time_limits.promised.note.zh": _label("中文", "Chinese"),
    "time_limits.promised.note.en": _label("英文", "English"),
    "legal_basis": _label("设定依据", "Legal basis"),
    "legal_basis.title": _label("名称", "title", "中文原题", "as published, in Chinese"),
    "legal_basis.document_number": _label("文号", "document number", "没有则留空", "empty where there is none"),
    "legal_basis.article": _label("条款", "article", "没有则留空", "empty where there is none"),
    "materials": _label("申请材料", "Material", "不写“其他材料”之类", "no catch-all such as “other materials”"),
    "materials.name": _label("名称", "name"),
    "materials.name.zh": _label("中文", "Chinese"),
    "materials.name.en": _label("英文", "English"),
    "materials.required": _label(
        "必须提交", "required", "视情形而定的填否，不明则留空", "no where it depends, empty if unknown"
    ),
    "materials.form": _label("形式", "form", "不明则留空", "empty where unknown"),
    "fees": _label("收费", "Fee", "不收费则留空", "none means free"),
    "fees.amount": _label("金额（分）", "amount in fen", "以分为单位的整数", "a whole number of 1/100 yuan"),
    "fees.text": _label("说明", "text", "金额不固定时写明", "what applies where the amount is not fixed"),
    "fees.text.zh": _label("中文", "Chinese"),
    "fees.text.en": _label("英文", "English"),
    "life_events": _label("一件事", "Life events", "可填多个，也可不填", "any number"),
    "codes": _label(
        "官方编码",
        "Official codes",
        '如 {"GB/T-39554": "…"}；确实知道才填',
        'such as {"GB/T-39554": "…"}; only if truly known',
    ),
    "provenance": _label("数据来源", "Provenance"),
    "provenance.basis": _label("依据", "basis"),
    "provenance.confidence": _label("把握", "confidence"),
    "provenance.flags": _label("标记来源", "origin of the flags"),
    "provenance.note": _label("说明", "note"),
    "provenance.note.zh": _label("中文", "Chinese"),
    "provenance.note.en": _label("英文", "English"),
    "status": _label("状态", "Status"),
    "tags": _label("标签", "Tags", *_SET_BY_CATALOGUE),
    "schema": _label("文档格式版本", "Shape version", *_SET_BY_CATALOGUE),
    "version": _label("事项版本", "Version", *_SET_BY_CATALOGUE),
    "revision": _label("修订号", "Revision", *_SET_BY_CATALOGUE),
    "updated_at": _label("更新时间", "Updated at", *_SET_BY_CATALOGUE),
}
"""Each member by its path in the document, list positions left out."""


def label_of(path: tuple[str | int, ...], labels: Mapping[str, Label] = LABELS) -> Text:
    """Return what a member is called: the labels on the way to it joined, an item's number, a language in brackets."""
    zh, en = "", ""
    names: list[str] = []
    for step in path:
        if isinstance(step, int):
            zh, en = f"{zh}{step}", f"{en} {step}"
            continue
        names.append(step)
        known = labels.get(".".join(names))
        part = known.name if known else Text(step, step)
        if step in ("zh", "en"):
            zh, en = f"{zh}（{part.zh}）", f"{en} ({part.en})"
        else:
            zh, en = (f"{zh}·{part.zh}", f"{en}, {part.en}") if zh else (part.zh, part.en)
    return Text(zh, en)
