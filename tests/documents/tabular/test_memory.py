"""Files of any length are read in the same memory."""

import tracemalloc
from itertools import islice, repeat
from tempfile import TemporaryFile
from typing import BinaryIO

import pytest
from xlsxwriter import Workbook

from service_catalog.documents.canonical import canonical
from service_catalog.documents.tabular.export_rows import EXPORT_HEADER, csv_line, row_of
from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.documents.tabular.rows import read_rows
from tests.documents.tabular.files import CSV, JSON, JSONL, XLSX
from tests.domain.samples import service

FEW, MANY = 300, 3_000
ROW_BYTES = 16
"""What a row may leave behind: a workbook's shared texts keep eight bytes for each text that differs."""


def write(file: BinaryIO, file_format: ImportFormat, count: int) -> None:
    document = canonical(service())
    if file_format is XLSX:
        with Workbook(file, {"in_memory": False}) as book:
            page = book.add_worksheet()
            page.write_row(0, 0, EXPORT_HEADER)
            cells = row_of(service())
            for number in range(1, count + 1):
                cells[EXPORT_HEADER.index("name.zh")] = f"事项 {number}"
                page.write_row(number, 0, cells)
    elif file_format is CSV:
        file.write((csv_line(EXPORT_HEADER) + csv_line(row_of(service())) * count).encode())
    elif file_format is JSONL:
        file.writelines(islice(repeat(document + b"\n"), count))
    else:
        file.write(b'{"services":[')
        file.writelines(islice(repeat(document + b","), count - 1))
        file.write(document + b"]}")


def peak(file_format: ImportFormat, count: int) -> int:
    """Return the most bytes that Python held while it read a file of so many services."""
    with TemporaryFile() as file:
        write(file, file_format, count)
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_rows(file, file_format)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("file_format", ImportFormat)
def test_a_file_when_ten_times_as_long_takes_about_the_same_memory(file_format: ImportFormat):
    peak(file_format, 10)  # what is built once
    assert peak(file_format, MANY) < peak(file_format, FEW) * 1.5 + ROW_BYTES * (MANY - FEW)


def test_the_formats_when_measured_are_all_of_them():
    assert set(ImportFormat) == {JSON, JSONL, CSV, XLSX}
