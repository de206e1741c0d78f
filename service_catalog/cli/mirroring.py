"""The command that mirrors a log into a file: entries are only ever appended, whole, and a stopped run goes on."""

from os import SEEK_END
from pathlib import Path
from typing import BinaryIO, NoReturn

import click

from service_catalog.cli.fetching import MOST_ENTRIES, FetchFailed, LogServer
from service_catalog.cli.options import plain_file
from service_catalog.domain.causes import cause_of
from service_catalog.domain.merkle import Frontier
from service_catalog.files import exclusive, sync, write_whole
from service_catalog.verification.checkpoints import stated_checkpoint
from service_catalog.verification.files import LONGEST_LINE

_START = b'{"action":'
"""How every log begins: members are in order."""


class _Contradicted(click.ClickException):
    """What the server says cannot stand beside the file."""

    exit_code = 1


@click.group()
def log() -> None:
    """日志 · The log."""


def _server(context: click.Context, parameter: click.Parameter, value: str) -> LogServer:
    try:
        return LogServer(value)
    except ValueError:
        raise click.BadParameter(
            "须为服务器地址，如 https://catalogue.example · must be a server's address such as https://catalogue.example"
        ) from None


@log.command()
@click.argument("server", metavar="URL", callback=_server)
@click.option(
    "--to",
    "path",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    callback=plain_file,
    help="存入这个文件，已有的接着取 · Keep it in this file; one that is there is gone on with.",
)
def fetch(server: LogServer, path: Path) -> None:
    """取回日志和检查点 · Fetch the log and its checkpoint.

    日志存入 FILE，只追加完整的行，中断后再运行即接着取；检查点存为 FILE.checkpoint。签名由 verify 核对。
    退出码：0 已取到，1 服务器的日志与已有的矛盾，2 未能取得。

    The log goes into FILE, to which only whole lines are appended; a stopped run is gone on with by the next. The
    checkpoint goes into FILE.checkpoint. Signatures are for verify to check. Exit codes: 0 fetched, 1 the server's log
    contradicts what is there, 2 could not be fetched.
    """
    beside = path.with_name(f"{path.name}.checkpoint")
    try:
        with path.open("a+b") as file, exclusive(file):
            held = _held(file, path)
            before = held.size
            note = server.checkpoint()
            _append(file, held, server, note, path)
        write_whole(beside, [note.encode()])
    except BlockingIOError:
        raise FetchFailed(f"另一进程正在写 {path} · another process is writing {path}") from None
    except OSError as error:
        cause = cause_of(error)
        raise FetchFailed(f"无法写入 {path}：{cause.zh} · {path} cannot be written: {cause.en}") from None
    click.echo(
        f"取到 {held.size - before} 条，共 {held.size} 条 · {held.size - before} entries fetched, {held.size} in all: "
        f"{path}, {beside}"
    )


def _held(file: BinaryIO, path: Path) -> Frontier:
    """Return the tree of the entries that a file has, dropping a last line that a stopped run left unfinished."""
    file.seek(0)
    start = file.read(len(_START))
    if not _START.startswith(start):
        _refuse_file(path)
    file.seek(0)
    tree, end = Frontier(), 0
    for line in iter(lambda: file.readline(LONGEST_LINE), b""):
        if not line.endswith(b"\n"):
            if len(line) == LONGEST_LINE:
                _refuse_file(path)
            break
        tree.append(line[:-1])
        end += len(line)
    file.truncate(end)
    return tree


def _refuse_file(path: Path) -> NoReturn:
    raise FetchFailed(f"{path} 不是日志，未作改动 · {path} is not a log, and was left as it is")


def _append(file: BinaryIO, held: Frontier, server: LogServer, note: str, path: Path) -> None:
    """Append what the file lacks of the log that a checkpoint states, and make sure that it is that log."""
    stated = stated_checkpoint(note)
    if stated is None:
        raise FetchFailed("服务器给出的不是检查点 · what the server sends is not a checkpoint")
    if stated.size < held.size:
        _keep_contradiction(
            path,
            note,
            f"服务器的日志只有 {stated.size} 条，文件中已有 {held.size} 条：日志回退了",
            f"the server's log has only {stated.size} entries, the file {held.size} already: it was rolled back",
        )
    before = file.seek(0, SEEK_END)
    while held.size < stated.size:
        for line in server.entries(held.size, min(MOST_ENTRIES, stated.size - held.size)):
            file.write(line)
            held.append(line[:-1])
        sync(file)
    if held.root() != stated.root:
        file.truncate(before)
        _keep_contradiction(
            path,
            note,
            "取到的和已有的条目合起来不是检查点所说的日志：历史或文件被改写",
            "what was fetched and what was there is not the log that the checkpoint states: "
            "history, or the file, was rewritten",
        )


def _keep_contradiction(path: Path, note: str, zh: str, en: str) -> NoReturn:
    """Keep the checkpoint of another history beside the file: signed, it is the evidence."""
    kept = path.with_name(f"{path.name}.contradiction")
    write_whole(kept, [note.encode()])
    raise _Contradicted(f"{zh}；检查点存于 {kept} · {en}; the checkpoint is kept in {kept}")
