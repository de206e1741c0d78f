"""Files to read: tables as CSV and XLSX, JSON and JSONL, and workbooks of hand-written XML."""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from service_catalog.documents.canonical import canonical
from service_catalog.documents.tabular.export_rows import EXPORT_HEADER, csv_line, row_of
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.documents.tabular.rows import check_row, read_rows
from service_catalog.domain.errors import Place
from tests.domain.samples import service

JSON, JSONL, CSV, XLSX = ImportFormat
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def csv_file(rows: Iterable[Sequence[str]], encoding: str = "utf-8") -> BinaryIO:
    """Return rows as CSV."""
    return io.BytesIO("".join(map(csv_line, rows)).encode(encoding))


def workbook(rows: Iterable[Sequence[Any]], sheet: str = "services") -> BinaryIO:
    """Return rows as XLSX: texts, numbers and truth values by their type, None as no cell."""
    file = io.BytesIO()
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet)
        for number, cells in enumerate(rows):
            for position, cell in enumerate(cells):
                if isinstance(cell, str) and cell:
                    page.write_string(number, position, cell)
                elif cell not in (None, ""):
                    page.write(number, position, cell)
    file.seek(0)
    return file


def exported(documents: Iterable[Any]) -> list[Sequence[str]]:
    """Return the rows of an exported table with its header."""
    return [EXPORT_HEADER, *map(row_of, documents)]


def file_of(file_format: ImportFormat, documents: Sequence[Any]) -> BinaryIO:
    """Return the documents as a file of this format."""
    if file_format is CSV:
        return csv_file(exported(documents))
    if file_format is XLSX:
        return workbook(exported(documents))
    if file_format is JSONL:
        return io.BytesIO(b"".join(canonical(document) + b"\n" for document in documents))
    return io.BytesIO(json.dumps(documents, ensure_ascii=False, indent=1).encode())


def table(changes: dict[str, Any], **members: Any) -> list[list[Any]]:
    """Return an exported header and one row of the small service, with these cells changed; unknown names are added."""
    cells = dict(zip(EXPORT_HEADER, row_of(service(**members)), strict=True)) | changes
    return [list(cells), list(cells.values())]


def documents_of(file: BinaryIO, file_format: ImportFormat) -> list[Any]:
    """Return each service of a file without faults: what the writer decides and what the catalogue set."""
    documents = []
    for row in read_rows(file, file_format):
        checked = check_row(row)
        assert isinstance(checked, tuple), checked
        documents.append(checked[0] | checked[1])
    return documents


def places_of(file: BinaryIO, file_format: ImportFormat) -> list[Place]:
    """Return every fault of a file, each told in both languages."""
    places: list[Place] = []
    for row in read_rows(file, file_format):
        checked = check_row(row)
        if isinstance(checked, list):
            places += checked
    for place in places:
        assert place.row is not None
        assert str(place.row) in place.message.zh
        assert str(place.row) in place.message.en
        assert len(place.message.en) < 1000
        assert (place.column or "").isprintable()
    return places


def raw_workbook(sheet: str, *, main: str = MAIN, **parts: str) -> BinaryIO:
    """Return a workbook whose sheet is this XML; ``sharedStrings`` and ``styles`` may be given as XML too."""
    file = io.BytesIO()
    relation = '<Relationship Id="r{}" Type="{}/{}" Target="{}"/>'
    kinds = ["worksheet", *parts]
    relations = [relation.format(number, OFFICE, kind, f"{kind}.xml") for number, kind in enumerate(kinds)]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        package = relation.format("", OFFICE, "officeDocument", "/xl/workbook.xml")
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{package}</Relationships>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{RELATIONS}">{"".join(relations)}</Relationships>'
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{OFFICE}"><sheets><sheet name="a" r:id="r0"/></sheets></workbook>',
        )
        archive.writestr("xl/worksheet.xml", f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>')
        for kind, body in parts.items():
            archive.writestr(f"xl/{kind}.xml", body)
    file.seek(0)
    return file


def inline(*cells: str) -> str:
    """Return a row of texts that stand in their cells."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"
