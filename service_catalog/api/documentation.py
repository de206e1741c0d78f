"""The contract as a page, as a document and as a list of error codes; nothing is loaded from another host."""

from collections.abc import Mapping
from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, current_app, render_template
from werkzeug.exceptions import NotFound

from service_catalog.api.answering import answer, answer_value
from service_catalog.api.contract import API, current_contract
from service_catalog.api.errors import REFUSALS, STATUS
from service_catalog.api.parsing import PARSER
from service_catalog.documents.schemas.queries import NoQuery

OWN_FILES = {name: Path(__file__).parent / "static" / name for name in ("docs.css", "docs.js")}
SWAGGER_FILES = {
    name: Path(flask_swagger_ui.__file__).parent / "dist" / name for name in ("swagger-ui.css", "swagger-ui-bundle.js")
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""Swagger UI sets style attributes and draws with data: images; scripts come from this server alone."""

blueprint = Blueprint("documentation", __name__, template_folder="templates", static_folder=None)


@blueprint.get("/docs")
def show_contract() -> Response:
    """Show the contract by Swagger UI."""
    return _page(render_template("docs.html"))


@blueprint.get("/docs/errors")
def show_errors() -> Response:
    """Explain every error code."""
    reasons = [(refusal, status) for status, refusal in REFUSALS.items()] + list(STATUS.items())
    explained = sorted((reason.code, status, reason.title, reason.explanation) for reason, status in reasons)
    return _page(render_template("errors.html", reasons=explained))


@blueprint.get(f"{API}/openapi.json")
def get_openapi() -> Response:
    """Answer the contract as OpenAPI 3.1."""
    PARSER.parse(NoQuery, location="query")
    return answer_value(current_contract(current_app))


@blueprint.get("/docs/assets/<name>")
def get_asset(name: str) -> Response:
    """Answer a file of our own page."""
    return _file(OWN_FILES, name)


@blueprint.get("/docs/swagger/<name>")
def get_swagger_asset(name: str) -> Response:
    """Answer a file of Swagger UI, from its package."""
    return _file(SWAGGER_FILES, name)


def _file(files: Mapping[str, Path], name: str) -> Response:
    """Answer one of the files, as a whole: nobody needs a part of a script."""
    if name not in files:
        raise NotFound
    response = answer(files[name].read_bytes(), content_type=_TYPES[files[name].suffix])
    response.headers["Accept-Ranges"] = "none"
    return response


def _page(html: str) -> Response:
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response
