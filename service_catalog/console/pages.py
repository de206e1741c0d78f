"""Addresses of pages: each in both languages, told apart by the prefix ``/en``, and in ordinary or large type.

Language and type stand in the address, so that a link keeps them, a shared cache can tell them apart, and no cookie
is needed.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import marshmallow as ma
from flask import Blueprint, current_app, g, has_request_context, request, url_for

from service_catalog.console.languages import Language
from service_catalog.documents.query_strings import read_query
from service_catalog.domain.selection import ExportRequest

LARGE_TYPE = ("text", "large")
"""The parameter, and its one value, by which every page comes in large type."""

View = Callable[..., Any]


class Pages(Blueprint):
    """A blueprint whose pages exist in both languages under one endpoint; views do not see which was asked for."""

    def __init__(self, name: str, import_name: str) -> None:
        """Take the language out of each address, and put it into each that is built."""
        super().__init__(name, import_name, template_folder="templates", static_folder=None)
        self.url_value_preprocessor(_take_language)

    def page(self, rule: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
        """Serve a view at ``rule`` in Chinese and at ``/en`` and ``rule`` in English."""

        def add(view: View) -> View:
            for language in Language:
                place = language.prefix + rule
                self.add_url_rule(place, view_func=view, methods=methods, defaults={"language": language.value})
            return view

        return add


def _take_language(_: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        g.language = Language(values.pop("language"))


def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Let an address that is built lead to the language and the type of the present page, unless it names others."""
    if current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values.setdefault("language", current_language().value)
        if is_large():
            values.setdefault(*LARGE_TYPE)


def current_language() -> Language:
    """Return the language of the present page; where no page is at the address, its first part decides."""
    if "language" in g:
        return Language(g.language)
    path = request.path if has_request_context() else ""
    english = Language.EN.prefix
    return Language.EN if path == english or path.startswith(f"{english}/") else Language.ZH


def is_large() -> bool:
    """Tell whether the present page was asked for in large type."""
    return LARGE_TYPE in request.args.items(multi=True)


def parameters() -> list[tuple[str, str]]:
    """Return the parameters that were asked with, without the type, and without what a form left empty."""
    return [pair for pair in request.args.items(multi=True) if pair != LARGE_TYPE and pair[1]]


def asked(schema: type[ma.Schema], given: list[tuple[str, str]] | None = None) -> Any:
    """Return what the API's own schema makes of the parameters of the present page, or of those it was given.

    Raises:
        InvalidParameters, InvalidCursor: as the API would.
    """
    return read_query(schema, parameters() if given is None else given, len(request.query_string))


def address(endpoint: str, pairs: list[tuple[str, str]], **values: Any) -> str:
    """Return the address of a page with these parameters, each of which may stand more than once."""
    base, query = url_for(endpoint, **values), urlencode(pairs)
    joint = "&" if "?" in base else "?"
    return f"{base}{joint}{query}" if query else base


def export_address(wanted: ExportRequest) -> str:
    """Return where the API has an export, relative to the server."""
    return f"/api/v1/export?{urlencode(wanted.parameters)}"


def same_page(**values: Any) -> str:
    """Return the address of the present page with another language or type; home where there is none."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != LARGE_TYPE[0]]
    if request.url_rule is None or "language" not in g:
        return address("pages.show_home", [], **values)
    return address(str(request.endpoint), pairs, **(request.view_args or {}), **values)
