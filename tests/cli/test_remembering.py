"""``verify --state``: what is proven is remembered, and a history that was rewritten is refused the next time."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.test_verifying import ORDINARY
from tests.serving import COMMAND, environment, run
from tests.verification.samples import WORLD, World, grown, service_entry

FORK = grown(reason_of_fork="另一个原因")
FORK.write(service_entry("further"))
"""Another history from the second revision on, signed by the same key, and longer."""


def arguments(folder: Path, world: World = WORLD, revision: int = -1, *, log: int = -1) -> list[str]:
    """Write an export of a history and its log, and return how they are verified."""
    name = f"{len(world.leaves)}-{revision}-{log}"
    export, entries = folder / f"export-{name}.json", folder / f"log-{name}.jsonl"
    export.write_bytes(world.export(revision=revision))
    entries.write_bytes(world.log(log))
    return ["verify", str(export), "--log", str(entries), *ORDINARY, "--state", str(folder / "audits")]


def verify(folder: Path, world: World = WORLD, revision: int = -1, *, log: int = -1) -> tuple[int, str]:
    """Verify an export and return the exit code and all that was said."""
    said = run(folder, *arguments(folder, world, revision, log=log))
    return said.returncode, said.stdout + said.stderr


def kept(folder: Path) -> dict[str, str]:
    """Return what the folder of audits holds."""
    return {path.name: path.read_text(encoding="utf-8") for path in (folder / "audits").glob("*/*")}


def test_a_checkpoint_when_proven_is_remembered_and_vouches_for_older_exports(tmp_path: Path) -> None:
    code, said = verify(tmp_path, revision=2, log=2)
    assert code == 0
    (file,) = (tmp_path / "audits").glob("*/*")
    assert file.name.startswith("000000000009-") and file.read_text(encoding="utf-8") == WORLD.checkpoint(2)
    assert str(file) in said
    assert verify(tmp_path)[0] == 0
    after = kept(tmp_path)
    assert sorted(after.values()) == sorted([WORLD.checkpoint(2), WORLD.checkpoint()])
    code, said = verify(tmp_path, revision=1)
    assert code == 0 and "√ later-entries" in said
    assert kept(tmp_path) == after


def test_a_checkpoint_when_not_proven_is_not_remembered(tmp_path: Path) -> None:
    unproven = arguments(tmp_path)
    assert run(tmp_path, *unproven[:2], *unproven[4:]).returncode == 2
    code, said = verify(tmp_path, revision=1)
    assert code == 2 and "? later-entries" in said
    assert kept(tmp_path) == {}


def test_a_history_when_rewritten_is_refused_and_the_contradiction_kept(tmp_path: Path) -> None:
    assert verify(tmp_path)[0] == 0
    before = kept(tmp_path)
    code, said = verify(tmp_path, FORK)
    assert code == 1
    assert "× append-only: 日志的前 11 条不是记住的检查点签署的内容：历史被改写" in said
    assert "history was rewritten" in said
    ((name, note),) = kept(tmp_path).items() - before.items()
    assert name.startswith("conflict-000000000012-") and note == FORK.checkpoint()
    assert verify(tmp_path)[0] == 0


def test_a_history_when_rolled_back_is_refused(tmp_path: Path) -> None:
    assert verify(tmp_path)[0] == 0
    before = kept(tmp_path)
    code, said = verify(tmp_path, revision=3, log=3)
    assert code == 1 and "it was cut or rolled back" in said
    assert kept(tmp_path) == before


def test_two_histories_when_verified_at_once_are_never_both_accepted_for_good(tmp_path: Path) -> None:
    commands = [[*COMMAND, *arguments(tmp_path, world)] for world in (WORLD, FORK)]
    both = [subprocess.Popen(command, env=environment(tmp_path), stdout=subprocess.DEVNULL) for command in commands]
    assert sorted(process.wait(timeout=60) for process in both) in ([0, 1], [1, 1])
    assert [verify(tmp_path, world)[0] for world in (WORLD, FORK)].count(0) <= 1


@pytest.mark.parametrize("content", [b"", b"\xff\x00", WORLD.checkpoint(2).replace("— ", "- ").encode()])
def test_a_remembered_checkpoint_when_spoilt_stops_the_audit_in_words(tmp_path: Path, content: bytes) -> None:
    assert verify(tmp_path, revision=2, log=2)[0] == 0
    (file,) = (tmp_path / "audits").glob("*/*")
    file.write_bytes(content)
    code, said = verify(tmp_path)
    assert code == 2 and "? append-only: 记住的检查点" in said and "the remembered checkpoint" in said
    assert file.read_bytes() == content


def test_a_folder_when_it_cannot_be_used_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = run(tmp_path, *arguments(tmp_path)[:-1], str(tmp_path / "file" / "audits"))
    assert (said.returncode, said.stdout) == (2, "")
    assert "cannot be used: Not a directory" in said.stderr and said.stderr.count("\n") == 1
