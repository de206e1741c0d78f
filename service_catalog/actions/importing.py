"""Importing a file of services: upsert by id, all rows or none, as one revision.

The file is read, checked and staged before the write turn is taken; the turn only compares and writes.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.effects import Effects
from service_catalog.actions.indexing import NO_FORMER_NAMES, Entry, entry_of_new
from service_catalog.actions.ledger import Intent
from service_catalog.actions.staging import StagedRow, Staging
from service_catalog.actions.writing import Effect, Once, Write, open_write
from service_catalog.documents.tabular.formats import ImportFormat, format_of_file, format_of_name
from service_catalog.documents.tabular.layout import Layout
from service_catalog.documents.tabular.rows import Row, check_row, read_rows
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.errors import InvalidBody, Place, RulesBroken, StaleVersion, TooManyRows, UnreadableFile
from service_catalog.domain.revisions import Action
from service_catalog.domain.rules import broken_rules
from service_catalog.domain.service import Service, completed, service_id
from service_catalog.domain.vocabulary import Text

__all__ = ["MOST_ROWS", "MOST_TOLD", "ImportRequest", "format_of_file", "format_of_name", "import_services"]

MOST_ROWS = 20_000
"""Rows imported while somebody waits; a larger file belongs to the command line."""

MOST_TOLD = 1000
"""Faults and effects told one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file and what to do with it; ``most_rows`` bounds it where it must be answered while somebody waits."""

    file: BinaryIO
    file_format: ImportFormat
    reason: str
    dry_run: bool
    most_rows: int | None = None


Progress = Callable[[int, int | None], None]
"""Hears of the rows done and, once all are read, of the rows there are."""


def import_services(
    catalogue: Catalogue,
    actor: Actor,
    request: ImportRequest,
    once: Once | None = None,
    progress: Progress = lambda done, rows: None,
) -> bytes:
    """Import a file and return the answer.

    A row with a ``version`` changes the service that is at this version; one without only creates. Services that are
    not in the file stay as they are.

    Raises:
        UnreadableFile: where the file is not what its format says, or holds no service.
        TooManyRows: where there are more than ``most_rows``.
        InvalidBody, RulesBroken: with every fault by row and column (the first ``MOST_TOLD``, and their number).
        StaleVersion: where rows are not for the services as they stand.
        KeyReused, NotPermitted, KeyMismatch, CatalogueBusy, DatabaseUnavailable: as ``Write.answer``.
    """
    intent = Intent(actor, Permission.WRITE_CATALOGUE, Action.IMPORT, request.reason)
    with Staging() as staging:
        layout = _stage(staging, request, progress)
        with open_write(catalogue, intent) as write:
            return write.answer(lambda: _import(write, staging, layout, progress), once=once, dry_run=request.dry_run)


@dataclass(slots=True)
class _Faults:
    """The faults of a file: the first of them, and how many there are."""

    told: list[Place]
    number: int = 0
    of_rules: int = 0

    def add(self, places: list[Place], *, of_rules: bool = False) -> None:
        self.told += places[: MOST_TOLD - len(self.told)]
        self.number += len(places)
        self.of_rules += len(places) if of_rules else 0

    def refuse(self) -> None:
        """Raise what they amount to, if there are any."""
        if self.number:
            kind = RulesBroken if self.of_rules == self.number else InvalidBody
            raise kind(
                Text(
                    f"文件有 {self.number} 处错误，未写入任何内容",
                    f"faults in the file: {self.number}; nothing was written",
                ),
                self.told,
            )


def _stage(staging: Staging, request: ImportRequest, progress: Progress) -> Layout | None:
    """Check and stage every row; return the header that they were read by, where the file is a table."""
    faults = _Faults([])
    done, layout = 0, None
    rows = read_rows(request.file, request.file_format, request.most_rows)
    for done, row in enumerate(rows, start=1):
        if request.most_rows is not None and done > request.most_rows:
            raise TooManyRows(
                Text(
                    f"经 HTTP 最多导入 {request.most_rows} 行；更大的文件请用命令 service-catalog import",
                    f"at most {request.most_rows} rows by HTTP; for more use the command service-catalog import",
                )
            )
        _stage_row(staging, row, faults)
        layout = row.table.layout if row.table else None
        progress(done, None)
    if not done:
        raise UnreadableFile(Text("文件中没有事项", "the file holds no service"))
    faults.refuse()
    return layout


def _stage_row(staging: Staging, row: Row, faults: _Faults) -> None:
    checked = check_row(row)
    if isinstance(checked, list):
        faults.add(checked)
        return
    content, claims = checked
    identity = service_id(content["division"], content["code"])
    service = completed(content, version=1, revision=1, updated_at="")
    faults.add(
        [_of_rule(row, finding.message, finding.pointer, finding.rule.value) for finding in broken_rules(service)],
        of_rules=True,
    )
    _, tokens = entry_of_new(service)
    earlier = staging.put(identity, StagedRow(row.number, content, claims, tokens))
    if earlier is not None:
        message = Text(f"{identity} 在第 {earlier} 行已出现", f"{identity} stands in row {earlier} already")
        faults.add([row.place(message, "/code")])


def _of_rule(row: Row, message: Text, pointer: str, rule: str) -> Place:
    return replace(row.place(message, pointer), rule=rule)


def _import(write: Write, staging: Staging, layout: Layout | None, progress: Progress) -> dict[str, Any]:
    rows = len(staging)
    effects = Effects(write.session, staging.divisions(), MOST_TOLD)
    under_way: deque[StagedRow] = deque()
    tokens: dict[str, list[str]] = {}
    stale = _Faults([])
    done = 0

    def contents() -> Iterator[dict[str, Any]]:
        for row in staging.rows():
            under_way.append(row)
            tokens[service_id(row.content["division"], row.content["code"])] = row.tokens
            yield row.content

    def observe(effect: Effect) -> None:
        nonlocal done
        stale.add(_unmet(effect, under_way.popleft(), layout))
        del tokens[effect.after["id"]]
        effects.observe(effect)
        done += 1
        progress(done, rows)

    def entry(service: Service) -> Entry:
        return NO_FORMER_NAMES, tokens[service["id"]]

    write.put_services(contents(), observe=observe, entry=entry)
    if stale.number:
        message = Text(
            f"有 {stale.number} 处与目录现状不符，未写入任何内容",
            f"{stale.number} mismatches with the catalogue as it stands; nothing was written",
        )
        raise StaleVersion(message, stale.told)
    return effects.as_document()


def _unmet(effect: Effect, row: StagedRow, layout: Layout | None) -> list[Place]:
    """Hold the server-set members that a row named against the service as it stood before."""
    before, claims = effect.before, row.claims
    if before is None:
        missing = Text("没有这个事项；新建时留空", "there is no such service; leave it out to create one")
        wrong = {name: missing for name in ("version", "revision", "updated_at") if claims.get(name) is not None}
    elif claims.get("version") is None and effect.op is not None:
        wrong = {
            "version": Text(
                f"{before['id']} 已存在（第 {before['version']} 版）；要修改请写明 version",
                f"{before['id']} exists (version {before['version']}); give its version to change it",
            )
        }
    else:
        wrong = {
            name: Text(f"现为 {before[name]}", f"is {before[name]} now")
            for name in ("version", "revision", "updated_at", "schema")
            if claims.get(name) not in (None, before[name])
        }
    tags = effect.after["tags"]
    if claims.get("tags") not in (None, tags, before["tags"] if before else tags):
        computed = ";".join(tags)
        wrong["tags"] = Text(f"由目录计算，须为 {computed} 或留空", f"is computed: must be {computed}, or left out")
    if layout and before and effect.op:
        wrong.update(layout.lacking_for(before))
    return [_at(row, name, message, layout) for name, message in wrong.items()]


def _at(row: StagedRow, name: str, message: Text, layout: Layout | None) -> Place:
    words = Text(f"第 {row.number} 行 {name}：{message.zh}", f"row {row.number}, {name}: {message.en}")
    if layout is None:
        return Place(words, row=row.number, pointer=f"/{name}")
    return Place(words, row=row.number, column=name, cell=layout.claim(name, row.claims.get(name), message))
