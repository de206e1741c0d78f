"""Turning marshmallow's nested messages into places: a JSON Pointer or a parameter, and words in both languages."""

from collections.abc import Iterator
from typing import Any

from service_catalog.domain.errors import Place
from service_catalog.domain.vocabulary import Text


def faults_in_body(messages: Any, start: str = "") -> list[Place]:
    """Return each fault of a body with its JSON Pointer (RFC 6901), below ``start``."""
    return [Place(_words(message), pointer=start + pointer) for pointer, message in _leaves(messages)]


def faults_in_query(messages: Any) -> list[Place]:
    """Return each fault of a query string with the parameter's name."""
    return [Place(_words(message), parameter=pointer.split("/")[1]) for pointer, message in _leaves(messages)]


def _leaves(messages: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            step = "" if key == "_schema" else "/" + str(key).replace("~", "~0").replace("/", "~1")
            yield from _leaves(inner, pointer + step)
    elif isinstance(messages, list):
        for inner in messages:
            yield from _leaves(inner, pointer)
    else:
        yield pointer, messages


def _words(message: Any) -> Text:
    return message if isinstance(message, Text) else Text("取值不正确", str(message))
