"""CSV as it comes from spreadsheet programs: encodings, quotes, and files that are something else."""

import codecs
import io

import pytest

from service_catalog.documents.tabular import csv_files
from service_catalog.documents.tabular.csv_files import csv_rows
from service_catalog.documents.tabular.rows import read_rows
from service_catalog.domain.errors import UnreadableFile
from tests.documents.tabular.files import CSV, csv_file, documents_of, exported, table
from tests.domain.samples import CONTENTS, complete

SEEDED = [complete(content) for content in CONTENTS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_when_in_a_known_encoding_is_read_the_same(encoding: str):
    assert documents_of(csv_file(exported(SEEDED), encoding), CSV) == SEEDED


def test_a_file_when_ascii_for_long_and_then_gb18030_is_read_as_a_whole():
    body = b"a" * 70_000 + b"\r\n" + "社保".encode("gb18030") + b"\r\n"
    assert [cells for _, cells in csv_rows(io.BytesIO(body))][1] == ["社保"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"a,b\r\n\x00", "byte 6 is NUL"),
        (b"a,b\r\n\xff\xff", "byte 6 is wrong"),
        (b"x" * 70_000 + "社".encode()[:1], "byte 70001 is wrong"),
        (codecs.BOM_UTF8 + b"ab\xe7", "byte 6 is wrong"),
        (codecs.BOM_UTF8 + "社".encode("gb18030"), "byte 4 is wrong"),
        (b"ab\xed\xa0\x80\xff", "byte 3 is wrong"),
        ("a,b".encode("utf-16"), "UTF-16"),
        ("\ufeffa".encode("gb18030"), "GB18030's mark"),
        (b"PK\x03\x04\x14\x00", "NUL"),
    ],
)
def test_a_file_when_of_no_known_encoding_names_the_byte(body: bytes, words: str):
    with pytest.raises(UnreadableFile, match=words) as refused:
        list(csv_rows(io.BytesIO(body)))
    assert refused.value.detail.zh != refused.value.detail.en


def test_rows_when_they_hold_line_ends_count_as_spreadsheets_do():
    body = b'a,"b\r\nb"\r\n\r\n"c ""d""",\r"e\rf"\n'
    assert list(csv_rows(io.BytesIO(body))) == [(1, ["a", "b\r\nb"]), (2, []), (3, ['c "d"', ""]), (4, ["e\rf"])]


@pytest.mark.parametrize("body", [b'a\r\n"b"c\r\n', b'a\r\n"b\r\nc'])
def test_quotes_when_wrong_are_unreadable_and_name_the_row(body: bytes):
    with pytest.raises(UnreadableFile, match="row 2 cannot be read"):
        list(csv_rows(io.BytesIO(body)))


@pytest.mark.parametrize("piece", [b"a,", b'"a\n",', b'"a\n'], ids=repr)
def test_a_row_when_it_goes_on_without_end_is_unreadable(piece: bytes):
    body = b"x\r\n" + piece * (csv_files.LONGEST_ROW // len(piece) + 1)
    with pytest.raises(UnreadableFile, match="row 2 cannot be read"):
        list(csv_rows(io.BytesIO(body)))


def test_rows_when_together_longer_than_one_may_be_are_read():
    count = csv_files.LONGEST_ROW // 1_000 + 1
    assert sum(1 for _ in csv_rows(io.BytesIO((b"a" * 1_000 + b"\r\n") * count))) == count


def test_a_cell_when_longer_than_python_reads_by_itself_is_read():
    (_, cells) = next(csv_rows(io.BytesIO(b'"' + b"a" * 300_000 + b'"\r\n')))
    assert len(cells[0]) == 300_000


def test_a_file_when_read_stays_open_for_its_owner():
    file = csv_file(table({}))
    assert len(list(read_rows(file, CSV))) == 1
    file.seek(0)
    assert file.read(3) == b"id,"
