"""The one place that joins everything: settings, catalogue and HTTP become a WSGI application."""

import logging.config
import os

from flask import Flask

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.preparing import KeySource
from service_catalog.api import documentation, entry, figures, log, services
from service_catalog.api.contract import Api, api_configuration
from service_catalog.api.current import serve_catalogue
from service_catalog.api.errors import problem_of
from service_catalog.api.headers import surround
from service_catalog.config import Settings, packaged_folder, read_settings
from service_catalog.domain.errors import CatalogueError
from service_catalog.logs import log_configuration
from service_catalog.store.engine import Database

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request body; an import over that belongs to the command line."""


def open_catalogue(settings: Settings) -> Catalogue:
    """Return the catalogue that the settings name; nothing is connected yet."""
    return Catalogue(
        database=Database(settings.database_url),
        migrations=packaged_folder("migrations"),
        signer=key_source(settings).read(),
    )


def key_source(settings: Settings) -> KeySource:
    """Return where the settings keep the log's signing key."""
    return KeySource(settings.signing_key, settings.signing_key_file, settings.origin)


def create_app(catalogue: Catalogue) -> Flask:
    """Build the application around a catalogue whose tables are current."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(MAX_CONTENT_LENGTH=LARGEST_BODY, **api_configuration())
    app.url_map.merge_slashes = False  # an address has one spelling; no redirect guesses another
    serve_catalogue(app, catalogue)
    surround(app)
    app.register_error_handler(CatalogueError, problem_of)
    api = Api(app)
    for blueprint in (
        entry.entry,
        services.blueprint,
        services.changes,
        log.blueprint,
        figures.facets,
        figures.indicators,
        figures.vocabulary,
        entry.health,
    ):
        api.register_blueprint(blueprint)
    app.register_blueprint(documentation.blueprint)
    return app


def application() -> Flask:
    """Build the application from the environment: what each worker of the server calls."""
    settings = read_settings(os.environ)
    logging.config.dictConfig(log_configuration(settings.log_level))
    return create_app(open_catalogue(settings))
