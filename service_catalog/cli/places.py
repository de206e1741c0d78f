"""Where checkpoints are published: an append-only file, a git repository, or any command that takes one."""

import hashlib
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import click

from service_catalog.domain.causes import cause_of
from service_catalog.files import sync, write_whole
from service_catalog.verification.checkpoints import stated_checkpoint

_LINES = 5
"""Lines of a checkpoint: name, size, root, an empty one, the signature."""

_LONGEST_END = 4096
"""Bytes at a file's end that surely hold the last checkpoint."""


class Place(Protocol):
    """Something that checkpoints are published to; each call raises ``click.ClickException`` where it fails."""

    def last(self) -> str | None:
        """Return the checkpoint that was published last, or ``None`` before the first."""

    def publish(self, note: str) -> None:
        """Publish a checkpoint; what has returned is published for good."""

    def settle(self) -> None:
        """Finish what a publication that was interrupted left undone."""


def place_of(target: str, data_dir: Path) -> Place:
    """Return the place that ``target`` names: ``|COMMAND``, a folder, or else a file.

    Raises:
        ValueError: where it is a command that cannot be split into words.
    """
    if target.startswith("|"):
        record = data_dir / "published" / f"{hashlib.sha256(target.encode()).hexdigest()[:16]}.txt"
        if words := shlex.split(target[1:]):
            return CommandPlace(words, record)
        raise ValueError(target)
    path = Path(target)
    return RepositoryPlace(path) if target.endswith("/") or path.is_dir() else FilePlace(path)


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file to which checkpoints are appended, one after another; nothing in it is ever changed."""

    path: Path

    def last(self) -> str | None:
        """Return the file's last checkpoint."""
        try:
            if not self.path.exists():
                return None
            if not self.path.is_file():
                raise click.ClickException(f"{self.path} 须为普通文件 · {self.path} must be a plain file")
            with self.path.open("rb") as file:
                file.seek(max(file.seek(0, 2) - _LONGEST_END, 0))
                end = file.read()
        except OSError as error:
            raise _cannot_use(self.path, error) from None
        note = b"".join(end.splitlines(keepends=True)[-_LINES:]).decode(errors="replace")
        if end and (not note.endswith("\n") or stated_checkpoint(note) is None):
            raise click.ClickException(
                f"{self.path} 的末尾不是检查点，未作改动 · {self.path} does not end with a checkpoint; "
                "it was left as it is"
            )
        return note or None

    def publish(self, note: str) -> None:
        """Append a checkpoint."""
        try:
            with self.path.open("ab") as file:
                file.write(note.encode())
                sync(file)
        except OSError as error:
            raise _cannot_use(self.path, error) from None

    def settle(self) -> None:
        """Do nothing: what was appended is published."""


class RepositoryPlace:
    """A git repository with such a file, of which each checkpoint is a commit."""

    def __init__(self, folder: Path) -> None:
        """Take a folder that must be in a repository's work tree."""
        self._folder = folder
        self._file = FilePlace(folder / "checkpoints.txt")

    def last(self) -> str | None:
        """Return the file's last checkpoint, whether it was committed or not."""
        if self._git("rev-parse", "--is-inside-work-tree").stdout.strip() != "true":
            raise self._failed("不是 git 工作目录", "is not a work tree of git")
        return self._file.last()

    def publish(self, note: str) -> None:
        """Append a checkpoint and commit it."""
        self._file.publish(note)
        self.settle()

    def settle(self) -> None:
        """Commit what is not yet committed."""
        name, note = self._file.path.name, self._file.last()
        stated = stated_checkpoint(note or "")
        if stated is None:
            return
        self._git("add", "--", name)
        if self._git("diff", "--cached", "--quiet", "--", name, may_end_with=(0, 1)).returncode:
            self._git("commit", "--quiet", "-m", f"Checkpoint of {stated.origin}: {stated.size} entries", "--", name)

    def _git(self, *words: str, may_end_with: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
        command = ["git", "-C", str(self._folder), *words]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 - nothing of it comes from outside
        except OSError as error:
            cause = cause_of(error)
            raise self._failed(f"无法运行 git：{cause.zh}", f"git cannot be run: {cause.en}") from None
        if done.returncode not in may_end_with:
            said = " ".join((done.stderr or done.stdout).split())[:500]
            raise self._failed(f"git {words[0]}：{said}", f"git {words[0]} ended with {done.returncode}")
        return done

    def _failed(self, zh: str, en: str) -> click.ClickException:
        return click.ClickException(f"{self._folder}：{zh} · {self._folder}: {en}")


@dataclass(frozen=True, slots=True)
class CommandPlace:
    """A command that gets each checkpoint on its standard input; what it took last stands in ``record``."""

    words: Sequence[str]
    record: Path

    def last(self) -> str | None:
        """Return the checkpoint that the command took last."""
        return FilePlace(self.record).last()

    def publish(self, note: str) -> None:
        """Run the command, and remember the checkpoint once it has ended well."""
        name = self.words[0]
        try:
            code = subprocess.run(self.words, input=note.encode(), check=False).returncode  # noqa: S603 - the operator's own
            if code:
                raise click.ClickException(f"命令 {name} 以 {code} 结束 · the command {name} ended with {code}")
            self.record.parent.mkdir(exist_ok=True)
            write_whole(self.record, [note.encode()])
        except OSError as error:
            cause = cause_of(error)
            raise click.ClickException(f"无法运行 {name}：{cause.zh} · {name} cannot be run: {cause.en}") from None

    def settle(self) -> None:
        """Do nothing: what the command took is published."""


def _cannot_use(path: Path, error: OSError) -> click.ClickException:
    cause = cause_of(error)
    return click.ClickException(f"无法使用 {path}：{cause.zh} · {path} cannot be used: {cause.en}")
