"""The program that writes one large export; the server starts it, and it ends with the process that did."""

import logging.config
import os
import sys
import threading

from service_catalog.actions.export_folder import ExportFolder
from service_catalog.app import export_folder, open_catalogue
from service_catalog.config import read_settings
from service_catalog.domain.errors import CatalogueError
from service_catalog.domain.selection import ExportFormat, ExportRequest
from service_catalog.logs import log_configuration

logger = logging.getLogger("service_catalog.export_writer")  # this module runs as __main__


def write(revision: int, written_as: ExportFormat, division: str | None) -> None:
    """Write one export into the folder that the settings name; exit code 1 where it fails, with a line in the log."""
    settings = read_settings(os.environ)
    logging.config.dictConfig(log_configuration(settings.log_level))
    folder = export_folder(settings)
    threading.Thread(target=_end_with_parent, args=[folder], daemon=True).start()
    try:
        name = folder.write(open_catalogue(settings), ExportRequest(revision, None, division, written_as))
        logger.info("wrote the export %s", name)
    except (OSError, CatalogueError) as error:
        logger.error("an export could not be written: %s", error)
        sys.exit(1)


def _end_with_parent(folder: ExportFolder) -> None:
    """Wait for the end of the standard input, whose other end the parent holds as long as it lives."""
    os.read(sys.stdin.fileno(), 1)
    folder.give_up()
    os._exit(1)


if __name__ == "__main__":
    write(int(sys.argv[1]), ExportFormat(sys.argv[2]), sys.argv[3] or None)
