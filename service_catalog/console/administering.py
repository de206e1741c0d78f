"""The pages for administrators: signing in and out, and where their work begins."""

from flask import Response, request, url_for

from service_catalog.actions.signing_in import authenticate
from service_catalog.console.current import latest_catalogue
from service_catalog.console.pages import Pages
from service_catalog.console.rendering import answer_in_private
from service_catalog.console.sessions import (
    LONGEST_TOKEN,
    begin_session,
    current_actor,
    end_session,
    refuse_foreign_forms,
    seems_unprotected,
)
from service_catalog.domain.errors import InvalidToken

pages = Pages("admin_pages", __name__)
pages.before_request(refuse_foreign_forms)


@pages.page("/admin")
def show_admin() -> Response:
    """Say who is signed in and what they may change."""
    return answer_in_private("admin.html", actor=current_actor())


@pages.page("/admin/sign-in", methods=("GET", "POST"))
def sign_in() -> Response:
    """Ask for an access token; where it holds, begin a session and go on to where the reader wanted to be."""
    goal = _goal(request.values.get("goal", ""))
    if request.method != "POST":
        return answer_in_private("sign_in.html", goal=goal, fault=None, unprotected=seems_unprotected())
    token = request.form.get("token", "").strip()[:LONGEST_TOKEN]
    try:
        authenticate(latest_catalogue(), token)
    except InvalidToken as error:
        response = answer_in_private("sign_in.html", goal=goal, fault=error.detail, unprotected=seems_unprotected())
        response.status_code = 401
        return response
    response = _onward(goal)
    begin_session(response, token)
    return response


@pages.page("/admin/sign-out", methods=("GET", "POST"))
def sign_out() -> Response:
    """End the session; whoever only follows a link here is asked to press the button."""
    if request.method != "POST":
        return answer_in_private("sign_out.html")
    response = _onward(url_for("admin_pages.sign_in"))
    end_session(response)
    return response


def _goal(given: str) -> str:
    """Return an address of the administrators' pages, never one of another site."""
    home = url_for("admin_pages.show_admin")
    return given if given.startswith(home.partition("?")[0]) else home


def _onward(address: str) -> Response:
    response = Response(status=303, headers={"Cache-Control": "no-store"})
    response.location = address
    return response
