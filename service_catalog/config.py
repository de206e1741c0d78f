"""The settings, read once from ``SERVICE_CATALOG_*`` variables; the only place that looks at the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo, timeout_from_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from service_catalog.domain.causes import cause_of
from service_catalog.domain.errors import InvalidSetting
from service_catalog.domain.vocabulary import Text

PREFIX = "SERVICE_CATALOG_"
LOG_LEVELS = ("debug", "info", "warning", "error")
_NAMES = (
    "DATA_DIR",
    "DATABASE_URL",
    "READ_DATABASE_URL",
    "SIGNING_KEY",
    "SIGNING_KEY_FILE",
    "ORIGIN",
    "LOG_LEVEL",
    "WRITE_RATE",
    "EXPORTS_DIR",
    "EXPORTS_URL",
    "EXPORTS_KEPT",
    "EXPORT_AT_ONCE",
    "CACHE_MIB",
)


_POSTGRESQL = ("postgresql", "postgresql+psycopg")

WRITE_RATE = 200
"""Writes a second that one token may make in one worker, unless set otherwise."""

EXPORTS_KEPT = 8192
"""MiB of export files that are kept, unless set otherwise; a catalogue of three million services fills them once."""

EXPORT_AT_ONCE = 8192
"""KiB of documents that an export may hold and still be answered without a file, unless set otherwise."""


CACHE_MIB = 32
"""MiB of answers that each worker keeps, unless set otherwise."""

_LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set from outside; ``docs/settings.md`` explains each."""

    data_dir: Path
    database_url: str
    read_database_url: str | None
    signing_key: str | None
    signing_key_file: Path
    origin: str | None
    log_level: str
    write_rate: int
    exports_dir: Path
    exports_url: str | None
    exports_kept: int
    export_at_once: int
    cache_mib: int


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read and check the settings.

    Raises:
        InvalidSetting: for the first variable that is unknown or cannot be used, by name.
    """
    given = {name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)}
    for name in given:
        if name not in _NAMES:
            raise _invalid(name, "没有这个配置项", f"is not a setting; there are {', '.join(_NAMES)}")
    data_dir = Path(given.get("DATA_DIR") or "var").absolute()
    database_url = _database_url(given.get("DATABASE_URL") or f"sqlite:///{data_dir / 'catalogue.sqlite3'}")
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        read_database_url=_read_database_url(given.get("READ_DATABASE_URL") or None, database_url),
        signing_key=given.get("SIGNING_KEY") or None,
        signing_key_file=Path(given.get("SIGNING_KEY_FILE") or data_dir / "signing.key").absolute(),
        origin=_origin(given.get("ORIGIN") or None),
        log_level=_log_level(given.get("LOG_LEVEL") or "info"),
        write_rate=_whole_number(given, "WRITE_RATE", WRITE_RATE, 0),
        exports_dir=Path(given.get("EXPORTS_DIR") or data_dir / "exports").absolute(),
        exports_url=_exports_url(given.get("EXPORTS_URL") or None),
        exports_kept=_whole_number(given, "EXPORTS_KEPT", EXPORTS_KEPT, 1) * 2**20,
        export_at_once=_whole_number(given, "EXPORT_AT_ONCE", EXPORT_AT_ONCE, 1, 65_536) * 2**10,
        cache_mib=_whole_number(given, "CACHE_MIB", CACHE_MIB, 0),
    )


def _database_url(text: str) -> str:
    url = _address("DATABASE_URL", text)
    if url.drivername not in ("sqlite", *_POSTGRESQL):
        raise _invalid("DATABASE_URL", "须以 sqlite: 或 postgresql: 开头", "must begin with sqlite: or postgresql:")
    if url.drivername == "sqlite" and (not url.database or ":memory:" in url.database or url.query):
        raise _invalid(
            "DATABASE_URL", "须指向一个文件，不带选项", "must name a file, without options; workers do not share memory"
        )
    if url.drivername != "sqlite":
        _check_postgresql("DATABASE_URL", url)
    return text


def _read_database_url(text: str | None, database_url: str) -> str | None:
    if text is None:
        return None
    url = _address("READ_DATABASE_URL", text)
    if not (url.drivername in _POSTGRESQL and make_url(database_url).drivername in _POSTGRESQL):
        raise _invalid(
            "READ_DATABASE_URL",
            f"和 {PREFIX}DATABASE_URL 都须以 postgresql: 开头",
            f"and {PREFIX}DATABASE_URL must both begin with postgresql:",
        )
    _check_postgresql("READ_DATABASE_URL", url)
    return text


def _address(name: str, text: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        zh, en = ("；多个服务器须写成 ", "; several servers are written ") if "," in text else ("", "")
        many = "?host=a:5432&host=b:5432" if "," in text else ""
        raise _invalid(name, f"不是数据库网址{zh}{many}", f"is not a database URL{en}{many}") from None


def _check_postgresql(name: str, given: URL) -> None:
    """Refuse what the driver would refuse before it asks any server."""
    url = given.set(drivername="postgresql+psycopg")
    try:
        _, options = url.get_dialect()().create_connect_args(url)
        timeout_from_conninfo(conninfo_to_dict(make_conninfo(**options)))
    except (ArgumentError, ProgrammingError) as error:
        said = str(error).strip()
        raise _invalid(name, f"有不能用的选项：{said}", f"has an option that cannot be used: {said}") from None


def _origin(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"[!-*,-~]{1,100}", text):
        english = "must be at most 100 ASCII characters without space or plus"
        raise _invalid("ORIGIN", "最多 100 个 ASCII 字符，不含空格和加号", english)
    return text


def _log_level(text: str) -> str:
    if text not in LOG_LEVELS:
        raise _invalid("LOG_LEVEL", f"须为 {'、'.join(LOG_LEVELS)} 之一", f"must be one of {', '.join(LOG_LEVELS)}")
    return text


def _exports_url(text: str | None) -> str | None:
    if text is None:
        return None
    if len(text) > _LONGEST_ADDRESS or not re.fullmatch(r"(https?://[\w.:\[\]-]+)?(/[!-~]+)?/?", text, re.ASCII):
        raise _invalid(
            "EXPORTS_URL",
            "须为以 / 开头的路径，或 http(s) 网址",
            "must be a path that begins with /, or an address with http or https",
        )
    return text.rstrip("/")


def _whole_number(given: Mapping[str, str], name: str, default: int, least: int, most: int = 999_999) -> int:
    text = given.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or not least <= int(text) <= most:
        raise _invalid(name, f"须为 {least} 至 {most} 的整数", f"must be a whole number from {least} to {most}")
    return int(text)


def _invalid(name: str, zh: str, en: str) -> InvalidSetting:
    return InvalidSetting(Text(f"{PREFIX}{name} {zh}", f"{PREFIX}{name} {en}"))


def packaged_folder(name: str) -> Path:
    """Return ``migrations`` or ``seed``: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    return package / name if (package / name).is_dir() else package.parent / name


def make_data_dir(settings: Settings) -> None:
    """Make the data folder where it does not exist yet.

    Raises:
        InvalidSetting: where it cannot be made.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        cause, where = cause_of(error), settings.data_dir
        raise _invalid(
            "DATA_DIR",
            f"不是可用的目录：{where}：{cause.zh}",
            f"is not a folder that can be used: {where}: {cause.en}",
        ) from None
