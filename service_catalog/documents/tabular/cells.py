"""One cell as a value and back.

A cell is text; ``Number`` and ``Logical`` are the text of a cell to which a spreadsheet gave that type, and a
``Broken`` cell could not be read at all. An empty one is ``""``.

No written cell can become a formula. Text that begins with ``=``, ``+``, ``-``, ``@`` (their full-width forms
included), a tab or a line end gets an apostrophe before it, and so does text that begins with apostrophes followed by
one of these or by nothing. Reading takes that one apostrophe away. An apostrophe alone stands for null where an empty
cell would leave out the whole object: a text that is there and says nothing in either language.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from service_catalog.documents.canonical import LARGEST_INTEGER, canonical, strict_json
from service_catalog.documents.tabular.columns import Column, Kind
from service_catalog.domain.errors import MalformedBody
from service_catalog.domain.vocabulary import Code, Text


class Number(str):
    """The text of a cell that holds a number, as the spreadsheet stored it."""

    __slots__ = ()


class Logical(str):
    """The text, ``true`` or ``false``, of a cell that holds a truth value."""

    __slots__ = ()


class Broken(str):
    """A cell that cannot be read; ``reason`` says why."""

    reason: Text

    def __new__(cls, reason: Text) -> "Broken":
        """Stand for the cell with some text, so that it does not count as empty."""
        cell = super().__new__(cls, "?")
        cell.reason = reason
        return cell


class CellFault(Exception):
    """A cell whose text is not a value of its column."""

    def __init__(self, reason: Text) -> None:
        """Keep the words."""
        super().__init__(reason.en)
        self.reason = reason


NULL = "'"
"""A cell that is null although it is not empty."""

SAYS_NOTHING = {"zh": None, "en": None}
"""A text that is there and says nothing. Its Chinese is written as ``NULL``: were both cells empty, it would be read
as absent."""

MOST_SHOWN = 40
"""Characters of somebody's cell that are repeated in a fault."""

_NEEDS_APOSTROPHE = re.compile(r"'*(?:[=+\-@\t\r\n＝＋－＠]|\Z)")
_DIGITS = re.compile(r"-?(?:0|[1-9][0-9]{0,15})\Z", re.ASCII)
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_TRUTHS = {"true": True, "false": False, "TRUE": True, "FALSE": False, "是": True, "否": False}


def shown(text: str) -> str:
    """Return the beginning of somebody's text, fit to stand in a message."""
    clean = _UNSHOWN.sub("�", text)
    return clean if len(clean) <= MOST_SHOWN else clean[: MOST_SHOWN - 1] + "…"


def escaped(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _NEEDS_APOSTROPHE.match(text) else text


def reader_of(column: Column) -> Callable[[str], Any]:
    """Return the function that reads a cell of this column, which is not empty; it raises ``CellFault``."""
    if column.is_json:
        return _read_json
    if column.name == "division":
        return _read_division
    if column.member.vocabulary is not None:
        one = column.member.kind is Kind.CODE
        return _code_reader(column.member.vocabulary) if one else _codes_reader(column.member.vocabulary)
    return {Kind.WHOLE: _read_whole, Kind.TRUTH: _read_truth}.get(column.member.kind, _read_words)


def cell_of(column: Column, value: Any) -> str:
    """Return the cell that holds a member's value, safe from being taken for a formula."""
    if value is None or value in ([], {}):
        return ""
    if column.is_json:
        return canonical(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    return escaped(";".join(value) if isinstance(value, list) else str(value))


def _read_words(cell: str) -> str | None:
    if type(cell) is not str:
        raise CellFault(_not_text(cell))
    if cell[0] != "'" or not _NEEDS_APOSTROPHE.match(cell):
        return cell
    return cell[1:] or None


def _not_text(cell: str) -> Text:
    if isinstance(cell, Broken):
        return cell.reason
    return Text(
        "单元格不是文本；请把单元格格式设为“文本”后重新填写",
        "the cell is not text; format it as text and write it again",
    )


def _read_division(cell: str) -> str | None:
    """Take a number too: a spreadsheet makes one of a code, and where it ate a digit the code is refused."""
    return str(_read_whole(cell)) if isinstance(cell, Number) else _read_words(cell)


def _read_whole(cell: str) -> int:
    value = _whole_number(cell) if isinstance(cell, Number) else _whole_text(cell.strip())
    if value is None or abs(value) > LARGEST_INTEGER:
        raise CellFault(_refusal(cell, Text("须为整数", "must be a whole number")))
    return value


def _whole_text(text: str) -> int | None:
    return int(text) if _DIGITS.match(text) else None


def _whole_number(cell: str) -> int | None:
    """Read a number as a spreadsheet stores it, ``12``, ``12.0`` or ``1.2E1``; ``None`` where it has a fraction."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return int(value) if value.is_integer() else None


def _read_truth(cell: str) -> bool:
    value = None if isinstance(cell, Number | Broken) else _TRUTHS.get(cell.strip())
    if value is None:
        raise CellFault(_refusal(cell, Text("须为 是 或 否（true 或 false）", "must be true or false (是 or 否)")))
    return value


def _read_json(cell: str) -> Any:
    if type(cell) is not str:
        raise CellFault(_not_text(cell))
    try:
        return strict_json(cell.encode())
    except MalformedBody as error:
        raise CellFault(Text(f"不是合规的 JSON：{error.detail.zh}", f"not strict JSON: {error.detail.en}")) from None


@cache
def _spellings(vocabulary: type[Code]) -> dict[str, str]:
    """Return each way to write a code of the list: the code, either label, or both as the drop-downs show them."""
    return {
        spelling: code.value
        for code in vocabulary
        for spelling in (code.value, code.label.zh, code.label.en, choice_of(code))
    }


def choice_of(code: Code) -> str:
    """Return a code as a drop-down shows it, in both languages."""
    return f"{code.label.zh} {code.label.en}"


def _code_reader(vocabulary: type[Code]) -> Callable[[str], str]:
    spellings = _spellings(vocabulary)

    def read(cell: str) -> str:
        code = spellings.get(cell) or spellings.get(cell.strip())
        if code is None:
            raise CellFault(_unknown_code(cell, cell, vocabulary))
        return code

    return read


def _codes_reader(vocabulary: type[Code]) -> Callable[[str], list[str]]:
    """Read a list cell by its known spellings, for some labels hold a comma themselves."""
    spellings = _spellings(vocabulary)
    longest_first = "|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True))
    item = re.compile(rf"({longest_first})\s*(?:[;；、,，]\s*|\Z)")

    def read(cell: str) -> list[str]:
        text, codes, at = cell.strip(), [], 0
        while at < len(text):
            found = item.match(text, at)
            if found is None:
                raise CellFault(_unknown_code(cell, text[at:], vocabulary))
            codes.append(spellings[found[1]])
            at = found.end()
        return codes

    return read


def _unknown_code(cell: str, part: str, vocabulary: type[Code]) -> Text:
    listed_zh = "、".join(f"{code.label.zh}（{code.value}）" for code in vocabulary)
    listed_en = ", ".join(vocabulary)
    reason = Text(f"须为以下之一：{listed_zh}", f"must be one of {listed_en}")
    return _refusal(cell, reason, part)


def _refusal(cell: str, reason: Text, part: str | None = None) -> Text:
    if isinstance(cell, Broken):
        return cell.reason
    written = shown(cell if part is None else part)
    return Text(f"“{written}”：{reason.zh}", f'"{written}": {reason.en}')
