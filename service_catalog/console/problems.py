"""Errors as pages: a problem that is not for a program is shown to a person, in the language of the address."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, g, request, url_for

from service_catalog.console.held import packed, typed
from service_catalog.console.rendering import HEADERS, render
from service_catalog.console.sessions import end_session, seems_unprotected
from service_catalog.domain.errors import CatalogueError, NotSignedIn
from service_catalog.domain.vocabulary import Text

PROBLEM = "application/problem+json"
MACHINES = ("/api/", "/healthz/", "/readyz/")
"""Addresses below which programs ask; they get the problem itself."""


@contextmanager
def shown_within(template: str, **values: Any) -> Iterator[None]:
    """Let what is refused inside be told by a form's own page, filled in as it was sent, with the problem's status.

    The template gets ``problem``, the members of the API's own answer, in place of the view's value, and ``error``.
    """
    try:
        yield
    except CatalogueError as error:
        g.shown_within = (template, values | {"error": error})
        raise


def show_problem(response: Response) -> Response:
    """Turn a problem into a page that says the same, with its status and headers; other answers stay as they are."""
    if response.status_code < 400 or response.mimetype != PROBLEM or f"{request.path}/".startswith(MACHINES):
        return response
    problem = json.loads(response.get_data())
    if response.status_code == 401:
        page = _asking_to_sign_in(problem)
        end_session(response)
    elif "shown_within" in g:
        template, values = g.shown_within
        page = render(template, **values | {"problem": problem})
    else:
        page = render("problem.html", problem=problem, held=typed(), here=_here())
    response.set_data(page)
    response.content_type = "text/html; charset=utf-8"
    response.headers.update(HEADERS)
    return response


def _asking_to_sign_in(problem: dict[str, Any]) -> str:
    """Return the form that leads on to the page that was asked for, with what ended the session if one had begun."""
    is_new = problem["code"] == NotSignedIn.code
    fault = None if is_new else Text(problem["detail_zh"], problem["detail"])
    held = typed()
    goal = _here() if held or request.method != "POST" else url_for("admin_pages.list_services")
    return render("sign_in.html", goal=goal, held=packed(held), fault=fault, unprotected=seems_unprotected())


def _here() -> str:
    return request.full_path.rstrip("?")
