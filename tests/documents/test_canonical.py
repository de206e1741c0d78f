"""Canonical bytes out, strict JSON in (PITFALLS 9)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from service_catalog.documents.canonical import DEEPEST, canonical, compact, stored_document, strict_json
from service_catalog.domain.errors import MalformedBody
from tests.domain.samples import CONTENTS, complete

LARGEST = 2**53 - 1
ASCII_KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(max_size=20)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(ASCII_KEYS, inner, max_size=5), max_leaves=25
)
TOKENS = st.sampled_from(
    [
        *(b"[", b"]", b"{", b"}", b":", b",", b'"', b'"a"', b"1", b"-", b"0", b"1e9", b".5", b"true", b"null", b"NaN"),
        *(b"\\u0000", b"\\ud800", b"\\", b"Infinity", b" ", b"\n", b"\x00", b"\xff", b"\xef\xbb\xbf", "社".encode()),
    ]
)
BODIES = st.binary(max_size=60) | st.lists(TOKENS, max_size=20).map(b"".join) | st.text(max_size=40).map(str.encode)


def has_nul(value: Any) -> bool:
    return "\\u0000" in json.dumps(value).replace("\\\\", "")


@settings(deadline=None)
@given(document=DOCUMENTS)
def test_canonical_bytes_when_compared_with_rfc8785_are_the_same(document: Any):
    assert canonical(document) == rfc8785.dumps(document)
    assert stored_document(canonical(document)) == document


@pytest.mark.parametrize("content", CONTENTS, ids=[content["code"] for content in CONTENTS])
def test_a_seeded_service_when_made_canonical_is_rfc8785_and_reads_back(content: dict[str, Any]):
    document = complete(content)
    assert canonical(document) == rfc8785.dumps(document)  # type: ignore[arg-type]
    assert strict_json(canonical(document)) == document


def test_canonical_bytes_when_members_come_in_another_order_are_the_same():
    assert canonical({"b": [1, "é\n"], "a": {"d": None, "c": True}}) == (
        '{"a":{"c":true,"d":null},"b":[1,"é\\n"]}'.encode()
    )


@pytest.mark.parametrize("number", [LARGEST, -LARGEST])
def test_an_integer_when_it_fits_53_bits_is_written(number: int):
    assert canonical([number]) == f"[{number}]".encode()


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**63, 2**64, 10**40])
def test_an_integer_when_it_exceeds_53_bits_is_refused(number: int):
    with pytest.raises(TypeError):
        canonical({"number": number})


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        {"a": float("inf")},
        {"é": 1},
        {1: 1},
        "\ud800",
        {1},
        b"bytes",
        datetime(2026, 1, 1, tzinfo=UTC),
    ],
    ids=["float", "nan", "infinity", "non-ascii-key", "integer-key", "surrogate", "set", "bytes", "datetime"],
)
def test_a_value_when_outside_the_canonical_kinds_is_refused(value: object):
    with pytest.raises(TypeError):
        canonical(value)


def test_compact_json_when_written_keeps_the_order_and_floats():
    assert compact({"b": 0.5, "a": "社保"}) == '{"b":0.5,"a":"社保"}'.encode()


@settings(deadline=None)
@given(document=DOCUMENTS.filter(lambda document: not has_nul(document)))
def test_strict_json_when_the_body_is_plain_json_reads_it_as_json_does(document: Any):
    for body in (json.dumps(document).encode(), json.dumps(document, ensure_ascii=False, indent=2).encode()):
        assert strict_json(body) == document


REFUSED = {
    "empty": b"",
    "blank": b" \n",
    "twice-at-the-top": b'{"a":1,"a":1}',
    "twice-below": b'[{"b":{"a":1,"c":2,"a":3}}]',
    "twice-by-escape": b'{"a":1,"\\u0061":2}',
    "deep-arrays": b"[" * 100_000,
    "deep-closed-arrays": b"[" * 100_000 + b"]" * 100_000,
    "deep-objects": b'{"a":' * 100_000,
    "deep-closed-objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "below-the-parsers-limit": b"[" * 1_000 + b"]" * 1_000,
    "high-surrogate": b'"\\ud800"',
    "low-surrogate": b'{"a":["\\udc00"]}',
    "surrogate-in-key": b'{"\\ud800":1}',
    "swapped-surrogates": b'"\\udc00\\ud800"',
    "surrogate-in-utf-8": b'"\xed\xa0\x80"',
    "nul-in-value": b'{"a":["x\\u0000y"]}',
    "nul-in-key": b'[{"a\\u0000":1}]',
    "nul-alone": b'"\\u0000"',
    "nul-raw": b'"\x00"',
    "nan": b"NaN",
    "nan-below": b'{"a":[NaN]}',
    "infinity": b"Infinity",
    "minus-infinity": b"[-Infinity]",
    "overflow": b"1e400",
    "invalid-utf-8": b'"\xff"',
    "truncated-utf-8": b'"\xe7\xa4"',
    "overlong-utf-8": b'"\xc0\x80"',
    "latin-1": '"é"'.encode("latin-1"),
    "utf-16": '{"a":1}'.encode("utf-16"),
    "utf-16-without-mark": '{"a":1}'.encode("utf-16-le"),
    "utf-32": '{"a":1}'.encode("utf-32-be"),
    "bom": b'\xef\xbb\xbf{"a":1}',
    "5000-digits": b"9" * 5_000,
    "5000-digits-below": b'{"a":-' + b"1" * 5_000 + b"}",
    "trailing-comma": b"[1,]",
    "two-values": b"1 2",
    "single-quotes": b"{'a':1}",
    "comment": b"[1]//",
    "leading-zero": b"01",
    "plus": b"+1",
    "raw-newline": b'"a\nb"',
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_a_body_when_not_strict_json_is_malformed_and_nothing_else(body: bytes):
    with pytest.raises(MalformedBody) as refused:
        strict_json(body)
    assert refused.value.detail.zh
    assert refused.value.detail.en
    assert len(refused.value.detail.en) < 300


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_body_when_nested_to_the_limit_is_read_and_one_deeper_refused(opening: bytes):
    closing, inner = (b"]", b"[]") if opening == b"[" else (b"}", b"{}")
    body = opening * (DEEPEST - 1) + inner + closing * (DEEPEST - 1)
    assert strict_json(body) == json.loads(body)
    with pytest.raises(MalformedBody):
        strict_json(opening + body + closing)


def test_one_key_when_it_stands_in_different_objects_is_no_duplicate():
    assert strict_json(b'[{"a":{"a":1}},{"a":2}]') == [{"a": {"a": 1}}, {"a": 2}]


def test_a_surrogate_pair_when_escaped_whole_is_one_character():
    assert strict_json(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize("number", [2**53, -(2**53), 2 * 10**19, 10**30])
def test_an_integer_when_not_every_reader_keeps_it_is_refused(number: int):
    with pytest.raises(MalformedBody):
        strict_json(b"%d" % number)
    assert strict_json(b"%d" % (2**53 - 1)) == 2**53 - 1


@settings(deadline=None, max_examples=500)
@given(body=BODIES)
def test_any_bytes_when_read_give_a_value_or_a_malformed_body(body: bytes):
    try:
        value = strict_json(body)
    except MalformedBody:
        return
    assert value == json.loads(body.decode("utf-8"))
    assert not has_nul(value)
    stored_document(compact(value))  # what was read can be written: no lone surrogates, no NaN
