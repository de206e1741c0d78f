"""The export file: what is written is read back, and nothing else is."""

import io
import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import pytest

from service_catalog.documents.canonical import canonical
from service_catalog.documents.export import (
    FORMAT,
    Header,
    Trailer,
    concerns,
    json_chunks,
    jsonl_chunks,
    read_export,
)
from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.revisions import StoredDocument, digest_of
from tests.domain.samples import complete, content, text

Writer = Callable[[Header, Iterable[bytes], str], Iterator[bytes]]
WRITERS = [jsonl_chunks, json_chunks]
CHECKPOINT = "tests\n9\nAAAA\n\n— tests BBBB\n"
DISTRICT = {"division": "430203", "notice": text('引号"和}', "a } and a \\")}
HEADER = Header("tests", 2, 9, "4302", (DISTRICT,))
LINES = [
    canonical(complete(content(code=code, summary=text('{"}\\', "},\n]"))))
    for code in ("card-application", "card-loss", "card-pin")
]


def written(writer: Writer, lines: Iterable[bytes] = LINES, header: Header = HEADER) -> bytes:
    return b"".join(writer(header, lines, CHECKPOINT))


def read(body: bytes) -> list[Header | StoredDocument | Trailer]:
    return list(read_export(io.BytesIO(body)))


def refusal(body: bytes) -> str:
    """Return why a file is refused; every reason is in both languages."""
    with pytest.raises(UnreadableFile) as caught:
        read(body)
    assert "不是完好的导出文件" in caught.value.detail.zh
    return caught.value.detail.en


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_export_read_back_is_what_was_written(writer: Writer, count: int) -> None:
    header, *services, trailer = read(written(writer, LINES[:count]))
    assert header == HEADER
    assert isinstance(trailer, Trailer)
    assert (trailer.count, trailer.checkpoint) == (count, CHECKPOINT)
    assert trailer.sha256 == digest_of(b"".join(line + b"\n" for line in LINES[:count]))
    assert services == [StoredDocument(json.loads(line)["id"], 1, line, digest_of(line)) for line in LINES[:count]]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("shift", range(6))
def test_export_of_long_texts_full_of_quotes_and_braces_is_read_back(writer: Writer, shift: int) -> None:
    lines = [
        canonical({"id": f"{number}", "version": 1, "x": "." * shift + '\\"}{,' * 2**number, "y": {}})
        for number in range(10, 17)
    ]
    services = read(written(writer, lines))[1:-1]
    assert [one.document for one in services if isinstance(one, StoredDocument)] == lines


def test_export_as_json_is_canonical_and_holds_the_lines_of_the_other_format() -> None:
    whole, lines = written(json_chunks), written(jsonl_chunks).splitlines()
    value = json.loads(whole)
    assert canonical(value) == whole
    assert [*value] == ["header", "services", "trailer"]
    assert [canonical({"header": value["header"]}), *map(canonical, value["services"])] == lines[:-1]
    assert canonical({"trailer": value["trailer"]}) == lines[-1]


@pytest.mark.parametrize("writer", WRITERS)
def test_export_cut_anywhere_is_refused(writer: Writer) -> None:
    body = written(writer, LINES[:1])
    for end in range(len(body)):
        refusal(body[:end])


@pytest.mark.parametrize("writer", WRITERS)
def test_export_with_any_bit_flipped_is_refused_or_says_another_thing_in_the_same_form(writer: Writer) -> None:
    line = b'{"id":"a","version":1}'
    body = written(writer, [line])
    for position in range(len(body) * 8):
        flipped = bytearray(body)
        flipped[position // 8] ^= 1 << position % 8
        try:
            header, *services, trailer = read(bytes(flipped))
        except UnreadableFile:
            continue
        assert isinstance(header, Header) and isinstance(trailer, Trailer)
        lines = [service.document for service in services if isinstance(service, StoredDocument)]
        assert lines == [line]  # the digest holds them; the rest is for the verifier
        assert b"".join(writer(header, lines, trailer.checkpoint)) == bytes(flipped)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([LINES[1], LINES[0]], "near service 2: its id does not follow the one before"),
        ([LINES[0], LINES[0]], "near service 2: its id does not follow the one before"),
        ([LINES[0], b'{"version":1}'], "near service 2: it is not a service"),
        ([b'{"id":"a","version":true}'], "near service 1: it is not a service"),
        ([b'{"version":1,"id":"a"}'], "near service 1: it is not canonical JSON"),
        ([b'{"id":"a","id":"a","version":1}'], "near service 1: it is not canonical JSON"),
        ([b'{"id":"\\u0061","version":1}'], "near service 1: it is not canonical JSON"),
        ([b'{"id":"a","version":1.0}'], "near service 1: it is not canonical JSON"),
        ([b'{"id":"a","version":1,"x":' + b"[" * 2000 + b"]" * 2000 + b"}"], "not canonical JSON"),
        ([b'{"id":"\xff","version":1}'], "near service 1: it is not canonical JSON"),
        ([b"[]"], "near service 1: an object is expected"),
        ([LINES[0] + b" "], "is expected"),
    ],
)
def test_export_of_other_lines_is_refused_by_name_and_place(writer: Writer, lines: list[bytes], reason: str) -> None:
    assert reason in refusal(written(writer, lines))


