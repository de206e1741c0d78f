"""Commands about the files that officials work in: the template, and importing what they filled in."""

import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from unicodedata import category

import click

from service_catalog.actions.filling_in import save_template
from service_catalog.actions.importing import ImportRequest, format_of_name, import_services
from service_catalog.actions.preparing import check_readiness
from service_catalog.app import open_catalogue
from service_catalog.config import read_settings
from service_catalog.domain.access import OPERATOR
from service_catalog.domain.causes import cause_of
from service_catalog.domain.revisions import LONGEST_REASON, Operation


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("services-template.xlsx"),
    show_default=True,
    help="写入这个新文件 · Write to this new file.",
)
@click.option("--empty", is_flag=True, help="不带示例表 · Leave the sheet with the example out.")
def template(output: Path, empty: bool) -> None:
    """填报模板 · Write the spreadsheet in which officials describe services.

    A file that is there already is left as it is.
    """
    try:
        save_template(output, with_example=not empty)
    except FileExistsError:
        raise click.ClickException(f"{output} 已存在，未改动 · {output} exists already and was left as it is") from None
    except OSError as error:
        cause = cause_of(error)
        raise click.ClickException(f"无法写入 {output}：{cause.zh} · {output} cannot be written: {cause.en}") from None
    click.echo(f"已写入 · written: {output}")


def _reason(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (value.strip() and len(value) <= LONGEST_REASON and _legible(value) == value):
        raise click.BadParameter(
            f"须有 1 至 {LONGEST_REASON} 个字符，不含控制字符 · "
            f"must have 1 to {LONGEST_REASON} characters and no control characters"
        )
    return value


def _legible(text: str) -> str:
    """Return the text with a mark for each control character and each byte that is no text."""
    return "".join("�" if category(sign) in ("Cc", "Cs") else sign for sign in text)


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", callback=_reason, help="原因，公开并永久保存 · Why; public, and kept for ever.")
@click.option("--dry-run", is_flag=True, help="只看会有什么效果 · Show what it would do, and do nothing.")
def import_file(path: Path, reason: str | None, dry_run: bool) -> None:
    """导入文件 · Import services from a JSON, JSONL, CSV or XLSX file.

    全部写入或全不写入，作为一次修订。带 version 的行修改现有事项，不带的只新建；文件中没有的事项不变。

    All rows or none, as one revision. A row with a version changes a service, one without only creates; services that
    are not in the file stay.
    """
    file_format = format_of_name(path.name)
    if file_format is None:
        raise click.BadParameter(
            "须以 .json、.jsonl、.csv 或 .xlsx 结尾 · must end in .json, .jsonl, .csv or .xlsx", param_hint="FILE"
        )
    if not path.is_file():
        raise click.BadParameter("须为普通文件 · must be a regular file", param_hint="FILE")
    catalogue = open_catalogue(read_settings(os.environ))
    check_readiness(catalogue)
    name = _legible(path.name)
    why = reason or f"导入文件 {name} · imported the file {name}"[:LONGEST_REASON]
    with path.open("rb") as file, Bars(file, path.stat().st_size) as bars:
        request = ImportRequest(file, file_format, why, dry_run)
        answer = json.loads(import_services(catalogue, OPERATOR, request, progress=bars.show))
    catalogue.database.close()
    _tell(answer)


def _tell(answer: dict[str, Any]) -> None:
    counts = ", ".join(f"{_COUNTED[name]} {name} {number}" for name, number in answer["counts"].items() if number)
    if answer["dry_run"]:
        click.echo(f"试运行，未写入 · dry run, nothing was written: {counts or '0'}")
    else:
        click.echo(f"修订 · revision {answer['revision']}: {counts or '0'}")
    for total in answer["totals"]:
        declared, actual = total["declared"], total["actual"]
        where = f"{total['division']} {total['figure']}"
        click.echo(
            f"公布总数不成立 · a declared total does not hold: {where}: 公布 declared {declared}, 实际 actual {actual}"
        )


_COUNTED = {**{op.value: op.label.zh for op in Operation}, "unchanged": "未变"}


class Bars:
    """Two progress bars on a terminal: bytes of the file while it is read, then rows while they are written."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        """Begin with the file."""
        self._file = file
        self._bar = self._new(size, "读取 · reading")
        self._is_reading = True

    @staticmethod
    def _new(length: int, label: str) -> Any:
        return click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())

    def show(self, done: int, rows: int | None) -> None:
        """Move the bar; it is enough to look every hundred rows."""
        if self._is_reading and rows is not None:
            self._bar.finish()
            self._bar.render_finish()
            self._bar, self._is_reading = self._new(rows, "写入 · writing"), False
        if done % 100 == 0 or done == rows:
            self._bar.update((self._file.tell() if rows is None else done) - self._bar.pos)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line."""
        self._bar.render_finish()
