"""The command ``service-catalog`` as far as an auditor's machine needs it: what runs without a catalogue."""

import click

from service_catalog.cli.comparing import diff_command
from service_catalog.cli.group import Commands
from service_catalog.cli.mirroring import log
from service_catalog.cli.usage import explain_in_both_languages
from service_catalog.cli.verifying import verify


@click.group(cls=Commands)
def main() -> None:
    """取回日志，核对和比较文件 · Fetch the log, verify and compare files."""


for command in (verify, log, diff_command()):
    main.add_command(command)
explain_in_both_languages(main)
