"""Entries that the auditor's verifier checks a second, beside hashing and parsing the same bytes alone; peak memory."""

import hashlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.commands import Taken, run_command
from benchmarks.figures import whole_number
from service_catalog.config import packaged_folder
from service_catalog.documents.canonical import canonical
from service_catalog.documents.export import Header, jsonl_chunks
from service_catalog.documents.notes import Checkpoint, new_signing_key, read_signing_key
from service_catalog.documents.seed import read_seed
from service_catalog.domain.merkle import Frontier
from service_catalog.domain.revisions import Action, EntryKind, LogEntry, Operation, digest_of
from service_catalog.domain.service import completed

AT = "2026-11-24T08:00:00Z"
ORIGIN = "benchmark"
WORDS = """
{rounds} 轮 rounds，{entries} 条日志 log entries，导出文件 export {size:.0f} MB，取最快的一轮 the fastest round
比值：只读取、散列（SHA-256）和解析（JSON）同样的字节用时 ÷ 核对用时；1 表示其余各项核对毫无开销
ratio: seconds of only reading, hashing and parsing the same bytes over those of `verify`; 1 would mean that
       every other check costs nothing; MiB: the most memory that the process held
"""


def services(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield ids and documents: the seed's, in as many made-up divisions as it takes, in order."""
    seed = sorted(read_seed(packaged_folder("seed")).services, key=lambda content: str(content["code"]))
    for number in range(count):
        division = f"{100_000 + number // len(seed):06}"
        content = seed[number % len(seed)] | {"division": division}
        service = completed(content, version=1, revision=1, updated_at=AT)
        yield service["id"], canonical(service)


def write_evidence(folder: Path, count: int) -> str:
    """Write an export of ``count`` services and its log; return the verifier key."""
    signer = read_signing_key(new_signing_key(ORIGIN))
    frontier = Frontier()
    with (folder / "log.jsonl").open("wb") as log, (folder / "lines").open("wb") as lines:

        def add(kind: EntryKind, identity: str, document: bytes) -> None:
            entry = LogEntry(
                kind, identity, 1, Operation.CREATED, digest_of(document), 1, "seed", Action.SEED, "性能测试", AT
            )
            leaf = canonical(entry.as_document())
            frontier.append(leaf)
            log.write(leaf + b"\n")

        add(EntryKind.KEY, ORIGIN, signer.verifier_key.encode())
        for identity, document in services(count):
            add(EntryKind.SERVICE, identity, document)
            lines.write(document + b"\n")
    note = signer.sign(Checkpoint(ORIGIN, frontier.size, frontier.root()).text())
    with (folder / "export.jsonl").open("wb") as export, (folder / "lines").open("rb") as lines:
        header = Header(ORIGIN, 1, frontier.size, None, ())
        export.writelines(jsonl_chunks(header, (line.removesuffix(b"\n") for line in lines), note))
    (folder / "lines").unlink()
    return signer.verifier_key


def hash_and_parse(folder: Path) -> float:
    """Return the seconds of doing to each line of both files only what cannot be left out."""
    start = time.perf_counter()
    for name in ("export.jsonl", "log.jsonl"):
        with (folder / name).open("rb") as file:
            for line in file:
                hashlib.sha256(line).digest()
                orjson.loads(line)
    return time.perf_counter() - start


def verify(folder: Path, key: str) -> Taken:
    """Return what the command took."""
    files = "export.jsonl", "--log", "log.jsonl"
    return run_command("verify", *files, "--key", key, "--origin", ORIGIN, folder=folder)


def main() -> None:
    """Print one row."""
    rounds, count = whole_number("ROUNDS", 3), whole_number("ROWS", 20) * 1000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = write_evidence(folder, count)
        size = (folder / "export.jsonl").stat().st_size / 1e6
        print(WORDS.format(rounds=rounds, entries=count + 1, size=size))
        print(f"{'entries/s':>10}{'limit':>10}{'ratio':>8}{'MiB':>7}")
        limits, figures = [], []
        for _ in range(rounds):
            limits.append(hash_and_parse(folder))
            figures.append(verify(folder, key))
        limit, (seconds, memory, _) = min(limits), min(figures)
        print(f"{count / seconds:>10.0f}{count / limit:>10.0f}{limit / seconds:>8.3f}{memory:>7.0f}", flush=True)


if __name__ == "__main__":
    main()
