"""What the running application serves, and what it remembers between requests."""

from typing import cast

from flask import Flask, current_app, g, request

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.export_folder import ExportFolder
from service_catalog.api.parsing import WholeRequest
from service_catalog.api.rates import WriteRate

_CATALOGUE = "service_catalog"
_WRITE_RATE = "service_catalog_write_rate"
_EXPORTS = "service_catalog_exports"


def serve_catalogue(app: Flask, catalogue: Catalogue, write_rate: WriteRate, exports: ExportFolder) -> None:
    """Let the views of ``app`` work on ``catalogue``, at most at ``write_rate`` for each token, with large exports."""
    app.extensions[_CATALOGUE] = catalogue
    app.extensions[_WRITE_RATE] = write_rate
    app.extensions[_EXPORTS] = exports


def current_catalogue() -> Catalogue:
    """Return the catalogue behind the present request: who signs in reads what they wrote, the public one answer."""
    catalogue = latest_catalogue()
    if "HTTP_AUTHORIZATION" in request.environ:
        return catalogue
    if "catalogue" not in g:
        g.catalogue = catalogue.for_one_answer()
    return cast("Catalogue", g.catalogue)


def latest_catalogue() -> Catalogue:
    """Return the catalogue in which tokens are looked up: one that ended has ended at once."""
    return cast("Catalogue", current_app.extensions[_CATALOGUE])


def current_request() -> WholeRequest:
    """Return the present request itself: whoever looks at it often should not ask flask each time which one it is."""
    return cast("WholeRequest", request._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - werkzeug's


def is_certain() -> bool:
    """Tell whether what was read for the present request is known to be the latest."""
    return "catalogue" not in g or g.catalogue.database.is_certain


def current_write_rate() -> WriteRate:
    """Return the buckets from which writes are counted."""
    return cast("WriteRate", current_app.extensions[_WRITE_RATE])


def current_exports() -> ExportFolder:
    """Return where large exports are kept."""
    return cast("ExportFolder", current_app.extensions[_EXPORTS])
