"""A folder of audits: the one place that remembers, log by log, which signed checkpoints an auditor has seen proven.

Each is a file of its own, named after its size and root, that is never changed; so nothing newer is ever replaced by
something older, and two histories that a log told stand side by side.
"""

import hashlib
import re
from pathlib import Path

from service_catalog.files import sync_folder, write_whole
from service_catalog.verification.checkpoints import stated_checkpoint

_REMEMBERED = re.compile(r"[0-9]{12,19}-[0-9a-f]{16}\.txt")
_LONGEST_NOTE = 2**16


class AuditFolder:
    """What is remembered of one log."""

    def __init__(self, folder: Path, origin: str) -> None:
        """Open the folder of the log called ``origin``, or make it.

        Raises:
            OSError: where it cannot be made.
        """
        readable = re.sub(r"[^a-z0-9.-]", "_", origin.lower())[:60]
        self._folder = folder / f"{readable}-{hashlib.sha256(origin.encode()).hexdigest()[:16]}"
        self._folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder)

    def checkpoints(self) -> tuple[str, ...]:
        """Return every checkpoint remembered, the shortest log's first, whatever became of the files since.

        Raises:
            OSError: where one cannot be read.
        """
        names = sorted(path.name for path in self._folder.iterdir() if _REMEMBERED.fullmatch(path.name))
        return tuple(_text(self._folder / name) for name in names)

    def keep(self, note: str) -> Path:
        """Remember a checkpoint that was proven, where it is not yet, and return its file.

        Raises:
            OSError: where it cannot be written.
        """
        return self._keep(note, "")

    def keep_conflict(self, note: str) -> Path:
        """Keep, as evidence, a signed checkpoint that contradicts a remembered one, and return its file.

        It is not remembered: the log is never held against it.

        Raises:
            OSError: where it cannot be written.
        """
        return self._keep(note, "conflict-")

    def _keep(self, note: str, kind: str) -> Path:
        stated = stated_checkpoint(note)
        if stated is None:
            raise ValueError("not a checkpoint")
        path = self._folder / f"{kind}{stated.size:012}-{stated.root.hex()[:16]}.txt"
        if not path.exists():
            write_whole(path, [note.encode()])
        return path


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_LONGEST_NOTE).decode("utf-8", errors="replace")