@pytest.mark.parametrize("writer", WRITERS)
def test_export_that_lacks_repeats_or_changes_a_service_is_refused_by_its_trailer(writer: Writer) -> None:
    body, gap = written(writer), b"\n" if writer is jsonl_chunks else b","
    for changed in (
        body.replace(LINES[1] + gap, b""),
        body.replace(b'"count":3', b'"count":2'),
        body.replace("社会保障卡".encode(), "社会保险卡".encode(), 1),
    ):
        assert changed != body
        assert "count or digest in the trailer" in refusal(changed)


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("format", "service-catalog-export/2"),
        ("origin", None),
        ("revision", 0),
        ("revision", True),
        ("log_size", "9"),
        ("filters", {"division": "4302031"}),
        ("filters", {"division": None, "domain": None}),
        ("notice", None),
        ("divisions", [{}]),
        ("divisions", None),
        ("made_at", "2026-11-24T08:00:00Z"),
    ],
)
def test_export_with_another_header_is_refused(writer: Writer, member: str, value: Any) -> None:
    own = HEADER.as_document()
    assert "the header is not" in refusal(written(writer).replace(canonical(own), canonical(own | {member: value})))


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(("own", "other"), [(b'"count":0', b'"count":false'), (b'"count"', b'"counted"')])
def test_export_with_another_trailer_is_refused(writer: Writer, own: bytes, other: bytes) -> None:
    assert "the trailer is not" in refusal(written(writer, []).replace(own, other))


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("more", [b" ", b"\n", b"\x00"])
def test_export_that_goes_on_after_its_end_is_refused(writer: Writer, more: bytes) -> None:
    assert "something follows its end" in refusal(written(writer) + more)


@pytest.mark.parametrize("body", [b"", b"\n", b"\xef\xbb\xbf", b"[]", b"{}", b'{"header":', b'{"header":"x"}'])
def test_file_of_another_kind_is_refused_at_its_start(body: bytes) -> None:
    assert "at its start" in refusal(body)


def test_notice_is_the_one_that_all_divisions_have() -> None:
    village = {"division": "430203002", "notice": DISTRICT["notice"]}
    other = {"division": "430204", "notice": text("另一句。", None)}
    assert Header("tests", 1, 1, None, (DISTRICT, village)).notice == DISTRICT["notice"]
    assert Header("tests", 1, 1, None, (DISTRICT, other)).notice is None
    assert Header("tests", 1, 1, None, ()).notice is None


@pytest.mark.parametrize(
    ("prefix", "said"), [(None, True), ("43", True), ("430203", True), ("430203002", True), ("430204", False)]
)
def test_division_is_quoted_where_the_prefix_is_above_or_below_it(prefix: str | None, said: bool) -> None:
    assert concerns("430203", prefix) is said
    assert HEADER.as_document()["format"] == FORMAT


def peak(writer: Writer, count: int) -> int:
    """Return the most bytes that Python held while it wrote and read so many services."""
    lines = (canonical(complete(content(code=f"s{number:06}"))) for number in range(count))
    with TemporaryFile() as file:
        tracemalloc.start()
        try:
            file.writelines(writer(HEADER, lines, CHECKPOINT))
            assert sum(1 for _ in _reading(file)) == count + 2
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def _reading(file: BinaryIO) -> Iterator[object]:
    file.flush()
    return read_export(file)


@pytest.mark.parametrize("writer", WRITERS)
def test_export_ten_times_as_long_takes_about_the_same_memory(writer: Writer) -> None:
    peak(writer, 10)
    assert peak(writer, 2000) < peak(writer, 200) * 1.5
