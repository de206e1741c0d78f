"""XLSX as programs write it, and as somebody would write it who means harm."""

import io
import struct
import zipfile
from datetime import date
from typing import Any, BinaryIO

import pytest
from xlsxwriter import Workbook

from service_catalog.documents.tabular.rows import read_rows
from service_catalog.documents.tabular.workbooks import workbook_rows
from service_catalog.domain.errors import UnreadableFile
from tests.documents.tabular.files import MAIN, XLSX, documents_of, inline, places_of, raw_workbook, table, workbook

STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts>
<numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m"/><numFmt numFmtId="165" formatCode="0&quot; days&quot;"/>
<numFmt numFmtId="166" formatCode="[Red]0"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>
</styleSheet>"""


def cells(sheet: str, **parts: str) -> list[str]:
    return [cell for _, row in workbook_rows(raw_workbook(sheet, **parts)) for cell in row]


def reason(sheet: str, **parts: str) -> str:
    (cell,) = cells(sheet, **parts)
    return str(cell.reason.en)  # type: ignore[attr-defined]


def test_numbers_and_truth_values_when_a_spreadsheet_typed_them_are_taken():
    header, row = table({"visits": 0, "single_window": True, "division": 430203, "version": 3.0, "id": None})
    (document,) = documents_of(workbook([header, row]), XLSX)
    assert (document["visits"], document["single_window"], document["version"]) == (0, True, 3)
    assert document["division"] == "430203"


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("visits", 0.5, "whole number"),
        ("visits", 1e30, "whole number"),
        ("visits", True, "whole number"),
        ("single_window", 1, "true or false"),
        ("code", 12, "format it as text"),
        ("name.zh", True, "format it as text"),
        ("materials", 1, "format it as text"),
        ("domain", 1, "must be one of"),
        ("division", 4302, "must match"),
    ],
)
def test_a_cell_when_of_another_type_is_a_fault_of_its_row_and_column(column: str, cell: Any, words: str):
    (place,) = places_of(workbook(table({column: cell})), XLSX)
    assert (place.row, place.column) == (2, column)
    assert words in place.message.en


@pytest.mark.parametrize(
    "column", ["visits", "single_window", "name.zh", "materials", "domain", "audiences", "division"]
)
def test_a_date_a_formula_and_an_error_when_in_a_cell_are_faults_that_name_it(column: str):
    header, row = table({column: ""})
    told = {}
    for kind in ("date", "formula", "error"):
        file = io.BytesIO()
        with Workbook(file) as book:
            page = book.add_worksheet()
            page.write_row(0, 0, header)
            for position, cell in enumerate(row):
                page.write_string(1, position, cell)
            place = (1, header.index(column))
            if kind == "date":
                page.write_datetime(*place, date(2026, 11, 24), book.add_format({"num_format": "yyyy-mm-dd"}))
            else:
                page.write_formula(*place, "=1/0", None, "#DIV/0!" if kind == "error" else "")
        (fault,) = places_of(file, XLSX)
        assert (fault.row, fault.column) == (2, column)
        told[kind] = fault.message.en
    assert "is a date" in told["date"]
    assert "no stored result" in told["formula"]
    assert "holds an error" in told["error"]


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ('<row><c t="str"><f>A2</f><v>text</v></c><c><f>1+1</f><v>2</v></c></row>', ["text", "2"]),
        ('<row><c t="str"><f>A2</f><v></v></c></row>', [""]),
        ("<row><c><v>1</v></c><c/><c><v>2</v></c></row>", ["1", "2"]),
        ('<row><c r="A1"><v>1</v></c><c r="D1"><v>2</v></c></row>', ["1", "", "", "2"]),
        ('<row><c t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r></is></c></row>', ["甲 乙"]),
        ('<row><c t="inlineStr"><is><t>漢</t><rPh sb="0" eb="1"><t>かん</t></rPh></is></c></row>', ["漢"]),
        (inline("a_x000D_b_x005F_x0041_"), ["a\rb_x0041_"]),
        (inline("_xD83D__xDE00_"), ["😀"]),
        ('<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c></row>', ["true", "false"]),
    ],
)
def test_cells_when_written_in_any_form_are_read(sheet: str, expected: list[str]):
    assert cells(sheet) == expected


def test_shared_texts_when_referred_to_are_found_without_their_readings():
    shared = (
        f'<sst xmlns="{MAIN}"><si><t>甲</t></si><si><r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh></si><si/></sst>'
    )
    sheet = '<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="s"><v>2</v></c></row>'
    assert cells(sheet, sharedStrings=shared) == ["ab", "甲", ""]
    with pytest.raises(UnreadableFile, match="row 1 refers to a text that is missing"):
        cells('<row><c t="s"><v>3</v></c></row>', sharedStrings=shared)


@pytest.mark.parametrize(("style", "is_date"), [(0, False), (1, True), (2, True), (3, False), (4, False)])
def test_a_number_when_its_style_is_a_date_is_one(style: int, is_date: bool):
    (cell,) = cells(f'<row><c s="{style}"><v>45000</v></c></row>', styles=STYLES)
    assert (cell == "?") is is_date


def test_a_cell_when_it_cannot_be_read_says_why():
    assert "is a date" in reason('<row><c t="d"><v>2026-11-24</v></c></row>')
    assert "no stored result" in reason("<row><c><f>A1</f></c></row>")
    assert "holds an error" in reason('<row><c t="e"><v>#N/A</v></c></row>')
    assert "lone surrogate" in reason(inline("_xD800_"))


def test_rows_when_some_are_not_there_keep_their_numbers():
    rows = workbook_rows(raw_workbook('<row r="2"><c><v>1</v></c></row><row r="9"/><row><c><v>2</v></c></row>'))
    assert list(rows) == [(2, ["1"]), (9, []), (10, ["2"])]


def test_a_workbook_when_in_the_strict_form_of_the_standard_is_read():
    strict = raw_workbook(inline("甲"), main="http://purl.oclc.org/ooxml/spreadsheetml/main")
    assert list(workbook_rows(strict)) == [(1, ["甲"])]


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (("a", "Services"), "Services"),
        (("a", "事项"), "事项"),
        (("b", "a"), "b"),
        (("a", "事项 services"), "事项 services"),
    ],
)
def test_a_sheet_when_it_has_the_known_name_is_read_and_else_the_first(names: tuple[str, ...], read: str):
    file = io.BytesIO()
    with Workbook(file) as book:
        for name in names:
            book.add_worksheet(name).write_string(0, 0, name)
    assert [row for _, row in workbook_rows(file)] == [[read]]


def test_a_document_type_when_declared_is_refused_whatever_it_declares():
    bomb = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    for kind in ("sharedStrings", "styles"):
        with pytest.raises(UnreadableFile, match="document type"):
            cells("", **{kind: f"{bomb}<a>&c;</a>"})


def rebuilt(changed: dict[str, bytes], base: bytes) -> io.BytesIO:
    """Return a workbook with some parts exchanged, or taken away where they are empty."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted({*source.namelist(), *changed}):
            body = changed.get(name, source.read(name) if name in source.namelist() else b"")
            if body:
                target.writestr(name, body)
    return file


