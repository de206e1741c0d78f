"""A small log made by hand, with its documents, checkpoints and exports: five services, four revisions, 11 entries."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from service_catalog.documents.canonical import canonical
from service_catalog.documents.export import Header, concerns, json_chunks, jsonl_chunks
from service_catalog.documents.notes import Checkpoint, Signer, read_signing_key
from service_catalog.documents.proofs import ConsistencyProof, InclusionProof
from service_catalog.domain.merkle import Frontier, Range, consistency_path, inclusion_path
from service_catalog.domain.revisions import digest_of
from service_catalog.verification.checkpoints import Auditor
from service_catalog.verification.checks import Check, Finding, Outcome, Report
from service_catalog.verification.files import Evidence, verify
from tests.conftest import SIGNING_KEY
from tests.domain.samples import service

SIGNER = read_signing_key(SIGNING_KEY)
AUDITOR = Auditor(SIGNER.verifier_key, SIGNER.name)
DIVISIONS = ("430202", "430203")
CODES = ("card-application", "card-loss", "job-search", "pension", "registration")
FORMATS: dict[str, Callable[..., Any]] = {"json": json_chunks, "jsonl": jsonl_chunks}


@dataclass
class World:
    """A catalogue's history as it is grown, without a catalogue."""

    signer: Signer = SIGNER
    leaves: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=lambda: [0])
    documents: list[dict[tuple[str, str], bytes]] = field(default_factory=lambda: [{}])

    def write(self, *changes: tuple[str, str, bytes], **other: Any) -> None:
        """Make one revision of (kind, id, document); ``other`` members are what its last entry says instead."""
        number = len(self.sizes)
        current = dict(self.documents[-1])
        for position, (kind, identity, document) in enumerate(changes, 1):
            current[kind, identity] = document
            version = 1 + sum((entry["kind"], entry["id"]) == (kind, identity) for entry in self.entries)
            entry = {
                "kind": kind,
                "id": identity,
                "version": version,
                "op": "created" if version == 1 else "changed",
                "sha256": digest_of(document),
                "revision": number,
                "actor": "seed" if number == 1 else "token-1",
                "action": "seed" if number == 1 else "edit",
                "reason": f"修订 {number}",
                "time": f"2026-11-24T08:00:0{number}Z",
            }
            self.leaves.append(canonical(entry | (other if position == len(changes) else {})))
        self.sizes.append(len(self.leaves))
        self.documents.append(current)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Every entry so far."""
        return [json.loads(leaf) for leaf in self.leaves]

    def root(self, leaves: Range) -> bytes:
        """Return the hash over a range of the log."""
        frontier = Frontier()
        for leaf in self.leaves[slice(*leaves)]:
            frontier.append(leaf)
        return frontier.root()

    def log(self, revision: int = -1) -> bytes:
        """Return the log's file as it was after a revision."""
        return b"".join(leaf + b"\n" for leaf in self.leaves[: self.sizes[revision]])

    def checkpoint(self, revision: int = -1, **other: Any) -> str:
        """Return the signed head after a revision, or one with ``other`` members."""
        size = self.sizes[revision]
        head = {"origin": self.signer.name, "size": size, "root": self.root((0, size))} | other
        return self.signer.sign(Checkpoint(**head).text())

    def lines(self, revision: int = -1, division: str = "") -> list[bytes]:
        """Return the services' documents in force after a revision, in order."""
        found = self.documents[revision].items()
        return [document for (kind, one), document in sorted(found) if kind == "service" and one.startswith(division)]

    def header(self, revision: int = -1, division: str | None = None) -> Header:
        """Return the header of an export."""
        number = range(len(self.sizes))[revision]
        found = sorted(self.documents[revision].items())
        quoted = [
            json.loads(document) for (kind, one), document in found if kind == "division" and concerns(one, division)
        ]
        return Header(self.signer.name, number, self.sizes[revision], division, tuple(quoted))

    def export(self, written: str = "json", revision: int = -1, division: str | None = None) -> bytes:
        """Return an export of a revision."""
        lines = self.lines(revision, division or "")
        return b"".join(FORMATS[written](self.header(revision, division), lines, self.checkpoint(revision)))

    def receipt(self, index: int, revision: int = -1) -> str:
        """Return the proof that the entry at ``index`` is in the log."""
        path = tuple(self.root(leaves) for leaves in inclusion_path(index, self.sizes[revision]))
        return InclusionProof(index, path, self.checkpoint(revision)).text()

    def consistency(self, old: int, new: int = -1) -> str:
        """Return the proof that the log after one revision begins with that after an older one."""
        path = tuple(self.root(leaves) for leaves in consistency_path(self.sizes[old], self.sizes[new]))
        return ConsistencyProof(self.sizes[old], path, self.checkpoint(new)).text()


def key_entry(signer: Signer = SIGNER) -> tuple[str, str, bytes]:
    """Return the change with which every log begins."""
    return "key", signer.name, signer.verifier_key.encode()


def division_entry(code: str, **other: Any) -> tuple[str, str, bytes]:
    """Return a division's own document."""
    notice = {"zh": "示范数据。", "en": "Demonstration data."}
    return "division", code, canonical({"division": code, "name": notice, "notice": notice} | other)


def service_entry(code: str, division: str = "430203", **other: Any) -> tuple[str, str, bytes]:
    """Return a service's document."""
    document = service(code=code, division=division, id=f"{division}-{code}", **other)
    return "service", document["id"], canonical(document)


def grown(signer: Signer = SIGNER, *, reason_of_fork: str = "") -> World:
    """Return the log that most tests are about; with a reason its second revision is another."""
    world = World(signer)
    services = [service_entry(code, DIVISIONS[place % 2]) for place, code in enumerate(CODES)]
    world.write(key_entry(signer), *(division_entry(code) for code in DIVISIONS), *services)
    other = {"reason": reason_of_fork} if reason_of_fork else {}
    world.write(service_entry(CODES[0], DIVISIONS[0], version=2, revision=2), **other)
    world.write(("token", "token-2", b'{"id":"token-2"}'))
    world.write(service_entry(CODES[3], DIVISIONS[1], version=2, revision=4, status="retired"), op="retired")
    return world


WORLD = grown()


def verified(file: bytes | str, log: bytes | None = None, auditor: Auditor = AUDITOR, **beside: bytes | None) -> Report:
    """Verify files that are given as bytes."""
    content = file.encode() if isinstance(file, str) else file
    return verify(Evidence(io.BytesIO(content), None if log is None else io.BytesIO(log), **beside), auditor)


def refutation(report: Report) -> Finding:
    """Return the one finding that refutes, and make sure that the report says so as a whole."""
    (finding,) = [one for one in report.findings if one.outcome is Outcome.REFUTED]
    assert report.outcome is Outcome.REFUTED
    assert finding.detail is not None and finding.detail.zh and finding.detail.en
    return finding


def refuted(report: Report) -> Check:
    """Return the one check that refutes."""
    return refutation(report).check
