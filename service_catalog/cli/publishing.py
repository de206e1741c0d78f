"""The command that publishes the log's signed head where whoever runs the catalogue cannot change it."""

import os
from io import BytesIO

import click

from service_catalog.actions.browsing import get_checkpoint
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.preparing import check_readiness, read_verifier_key
from service_catalog.actions.proving import prove_consistency
from service_catalog.app import open_catalogue
from service_catalog.cli.places import Place, place_of
from service_catalog.config import make_data_dir, read_settings
from service_catalog.domain.selection import ConsistencyRequest
from service_catalog.files import exclusive
from service_catalog.verification.checkpoints import Auditor, stated_checkpoint
from service_catalog.verification.checks import Outcome
from service_catalog.verification.files import Evidence, verify


@click.group()
def checkpoint() -> None:
    """日志的签名检查点 · The log's signed checkpoints."""


@checkpoint.command()
@click.option(
    "--to",
    "target",
    metavar="FILE|DIR|COMMAND",
    required=True,
    help="文件、git 仓库目录，或 '|命令' · A file, a git repository's folder, or '|command'.",
)
def publish(target: str) -> None:
    """发布检查点 · Publish the checkpoint.

    以 | 开头的是命令，检查点写入其标准输入；目录（或以 / 结尾）是 git 仓库，每个检查点提交一次；其余是文件，只追加。
    与上次相同时什么也不做，适合 cron。上次发布的若不是本日志的开头，则拒绝。

    What begins with | is a command, which gets the checkpoint on its standard input; a folder, or what ends with /, is
    a git repository, where each becomes a commit; anything else is a file, which is only appended to. Nothing is done
    where it is the same as last time, so cron may run it. It is refused where what was published last is no beginning
    of this log.
    """
    settings = read_settings(os.environ)
    try:
        place = place_of(target, settings.data_dir)
    except ValueError:
        raise click.BadParameter("命令写法有误 · the command cannot be read", param_hint="--to") from None
    catalogue = open_catalogue(settings)
    check_readiness(catalogue)
    make_data_dir(settings)
    with (settings.data_dir / "publish.lock").open("ab") as lock:
        try:
            with exclusive(lock):
                _publish(catalogue, place, target)
        except BlockingIOError:
            raise click.ClickException("另一进程正在发布 · another process is publishing") from None
    catalogue.database.close()


def _publish(catalogue: Catalogue, place: Place, target: str) -> None:
    last, note = place.last(), get_checkpoint(catalogue, None)
    size = _size(note)
    if note == last:
        place.settle()
        click.echo(f"没有变化，共 {size} 条 · nothing new, {size} entries: {target}")
        return
    _check(catalogue, note, last, target)
    place.publish(note)
    click.echo(note, nl=False)
    click.echo(f"已发布，共 {size} 条 · published, {size} entries: {target}")


def _check(catalogue: Catalogue, note: str, last: str | None, target: str) -> None:
    """Hold the new checkpoint against the one published last, by the same checks that an auditor makes."""
    evidence, old, new = note, _size(last or ""), _size(note)
    if old > new:
        raise click.ClickException(
            f"{target} 中已有 {old} 条的检查点，而日志只有 {new} 条 · "
            f"{target} has a checkpoint of {old} entries already, the log has only {new}"
        )
    if last is not None:
        evidence = prove_consistency(catalogue, ConsistencyRequest(old, new)).text()
    key = read_verifier_key(catalogue)
    auditor = Auditor(key, key.partition("+")[0], last)
    for finding in verify(Evidence(BytesIO(evidence.encode())), auditor).findings:
        if finding.outcome is Outcome.REFUTED and finding.detail:
            zh, en = finding.detail.zh, finding.detail.en
            raise click.ClickException(f"{target} 中的不是本日志的开头：{zh} · {target} is of another history: {en}")


def _size(note: str) -> int:
    stated = stated_checkpoint(note)
    return stated.size if stated else 0
