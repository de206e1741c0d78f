"""The command ``service-catalog``: our commands and three of Flask's, with one clear line for whatever goes wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError
from flask.cli import ScriptInfo, routes_command, run_command, shell_command

from service_catalog.app import application
from service_catalog.cli.catalogue import check, database, openapi, seed
from service_catalog.cli.evidence import export
from service_catalog.cli.keys import keys
from service_catalog.cli.serving import serve
from service_catalog.cli.spreadsheets import import_file, template
from service_catalog.cli.tokens import token
from service_catalog.cli.usage import explain_in_both_languages, mistake_in_chinese
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


@contextmanager
def _said_in_both_languages() -> Iterator[None]:
    """Put a Chinese line before what click says of a mistyped command."""
    try:
        yield
    except click.UsageError as error:
        if not isinstance(error, NoArgsIsHelpError):  # the help page has both languages already
            click.echo(mistake_in_chinese(error), err=True)
        raise


@click.group(cls=Commands, context_settings={"obj": ScriptInfo(create_app=application, load_dotenv_defaults=False)})
def main() -> None:
    """政务服务事项目录 · A catalogue of government services.

    配置来自环境变量 SERVICE_CATALOG_*，见 docs/settings.md。

    Settings come from SERVICE_CATALOG_* variables; docs/settings.md explains them.
    """


for command in (serve, database, seed, check, template, import_file, export, token, keys, openapi):
    main.add_command(command)
for command, does in (
    (run_command, "开发用的服务器 · Run a development server."),
    (shell_command, "应用内的 Python 命令行 · Run a Python shell inside the application."),
    (routes_command, "列出全部路由 · Show the routes of the application."),
):
    command.short_help = does
    command.help = f"{does}\n\n选项的中文说明见 docs/commands.md · docs/commands.md explains the options, too."
    main.add_command(command)
explain_in_both_languages(main)


def run() -> None:
    """Run the command line; the program's name is the same however it was started."""
    main.main(prog_name=Path(sys.argv[0]).name if "service-catalog" in sys.argv[0] else "service-catalog")
