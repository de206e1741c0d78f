"""What a verification says: every check by name, how it came out, and the exit code that follows from all of them."""

import sqlite3
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from service_catalog.domain.causes import cause_of
from service_catalog.domain.vocabulary import Code, Text

Result = TypeVar("Result")


class Check(Code):
    """Everything that is looked at, by name, with what it means to be proven."""

    INPUTS = "inputs", "所给的密钥和文件可用", "the key and the files given can be used"
    FORMAT = "format", "文件完整，写法唯一", "the file is whole and in its one form"
    SIGNATURE = "signature", "检查点恰有一个签名，且由这把密钥签署", "the checkpoint has one signature, by this key"
    ORIGIN = "origin", "检查点出自这份日志", "the checkpoint is of this log"
    LOG_ENTRIES = "log-entries", "日志条目和版本连续", "the log's entries and their versions follow without gaps"
    LOG_ROOT = "log-root", "由全部条目重算的根与检查点一致", "the root computed from all entries is the signed one"
    APPEND_ONLY = (
        "append-only",
        "与保存的检查点相比只有追加",
        "beside each checkpoint kept, the log was only appended to",
    )
    LATER_ENTRIES = "later-entries", "此后的条目由较新的检查点签署", "a newer checkpoint signs the entries that follow"
    HEADER = "header", "文件头与日志一致", "the header says what the log says"
    DOCUMENTS = "documents", "每份文档都是日志所记的那一份", "every document is the one that the log recorded"
    COMPLETE = "complete", "事项不多不少", "no service is missing and none is too many"
    BYTES = "bytes", "由日志重建的文件逐字节相同", "the file rebuilt from the log is the same byte for byte"
    ENTRY = "entry", "这一条是日志的条目", "this is an entry of a log"
    INCLUSION = "inclusion", "这一条在签名的日志之中", "this entry is in the signed log"
    DOCUMENT = "document", "文档是这一条所记的那一份", "the document is the one that the entry recorded"


class Outcome(Code):
    """How one check came out, or all of them together."""

    PROVEN = "proven", "已证实", "proven"
    REFUTED = "refuted", "不成立", "refuted"
    UNCHECKED = "unchecked", "未能核对", "not checked"


class Refuted(Exception):
    """What was looked at is not as it must be; ``detail`` says where and why."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        super().__init__(en)
        self.detail = Text(zh, en)


class Uncheckable(Exception):
    """Something is missing without which nothing can be said; ``detail`` names it."""

    def __init__(self, detail: Text) -> None:
        """Keep the sentence in both languages."""
        super().__init__(detail.en)
        self.detail = detail


class _Stopped(Exception):
    """The checks that follow rest on one that did not hold."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and how it came out; a proven one needs no words."""

    check: Check
    outcome: Outcome
    detail: Text | None = None

    def as_document(self) -> dict[str, Any]:
        """Return the finding as JSON."""
        detail = None if self.detail is None else {"zh": self.detail.zh, "en": self.detail.en}
        label = {"zh": self.check.label.zh, "en": self.check.label.en}
        return {"check": self.check.value, "label": label, "outcome": self.outcome.value, "detail": detail}


EXIT_CODES = {Outcome.PROVEN: 0, Outcome.REFUTED: 1, Outcome.UNCHECKED: 2}
"""What a command ends with."""


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one file in order, and what the file says it is: its kind, revision, sizes.

    ``head`` is the newest signed checkpoint to which the log was shown to lead; ``conflict`` a signed checkpoint that
    cannot stand beside one that the auditor kept. Either is worth keeping.
    """

    kind: str
    facts: dict[str, Any]
    findings: tuple[Finding, ...]
    head: str | None = None
    conflict: str | None = None

    @property
    def outcome(self) -> Outcome:
        """Refuted where one check is; proven only where all are."""
        found = {finding.outcome for finding in self.findings}
        worst = (outcome for outcome in (Outcome.REFUTED, Outcome.UNCHECKED) if outcome in found)
        return next(worst, Outcome.PROVEN)

    def as_document(self) -> dict[str, Any]:
        """Return the report as JSON."""
        checks = [finding.as_document() for finding in self.findings]
        return {"kind": self.kind, "outcome": self.outcome.value, "facts": self.facts, "checks": checks}


@dataclass(slots=True)
class Checklist:
    """The checks of one file while they are carried out; one that does not hold ends those that rest on it."""

    kind: str
    checks: list[Check]
    facts: dict[str, Any] = field(default_factory=dict)
    head: str | None = None
    conflict: str | None = None
    _found: dict[Check, Finding] = field(default_factory=dict)

    def carry_out(self, check: Check, step: Callable[..., Result], *arguments: Any) -> Result:
        """Return what ``step`` returns and note the check as proven, or note why not and go no further."""
        result = self.begin(check, step, *arguments)
        self.prove(check)
        return result

    def prove(self, check: Check) -> None:
        """Note a check as proven."""
        self._found[check] = Finding(check, Outcome.PROVEN)

    def begin(self, check: Check, step: Callable[..., Result], *arguments: Any) -> Result:
        """Do a first part of a check, which alone does not prove it."""
        try:
            return step(*arguments)
        except (Refuted, Uncheckable) as reason:
            outcome = Outcome.REFUTED if isinstance(reason, Refuted) else Outcome.UNCHECKED
            self._found[check] = Finding(check, outcome, reason.detail)
            raise _Stopped from None
        except (OSError, sqlite3.Error) as error:
            cause = cause_of(error) if isinstance(error, OSError) else Text(str(error), str(error))
            detail = Text(f"读写文件出错：{cause.zh}", f"a file cannot be read or written: {cause.en}")
            self._found[check] = Finding(check, Outcome.UNCHECKED, detail)
            raise _Stopped from None

    def leave_out(self, checks: Collection[Check], why: Text) -> None:
        """Note that those of these which were asked for are not carried out, and why."""
        self._found |= {check: Finding(check, Outcome.UNCHECKED, why) for check in checks}

    def report(self, steps: Callable[["Checklist"], None]) -> Report:
        """Carry all out and return the report; what was not reached is not checked."""
        with suppress(_Stopped):
            steps(self)
        unreached = Text("此前有一项未能证实，没有继续", "not reached, since a check before it was not proven")
        findings = (self._found.get(check, Finding(check, Outcome.UNCHECKED, unreached)) for check in self.checks)
        return Report(self.kind, self.facts, tuple(findings), self.head, self.conflict)
