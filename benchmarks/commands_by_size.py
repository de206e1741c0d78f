"""What ``export``, ``verify``, ``check`` and ``import`` take in a catalogue of any size: seconds and memory.

``ROWS`` counts thousands; none are the services of the seed alone.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.catalogues import SEEDED
from benchmarks.commands import run_command
from benchmarks.databases import engines, opened
from benchmarks.figures import whole_number
from benchmarks.imports import contents
from benchmarks.sizes import MOST_ROWS, catalogue_of, servers
from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.canonical import canonical
from service_catalog.store import log

READERS = ("export", "verify", "check")
"""In this order: ``verify`` needs what ``export`` writes."""
WORDS = """
{rows} 项 services；秒：命令从开始到结束；CPU：其进程（不含 PostgreSQL）所用处理器的秒数；MiB：其进程最多占用
seconds from the command's start to its end; CPU: those of the processor that its own process used,
without PostgreSQL's; MiB: the most memory that it held
verify 连同日志 with the whole log；import 导入空目录 into an empty catalogue
"""


def write_log(catalogue: Catalogue, file: Path) -> str:
    """Write the whole log, an entry a line, and return the verifier key."""
    with catalogue.database.reading() as session, file.open("wb") as lines:
        lines.writelines(leaf + b"\n" for _, _, leaf in log.read_leaves(session))
        head = log.find_head(session)
    return head.verifier_key if head else ""


def measure_readers(url: str, rows: int, place: Path, wanted: list[str]) -> None:
    """Print one row for each command that is wanted and reads a catalogue; what it wrote is gone at the end."""
    key = place / "key"
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        export, entries = folder / "export.jsonl", folder / "log.jsonl"
        catalogue = catalogue_of(url, rows, key).catalogue
        verifier_key = write_log(catalogue, entries) if "verify" in wanted else ""
        catalogue.database.close()
        arguments = {
            "export": ["--format", "jsonl", "--output", str(export)],
            "verify": [str(export), "--log", str(entries), "--key", verifier_key, "--origin", "benchmarks"],
            "check": [],
        }
        for command in wanted:
            measure(command, *arguments[command], url=url, key=key, folder=folder)


def measure_import(url: str, rows: int, place: Path) -> None:
    """Print the row of an import into an empty database, for which no catalogue need be made."""
    key = place / "key"
    opened(url, key).database.close()
    with tempfile.TemporaryDirectory(dir=place) as name:
        services = Path(name, "services.jsonl")
        with services.open("wb") as lines:
            lines.writelines(canonical(content) + b"\n" for content in contents(rows))
        measure("import", str(services), "--reason", "benchmark", url=url, key=key, folder=Path(name))


def measure(command: str, *arguments: str, url: str, key: Path, folder: Path) -> None:
    """Print the row of one command."""
    taken = run_command(command, *arguments, folder=folder, DATABASE_URL=url, SIGNING_KEY_FILE=str(key))
    print(f"{taken.seconds:>9.1f}{taken.processor:>9.1f}{taken.memory:>8.0f}  {command}", flush=True)


def main() -> None:
    """Print a table for each engine."""
    rows = max(whole_number("ROWS", 20, MOST_ROWS, least=0) * 1000, SEEDED)
    folder = os.environ.get("FOLDER")
    asked = os.environ.get("COMMANDS", " ".join([*READERS, "import"])).split()
    wanted = [command for command in READERS if command in asked]
    print(WORDS.format(rows=rows))
    print(f"{'seconds':>9}{'CPU':>9}{'MiB':>8}")
    with tempfile.TemporaryDirectory() as temporary, engines() as makers:
        place = Path(folder or temporary)
        place.chmod(0o755)  # root's PostgreSQL runs as another user, who must get in
        with servers(place) as urls:
            for engine, url_of in urls.items():
                if os.environ.get("ENGINE", engine) != engine:
                    continue
                print(engine)
                if wanted:
                    measure_readers(url_of(rows), rows, place, wanted)
                if "import" in asked:
                    measure_import(makers[engine](), rows, place)


if __name__ == "__main__":
    main()
