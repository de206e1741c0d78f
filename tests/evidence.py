"""Exports that every later release must reproduce byte for byte; run as a module to keep those of a new format.

What stands in ``golden/export-1`` is never written anew: a release that gives other bytes breaks
the promise of the format.
"""

import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from service_catalog.actions.browsing import get_checkpoint, get_entries
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.exporting import export
from service_catalog.actions.ledger import Intent
from service_catalog.actions.writing import open_write
from service_catalog.domain.access import SEEDER, Permission
from service_catalog.domain.revisions import Action
from service_catalog.domain.selection import ExportFormat, ExportRequest
from tests.conftest import NOON, prepare
from tests.domain.samples import content, text

FOLDER = Path(__file__).parent / "golden" / "export-1"
BYTE_STABLE = (ExportFormat.JSON, ExportFormat.JSONL, ExportFormat.CSV)
"""The formats whose bytes every later release must give again; renditions may come to look otherwise."""

REVISION = 2
"""The revision that was exported; one more followed."""


def fill(catalogue: Catalogue) -> None:
    """Write three revisions, an hour apart: creation, a change and a retirement, and what comes after the export."""
    district = {
        "division": "430203",
        "name": text("芦淞区", "Lusong District"),
        "notice": text("示范数据。", "Demonstration data."),
        "source": None,
        "declared": None,
    }
    card, loss = content(), content(code="card-loss", name=text("社会保障卡挂失", None))
    village = content(division="430203002", code="help", single_window=False)
    steps = [
        ([district], [card, loss, village]),
        ([], [loss | {"status": "retired"}, village | {"summary": text('换行\n引号"与\\', '=1+1, "quoted"')}]),
        ([district | {"notice": text("另一句。", "Another sentence.")}], [card | {"life_events": []}]),
    ]
    for hours, (divisions, services) in enumerate(steps):
        moment = NOON + timedelta(hours=hours)
        intent = Intent(SEEDER, Permission.SEED_CATALOGUE, Action.SEED, f"第 {hours + 1} 步 · step {hours + 1}")
        with open_write(replace(catalogue, clock=lambda at=moment: at), intent) as write:  # type: ignore[misc]
            for division in divisions:
                write.put_division(division)
            write.put_services(services)
            write.commit()


def evidence(catalogue: Catalogue) -> dict[str, bytes]:
    """Return what an auditor keeps, by the name of its file."""
    kept = {
        f"export.{form}": b"".join(export(catalogue, ExportRequest(REVISION, None, None, form)).chunks)
        for form in BYTE_STABLE
    }
    kept["log.jsonl"] = b"".join(leaf + b"\n" for leaf in get_entries(catalogue, 0, 100))
    kept["checkpoint.txt"] = get_checkpoint(catalogue, None).encode()
    return kept


def load(file: Path) -> None:
    """Write the database as the release of that time left it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((FOLDER / "database.sql").read_text(encoding="utf-8"))


def keep(folder: Path) -> None:
    """Write evidence and database of this release into a new folder."""
    folder.mkdir(parents=True)
    with TemporaryDirectory() as place:
        file = Path(place) / "catalogue.sqlite3"
        catalogue = prepare(f"sqlite:///{file}")
        fill(catalogue)
        for name, kept in evidence(catalogue).items():
            (folder / name).write_bytes(kept)
        catalogue.database.close()
        with closing(sqlite3.connect(file)) as connection:
            (folder / "database.sql").write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
