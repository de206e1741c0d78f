"""The one place that turns JSON into bytes and back: canonical out (RFC 8785), strict in."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

import orjson

from service_catalog.domain.errors import MalformedBody
from service_catalog.domain.vocabulary import Text

LARGEST_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON keeps exactly (RFC 8259, section 6)."""

_PLAIN = frozenset({str, int, bool, type(None)})

DEEPEST = 64
"""Nesting allowed in a body; a service document needs six."""


def canonical(value: object) -> bytes:
    """Return the canonical bytes (RFC 8785) of a value made of objects, lists, strings, integers, booleans and null.

    Keys must be ASCII and numbers integers within 53 bits; that is where sorted keys without spaces are canonical.

    Raises:
        TypeError: where the value holds anything else.
    """
    _check_canonical(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)


def _check_canonical(value: object) -> None:
    """Refuse what orjson would write in some form that RFC 8785 does not know, or in another order.

    Plain values are passed over without a call for each: a service has dozens of them.
    """
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str) or not key.isascii():
                raise TypeError(f"the key {key!r} is not ASCII")
        members: Iterable[object] = value.values()
    elif isinstance(value, list | tuple):
        members = value
    elif value is None or isinstance(value, str | int):
        return
    else:
        raise TypeError(f"{type(value).__name__} has no canonical form here")
    for member in members:
        if type(member) not in _PLAIN:
            _check_canonical(member)


def compact(value: object) -> bytes:
    """Return compact JSON in the order given, for answers that are not stored; shares may be floats there."""
    return orjson.dumps(value)


def stored_document(document: bytes) -> Any:
    """Read bytes that this catalogue wrote itself."""
    return orjson.loads(document)


def strict_json(body: bytes) -> Any:
    """Read JSON that somebody sent.

    Raises:
        MalformedBody: for anything but UTF-8 JSON without duplicate keys, NaN, NUL, lone surrogates or integers
            beyond ``LARGEST_INTEGER``, nested at most ``DEEPEST`` levels.
    """
    try:
        orjson.loads(body)  # refuses bad UTF-8, lone surrogates, NaN and depth over 1,024 without recursion
        value = json.loads(body, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_exact_integer)
    except (ValueError, RecursionError) as error:
        raise MalformedBody(Text("请求内容不是合规的 JSON", f"the body is not strict JSON: {_reason(error)}")) from None
    if b"\\u0000" in body or body.count(b"{") + body.count(b"[") > DEEPEST:  # else it can be neither
        _check_depth_and_text(value)
    return value


def _reason(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return members


def _exact_integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_INTEGER:
        raise ValueError(f"an integer is beyond {LARGEST_INTEGER}")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check_depth_and_text(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += any(isinstance(node, dict | list) for node in level)
        if depth > DEEPEST:
            raise MalformedBody(Text(f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels"))
        if any("\x00" in text for text in _strings(level)):
            raise MalformedBody(Text("文本中含有 NUL 字符", "a text contains the NUL character"))
        level = [child for node in level for child in _children(node)]


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _strings(level: list[Any]) -> list[str]:
    keys = [key for node in level if isinstance(node, dict) for key in node]
    return keys + [node for node in level if isinstance(node, str)]
