"""Where the program starts: an auditor's commands are run without what only the catalogue needs, as Flask."""

import sys
from importlib import import_module
from pathlib import Path

OFFLINE = "service_catalog.cli.offline"
ALL = "service_catalog.cli.main"
LIGHT = {"verify", "log"}
"""The commands that ``OFFLINE`` has."""


def run() -> None:
    """Run the command line; the program's name is the same however it was started."""
    commands = import_module(OFFLINE if LIGHT.intersection(sys.argv[1:2]) else ALL)
    commands.main.main(prog_name=Path(sys.argv[0]).name if "service-catalog" in sys.argv[0] else "service-catalog")
