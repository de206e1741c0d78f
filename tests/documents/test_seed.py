"""Reading the seed, whole and broken."""

from pathlib import Path

import pytest

from service_catalog.documents.seed import read_seed
from service_catalog.domain.errors import BrokenSeed
from tests.domain.samples import CONTENTS, SEED

FILES = ("division.json", "services.json")


def write_division(folder: Path, code: str, **bodies: bytes) -> None:
    part = folder / code
    part.mkdir(parents=True)
    (part / "division.json").write_bytes(bodies.get("division", f'{{"division":"{code}"}}'.encode()))
    (part / "services.json").write_bytes(bodies.get("services", f'[{{"code":"{code}"}}]'.encode()))


def assert_broken(folder: Path, named: Path) -> None:
    with pytest.raises(BrokenSeed) as refused:
        read_seed(folder)
    assert str(named) in refused.value.detail.zh
    assert str(named) in refused.value.detail.en


def test_the_seed_when_read_is_one_division_with_all_its_services():
    seed = read_seed(SEED)
    assert [division["division"] for division in seed.divisions] == ["430203"]
    assert list(seed.services) == CONTENTS
    assert len(seed.services) == 73


def test_several_divisions_when_read_come_in_the_order_of_their_codes(tmp_path: Path):
    for division in ("430204", "110101", "430203"):
        write_division(tmp_path, division)
    (tmp_path / "README.md").write_text("no division", encoding="utf-8")
    seed = read_seed(tmp_path)
    assert [division["division"] for division in seed.divisions] == ["110101", "430203", "430204"]
    assert [service["code"] for service in seed.services] == ["110101", "430203", "430204"]


def test_a_seed_when_its_folder_is_missing_is_broken_and_names_it(tmp_path: Path):
    assert_broken(tmp_path / "nowhere", tmp_path / "nowhere")


def test_a_seed_when_its_folder_is_empty_is_broken_and_names_it(tmp_path: Path):
    assert_broken(tmp_path, tmp_path)


def test_a_seed_when_its_folder_is_a_file_is_broken_and_names_it(tmp_path: Path):
    (tmp_path / "seed").write_bytes(b"[]")
    assert_broken(tmp_path / "seed", tmp_path / "seed")


@pytest.mark.parametrize("name", FILES)
def test_a_seed_when_a_file_is_missing_is_broken_and_names_it(tmp_path: Path, name: str):
    write_division(tmp_path, "430203")
    (tmp_path / "430203" / name).unlink()
    assert_broken(tmp_path, tmp_path / "430203" / name)


@pytest.mark.parametrize("name", FILES)
def test_a_seed_when_a_folder_stands_in_for_a_file_is_broken_and_names_it(tmp_path: Path, name: str):
    write_division(tmp_path, "430203")
    (tmp_path / "430203" / name).unlink()
    (tmp_path / "430203" / name).mkdir()
    assert_broken(tmp_path, tmp_path / "430203" / name)


@pytest.mark.parametrize(
    "body", [b"", b"{", b'[{"a":1,"a":2}]', b"[NaN]", b'["\xff"]', b'["\\u0000"]', b"\xef\xbb\xbf[]", b"[" * 100_000]
)
@pytest.mark.parametrize("name", FILES)
def test_a_seed_when_a_file_is_not_strict_json_is_broken_and_names_it(tmp_path: Path, name: str, body: bytes):
    write_division(tmp_path, "430203", **{name.removesuffix(".json"): body})
    assert_broken(tmp_path, tmp_path / "430203" / name)


@pytest.mark.parametrize("body", [b"null", b"1", b"{}", b'{"code":"a"}', b'"services"'])
def test_a_seed_when_its_services_are_no_list_is_broken_and_names_the_file(tmp_path: Path, body: bytes):
    write_division(tmp_path, "430203", services=body)
    assert_broken(tmp_path, tmp_path / "430203" / "services.json")


def test_a_seed_when_one_division_of_several_is_broken_names_that_one(tmp_path: Path):
    write_division(tmp_path, "110101")
    write_division(tmp_path, "430203", services=b"[")
    assert_broken(tmp_path, tmp_path / "430203" / "services.json")
