"""Reading an address strictly: the one reading of it, for the API's calls and for the pages beside them."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import marshmallow as ma

from service_catalog.documents.faults import faults_in_query
from service_catalog.domain.errors import InvalidParameters, Place, UnknownRevision
from service_catalog.domain.vocabulary import Text

LONGEST_QUERY = 4096
"""Bytes of a query string that is read at all."""

REMEMBERED = 2048
"""Values kept as what they were read as: most are of a few codes, whatever the question."""


def read_query(kind: type[ma.Schema], pairs: Iterable[tuple[str, str]], length: int) -> Any:
    """Return what a schema makes of the parameters of a query string that has so many bytes.

    Raises:
        InvalidParameters: for a query string over ``LONGEST_QUERY``, and for parameters that are unknown, repeated
            although they take one value, or not of their form, each of them named.
    """
    if length > LONGEST_QUERY:
        raise InvalidParameters(
            Text(f"查询字符串最多 {LONGEST_QUERY} 字节", f"a query string has at most {LONGEST_QUERY} bytes")
        )
    reader, given = _reader(kind), dict[str, list[str]]()
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    repeated = [name for name, values in given.items() if len(values) > 1 and name not in reader.many]
    if repeated:
        raise invalid_parameters(
            [Place(Text("只能出现一次", "may be given only once"), parameter=name) for name in repeated]
        )
    return reader.read({name: values if name in reader.many else values[0] for name, values in given.items()})


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


class _Reader:
    """How the parameters of a schema are read; ``many`` are the names that may be repeated.

    A schema has one hook at most, ``to_selection``, for when all parameters are read.
    """

    def __init__(self, kind: type[ma.Schema]) -> None:
        self._schema = kind()
        self._fields = {field.data_key or name: (name, field) for name, field in self._schema.load_fields.items()}
        fields = dict(self._fields.values())
        self.many = {name for name, (_, field) in self._fields.items() if isinstance(field, ma.fields.List)}
        self._required = {name for name, (_, field) in self._fields.items() if field.required}
        self._absent = {
            name: field.load_default for name, field in fields.items() if field.load_default is not ma.missing
        }
        self._finish = getattr(self._schema, "to_selection", _as_it_is)

    def read(self, given: Mapping[str, Any]) -> Any:
        """Return the selection.

        Parameters without faults are read in a third of marshmallow's time; of any other marshmallow names every fault.
        """
        try:
            if given.keys() <= self._fields.keys() and self._required <= given.keys():
                return self._finish(self._loaded(given))
        except ma.ValidationError:
            pass
        try:
            return self._schema.load(given, unknown=ma.RAISE)
        except ma.ValidationError as error:
            raise invalid_parameters(faults_in_query(error.messages_dict)) from None

    def _loaded(self, given: Mapping[str, Any]) -> dict[str, Any]:
        data = dict(self._absent)
        for key, value in given.items():
            name, field = self._fields[key]
            data[name] = field.deserialize(value) if key in self.many else _value(field, value)
        return data


@cache
def _reader(kind: type[ma.Schema]) -> _Reader:
    """Return the one reader of a class: making a schema copies every field, which costs more than reading by it."""
    return _Reader(kind)


@lru_cache(maxsize=REMEMBERED)
def _value(field: ma.fields.Field[Any], text: str) -> Any:
    """Return what a field makes of a text: a text, a number or a truth, which nobody can change."""
    return field.deserialize(text)


def _as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    return data
