"""The rendition of services as an XLSX workbook: the template filled in, with a sheet that says what it holds.

It is for reading and for working on; importing it unchanged changes nothing. A workbook proves nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from xlsxwriter.exceptions import FileCreateError

from service_catalog.documents.export import Header
from service_catalog.documents.tabular.template import GROUPS, Pages, new_workbook, template_columns
from service_catalog.domain.errors import ExportTooLarge
from service_catalog.domain.vocabulary import Text

MOST_SERVICES = 1_048_574
"""The rows that a sheet may have at all, without the two of the header."""

_CHUNK = 2**16
_PURPOSE = Text(
    "供阅读和填写，不是证据；可核对的是同一修订的 JSON 或 JSON Lines 导出。",
    "For reading and filling in. It is no evidence: what can be verified is the export of this revision as JSON or "
    "JSON Lines.",
)

Documents = Iterable[Mapping[str, Any]]


def xlsx_chunks(header: Header, read: Callable[[], Documents]) -> Iterator[bytes]:
    """Yield services as a workbook, in constant memory and by way of a temporary file.

    They are ``read`` twice: how many columns their lists need stands in the first row of the sheet.

    Raises:
        ExportTooLarge: as ``check_rows``, before anything is written.
        OSError: where the folder of temporary files is full.
    """
    count, groups = _measured(read())
    with TemporaryDirectory() as folder, TemporaryFile(dir=folder) as file:
        try:
            with new_workbook(file, folder) as book:
                pages = Pages(book, template_columns(groups))
                pages.filled(read())
                pages.columns()
                pages.codes()
                pages.about(_facts(header, count))
        except FileCreateError as error:
            raise error.args[0] from None  # the system's own reason
        file.seek(0)
        yield from iter(lambda: file.read(_CHUNK), b"")


def check_rows(count: int, most: int = MOST_SERVICES) -> None:
    """Refuse more services than a sheet has rows for.

    Raises:
        ExportTooLarge: where ``count`` is above ``most``.
    """
    if count > most:
        raise ExportTooLarge(
            Text(
                f"XLSX 最多导出 {most} 项事项；请用 division 缩小范围，或改用 csv、jsonl",
                f"at most {most} services as XLSX; narrow it by division, or use csv or jsonl",
            )
        )


def _measured(documents: Documents) -> tuple[int, dict[str, int]]:
    """Count the services, and the most items that any has in each list of objects (one column group at least)."""
    count, groups = 0, dict.fromkeys(GROUPS, 1)
    for count, document in enumerate(documents, start=1):
        check_rows(count)
        for name, longest in groups.items():
            groups[name] = max(longest, len(document.get(name) or ()))
    return count, groups


def _facts(header: Header, count: int) -> Iterator[tuple[str, str]]:
    yield "用途 purpose", f"{_PURPOSE.zh} {_PURPOSE.en}"
    yield "日志 log", header.origin
    yield "修订 revision", str(header.revision)
    yield "区划 division", header.division or "全部 all"
    yield "事项数 services", str(count)
    for document in header.divisions:
        name, notice = (_joined(document[member]) for member in ("name", "notice"))
        yield f"须知 notice {document['division']}", f"{name}: {notice}"


def _joined(text: Mapping[str, str | None]) -> str:
    return " ".join(filter(None, (text["zh"], text["en"])))
