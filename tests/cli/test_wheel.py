"""The wheel alone is enough: in an empty environment, run from another folder, it serves the 73 services."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.cli.test_mirroring import answering
from tests.evidence import FOLDER
from tests.serving import environment
from tests.verification.samples import AUDITOR, WORLD

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command of a wheel that was installed, with the locked dependencies, into an empty environment."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "empty", with_pip=True)
    pip = [folder / "empty" / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", ROOT / ".ci" / "runtime.lock"], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    return folder / "empty" / "bin" / "service-catalog"


def test_wheel_in_an_empty_environment_upgrades_seeds_and_checks(installed: Path, tmp_path: Path) -> None:
    publish = ("checkpoint", "publish", "--to", str(tmp_path / "published.txt"))
    for arguments, said in [
        (("db", "upgrade"), "at this release"),
        (("seed",), "revision 1"),
        (("check",), "73"),
        (publish, "published, 75 entries"),
    ]:
        done = subprocess.run(
            [installed, *arguments],
            cwd=tmp_path,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert said in done.stdout


def test_wheel_verifies_a_checkpoint_without_a_catalogue(installed: Path, tmp_path: Path) -> None:
    options = ["--log", FOLDER / "log.jsonl", "--key", AUDITOR.key, "--origin", AUDITOR.origin]
    command = [installed, "verify", FOLDER / "checkpoint.txt", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("已证实 · proven\n")


def test_wheel_fetches_a_log_and_remembers_what_it_verified_without_a_catalogue(
    installed: Path, tmp_path: Path
) -> None:
    def said(*arguments: str) -> str:
        done = subprocess.run([installed, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    with answering(lambda handler: handler.send_log(WORLD)) as url:
        assert "11 in all" in said("log", "fetch", url, "--to", "log.jsonl")
    options = ["--log", "log.jsonl", "--key", AUDITOR.key, "--origin", AUDITOR.origin, "--state", "audits"]
    assert said("verify", "log.jsonl.checkpoint", *options).endswith("已证实 · proven\n")
    assert len(list((tmp_path / "audits").glob("*/*.txt"))) == 1


def test_wheel_carries_the_pages_the_documentation_and_the_contract(installed: Path, tmp_path: Path) -> None:
    paths = ["/en/", "/indicators", "/assets/0/pages.css", "/docs", "/docs/assets/docs.js", "/api/v1/openapi.json"]
    program = (
        "from service_catalog.app import application\n"
        "client = application().test_client()\n"
        f"print([client.get(path).status_code for path in {paths}])\n"
    )
    python = installed.parent / "python"
    for command in ([installed, "db", "upgrade"], [installed, "seed"], [python, "-c", program]):
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=True
        )
    assert done.stdout == f"{[200] * len(paths)}\n"
    assert os.path.commonpath([installed, ROOT]) != str(ROOT)
