"""The exported workbook: what it holds is read back the same, nothing of it runs, and what stops it says why."""

import gc
import io
import resource
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from service_catalog.documents.examples.errors import EXAMPLES
from service_catalog.documents.export import Header
from service_catalog.documents.tabular.columns import column_named
from service_catalog.documents.tabular.exported_workbook import MOST_SERVICES, xlsx_chunks
from service_catalog.documents.tabular.headers import header_label
from service_catalog.documents.tabular.workbooks import workbook_rows
from service_catalog.domain.errors import ExportTooLarge
from tests.documents.tabular.files import XLSX, documents_of
from tests.domain import samples

NOTICE = {"zh": "示范数据。", "en": "=Demonstration data."}
DIVISION = {"division": "430203", "name": samples.text(), "notice": NOTICE, "source": None, "declared": None}
HEADER = Header("example/log", 7, 80, "430203", (DIVISION,))
NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "＝1",
    "'",
    "''=1",
    " a ",
    "a\tb\r\nc",
    "_x0041_",
    "\ufffe",
    "https://example.org",
    "1",
]
"""Texts that a spreadsheet takes for something else, or that XML cannot carry as they are."""


def exported(*documents: Any) -> io.BytesIO:
    return io.BytesIO(b"".join(xlsx_chunks(HEADER, lambda: documents)))


def part(file: io.BytesIO, name: str) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read(name).decode()


def full() -> Iterator[Any]:
    """Yield services that fill whatever can be filled, and such as leave out all that can be left out."""
    says_nothing = samples.text(None, None)
    yield samples.service(
        summary=says_nothing,
        online_channels=[samples.channel("individual", name=says_nothing), samples.channel("enterprise", "app")],
        materials=[samples.material(text, text) for text in NASTY],
        fees=[{"amount": 10**12, "text": None}, {"amount": None, "text": samples.text("=1", None)}],
        codes={"GB/T-39554": "=1"},
    )
    yield samples.service(code="bare", materials=[], legal_basis=[], online_channels=[], life_events=[])


def test_a_service_when_exported_as_a_workbook_is_read_back_the_same():
    assert documents_of(exported(*full()), XLSX) == list(full())


def test_a_workbook_when_opened_has_a_frozen_header_in_both_languages_and_no_formula():
    file = exported(*full())
    (_, labels), (_, names), *_ = workbook_rows(file)
    assert labels == [header_label(column) for name in names if (column := column_named(name))]
    sheet = part(file, "xl/worksheets/sheet1.xml")
    assert '<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>' in sheet
    assert "<autoFilter " in sheet
    assert "<f>" not in sheet
    about = part(file, "xl/worksheets/sheet4.xml")
    assert "<f>" not in about
    assert all(said in about for said in ("example/log", ">7<", "It is no evidence", "示范数据。 =Demonstration data."))


def test_a_workbook_when_its_sheet_cannot_hold_the_services_is_refused_before_anything_is_written():
    begun = xlsx_chunks(HEADER, lambda: repeat({}, MOST_SERVICES + 1))
    with pytest.raises(ExportTooLarge) as refused:
        next(begun)
    assert refused.value.detail == EXAMPLES[ExportTooLarge].detail


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the archive cannot be ended either
def test_a_workbook_when_the_disk_is_full_ends_in_the_reason_of_the_system_and_leaves_nothing():
    there = set(Path(tempfile.gettempdir()).iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            exported(*full())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    gc.collect()
    assert set(Path(tempfile.gettempdir()).iterdir()) == there


def test_a_workbook_when_twice_as_long_takes_about_the_same_memory():
    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            for _ in xlsx_chunks(HEADER, lambda: (samples.service(code=f"s{number}") for number in range(count))):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(800) < peak(400) * 1.1
