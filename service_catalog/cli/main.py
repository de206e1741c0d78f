"""The command ``service-catalog``: all of our commands, and three of Flask's."""

import click
from flask.cli import ScriptInfo, routes_command, run_command, shell_command

from service_catalog.app import application
from service_catalog.cli.catalogue import check, database, openapi, seed
from service_catalog.cli.comparing import diff_command
from service_catalog.cli.evidence import compare_revisions, export
from service_catalog.cli.group import Commands
from service_catalog.cli.keys import keys
from service_catalog.cli.mirroring import log
from service_catalog.cli.publishing import checkpoint
from service_catalog.cli.serving import serve
from service_catalog.cli.spreadsheets import import_file, template
from service_catalog.cli.tokens import token
from service_catalog.cli.usage import explain_in_both_languages
from service_catalog.cli.verifying import verify


@click.group(cls=Commands, context_settings={"obj": ScriptInfo(create_app=application, load_dotenv_defaults=False)})
def main() -> None:
    """政务服务事项目录 · A catalogue of government services.

    配置来自环境变量 SERVICE_CATALOG_*，见 docs/settings.md。

    Settings come from SERVICE_CATALOG_* variables; docs/settings.md explains them.
    """


diff = diff_command(compare_revisions)
for command in (
    serve,
    database,
    seed,
    check,
    template,
    import_file,
    export,
    log,
    verify,
    diff,
    checkpoint,
    token,
    keys,
    openapi,
):
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
