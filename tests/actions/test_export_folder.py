"""The folder of large exports: what is whole stands in it, under a name of its own, and it does not grow for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.export_folder import READY, WORK, ExportFolder, file_name
from service_catalog.actions.exporting import export, find_export
from service_catalog.domain.selection import ExportFormat, ExportRequest
from service_catalog.files import write_whole
from tests.actions.test_writing import content, write
from tests.conftest import prepare

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

LATEST = ExportRequest(None, None, None, ExportFormat.JSONL)


def folder(path: Path, most_kept: int) -> ExportFolder:
    opened = ExportFolder(path, "/exports", most_kept, at_once=1, writer=())
    opened.prepare()
    return opened


def test_written_export_is_found_as_the_command_would_write_it(catalogue: Catalogue, tmp_path: Path) -> None:
    exports, found = folder(tmp_path, 10**9), find_export(catalogue, LATEST)
    assert exports.find(found) is None
    name = exports.write(catalogue, LATEST)
    assert exports.find(found) == f"/exports/{name}"
    assert (tmp_path / READY / name).read_bytes() == b"".join(export(catalogue, LATEST).chunks)
    assert name.startswith("service-catalog-r1-") and name.endswith(".jsonl")


@pytest.mark.parametrize(("kept", "left"), [(10**9, 3), (450_000, 2), (1, 1)])
def test_folder_that_grows_too_large_loses_its_oldest_and_never_its_newest(
    catalogue: Catalogue, tmp_path: Path, kept: int, left: int
) -> None:
    exports, names = folder(tmp_path, kept), []
    for single in (True, False, True):
        write(catalogue, content(catalogue, single_window=single))
        names.append(exports.write(catalogue, ExportRequest(None, None, None, ExportFormat.JSONL)))
    assert len(set(names)) == 3
    assert {file.name for file in (tmp_path / READY).iterdir()} == set(names[-left:])


def test_export_of_another_catalogue_is_not_taken_for_this_ones(catalogue: Catalogue, tmp_path: Path) -> None:
    """Both stand at revision 1; somebody began anew and kept the folder."""
    other = prepare(f"sqlite:///{tmp_path / 'other'}")
    write(other, content(catalogue))
    one, another = (find_export(which, LATEST) for which in (catalogue, other))
    assert one.named == another.named
    assert file_name(one) != file_name(another)
    other.database.close()


def test_file_that_cannot_be_finished_leaves_the_one_before_and_nothing_half(engine: str, tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, engine)

    part, place = tmp_path / "part", tmp_path / "place"
    place.write_bytes(b"whole")
    with pytest.raises(OSError, match="28"):
        write_whole(place, chunks(), part)
    assert place.read_bytes() == b"whole"
    assert not part.exists()


def test_folder_when_prepared_is_rid_of_what_a_killed_writer_left(engine: str, tmp_path: Path) -> None:
    (tmp_path / WORK).mkdir()
    (tmp_path / WORK / "half").write_bytes(b"half")
    (tmp_path / "writer.lock").write_text(engine)
    folder(tmp_path, 1)
    assert not (tmp_path / WORK).exists()
    assert (tmp_path / "writer.lock").read_bytes() == b""
