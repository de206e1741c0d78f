"""Log lines: one JSON object a line on standard error, for the catalogue and for the server around it."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

ACCESS = "service_catalog.access"


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object; an access record brings its members in ``members``."""

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
