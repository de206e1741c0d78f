"""The command ``service-catalog``: Flask's own commands and ours, with one clear line for whatever goes wrong."""

import os
import sys
from pathlib import Path

import click
from flask.cli import FlaskGroup

from service_catalog.app import application
from service_catalog.cli.catalogue import check, database, openapi, seed
from service_catalog.cli.serving import serve
from service_catalog.domain.errors import CatalogueError


class Commands(FlaskGroup):
    """A group whose commands end in one line of words where the catalogue refuses something."""

    def invoke(self, context: click.Context) -> object:
        """Run a command; a reason of the catalogue ends it with exit code 2 and no traceback."""
        try:
            return super().invoke(context)
        except CatalogueError as error:
            click.echo(f"{error.title.zh}：{error.detail.zh} · {error.title.en}: {error.detail.en}", err=True)
            for place in error.places[:20]:
                where = place.pointer or place.parameter or ""
                click.echo(f"  {where} {place.rule or ''} {place.message.zh} · {place.message.en}", err=True)
            sys.exit(2)


@click.group(cls=Commands, create_app=application, add_version_option=False)
def main() -> None:
    """政务服务事项目录 · A catalogue of government services.

    Settings come from SERVICE_CATALOG_* variables; docs/settings.md explains them.
    """


for command in (serve, database, seed, check, openapi):
    main.add_command(command)


def run() -> None:
    """Run the command line; the program's name is the same however it was started."""
    os.environ.setdefault("FLASK_SKIP_DOTENV", "1")
    main.main(prog_name=Path(sys.argv[0]).name if "service-catalog" in sys.argv[0] else "service-catalog")
