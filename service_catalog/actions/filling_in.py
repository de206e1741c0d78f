"""Giving officials the spreadsheet in which they describe services."""

import io
from pathlib import Path

from service_catalog.documents.examples import example
from service_catalog.documents.tabular.template import write_template


def template() -> bytes:
    """Return the spreadsheet, with an example on a sheet of its own, which is never read back."""
    return _template(with_example=True)


def save_template(output: Path, *, with_example: bool) -> None:
    """Write the spreadsheet to a new file.

    Raises:
        OSError: where the file cannot be written, or is there already: it may hold somebody's work.
    """
    book = _template(with_example=with_example)
    with output.open("xb") as file:
        file.write(book)


def _template(*, with_example: bool) -> bytes:
    book = io.BytesIO()
    write_template(book, example("service") if with_example else None)
    return book.getvalue()
