"""The one place that keeps an auditor's files: whole or not at all, on the disk, and by one process at a time."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import click

if sys.platform != "win32":  # an auditor's machine may be anything
    import fcntl


def plain_file(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Refuse, as an option's value, a device or a pipe, which a finished file would take the place of."""
    with suppress(OSError):  # whatever it is, writing will meet it, and say so
        if value is not None and not stat.S_ISREG(value.stat().st_mode):
            raise click.BadParameter("须为普通文件 · must be a plain file")
    return value


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file that appears when it is whole and on the disk, in place of one with its name.

    Raises:
        OSError: where it cannot be written; what was there before still is.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.writelines(chunks)
            sync(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync(file: BinaryIO) -> None:
    """Return when what was written to a file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk, where the system can tell."""
    with suppress(OSError):  # Windows opens no folder, and some file systems sync none
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def exclusive(file: BinaryIO) -> Iterator[None]:
    """Hold a file alone, where the system has such locks.

    Raises:
        BlockingIOError: where another process holds it.
    """
    if sys.platform == "win32":
        yield
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
