"""Writing services as the rows of a table: a fixed header, and cells that no program takes for formulas."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service_catalog.documents.tabular.cells import NULL, SAYS_NOTHING, cell_of
from service_catalog.documents.tabular.columns import EXPORT_COLUMNS, Column

EXPORT_HEADER: tuple[str, ...] = tuple(column.name for column in EXPORT_COLUMNS)
"""The names of the columns, always these and in this order."""


def row_of(document: Mapping[str, Any]) -> list[str]:
    """Return the cells of a service below ``EXPORT_HEADER``; members that the document lacks are empty.

    Reading them gives the same document again, byte for byte in its canonical form.
    """
    return [_cell(column, document) for column in EXPORT_COLUMNS]


def csv_line(cells: Iterable[str]) -> str:
    """Return one row of CSV (RFC 4180) with its line end."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def csv_chunks(documents: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield services as a CSV file in UTF-8, with the byte order mark by which spreadsheet programs know it."""
    yield codecs.BOM_UTF8 + csv_line(EXPORT_HEADER).encode()
    for document in documents:
        yield csv_line(row_of(document)).encode()


def _cell(column: Column, document: Mapping[str, Any]) -> str:
    holder: Any = document
    for step in column.path[:-1]:
        holder = holder.get(step)
        if holder is None:
            return ""
    if holder == SAYS_NOTHING and column.path[-1] == "zh":
        return NULL
    return cell_of(column, holder.get(column.path[-1]))
