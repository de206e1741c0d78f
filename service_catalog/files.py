"""The one place that keeps files on the disk: whole or not at all, by one process at a time, to be read again."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

if sys.platform != "win32":  # an auditor's machine may be anything
    import fcntl


def rereadable(path: Path) -> BinaryIO:
    """Open a file that is read more than once; what can be read only once, such as a pipe, is first copied to the disk.

    Raises:
        OSError: where it cannot be read or copied.
    """
    file = path.open("rb")
    if file.seekable():
        return file
    copy = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    with file:
        copyfileobj(file, copy)
    return copy


def write_whole(path: Path, chunks: Iterable[bytes], part: Path | None = None) -> None:
    """Write a file that appears when it is whole and on the disk, in place of one with its name.

    Until then it is ``part``, on the same disk; by default a hidden file beside it that is this process's own.

    Raises:
        OSError: where it cannot be written; then ``part`` is gone, and what was there before still is.
    """
    part = part or path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
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
