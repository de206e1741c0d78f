"""Turning marshmallow's nested messages into places: a JSON Pointer or a parameter, and words in both languages."""

from collections.abc import Iterator
from typing import Any

import marshmallow as ma

from service_catalog.documents.fields import NOT_AN_OBJECT
from service_catalog.domain.errors import InvalidBody, Place
from service_catalog.domain.vocabulary import Text


def faults_in_body(messages: Any, start: str = "") -> list[Place]:
    """Return each fault of a body with its JSON Pointer (RFC 6901), below ``start``."""
    return [Place(_words(message), pointer=start + pointer) for pointer, message in _leaves(messages)]


def read_body(schema: ma.Schema, body: Any) -> Any:
    """Return what the schema makes of a body.

    Raises:
        InvalidBody: with each fault.
    """
    try:
        return schema.load(body, unknown=ma.RAISE)
    except ma.ValidationError as error:
        raise refused_body(error.messages) from None


def refused_body(messages: Any) -> InvalidBody:
    """Return the refusal of a body, with each fault."""
    faults = faults_in_body(messages)
    return InvalidBody(Text(f"请求内容有 {len(faults)} 处错误", f"faults in the body: {len(faults)}"), faults)


def faults_in_query(messages: dict[str, Any]) -> list[Place]:
    """Return each fault of a query string with the parameter's name."""
    return [Place(_words(message), parameter=name) for name, inner in messages.items() for _, message in _leaves(inner)]


def _leaves(messages: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _leaves(inner, pointer + _step(key, inner))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _leaves(inner, pointer)
    else:
        yield pointer, messages


def _step(key: Any, inner: Any) -> str:
    """Return a step of the pointer; marshmallow files a fault of the whole object under ``_schema``."""
    if key == "_schema" and inner == [NOT_AN_OBJECT]:
        return ""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def _words(message: Any) -> Text:
    return message if isinstance(message, Text) else Text("取值不正确", str(message))
