"""The template: what it asks for is what is read, and nothing of it is imported by accident."""

import io
import zipfile

import pytest

from service_catalog.documents.examples import example
from service_catalog.documents.tabular.columns import EXPORT_COLUMNS, SERVICE, Column, Kind, column_named
from service_catalog.documents.tabular.headers import header_label
from service_catalog.documents.tabular.labels import LABELS
from service_catalog.documents.tabular.rows import read_rows
from service_catalog.documents.tabular.template import filled_cell, template_columns, write_template
from service_catalog.documents.tabular.workbooks import workbook_rows
from service_catalog.domain.service import content_of
from tests.documents.tabular.files import XLSX, documents_of, workbook
from tests.domain.samples import CONTENTS, complete

COLUMNS = [*template_columns(), *EXPORT_COLUMNS]


def template(with_example: bool = True) -> io.BytesIO:
    file = io.BytesIO()
    write_template(file, example("service") if with_example else None)
    return file


def part(file: io.BytesIO, name: str) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read(name).decode()


def only_sheet(file: io.BytesIO, name: str) -> io.BytesIO:
    """Return the workbook with this sheet renamed to the one that is read."""
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w") as target:
        for info in source.infolist():
            body = source.read(info)
            if info.filename == "xl/workbook.xml":
                text = body.decode().replace('name="事项 services"', 'name="other"')
                body = text.replace(f'name="{name}"', 'name="事项 services"').encode()
            target.writestr(info.filename, body)
    return changed


def test_the_template_when_imported_as_it_is_holds_no_service():
    assert list(read_rows(template(), XLSX)) == []
    assert [number for number, _ in workbook_rows(template())] == [1, 2]


def test_the_template_when_written_at_any_time_has_the_same_bytes():
    assert template().getvalue() == template().getvalue()
    assert "2000-01-01T00:00:00Z" in part(template(), "docProps/core.xml")


def test_the_example_when_its_sheet_is_read_is_the_documented_service():
    assert documents_of(only_sheet(template(), "示例 example"), XLSX) == [content_of(example("service"))]


def test_the_seed_when_filled_into_the_template_is_read_the_same():
    documents = [content_of(complete(content)) for content in CONTENTS]
    rows = [[filled_cell(column, document) for column in template_columns()] for document in documents]
    labels = [header_label(column) for column in template_columns()]
    names = [column.name for column in template_columns()]
    file = workbook([labels, names, *rows])
    assert documents_of(file, XLSX) == documents


def test_the_example_when_left_out_has_no_sheet():
    assert 'name="示例 example"' not in part(template(with_example=False), "xl/workbook.xml")


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_column_when_named_is_found_and_labelled_in_both_languages(column: Column):
    assert column_named(column.name) == column
    assert ".".join(column.member.path) in LABELS
    assert not column.label.zh.isascii()
    assert column.label.en.isascii()


def test_the_labels_when_held_against_the_members_have_no_other():
    def paths(members: tuple) -> set[str]:
        return {".".join(member.path) for member in members} | {
            path for member in members for path in paths(member.members)
        }

    assert set(LABELS) == paths(SERVICE)


def test_every_code_and_truth_value_when_filled_in_has_a_drop_down():
    sheet = part(template(), "xl/worksheets/sheet1.xml")
    wanted = [
        column
        for column in template_columns()
        if not column.member.is_server_set and column.member.kind in (Kind.CODE, Kind.CODES, Kind.TRUTH)
    ]
    assert sheet.count("<dataValidation ") == len(wanted)


def test_the_sheets_when_written_explain_every_column_and_code():
    columns = list(workbook_rows(only_sheet(template(), "填表说明 columns")))[1:]
    assert [cells[1] for _, cells in columns] == [column.name for column in template_columns()]
    assert not [cells for _, cells in columns if len(cells) < 4]
    codes = list(workbook_rows(only_sheet(template(), "代码 codes")))
    assert "社会保险 Social insurance" in [cells[0] for _, cells in codes]
