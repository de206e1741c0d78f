"""Whose catalogue a page shows: the name of its division, and what must be said about the data."""

from dataclasses import dataclass
from typing import Any

from service_catalog.actions import browsing
from service_catalog.actions.catalogue import Catalogue
from service_catalog.console.languages import Given
from service_catalog.console.texts import TEXTS


@dataclass(frozen=True, slots=True)
class Whose:
    """The division's name where the page is about one, and the notice where there is one."""

    name: Given | None
    notice: Given | None


def whose(catalogue: Catalogue, prefix: str | None) -> Whose:
    """Return whose services are found below a prefix, or in the whole catalogue.

    Where several divisions take part no one's name stands for all; a notice that they do not share is left to the
    services themselves.
    """
    documents: list[dict[str, Any]] = browsing.read_divisions(catalogue, prefix, 2)
    notices = [document["notice"] for document in documents if document["notice"]]
    if len(documents) == 1:
        return Whose(documents[0]["name"], notices[0] if notices else None)
    return Whose(None, TEXTS["layout.notices_differ"] if notices else None)
