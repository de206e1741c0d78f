"""Strict marshmallow fields whose faults speak both languages and whose bounds stand in the OpenAPI document.

marshmallow's own fields take ``"１２"`` for a number and ``"on"`` for a boolean; these take one spelling each.
They read the text of a query string where ``from_text`` is set, and JSON values otherwise.
"""

import re
from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from service_catalog.domain.times import MOMENT_PATTERN, read_time
from service_catalog.domain.vocabulary import Code, Text

_MESSAGES = {
    "required": Text("缺少此项", "is missing"),
    "null": Text("不能为空值", "may not be null"),
    "invalid": Text("类型不正确", "has the wrong type"),
    "validator_failed": Text("取值不正确", "has an invalid value"),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and line ends, and lone surrogates, which no UTF-8 can carry."""

SCHEME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
LONGEST_SCHEME = 60
"""Characters of the name of a scheme of codes."""

NOT_AN_OBJECT = Text("须为对象", "must be an object")


class Fault(ma.ValidationError):
    """A validation error whose message is a bilingual text."""

    def __init__(self, message: Text) -> None:
        """Hand marshmallow a list, the shape in which it merges messages of any type."""
        super().__init__([message])


class Bilingual(ma.fields.Field[Any]):
    """A field whose standard faults (missing, null, wrong type) are in both languages."""

    def make_error(self, key: str, **values: Any) -> ma.ValidationError:
        """Return the fault of this name."""
        return Fault(_MESSAGES.get(key, _MESSAGES["invalid"]))

    def _validate(self, value: Any) -> None:
        if self.validators:  # marshmallow would build a validator of none each time
            super()._validate(value)


def _documented(options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    known = {name: value for name, value in keywords.items() if value is not None}
    return {**options, "metadata": {**known, **options.get("metadata", {})}}


class Words(Bilingual, ma.fields.String):
    """A text of ``shortest`` to ``longest`` characters without control characters; ``pattern`` must fit the whole."""

    def __init__(self, *, longest: int, shortest: int = 1, pattern: str | None = None, **options: Any) -> None:
        """Bound the text; the bounds and the pattern are documented as they are checked."""
        anchored = None if pattern is None else f"^(?:{pattern})$"
        super().__init__(**_documented(options, minLength=shortest, maxLength=longest, pattern=anchored))
        self._shortest, self._longest = shortest, longest
        self._pattern = None if pattern is None else re.compile(rf"(?:{pattern})\Z", re.ASCII)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not self._shortest <= len(value) <= self._longest:
            raise Fault(
                Text(
                    f"长度须为 {self._shortest} 至 {self._longest} 个字符",
                    f"must be {self._shortest} to {self._longest} characters long",
                )
            )
        if _CONTROL.search(value):
            raise Fault(Text("含有控制字符", "contains a control character"))
        if self._pattern and not self._pattern.match(value):
            raise Fault(Text("格式不正确", f"must match {self._pattern.pattern[3:-3]}"))
        return value


class Moment(Words):
    """A time of RFC 3339 in any offset, loaded as the catalogue writes times: UTC, whole seconds, rounded down."""

    def __init__(self, **options: Any) -> None:
        """Bound the text and document its form."""
        super().__init__(longest=40, pattern=MOMENT_PATTERN, **_documented(options, format="date-time"))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        moment = read_time(value) if isinstance(value, str) else None
        if moment is None:
            raise Fault(
                Text(
                    "须为 RFC 3339 时间，如 2026-11-24T08:00:00Z；地址中的 + 写作 %2B",
                    "must be a time of RFC 3339 such as 2026-11-24T08:00:00Z; in an address + is written %2B",
                )
            )
        return moment


class Whole(Bilingual, ma.fields.Integer):
    """An integer within bounds: a JSON integer, or ASCII digits where it comes from a query string."""

    def __init__(self, *, least: int, most: int, from_text: bool = False, **options: Any) -> None:
        """Bound the number; both bounds belong to the range."""
        super().__init__(**_documented(options, minimum=least, maximum=most))
        self._least, self._most, self._from_text = least, most, from_text

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if self._from_text:
            if not isinstance(value, str) or not re.match(r"(0|-?[1-9][0-9]{0,18})\Z", value, re.ASCII):
                raise Fault(Text("须为整数", "must be a whole number"))
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Fault(Text("须为整数", "must be a whole number"))
        if not self._least <= value <= self._most:
            raise Fault(Text(f"须在 {self._least} 至 {self._most} 之间", f"must be {self._least} to {self._most}"))
        return value


class Truth(Bilingual, ma.fields.Boolean):
    """``true`` or ``false``, in no other spelling."""

    def __init__(self, *, from_text: bool = False, **options: Any) -> None:
        """Read JSON booleans, or the two words where they come from a query string."""
        super().__init__(**options)
        self._from_text = from_text

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if self._from_text:
            value = {"true": True, "false": False}.get(value) if isinstance(value, str) else None
        if not isinstance(value, bool):
            raise Fault(Text("须为 true 或 false", "must be true or false"))
        return value


class OneOf(Bilingual, ma.fields.String):
    """One code out of a closed list."""

    def __init__(self, codes: type[Code] | tuple[str, ...], **options: Any) -> None:
        """Take the codes from a vocabulary, or a tuple of words."""
        self.vocabulary = codes if isinstance(codes, type) else None
        self._codes = tuple(str(code) for code in codes)
        documented: list[str | None] = [*self._codes]
        if options.get("allow_none"):
            documented.append(None)
        super().__init__(**_documented(options, enum=documented))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if value not in self._codes:
            listed = ", ".join(self._codes)
            raise Fault(Text(f"须为以下之一：{listed}", f"must be one of {listed}"))
        return str(value)


class Many(Bilingual, ma.fields.List[Any]):
    """A list of ``least`` to ``most`` items, each at most once where ``distinct``."""

    def __init__(
        self, inner: ma.fields.Field[Any], *, most: int, least: int = 0, distinct: bool = False, **options: Any
    ) -> None:
        """Bound the list."""
        bounds = _documented(options, minItems=least or None, maxItems=most, uniqueItems=distinct or None)
        super().__init__(inner, **bounds)
        self._least, self._most, self._distinct = least, most, distinct

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        items: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        if len(items) < self._least:
            raise Fault(Text(f"至少 {self._least} 项", f"must have at least {self._least} items"))
        if len(items) > self._most:
            raise Fault(Text(f"最多 {self._most} 项", f"must have at most {self._most} items"))
        if self._distinct and len(set(items)) != len(items):
            raise Fault(Text("同一项出现了两次", "has an item twice"))
        return items


class Nested(Bilingual, ma.fields.Nested):
    """A nested document."""


class Codes(Bilingual, ma.fields.Dict):
    """A map from ASCII names to codes, as ``{scheme: code}``."""

    def __init__(self, *, most: int, **options: Any) -> None:
        """Bound the number of names."""
        keys = Words(longest=LONGEST_SCHEME, pattern=SCHEME_PATTERN)
        super().__init__(keys=keys, values=Words(longest=60), **_documented(options, maxProperties=most))
        self._most = most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            pairs = super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except ma.ValidationError as error:
            raise ma.ValidationError(_by_name(error.messages)) from None
        if len(pairs) > self._most:
            raise Fault(Text(f"最多 {self._most} 项", f"must have at most {self._most} members"))
        return pairs


def _by_name(messages: Any) -> Any:
    """File the faults of a map under the member's name alone; marshmallow adds ``key`` or ``value``."""
    if not isinstance(messages, dict):
        return messages
    return {name: [fault for faults in parts.values() for fault in faults] for name, parts in messages.items()}


class StrictSchema(ma.Schema):
    """A schema that refuses unknown members, in both languages."""

    error_messages: dict[str, Any] = {  # noqa: RUF012 - marshmallow declares it so
        "unknown": Text("没有这一项", "is not known here"),
        "type": NOT_AN_OBJECT,
    }

    class Meta:
        """Unknown members are faults, never ignored."""

        unknown = ma.RAISE


class PlainSchema(StrictSchema):
    """A strict schema without hooks, whose members keep their names and are all required.

    A document without faults is loaded in a third of marshmallow's time; for any other marshmallow names every fault.
    """

    def load(self, data: Any, *, many: bool | None = None, partial: Any = None, unknown: Any = None) -> Any:
        """Load a document as every schema does."""
        fields = self.load_fields
        if not (many or partial or self.partial) and isinstance(data, dict) and data.keys() == fields.keys():
            try:
                return {name: field.deserialize(data[name], name, data) for name, field in fields.items()}
            except ma.ValidationError:
                pass
        return super().load(data, many=many, partial=partial, unknown=unknown)
