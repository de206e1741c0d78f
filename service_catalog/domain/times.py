"""How times are written: UTC, whole seconds, ending in Z, so that their order is that of their letters."""

import re
from datetime import UTC, datetime

TIME_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
"""A time as the catalogue writes it."""

MOMENT_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
"""A time as anybody may write it (RFC 3339)."""


def format_time(moment: datetime) -> str:
    """Return a moment as the catalogue writes it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def read_time(text: str) -> str | None:
    """Return a time of RFC 3339 as the catalogue writes it, rounded down; ``None`` where the text is none."""
    if not re.fullmatch(MOMENT_PATTERN, text, re.ASCII):
        return None
    try:
        return format_time(datetime.fromisoformat(text))
    except (ValueError, OverflowError):  # a day or an hour that does not exist, or one before the year 1
        return None
