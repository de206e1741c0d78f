"""Errors as pages: a problem that is not for a program is shown to a person, in the language of the address."""

import json

from flask import Response, request

from service_catalog.console.rendering import HEADERS, render

PROBLEM = "application/problem+json"
MACHINES = ("/api/", "/healthz/", "/readyz/")
"""Addresses below which programs ask; they get the problem itself."""


def show_problem(response: Response) -> Response:
    """Turn a problem into a page that says the same, with its status and headers; other answers stay as they are."""
    if response.mimetype != PROBLEM or f"{request.path}/".startswith(MACHINES):
        return response
    problem = json.loads(response.get_data())
    response.set_data(render("problem.html", problem=problem))
    response.content_type = "text/html; charset=utf-8"
    response.headers.update(HEADERS)
    return response
