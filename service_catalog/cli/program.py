"""Where the program starts: what files alone answer is run without Flask and the database."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from service_catalog.cli.comparing import names_a_revision

OFFLINE = "service_catalog.cli.offline"
ALL = "service_catalog.cli.main"


def run() -> None:
    """Run the command line; the program's name is the same however it was started."""
    commands = import_module(OFFLINE if _is_offline(sys.argv[1:]) else ALL)
    commands.main.main(prog_name=Path(sys.argv[0]).name if "service-catalog" in sys.argv[0] else "service-catalog")


def _is_offline(words: Sequence[str]) -> bool:
    """Tell whether the command is ``verify``, or ``diff`` of files."""
    return words[:1] == ["verify"] or (words[:1] == ["diff"] and not any(map(names_a_revision, words)))
