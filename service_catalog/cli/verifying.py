"""The command of auditors that needs neither network nor database: holding files against the log."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import click

from service_catalog.cli.remembering import AuditFolder
from service_catalog.domain.causes import cause_of
from service_catalog.files import rereadable
from service_catalog.verification.checkpoints import Auditor
from service_catalog.verification.checks import EXIT_CODES, Finding, Outcome, Report
from service_catalog.verification.files import Evidence, Kind
from service_catalog.verification.files import verify as verify_file

_KEY = re.compile(r"[^+\s]+\+[0-9a-f]{8}\+\S+")
_SIGNS = {Outcome.PROVEN: "√", Outcome.REFUTED: "×", Outcome.UNCHECKED: "?"}
"""Signs that a Chinese Windows console has, too."""

_FACTS = {
    "origin": "日志 log",
    "revision": "修订 revision",
    "log_size": "日志条数 log entries",
    "old_size": "旧检查点条数 entries of the older checkpoint",
    "later_entries": "检查点之后的条目 entries after the checkpoint",
    "index": "位置 position",
    "entry": "条目 entry",
    "division": "区划 division",
    "services": "事项 services",
    "sha256": "各行摘要 digest of the lines",
    "remembered": "检查点记在 checkpoint remembered in",
    "conflict": "与所记矛盾的检查点存于 the checkpoint that contradicts it is kept in",
}


class _Unreadable(click.ClickException):
    """A file that cannot be read, so that nothing could be checked."""

    exit_code = EXIT_CODES[Outcome.UNCHECKED]


_file = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", metavar="FILE", type=_file)
@click.option("--key", required=True, help="验证密钥，或写有它的文件 · The verifier key, or a file that holds it.")
@click.option("--origin", required=True, help="日志的名称 · The log's name.")
@click.option("--log", type=_file, help="整份日志，每行一条 · The whole log, an entry a line.")
@click.option("--since", type=_file, help="以前保存的检查点 · An older checkpoint that you kept.")
@click.option(
    "--checkpoint", type=_file, help="签署整份日志的较新检查点 · A newer checkpoint, which signs the whole log."
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="记住已证实检查点的文件夹 · A folder that remembers the checkpoints proven.",
)
@click.option("--entry", type=_file, help="收据所证的那一条 · The log entry that a receipt is for.")
@click.option("--document", type=_file, help="收据所证的事项文档 · The document that a receipt is for.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 报告 · Report as JSON.")
def verify(
    file: Path,
    *,
    key: str,
    origin: str,
    log: Path | None,
    since: Path | None,
    checkpoint: Path | None,
    state: Path | None,
    entry: Path | None,
    document: Path | None,
    as_json: bool,
) -> None:
    """离线核对文件 · Verify a file offline.

    FILE 是导出文件、收据、一致性证明或检查点。密钥和日志名称由您自己带来。退出码：0 已证实，1 不成立，2 未能核对。

    FILE is an export, a receipt, a consistency proof or a checkpoint. You bring the key and the log's name yourself.
    Exit codes: 0 proven, 1 refuted, 2 could not be checked.
    """
    with ExitStack() as opened:
        evidence = Evidence(
            opened.enter_context(_open(file)),
            None if log is None else opened.enter_context(_open(log)),
            None if entry is None else _content(entry),
            None if document is None else _content(document),
        )
        auditor = Auditor(_key(key), origin, _note(since), _note(checkpoint))
        report = verify_file(evidence, auditor) if state is None else _remembering(evidence, auditor, state)
    click.echo(json.dumps(report.as_document(), ensure_ascii=False) if as_json else "\n".join(_lines(report)))
    sys.exit(EXIT_CODES[report.outcome])


def _remembering(evidence: Evidence, auditor: Auditor, state: Path) -> Report:
    """Verify beside everything remembered, and remember what is proven.

    Done again where another process remembered something meanwhile, so that none is ever left out.
    """
    try:
        audits = AuditFolder(state, auditor.origin)
        while True:
            remembered = audits.checkpoints()
            report = verify_file(evidence, replace(auditor, remembered=remembered))
            if report.conflict is not None:
                report.facts["conflict"] = str(audits.keep_conflict(report.conflict))
            if report.outcome is not Outcome.PROVEN or report.head is None:
                return report
            report.facts["remembered"] = str(audits.keep(report.head))
            if set(audits.checkpoints()) <= {*remembered, report.head}:
                return report
    except OSError as error:
        cause = cause_of(error)
        raise _Unreadable(f"无法使用 {state}：{cause.zh} · {state} cannot be used: {cause.en}") from None


def _lines(report: Report) -> Iterator[str]:
    """Yield the report as a person reads it."""
    yield _both(Kind(report.kind))
    for fact, value in report.facts.items():
        if fact in _FACTS and value is not None:
            said = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
            yield f"  {_FACTS[fact]}: {_printable(said)}"
    for finding in report.findings:
        yield _line(finding)
    yield f"结论 · outcome: {_both(report.outcome)}"


def _line(finding: Finding) -> str:
    said = finding.detail or finding.check.label
    return _printable(f"{_SIGNS[finding.outcome]} {finding.check.value}: {said.zh} · {said.en}")


def _both(code: Any) -> str:
    return f"{code.label.zh} · {code.label.en}"


def _printable(text: str) -> str:
    """Return text in which no sign that came from a file can move a terminal's cursor or end the line."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _key(given: str) -> str:
    return given if _KEY.fullmatch(given) else _content(Path(given)).decode("utf-8", errors="replace")


def _note(path: Path | None) -> str | None:
    return None if path is None else _content(path).decode("utf-8", errors="replace")


def _open(path: Path) -> BinaryIO:
    try:
        return rereadable(path)
    except OSError as error:
        raise _unreadable(path, error) from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> click.ClickException:
    cause = cause_of(error)
    return _Unreadable(f"无法读取 {path}：{cause.zh} · {path} cannot be read: {cause.en}")
