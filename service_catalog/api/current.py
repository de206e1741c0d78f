"""The catalogue that the running application serves."""

from typing import cast

from flask import Flask, current_app

from service_catalog.actions.catalogue import Catalogue

_KEY = "service_catalog"


def serve_catalogue(app: Flask, catalogue: Catalogue) -> None:
    """Let the views of ``app`` work on ``catalogue``."""
    app.extensions[_KEY] = catalogue


def current_catalogue() -> Catalogue:
    """Return the catalogue behind the present request."""
    return cast("Catalogue", current_app.extensions[_KEY])
