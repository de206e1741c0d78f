"""The command ``diff``: what differs between two export files, offline, or between two revisions of the catalogue."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

import click

from service_catalog.domain.causes import cause_of
from service_catalog.domain.selection import DiffFormat, Span
from service_catalog.domain.service import PREFIX_PATTERN
from service_catalog.files import rereadable
from service_catalog.verification.comparing import Incomparable, compare_exports

Comparing = Callable[[Span, DiffFormat], Iterator[bytes]]

_REVISION = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_IN_MEMORY = 2**20
"""Bytes of the answer after which it waits on the disk."""


def names_a_revision(word: str) -> bool:
    """Tell whether a word of the command names a revision rather than a file."""
    return _REVISION.fullmatch(word) is not None


class _Refused(click.ClickException):
    """Nothing could be compared."""

    exit_code = 2


def diff_command(compare_revisions: Comparing | None = None) -> click.Command:
    """Return the command; without ``compare_revisions`` it compares files alone."""

    @click.command()
    @click.argument("old", metavar="OLD")
    @click.argument("new", metavar="NEW")
    @click.option("--division", metavar="PREFIX", callback=_prefix, help="只比较这一区划 · This division alone.")
    @click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 · Answer as JSON.")
    def diff(old: str, new: str, *, division: str | None, as_json: bool) -> None:
        """比较两个修订 · Show what differs between two revisions.

        OLD 和 NEW 是两个导出文件（json 或 jsonl，离线比较），或本目录的两个修订号（0 为空目录）。

        OLD and NEW are two export files (json or jsonl, compared offline), or the numbers of two revisions of this
        catalogue (0 is the empty one).
        """
        written_as = DiffFormat.JSON if as_json else DiffFormat.TEXT
        numbers = [int(word) for word in (old, new) if names_a_revision(word)]
        if len(numbers) == 1:
            raise click.UsageError("须为两个文件或两个修订号 · give two files or two revisions")
        if numbers and compare_revisions is not None:
            chunks = compare_revisions(Span(numbers[0], numbers[1], division), written_as)
        elif division is not None:
            raise click.UsageError("比较文件时不能给 --division · --division goes with revisions, not with files")
        else:
            chunks = _compare_files(Path(old), Path(new), written_as)
        _print(chunks, end=b"\n" if as_json else b"")

    return diff


def _compare_files(old: Path, new: Path, written_as: DiffFormat) -> Iterator[bytes]:
    with _open(old) as earlier, _open(new) as later:
        try:
            yield from compare_exports(earlier, later, written_as)
        except Incomparable as reason:
            raise _Refused(f"{reason.detail.zh} · {reason.detail.en}") from None


def _open(path: Path) -> BinaryIO:
    try:
        return rereadable(path)
    except OSError as error:
        cause = cause_of(error)
        raise _Refused(f"无法读取 {path}：{cause.zh} · {path} cannot be read: {cause.en}") from None


def _print(chunks: Iterator[bytes], end: bytes) -> None:
    """Print the answer when it is whole: where something turns out wrong on the way, nothing is printed."""
    with SpooledTemporaryFile(_IN_MEMORY) as kept:
        kept.writelines(chunks)
        kept.write(end)
        kept.seek(0)
        try:
            # A buffer of its own: Python would try once more, at its end, to write what a full disk left in sys.stdout.
            with open(sys.stdout.fileno(), "wb", closefd=False) as out:
                shutil.copyfileobj(kept, out)
        except BrokenPipeError:
            raise  # whoever reads has enough; click ends quietly
        except OSError as error:
            cause = cause_of(error)
            raise click.ClickException(f"无法写出结果：{cause.zh} · the answer cannot be written: {cause.en}") from None


def _prefix(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(PREFIX_PATTERN, value, re.ASCII):
        raise click.BadParameter("须为 2、4、6、9 或 12 位数字 · must be 2, 4, 6, 9 or 12 digits")
    return value
