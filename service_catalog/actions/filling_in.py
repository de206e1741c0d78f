"""Giving officials the spreadsheet in which they describe services."""

import io
from pathlib import Path

from service_catalog.documents.examples import example
from service_catalog.documents.tabular.template import write_template


def save_template(output: Path, *, with_example: bool) -> None:
    """Write the template to a new file; the example is on a sheet of its own, which is never read back.

    Raises:
        OSError: where the file cannot be written, or is there already: it may hold somebody's work.
    """
    book = io.BytesIO()
    write_template(book, example("service") if with_example else None)
    with output.open("xb") as file:
        file.write(book.getbuffer())
