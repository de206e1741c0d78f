"""What the pages serve: the catalogue that they were given when the application was built."""

from typing import cast

from flask import Flask, current_app, g

from service_catalog.actions.catalogue import Catalogue

_CATALOGUE = "service_catalog_pages"


def show_catalogue(app: Flask, catalogue: Catalogue) -> None:
    """Let the pages of ``app`` show ``catalogue``."""
    app.extensions[_CATALOGUE] = catalogue


def current_catalogue() -> Catalogue:
    """Return the catalogue behind the present request, as the public reads it: one, however often it is asked for.

    It stands where the API has its own, so that whoever keeps answers can tell whether what was read is certain.
    """
    if "catalogue" not in g:
        g.catalogue = latest_catalogue().for_one_answer()
    return cast("Catalogue", g.catalogue)


def latest_catalogue() -> Catalogue:
    """Return the catalogue for whoever signs in: they read what they wrote, and a token that ended has ended."""
    return cast("Catalogue", current_app.extensions[_CATALOGUE])
