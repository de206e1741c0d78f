"""The one place that joins everything: settings, catalogue and HTTP become a WSGI application."""

import logging.config
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from service_catalog.actions.at_hand import SmallCatalogue
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.export_folder import ExportFolder
from service_catalog.actions.preparing import KeySource
from service_catalog.api import (
    documentation,
    editing,
    entry,
    export,
    figures,
    imports,
    log,
    revisions,
    services,
    tagging,
)
from service_catalog.api.at_hand import ListsAtHand
from service_catalog.api.auth import POLICY as CALLS
from service_catalog.api.auth import policy_check
from service_catalog.api.contract import Api, api_configuration
from service_catalog.api.current import serve_catalogue
from service_catalog.api.errors import problem_of
from service_catalog.api.headers import described_request, surround
from service_catalog.api.parsing import LARGEST_BODY, WholeRequest
from service_catalog.api.rates import WriteRate
from service_catalog.config import EXPORT_AT_ONCE, WRITE_RATE, Settings, packaged_folder, read_settings
from service_catalog.console.policy import POLICY as PAGES
from service_catalog.console.registration import add_pages
from service_catalog.console.sessions import session_token
from service_catalog.domain.errors import CatalogueError
from service_catalog.http_cache import HttpCache
from service_catalog.logs import log_configuration
from service_catalog.store.engine import LONGEST_READ, Database
from service_catalog.store.latest import LatestRevision
from service_catalog.store.standbys import ReplicatedDatabase
from service_catalog.turns import TakingTurns, Turn

EXPORTS = "/exports"
"""Where the command ``serve`` hands out the files of large exports."""

_EXPORT_WRITER = (sys.executable, "-m", "service_catalog.cli.export_writer")
_NO_EXPORT_FILES = ExportFolder(Path("unused"), None, 0, EXPORT_AT_ONCE * 2**10, ())

POLICY = {**CALLS, **PAGES}
"""The permission behind every endpoint, of calls and of pages; a test holds it against all routes."""


def open_catalogue(settings: Settings, longest_read: float | None = None) -> Catalogue:
    """Return the catalogue that the settings name, its reads limited to so many seconds; nothing is connected yet."""
    url, read_url = settings.database_url, settings.read_database_url
    return Catalogue(
        database=ReplicatedDatabase(url, read_url, longest_read) if read_url else Database(url, longest_read),
        migrations=packaged_folder("migrations"),
        signer=key_source(settings).read(),
    )


def key_source(settings: Settings) -> KeySource:
    """Return where the settings keep the log's signing key."""
    return KeySource(settings.signing_key, settings.signing_key_file, settings.origin)


def export_folder(settings: Settings) -> ExportFolder:
    """Return the folder in which large exports are kept as files."""
    return ExportFolder(
        settings.exports_dir, settings.exports_url, settings.exports_kept, settings.export_at_once, _EXPORT_WRITER
    )


class Application(Flask):
    """Flask that reads a body whole, and whose log lines carry the request id that the caller was given."""

    request_class = WholeRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: none here is a coroutine, and Flask looks a dozen times a request."""
        return func

    def log_exception(self, exc_info: Any) -> None:
        """Log an unexpected exception with its traceback, but without the address, which could hold personal data."""
        members = {"message": "unexpected exception", **described_request()}
        self.logger.error("unexpected exception", exc_info=exc_info, extra={"members": members})


def create_empty_app() -> tuple[Application, Api]:
    """Build an application without any call, with bounds, headers and problems around whatever is added to it."""
    app = Application(__name__, static_folder=None)
    app.config.from_mapping(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, **api_configuration())
    app.url_map.merge_slashes = False  # no redirect guesses which address was meant
    surround(app)
    app.register_error_handler(CatalogueError, problem_of)
    return app, Api(app)


def create_app(catalogue: Catalogue, write_rate: int = WRITE_RATE, exports: ExportFolder = _NO_EXPORT_FILES) -> Flask:
    """Build the application around a catalogue whose tables are current.

    ``write_rate`` is how many writes a second one token may make in this process; 0 means any number. Large exports
    are kept in ``exports``, and are refused without it.
    """
    app, api = create_empty_app()
    app.before_request(policy_check(POLICY, dict.fromkeys(PAGES, session_token)))
    serve_catalogue(app, catalogue, WriteRate(write_rate), exports)
    for blueprint in (
        entry.entry,
        services.blueprint,
        editing.blueprint,
        tagging.blueprint,
        tagging.bulk,
        imports.blueprint,
        services.changes,
        services.suggestions,
        export.blueprint,
        revisions.blueprint,
        log.blueprint,
        figures.facets,
        figures.indicators,
        figures.vocabulary,
        entry.health,
    ):
        api.register_blueprint(blueprint)
    app.register_blueprint(documentation.blueprint)
    add_pages(app, catalogue)
    return app


def application() -> Flask:
    """Build the application from the environment: what each worker of a WSGI server calls."""
    settings = read_settings(os.environ)
    return _application(settings, open_catalogue(settings, LONGEST_READ))


def served_application() -> Flask:
    """Build the application for a worker of the command ``serve``, which hands out export files and has threads."""
    settings, turn = read_settings(os.environ), Turn()
    catalogue = replace(open_catalogue(settings, LONGEST_READ), wait=turn.wait)
    app = _application(replace(settings, exports_url=settings.exports_url or EXPORTS), catalogue)
    app.wsgi_app = TakingTurns(app.wsgi_app, LARGEST_BODY, turn)  # type: ignore[method-assign]
    return app


def _application(settings: Settings, catalogue: Catalogue) -> Flask:
    logging.config.dictConfig(log_configuration(settings.log_level))
    app = create_app(catalogue, settings.write_rate, export_folder(settings))
    if settings.cache_mib:
        question, lists = LatestRevision(catalogue.database), ListsAtHand(app.wsgi_app, SmallCatalogue(catalogue))
        app.wsgi_app = HttpCache(lists, question.ask, settings.cache_mib * 2**20)  # type: ignore[method-assign]
    return app
