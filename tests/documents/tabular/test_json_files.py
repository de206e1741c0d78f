"""JSON and JSONL: lists, exports, and everything that is not strict JSON."""

import io
from typing import Any

import pytest

from service_catalog.documents.canonical import canonical
from service_catalog.documents.tabular import json_files
from service_catalog.documents.tabular.json_files import json_items, json_lines
from service_catalog.domain.errors import UnreadableFile
from tests.documents.tabular.files import JSON, JSONL, documents_of
from tests.domain.samples import CONTENTS, complete, service

SEEDED = [complete(content) for content in CONTENTS]
HEADER = b'{"format":"service-catalog-export","origin":"catalogue.example","revision":1,"log_size":75}'
TRAILER = b'{"count":73,"sha256":"00","checkpoint":"a\\nb"}'
LINES = b",\n".join(map(canonical, SEEDED))


def values(body: bytes) -> list[Any]:
    return [(item.number, item.value if item.fault is None else item.fault.en) for item in json_items(io.BytesIO(body))]


@pytest.mark.parametrize(
    "body",
    [
        b"[" + LINES + b"]",
        b'{"services":[' + LINES + b"]}",
        b'{"header":' + HEADER + b',\n"services":[' + LINES + b'],"trailer":' + TRAILER + b"}\n",
        b'\xef\xbb\xbf { "services" : [ ' + LINES + b" ] } ",
    ],
    ids=["list", "object", "export", "mark and spaces"],
)
def test_a_json_file_when_of_a_known_form_holds_its_services(body: bytes):
    assert documents_of(io.BytesIO(body), JSON) == SEEDED


@pytest.mark.parametrize("body", [b"[]", b'{"services":[]}', b" [ ] "])
def test_a_json_file_when_its_list_is_empty_has_no_services(body: bytes):
    assert values(body) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_json_file_when_it_comes_in_small_pieces_is_read_the_same(size: int):
    class Slow(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            return super().read(size)

    body = '{"header":{"n":12},"services":[{"a":"社"},12345,-1,"x\\"]",[1],null]}'.encode()
    found = [item.value for item in json_items(Slow(body))]
    assert found == [{"a": "社"}, 12345, -1, 'x"]', [1], None]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (b'{"a":1,"a":2}', "twice"),
        (b"NaN", "strict"),
        (b"[Infinity]", "strict"),
        (b"9007199254740993", "beyond"),
        (b"9" * 5000, "strict"),
        (b'"\\u0000"', "NUL"),
        (b'"\\ud800"', "strict"),
        (b'"a\nb"', "strict"),
        (b"[" * 65 + b"]" * 65, "deeper than 64"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_value_when_not_strict_is_a_fault_of_its_own_and_the_next_is_read(value: bytes, words: str):
    (first, second) = values(b"[" + value + b',{"b":1}]')
    assert first[0] == 1
    assert words in first[1]
    assert second == (2, {"b": 1})
    lines = list(json_lines(io.BytesIO(value.replace(b"\n", b"\\n") + b'\n{"b":1}')))
    assert [item.value for item in lines][-1] == {"b": 1}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b" ", "empty"),
        (b"x", "{ is expected, not 'x'"),
        (b"\xff\xff", "not UTF-8"),
        (b"PK\x03\x04", "{ is expected"),
        (b"null", "{ is expected"),
        (b"{}", "Expecting value|must be a list"),
        (b'{"items":[]}', "must be a list, or an object"),
        (b'{"services":{}}', r"\[ is expected"),
        (b'{"services":[],"services":[]}', "must be a list"),
        (b'{"header":{},"trailer":{}}', "is missing"),
        (b"[1 2]", "at item 1: , is expected, not '2'"),
        (b"[1,]", "at item 2"),
        (b'[{"a":1}', "at item 1: , is expected, not the end of the file"),
        (b'[{"a":1},{"a":', "at item 2"),
        (b"[1]]", "has ended"),
        (b"[1]{}", "has ended"),
        (b"[" * 100_000, "nested too deep"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_json_file_when_it_cannot_be_followed_is_unreadable(body: bytes, words: str):
    with pytest.raises(UnreadableFile, match=words) as refused:
        values(body)
    assert refused.value.detail.zh


def test_a_json_file_when_a_value_has_no_end_is_given_up_before_it_is_all_read():
    class Endless(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.taken += size or 0
            return b'["' if self.taken == size else b"a" * (size or 0)

    file = Endless()
    with pytest.raises(UnreadableFile):
        list(json_items(file))
    assert file.taken < 4 * json_files.LONGEST_ITEM


@pytest.mark.parametrize(
    ("header", "trailer"),
    [(HEADER, TRAILER), (b'{"header":' + HEADER + b"}", b'{"trailer":' + TRAILER + b"}")],
    ids=["bare", "named"],
)
def test_a_jsonl_export_when_read_has_its_services_alone_by_their_lines(header: bytes, trailer: bytes):
    body = b"\n".join([header, *map(canonical, SEEDED), b"", trailer, b""])
    assert [item.number for item in json_lines(io.BytesIO(body))] == list(range(2, 75))
    assert documents_of(io.BytesIO(body), JSONL) == SEEDED


def test_a_jsonl_line_when_it_is_an_odd_service_is_never_left_out():
    odd = {**service(), "format": "x", "origin": "x", "count": 1, "sha256": "00"}
    assert [item.value for item in json_lines(io.BytesIO(canonical(odd)))] == [odd]


def test_a_jsonl_line_when_broken_is_a_fault_and_the_next_is_read():
    items = list(json_lines(io.BytesIO(b'\xef\xbb\xbf{"a":1}\r\n{"a":\n\xff\n{"b":2}')))
    assert [(item.number, item.value, item.fault is None) for item in items] == [
        (1, {"a": 1}, True),
        (2, None, False),
        (3, None, False),
        (4, {"b": 2}, True),
    ]


def test_a_jsonl_line_when_it_has_no_end_is_unreadable():
    with pytest.raises(UnreadableFile, match="line 2 is too long"):
        list(json_lines(io.BytesIO(b"{}\n" + b" " * json_files.LONGEST_ITEM)))
