"""Where the program starts: ``verify`` is run without what only the catalogue needs, as Flask and the database."""

import sys
from importlib import import_module
from pathlib import Path

OFFLINE = "service_catalog.cli.offline"
ALL = "service_catalog.cli.main"


def run() -> None:
    """Run the command line; the program's name is the same however it was started."""
    commands = import_module(OFFLINE if sys.argv[1:2] == ["verify"] else ALL)
    commands.main.main(prog_name=Path(sys.argv[0]).name if "service-catalog" in sys.argv[0] else "service-catalog")
