"""Reading the seed: a folder per division with ``division.json`` and ``services.json``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service_catalog.documents.canonical import strict_json
from service_catalog.domain.causes import cause_of
from service_catalog.domain.errors import BrokenSeed, MalformedBody
from service_catalog.domain.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Seed:
    """What the seed holds: the divisions' own documents, and the part of each service that a writer decides."""

    divisions: tuple[dict[str, Any], ...]
    services: tuple[dict[str, Any], ...]


def read_seed(folder: Path) -> Seed:
    """Read every division below ``folder``, in the order of their codes.

    Raises:
        BrokenSeed: where a file is missing or is not strict JSON.
    """
    parts = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not parts:
        raise BrokenSeed(Text(f"{folder} 中没有种子数据", f"there is no seed in {folder}"))
    divisions = tuple(_read(part / "division.json", dict) for part in parts)
    return Seed(divisions, tuple(service for part in parts for service in _read(part / "services.json", list)))


def _read(path: Path, kind: type[dict[str, Any]] | type[list[Any]]) -> Any:
    try:
        value = strict_json(path.read_bytes())
    except OSError as error:
        cause = cause_of(error)
        raise BrokenSeed(Text(f"无法读取 {path}：{cause.zh}", f"{path} cannot be read: {cause.en}")) from None
    except MalformedBody as error:
        raise BrokenSeed(Text(f"{path}：{error.detail.zh}", f"{path}: {error.detail.en}")) from None
    if not isinstance(value, kind):
        expected = Text("对象", "an object") if kind is dict else Text("列表", "a list")
        raise BrokenSeed(Text(f"{path} 须为{expected.zh}", f"{path} must hold {expected.en}"))
    return value
