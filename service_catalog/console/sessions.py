"""Who is signed in to the pages: the session cookie, and forms that come from these pages alone.

The cookie holds the access token itself. Workers on several hosts share no secret by which they could seal it, and a
table of sessions would be a second credential to issue, to let expire and to revoke. No script can read the cookie, a
browser sends it only over TLS or to its own machine, and the token is looked up for every page, so its revocation acts
at once. The API takes no cookie, and the pages no ``Authorization``: nothing a browser sends by itself reaches a call.
"""

from typing import cast
from urllib.parse import urlsplit

from flask import Response, g, request

from service_catalog.console.pages import Pages
from service_catalog.domain.access import Actor
from service_catalog.domain.errors import NotPermitted, NotSignedIn
from service_catalog.domain.vocabulary import Text

COOKIE = "__Host-session"
"""By this prefix a browser takes it only with Secure, for this host alone and every path of it."""

LONGEST_TOKEN = 200
"""Characters of a token that are looked at; those that are issued have 47."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})


def session_token() -> str:
    """Return the access token in the session cookie.

    Raises:
        NotSignedIn: where there is none.
    """
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise NotSignedIn(Text("请先登录", "please sign in first"))
    return token[:LONGEST_TOKEN]


def begin_session(response: Response, token: str) -> None:
    """Sign the reader in, until the browser is closed or the token ends.

    ``Lax`` lets a link from elsewhere, such as a letter, open a page signed in; forms from elsewhere are refused.
    """
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="Lax", path="/")


def end_session(response: Response) -> None:
    """Sign the reader out."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")


def current_actor() -> Actor:
    """Return who is signed in, on a page that the policy has let through."""
    return cast("Actor", g.actor)


class PrivatePages(Pages):
    """Pages whose forms do something: each request begins with ``refuse_foreign_forms``."""

    def __init__(self, name: str, import_name: str) -> None:
        """Refuse the forms of other sites on every page that is added."""
        super().__init__(name, import_name)
        self.before_request(refuse_foreign_forms)


def is_own_form() -> bool:
    """Tell whether the present request comes from these pages, or only reads.

    A browser says where a form comes from, by ``Sec-Fetch-Site``, by ``Origin``, or by both; what neither vouches for
    does not count. ``Host`` must therefore arrive as the browser wrote it.
    """
    if request.method in _SAFE:
        return True
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_own = site is None or site in _OWN_SITE
    is_here = origin is None or urlsplit(origin).netloc == request.host
    return is_own and is_here and not (site is None and origin is None)


def refuse_foreign_forms() -> None:
    """Let only a form of these pages do something.

    Raises:
        NotPermitted: where the form comes from another site, or nobody says from where.
    """
    if not is_own_form():
        raise NotPermitted(
            Text("这份表单不是从本网站的网页提交的", "this form was not sent from a page of this website")
        )


def seems_unprotected() -> bool:
    """Tell whether the browser would not keep the cookie: it names the site of a request only where it trusts the way.

    That is TLS, also where a proxy in front ends it, and the browser's own machine.
    """
    return not request.is_secure and "Sec-Fetch-Site" not in request.headers
