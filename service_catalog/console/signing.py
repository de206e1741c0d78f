"""Signing in to the pages and out again; what was typed before the session ended is carried on."""

from flask import Response, request, url_for

from service_catalog.actions.signing_in import authenticate
from service_catalog.console.current import latest_catalogue
from service_catalog.console.held import HELD, packed, unpacked
from service_catalog.console.rendering import answer_in_private, lead_on
from service_catalog.console.sessions import (
    LONGEST_TOKEN,
    PrivatePages,
    begin_session,
    end_session,
    seems_unprotected,
)
from service_catalog.domain.access import Actor, Permission
from service_catalog.domain.errors import InvalidToken
from service_catalog.domain.vocabulary import Text

pages = PrivatePages("signing_pages", __name__)


@pages.page("/admin/sign-in", methods=("GET", "POST"))
def sign_in() -> Response:
    """Ask for an access token; where it holds, begin a session and go on to where the reader wanted to be."""
    goal = _goal(request.values.get("goal", ""))
    held = unpacked(request.form.get(HELD, ""))
    if request.method != "POST":
        return _asking(goal, held, None)
    token = request.form.get("token", "").strip()[:LONGEST_TOKEN]
    try:
        actor = authenticate(latest_catalogue(), token)
    except InvalidToken as error:
        response = _asking(goal, held, error.detail)
        response.status_code = 401
        return response
    goal = _within_reach(goal, actor)
    response = answer_in_private("signed_in.html", goal=goal, held=held) if held else lead_on(goal)
    begin_session(response, token)
    return response


@pages.page("/admin/sign-out", methods=("GET", "POST"))
def sign_out() -> Response:
    """End the session; whoever only follows a link here is asked to press the button."""
    if request.method != "POST":
        return answer_in_private("sign_out.html")
    response = lead_on(url_for("signing_pages.sign_in"))
    end_session(response)
    return response


def _asking(goal: str, held: list[tuple[str, str]], fault: Text | None) -> Response:
    unprotected = seems_unprotected()
    return answer_in_private("sign_in.html", goal=goal, held=packed(held), fault=fault, unprotected=unprotected)


def _goal(given: str) -> str:
    """Return an address of the administrators' pages, never one of another site."""
    home = url_for("admin_pages.list_services")
    return given if given.startswith(home.partition("?")[0]) else home


def _within_reach(goal: str, actor: Actor) -> str:
    """Return where this reader begins: who may change nothing begins with the revisions."""
    is_home = goal.partition("?")[0] == url_for("admin_pages.list_services").partition("?")[0]
    may_work = actor.may(Permission.WRITE_CATALOGUE)
    return url_for("comparison_pages.list_revisions") if is_home and not may_work else goal
