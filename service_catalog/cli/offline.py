"""The command ``service-catalog`` as far as an auditor's machine needs it: what runs on files alone."""

import click

from service_catalog.cli.comparing import diff_command
from service_catalog.cli.group import Commands
from service_catalog.cli.usage import explain_in_both_languages
from service_catalog.cli.verifying import verify


@click.group(cls=Commands)
def main() -> None:
    """核对和比较文件 · Verify and compare files."""


main.add_command(verify)
main.add_command(diff_command())
explain_in_both_languages(main)
