"""What auditors ask of the catalogue itself: the export of a revision, and what differs between two."""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from service_catalog.actions.comparing import compare
from service_catalog.actions.exporting import export as begin_export
from service_catalog.actions.preparing import check_readiness
from service_catalog.app import open_catalogue
from service_catalog.cli.options import plain_file
from service_catalog.config import read_settings
from service_catalog.domain.access import OPERATOR
from service_catalog.domain.causes import cause_of
from service_catalog.domain.selection import DiffFormat, ExportFormat, ExportRequest, Span
from service_catalog.domain.service import PREFIX_PATTERN
from service_catalog.domain.times import read_time
from service_catalog.files import write_whole

LAST_REVISION = 2**31 - 1


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    moment = None if value is None else read_time(value)
    if value is not None and moment is None:
        raise click.BadParameter(
            "须为 RFC 3339 时间，如 2026-11-24T16:00:00+08:00 · must be a time such as 2026-11-24T16:00:00+08:00"
        )
    return moment


def _prefix(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(PREFIX_PATTERN, value, re.ASCII):
        raise click.BadParameter("须为 2、4、6、9 或 12 位数字 · must be 2, 4, 6, 9 or 12 digits")
    return value


@click.command()
@click.option(
    "--revision", type=click.IntRange(1, LAST_REVISION), help="导出这一修订，默认为最新 · Which one; else the latest."
)
@click.option("--at", metavar="TIME", callback=_moment, help="导出此时的修订 · The revision in force at this time.")
@click.option("--division", metavar="PREFIX", callback=_prefix, help="只导出这一区划 · This division alone.")
@click.option(
    "--format",
    "written_as",
    type=click.Choice([*ExportFormat], case_sensitive=False),
    help="格式；默认按文件名，否则为 jsonl · The format; by the file's name, else jsonl.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=plain_file,
    help="写入这个文件，默认为标准输出 · Write to this file, else to standard output.",
)
def export(
    revision: int | None, at: str | None, division: str | None, written_as: ExportFormat | None, output: Path | None
) -> None:
    """导出目录 · Export a revision, today's or an earlier one.

    json 和 jsonl 是证据，csv 是表格，同一修订永远得到相同的字节；xlsx（工作簿）和 jsonld（CPSV-AP 3.2）供阅读和交换。
    内存用量不随大小增长；xlsx 最多 1048574 项。文件写完才出现，已有的同名文件被替换。

    json and jsonl are evidence, csv is a table; the same revision gives the same bytes for ever. xlsx, a workbook, and
    jsonld, CPSV-AP 3.2, are renditions for reading and exchange. A file of any size needs the same memory; xlsx holds
    at most 1048574 services. The file appears when it is whole, in place of one with its name.
    """
    if revision is not None and at is not None:
        raise click.UsageError("--revision 与 --at 只能给出一个 · only one of --revision and --at may be given")
    catalogue = open_catalogue(read_settings(os.environ))
    check_readiness(catalogue)
    request = ExportRequest(revision, at, division, written_as or _format_of(output))
    exported = begin_export(catalogue, request)
    place = "标准输出 (standard output)" if output is None else str(output)
    try:
        _write(exported.chunks, output)
    except BrokenPipeError:
        raise  # whoever reads has enough; click ends quietly
    except OSError as error:
        cause = cause_of(error)
        raise click.ClickException(f"无法写入 {place}：{cause.zh} · {place} cannot be written: {cause.en}") from None
    if output is not None:
        number = exported.found.revision.number
        click.echo(f"已导出修订 {number} · exported revision {number}: {output}")
    catalogue.database.close()


def compare_revisions(span: Span, written_as: DiffFormat) -> Iterator[bytes]:
    """Yield what differs between two revisions of the configured catalogue."""
    catalogue = open_catalogue(read_settings(os.environ))
    check_readiness(catalogue)
    yield from compare(catalogue, OPERATOR, span, written_as)
    catalogue.database.close()


def _format_of(output: Path | None) -> ExportFormat:
    ending = output.suffix.lower().removeprefix(".") if output else ""
    return ExportFormat(ending) if ending in [*ExportFormat] else ExportFormat.JSONL


def _write(chunks: Iterable[bytes], output: Path | None) -> None:
    """Write to standard output, or to a file beside its place that is moved there when it is whole and on the disk."""
    if output is None:
        # A buffer of its own: Python would try once more, at its end, to write what a full disk left in sys.stdout.
        with open(sys.stdout.fileno(), "wb", closefd=False) as file:
            file.writelines(chunks)
        return
    write_whole(output, chunks)
