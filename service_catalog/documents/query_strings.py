"""Reading an address strictly: the one reading of it, for the API's calls and for the pages beside them."""

import re
from collections.abc import Iterable
from typing import Any

import marshmallow as ma

from service_catalog.documents.faults import faults_in_query
from service_catalog.domain.errors import InvalidParameters, Place, UnknownRevision
from service_catalog.domain.vocabulary import Text

LONGEST_QUERY = 4096
"""Bytes of a query string that is read at all."""


def read_query(schema: ma.Schema, pairs: Iterable[tuple[str, str]], length: int) -> Any:
    """Return what the schema makes of the parameters of a query string that has so many bytes.

    Raises:
        InvalidParameters: for a query string over ``LONGEST_QUERY``, and for parameters that are unknown, repeated
            although they take one value, or not of their form, each of them named.
    """
    if length > LONGEST_QUERY:
        raise InvalidParameters(
            Text(f"查询字符串最多 {LONGEST_QUERY} 字节", f"a query string has at most {LONGEST_QUERY} bytes")
        )
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    many = {name for name in given if isinstance(schema.fields.get(name), ma.fields.List)}
    repeated = [name for name, values in given.items() if len(values) > 1 and name not in many]
    if repeated:
        raise invalid_parameters(
            [Place(Text("只能出现一次", "may be given only once"), parameter=name) for name in repeated]
        )
    data = {name: values if name in many else values[0] for name, values in given.items()}
    try:
        return schema.load(data, unknown=ma.RAISE)
    except ma.ValidationError as error:
        raise invalid_parameters(faults_in_query(error.messages_dict)) from None


def invalid_parameters(places: list[Place]) -> InvalidParameters:
    """Return the refusal that names these parameters."""
    names = ", ".join(sorted({place.parameter or "" for place in places}))
    return InvalidParameters(Text(f"请检查参数：{names}"[:2000], f"check these parameters: {names}"[:2000]), places)


def revision_in_path(number: str) -> int:
    """Return the revision that a part of a path names.

    Raises:
        UnknownRevision: where it can name none.
    """
    if not re.fullmatch(r"[1-9][0-9]{0,9}", number, re.ASCII):
        raise UnknownRevision(Text("没有这个修订", "there is no such revision"))
    return int(number)
