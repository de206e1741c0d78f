"""Errors as pages: a problem that is not for a program is shown to a person, in the language of the address."""

import json
from typing import Any

from flask import Response, request, url_for

from service_catalog.console.rendering import HEADERS, render
from service_catalog.console.sessions import end_session, seems_unprotected
from service_catalog.domain.errors import NotSignedIn
from service_catalog.domain.vocabulary import Text

PROBLEM = "application/problem+json"
MACHINES = ("/api/", "/healthz/", "/readyz/")
"""Addresses below which programs ask; they get the problem itself."""


def show_problem(response: Response) -> Response:
    """Turn a problem into a page that says the same, with its status and headers; other answers stay as they are."""
    if response.status_code < 400 or response.mimetype != PROBLEM or f"{request.path}/".startswith(MACHINES):
        return response
    problem = json.loads(response.get_data())
    response.set_data(
        _asking_to_sign_in(problem) if response.status_code == 401 else render("problem.html", problem=problem)
    )
    if response.status_code == 401:
        end_session(response)
    response.content_type = "text/html; charset=utf-8"
    response.headers.update(HEADERS)
    return response


def _asking_to_sign_in(problem: dict[str, Any]) -> str:
    """Return the form that leads on to the page that was asked for, with what ended the session if one had begun."""
    is_new = problem["code"] == NotSignedIn.code
    fault = None if is_new else Text(problem["detail_zh"], problem["detail"])
    goal = request.full_path.rstrip("?") if request.method == "GET" else url_for("admin_pages.show_admin")
    return render("sign_in.html", goal=goal, fault=fault, unprotected=seems_unprotected())
