"""What several commands check of an option's value."""

import stat
from contextlib import suppress
from pathlib import Path

import click


def plain_file(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Refuse a device or a pipe, which a finished file would take the place of."""
    with suppress(OSError):  # whatever it is, writing will meet it, and say so
        if value is not None and not stat.S_ISREG(value.stat().st_mode):
            raise click.BadParameter("须为普通文件 · must be a plain file")
    return value
