"""The one place that puts the pages into an application."""

from flask import Flask

from service_catalog.actions.catalogue import Catalogue
from service_catalog.console import (
    administering,
    assets,
    auditing,
    browsing,
    comparing,
    editing,
    histories,
    indicators,
    reviewing,
    signing,
    uploading,
)
from service_catalog.console.current import show_catalogue
from service_catalog.console.pages import keep_language
from service_catalog.console.problems import show_problem


def add_pages(app: Flask, catalogue: Catalogue) -> None:
    """Serve every page over a catalogue, and errors outside the API as pages."""
    show_catalogue(app, catalogue)
    app.url_defaults(keep_language)
    app.after_request(show_problem)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in (
        browsing.pages,
        indicators.pages,
        auditing.pages,
        signing.pages,
        administering.pages,
        reviewing.pages,
        editing.pages,
        histories.pages,
        comparing.pages,
        uploading.pages,
        assets.blueprint,
    ):
        app.register_blueprint(blueprint)