def parts_of(file: BinaryIO) -> list[bytes]:
    with zipfile.ZipFile(file) as archive:
        return [archive.read(name) for name in archive.namelist()]


GOOD = raw_workbook(inline("a")).read()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"xl/worksheet.xml": b"<worksheet><row>"}, "XML is broken"),
        ({"xl/worksheet.xml": b"junk"}, "XML is broken"),
        ({"xl/workbook.xml": b"<workbook/>"}, "has no sheet"),
        ({"xl/workbook.xml": b""}, "not a sound XLSX"),
        ({"xl/worksheet.xml": b""}, "not a sound XLSX"),
        ({"_rels/.rels": b""}, "not a sound XLSX"),
        ({"_rels/.rels": b"<Relationships/>"}, "not a sound XLSX"),
        ({"xl/worksheet.xml": b'<?xml version="1.0" encoding="x-nobodys"?><worksheet/>'}, "not a sound XLSX"),
        ({"xl/bomb.bin": b"0" * 2**21}, "unpack to too much"),
        ({f"x{number}": b"0" for number in range(1001)}, "unpack to too much"),
        ({f"x{'y' * 3000}{number}": b"0" for number in range(400)}, "unpack to too much"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_workbook_when_its_parts_are_wrong_is_unreadable(changed: dict[str, bytes], words: str):
    with pytest.raises(UnreadableFile, match=words):
        list(workbook_rows(rebuilt(changed, GOOD)))


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ('<row r="2"/><row r="1"/>', "rows of the sheet are out of order"),
        ('<row r="1"/><row r="1"/>', "rows of the sheet are out of order"),
        ('<row r="1048577"/>', "rows of the sheet are out of order"),
        ('<row r="x"/>', "not a sound XLSX"),
        ('<row r="7"><c r="B7"><v>1</v></c><c r="A7"><v>1</v></c></row>', "cells of row 7 are out of order"),
        ('<row><c r="ZZZZ1"><v>1</v></c></row>', "cells of row 1 are out of order"),
        (inline("".join(map(str, range(800_000)))), "a row of the workbook is too long"),
        (f'<row a="{"".join(map(str, range(800_000)))}"/>', "a row of the workbook is too long"),
    ],
    ids=lambda value: value[:40],
)
def test_a_sheet_when_it_breaks_the_order_or_the_bounds_is_unreadable(sheet: str, words: str):
    with pytest.raises(UnreadableFile, match=words):
        list(workbook_rows(raw_workbook(sheet)))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"PK\x03\x04 and no more", "not a sound"),
        (GOOD[:-30], "not a sound"),
        (GOOD[: len(GOOD) // 2], "not a sound"),
        (b"\x00\x01junk" * 100, "not a sound"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old .xls or has a password"),
        (b"id,division\r\n", "not a sound"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_file_when_no_sound_workbook_is_unreadable(body: bytes, words: str):
    with pytest.raises(UnreadableFile, match=words) as refused:
        list(workbook_rows(io.BytesIO(body)))
    assert refused.value.detail.zh


def test_a_workbook_when_a_byte_of_a_part_is_wrong_is_unreadable():
    at = GOOD.index(b"xl/worksheet.xml") + 30
    with pytest.raises(UnreadableFile, match=r"not a sound|broken"):
        list(workbook_rows(io.BytesIO(GOOD[:at] + bytes([GOOD[at] ^ 0xFF]) + GOOD[at + 1 :])))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_when_packed_as_none_is_is_unreadable(packing: int):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source, zipfile.ZipFile(file, "w", packing) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    with pytest.raises(UnreadableFile, match="not a sound"):
        list(workbook_rows(file))


def test_a_workbook_when_it_has_more_tags_than_the_rows_asked_for_need_is_refused_unread():
    sheet = "<row>" + "<c/>" * 3_000 + "</row>" + inline("a")
    tags = sum(part.count(b"<") for part in parts_of(raw_workbook(sheet)))
    assert list(workbook_rows(raw_workbook(sheet), tags)) == list(workbook_rows(raw_workbook(sheet)))
    with pytest.raises(UnreadableFile, match="unpack to too much"):
        next(workbook_rows(raw_workbook(sheet), tags - 1))
    with pytest.raises(UnreadableFile, match="unpack to too much"):
        next(read_rows(raw_workbook(sheet), XLSX, most_rows=3))


def test_a_directory_when_it_says_that_it_is_huge_is_not_read():
    end = GOOD.rindex(b"PK\x05\x06")
    huge = GOOD[: end + 12] + struct.pack("<L", 2**31) + GOOD[end + 16 :]
    zip64 = GOOD[:end] + b"PK\x06\x07" + b"\0" * 16 + GOOD[end:]
    for body in (huge, zip64):
        with pytest.raises(UnreadableFile, match="unpack to too much"):
            list(workbook_rows(io.BytesIO(body)))
