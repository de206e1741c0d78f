"""How commands end: one clear line in both languages for whatever goes wrong."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from click.exceptions import Exit, NoArgsIsHelpError

from service_catalog.cli.usage import mistake_in_chinese
from service_catalog.domain.errors import CatalogueError


class Commands(click.Group):
    """A group whose commands end in clear words where they were mistyped or the catalogue refuses something."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Read the options of the program itself."""
        with _said_in_both_languages():
            return super().make_context(*arguments, **extra)

    def invoke(self, context: click.Context) -> object:
        """Run a command; a reason of the catalogue ends it with exit code 2 and no traceback."""
        try:
            with _said_in_both_languages():
                return super().invoke(context)
        except CatalogueError as error:
            cause = f" ({error.cause})" if error.cause else ""
            click.echo(f"{error.title.zh}：{error.detail.zh} · {error.title.en}: {error.detail.en}{cause}", err=True)
            for place in error.places:
                where = place.pointer or place.parameter if place.row is None else None  # rows name themselves
                named = " ".join(part for part in (where, place.rule) if part)
                click.echo(f"  {named} {place.message.zh} · {place.message.en}", err=True)
            sys.exit(2)
        except (click.ClickException, Exit, click.Abort, BrokenPipeError):
            raise  # click's own ways of ending, and a reader that has enough
        except Exception:  # noqa: BLE001 - Python itself would end with 1
            traceback.print_exc()
            sys.exit(2)  # 1 says that something was refuted or found broken


@contextmanager
def _said_in_both_languages() -> Iterator[None]:
    """Put a Chinese line before what click says of a mistyped command."""
    try:
        yield
    except click.UsageError as error:
        if not isinstance(error, NoArgsIsHelpError):  # the help page has both languages already
            click.echo(mistake_in_chinese(error), err=True)
        raise
