"""The command that writes the template."""

import zipfile
from pathlib import Path

from service_catalog.documents.tabular.formats import ImportFormat
from service_catalog.documents.tabular.rows import read_rows
from tests.serving import run


def test_template_when_written_is_a_workbook_that_can_be_read_and_holds_no_service(tmp_path: Path) -> None:
    output = tmp_path / "事项.xlsx"
    written = run(tmp_path, "template", "--output", str(output))
    assert (written.returncode, written.stderr) == (0, "")
    assert str(output) in written.stdout
    with output.open("rb") as file:
        assert list(read_rows(file, ImportFormat.XLSX)) == []


def test_template_when_empty_lacks_the_sheet_with_the_example(tmp_path: Path) -> None:
    for name, options in (("full.xlsx", ()), ("empty.xlsx", ("--empty",))):
        assert run(tmp_path, "template", "--output", str(tmp_path / name), *options).returncode == 0
    with zipfile.ZipFile(tmp_path / "full.xlsx") as full, zipfile.ZipFile(tmp_path / "empty.xlsx") as empty:
        assert set(full.namelist()) - set(empty.namelist()) == {"xl/worksheets/sheet4.xml"}


def test_template_when_the_file_is_there_leaves_it_and_says_so(tmp_path: Path) -> None:
    output = tmp_path / "mine.xlsx"
    output.write_text("work of a week", encoding="utf-8")
    refused = run(tmp_path, "template", "--output", str(output))
    assert refused.returncode == 1
    assert "exists already" in refused.stderr
    assert output.read_text(encoding="utf-8") == "work of a week"


def test_template_when_the_folder_is_missing_ends_in_one_line(tmp_path: Path) -> None:
    refused = run(tmp_path, "template", "--output", str(tmp_path / "no" / "mine.xlsx"))
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
    assert refused.stderr.count("\n") == 1
