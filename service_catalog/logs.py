"""Log lines: one JSON object a line on standard error, for the catalogue and for the server around it."""

import json
import logging
import os
import re
import secrets
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

_ACCESS = logging.getLogger("service_catalog.access")
_STDERR = 2
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z", re.ASCII)


def request_id(given: str | None) -> str:
    """Return the id by which a request is found in the log: the caller's own where it is harmless, or a new one."""
    return given if given is not None and _REQUEST_ID.match(given) else secrets.token_hex(16)


def write_access(method: str, route: str | None, named: str, status: int, began: float) -> None:
    """Write the line of a request that began at ``began`` (``time.perf_counter``) and had the id ``named``.

    The line is put together here and written at once: by ``logging`` it costs as much as a small answer itself.
    ``route`` is the route's pattern, never its values or query, which could hold personal data.
    """
    if not _ACCESS.isEnabledFor(logging.INFO):
        return
    taken = round((time.perf_counter() - began) * 1000, 2)
    second, part = divmod(time.time(), 1)
    line = (
        f'{{"time": "{_second(second)}.{int(part * 1000):03d}+00:00", {_asked(method, route)}, '
        f'"request_id": "{named}", "status": {status}, "ms": {taken}}}\n'
    )
    try:
        os.write(_STDERR, line.encode())
    except OSError:
        return  # nobody reads it any more: no reason to fail a reader


@lru_cache(maxsize=2)
def _second(second: float) -> str:
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None).isoformat()


@lru_cache(maxsize=1024)
def _asked(method: str, route: str | None) -> str:
    members = {"level": "info", "logger": _ACCESS.name, "method": method, "route": route}
    return json.dumps(members, ensure_ascii=False)[1:-1]


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object; a record may bring members of its own in ``members``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        line |= getattr(record, "members", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_configuration(level: str) -> dict[str, Any]:
    """Return the configuration for ``logging.config``, for our loggers and the server's."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "service_catalog.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "loggers": {
            "service_catalog": {"handlers": ["stderr"], "level": level.upper(), "propagate": False},
            "_granian": {"handlers": ["stderr"], "level": level.upper(), "propagate": False},
        },
    }
