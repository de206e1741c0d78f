"""Where the program starts: an auditor's commands are run without what only the catalogue needs, as Flask."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from service_catalog.cli.comparing import names_a_revision

OFFLINE = "service_catalog.cli.offline"
ALL = "service_catalog.cli.main"
LIGHT = {"verify", "log"}
"""The commands that are always run without; ``diff`` is where it is given files."""


def run() -> None:
    """Run the command line; the program's name is the same however it was started."""
    commands = import_module(OFFLINE if _is_offline(sys.argv[1:]) else ALL)
    commands.main.main(prog_name=Path(sys.argv[0]).name if "service-catalog" in sys.argv[0] else "service-catalog")


def _is_offline(words: Sequence[str]) -> bool:
    """Tell whether neither the catalogue nor its settings are asked."""
    return bool(LIGHT.intersection(words[:1])) or (words[:1] == ["diff"] and not any(map(names_a_revision, words)))
