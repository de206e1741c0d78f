"""Proofs as text: the log's Merkle proofs, each followed by the signed checkpoint that it leads to.

An inclusion proof is a C2SP ``tlog-proof``. C2SP has no file format for a consistency proof; ours is the body of its
``tlog-witness`` call ``add-checkpoint``, so that it can be handed to a witness as it stands.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_HASHES = 63
"""Hashes in a proof; C2SP allows no more, and a tree of 2**63 leaves needs no more."""

_HEADER = "c2sp.org/tlog-proof@v1"
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?"
_NUMBER = r"(0|[1-9][0-9]{0,18})"
_REST = rf"\n((?:[A-Za-z0-9+/]{{43}}=\n){{0,{MOST_HASHES}}})\n(.+)\Z"
_INCLUSION = re.compile(rf"{re.escape(_HEADER)}\n(?:extra ({_BASE64})\n)?index {_NUMBER}{_REST}", re.DOTALL)
_CONSISTENCY = re.compile(rf"old {_NUMBER}{_REST}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That one entry stands at position ``index`` of the log; ``checkpoint`` is the whole signed note.

    ``extra`` is whatever an application adds; nothing vouches for it.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def text(self) -> str:
        """Return the proof as a ``tlog-proof``."""
        extra = f"extra {base64.b64encode(self.extra).decode()}\n" if self.extra else ""
        return f"{_HEADER}\n{extra}index {self.index}\n{_lines(self.path)}\n{self.checkpoint}"


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the log of the signed ``checkpoint`` begins with the log of its first ``old_size`` entries."""

    old_size: int
    path: tuple[bytes, ...]
    checkpoint: str

    def text(self) -> str:
        """Return the proof as the body of ``add-checkpoint``."""
        return f"old {self.old_size}\n{_lines(self.path)}\n{self.checkpoint}"


def read_inclusion_proof(text: str) -> InclusionProof | None:
    """Read a ``tlog-proof``, or return ``None`` for any but its one spelling; nothing is verified."""
    found = _INCLUSION.match(text)
    if not found:
        return None
    extra, index, lines, checkpoint = found.groups()
    proof = InclusionProof(int(index), _hashes(lines), checkpoint, base64.b64decode(extra or ""))
    return proof if proof.text() == text else None


def read_consistency_proof(text: str) -> ConsistencyProof | None:
    """Read the body of ``add-checkpoint``, or return ``None`` for any but its one spelling; nothing is verified."""
    found = _CONSISTENCY.match(text)
    if not found:
        return None
    old_size, lines, checkpoint = found.groups()
    proof = ConsistencyProof(int(old_size), _hashes(lines), checkpoint)
    return proof if proof.text() == text else None


def _lines(path: Sequence[bytes]) -> str:
    return "".join(f"{base64.b64encode(sibling).decode()}\n" for sibling in path)


def _hashes(lines: str) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(line) for line in lines.splitlines())
