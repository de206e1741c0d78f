"""``checkpoint publish``: to a file, a git repository and a command, once for each checkpoint, and never of a fork."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from service_catalog.actions.browsing import get_checkpoint
from service_catalog.actions.catalogue import Catalogue
from service_catalog.cli.main import main
from service_catalog.files import exclusive
from tests.actions.test_writing import content, write
from tests.conftest import SIGNING_KEY, debian_program
from tests.serving import run
from tests.verification.samples import WORLD

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def publish(catalogue: Catalogue, folder: Path, to: str) -> tuple[int, str]:
    """Publish, and return the exit code and what was said."""
    url = catalogue.database.engine.url.render_as_string(hide_password=False)
    settings = {"DATA_DIR": str(folder / "data"), "DATABASE_URL": url, "SIGNING_KEY": SIGNING_KEY}
    environment = {f"SERVICE_CATALOG_{name}": value for name, value in settings.items()}
    said = CliRunner().invoke(main, ["checkpoint", "publish", "--to", to], env=environment)
    assert said.exit_code == 0 or said.stderr.count("\n") == 1, said.stderr
    return said.exit_code, said.stdout + said.stderr


def written(catalogue: Catalogue, **changes: str) -> str:
    """Make a revision and return its checkpoint."""
    write(catalogue, content(catalogue, **changes))
    return get_checkpoint(catalogue, None)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a new git repository with an author."""
    folder = tmp_path / "repository"
    git = debian_program("git")
    subprocess.run([git, "init", "--quiet", folder], check=True)
    for name, value in (("name", "auditor"), ("email", "auditor@example.org")):
        subprocess.run([git, "-C", folder, "config", f"user.{name}", value], check=True)
    return folder


def committed(repository: Path) -> list[str]:
    """Return what each commit says, the first one first."""
    log = ["git", "-C", repository, "log", "--reverse", "--format=%s"]
    return subprocess.run(log, capture_output=True, text=True, check=False).stdout.splitlines()


def test_a_checkpoint_when_published_to_a_file_is_appended_once(catalogue: Catalogue, tmp_path: Path) -> None:
    file, first = tmp_path / "published.txt", get_checkpoint(catalogue, None)
    code, said = publish(catalogue, tmp_path, str(file))
    assert code == 0 and first in said and "published, 75 entries" in said
    code, said = publish(catalogue, tmp_path, str(file))
    assert code == 0 and "nothing new, 75 entries" in said
    assert file.read_text(encoding="utf-8") == first
    second = written(catalogue, status="retired")
    assert publish(catalogue, tmp_path, str(file))[0] == 0
    assert file.read_text(encoding="utf-8") == first + second


def test_a_checkpoint_when_published_to_a_repository_is_a_commit(
    catalogue: Catalogue, tmp_path: Path, repository: Path
) -> None:
    for _ in range(2):
        assert publish(catalogue, tmp_path, str(repository))[0] == 0
    written(catalogue, status="retired")
    with (repository / "checkpoints.txt").open("a") as file:
        file.write(get_checkpoint(catalogue, None))  # as if stopped before the commit
    code, said = publish(catalogue, tmp_path, f"{repository}/")
    assert code == 0 and "nothing new" in said
    assert committed(repository) == ["Checkpoint of tests: 75 entries", "Checkpoint of tests: 76 entries"]


def test_a_checkpoint_when_git_refuses_it_is_not_published_until_it_does_not(
    catalogue: Catalogue, tmp_path: Path, repository: Path
) -> None:
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not now >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    code, said = publish(catalogue, tmp_path, str(repository))
    assert code == 1 and "not now" in said and committed(repository) == []
    hook.unlink()
    assert publish(catalogue, tmp_path, str(repository))[0] == 0
    assert committed(repository) == ["Checkpoint of tests: 75 entries"]


def test_a_checkpoint_when_published_to_a_command_comes_on_its_standard_input_once(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    command = f"|sh -c 'cat >> \"{tmp_path}/mailed\"'"
    for _ in range(2):
        assert publish(catalogue, tmp_path, command)[0] == 0
    assert (tmp_path / "mailed").read_text(encoding="utf-8") == get_checkpoint(catalogue, None)


def test_a_checkpoint_when_a_command_fails_is_published_by_the_next_run(catalogue: Catalogue, tmp_path: Path) -> None:
    command = f"|sh -c 'test -e \"{tmp_path}/ready\"'"
    code, said = publish(catalogue, tmp_path, command)
    assert code == 1 and "the command sh ended with 1" in said
    (tmp_path / "ready").touch()
    code, said = publish(catalogue, tmp_path, command)
    assert code == 0 and "published, 75 entries" in said


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("|no-such-program x", 1, "no-such-program cannot be run: No such file"),
        ("none/file.txt", 1, "cannot be used: No such file or directory"),
        ("none/", 1, "git rev-parse"),
        (".", 1, "git rev-parse"),
        ("/dev/null", 1, "must be a plain file"),
    ],
)
def test_a_place_when_it_cannot_be_used_is_named(
    catalogue: Catalogue, tmp_path: Path, target: str, code: int, said: str
) -> None:
    place = target if target.startswith(("|", "/")) else f"{tmp_path}/{target}"
    ended, told = publish(catalogue, tmp_path, place)
    assert ended == code and said in told


@pytest.mark.parametrize("target", ["|", "|  ", "|mail 'x"])
def test_a_command_when_it_has_no_words_is_refused(catalogue: Catalogue, tmp_path: Path, target: str) -> None:
    assert run(tmp_path, "checkpoint", "publish", "--to", target).returncode == 2


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (WORLD.checkpoint(), "is of another history: "),
        (WORLD.checkpoint(size=80), "has a checkpoint of 80 entries already, the log has only 75"),
        (WORLD.checkpoint(origin="elsewhere"), "the checkpoint is of the log elsewhere"),
        (WORLD.checkpoint(2).replace("— tests ", "— tests A"), "not carry exactly one valid signature"),
        (WORLD.checkpoint()[:-1], "does not end with a checkpoint"),
        ("notes of mine\n", "does not end with a checkpoint"),
    ],
)
def test_a_file_when_what_it_ends_with_is_no_beginning_of_this_log_is_left_alone(
    catalogue: Catalogue, tmp_path: Path, last: str, said: str
) -> None:
    file = tmp_path / "published.txt"
    file.write_text(last, encoding="utf-8")
    code, told = publish(catalogue, tmp_path, str(file))
    assert code == 1 and said in told
    assert file.read_text(encoding="utf-8") == last


def test_a_checkpoint_when_another_process_publishes_is_left_to_it(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "publish.lock").open("ab") as lock, exclusive(lock):
        code, said = publish(catalogue, tmp_path, str(tmp_path / "published.txt"))
    assert code == 1 and "another process is publishing" in said
    assert not (tmp_path / "published.txt").exists()
