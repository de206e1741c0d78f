"""What goes around every answer: request id, security headers, CORS for anonymous readers, and the access log."""

import time
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from service_catalog.api.reuse import hand_over, leave_out_what_is_known
from service_catalog.logs import request_id, write_access

_READING = frozenset({"GET", "HEAD"})
API_PREFIX = "/api/"

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
"""On every answer; a page that needs more sets its own policy."""

READABLE = "ETag, Link, X-Request-ID, Retry-After"
"""Headers that a browser lets a foreign page read."""


def surround(app: Flask) -> None:
    """Register what happens before and after each request."""
    app.before_request(_begin)
    app.before_request(_check_address)
    app.before_request(_check_bounds)
    app.after_request(_finish)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = request_id(request.headers.get("X-Request-ID"))


def _check_address() -> None:
    """Refuse slashes in front of an address, which werkzeug would drop.

    A percent-encoded slash cannot be told from a plain one: the server decodes the path before it hands it on.
    """
    if request.environ["PATH_INFO"].startswith("//"):
        raise NotFound


def _check_bounds() -> None:
    """Refuse a body whose declared length is over the bound, before anything reads it.

    One that declares no length (chunked) is cut off at the same bound where a view reads it; where none does, it is
    never read, and the server closes the connection after the answer.
    """
    if request.url_rule is not None and (request.content_length or 0) > (request.max_content_length or 0):
        raise RequestEntityTooLarge


def _finish(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    _allow_foreign_readers(response)
    hand_over(response)
    leave_out_what_is_known(response)
    response.headers["X-Request-ID"] = g.request_id
    members = described_request()
    write_access(members["method"], members["route"], members["request_id"], response.status_code, g.started)
    return response


def _allow_foreign_readers(response: Response) -> None:
    """Let any page read public answers; a call with credentials, or one that writes, gets no such header."""
    if not request.path.startswith(API_PREFIX):
        return
    response.vary.add("Authorization")  # a shared cache must not hand a signed caller's copy to a foreign page
    if "Authorization" in request.headers:
        return
    asked = request.headers.get("Access-Control-Request-Method") if request.method == "OPTIONS" else request.method
    if asked not in _READING:
        return
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = READABLE
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match, X-Request-ID"
        response.headers["Access-Control-Max-Age"] = "86400"


def described_request() -> dict[str, Any]:
    """Return what a log line says of a request: the route's pattern, never its values or query.

    Those could hold personal data.
    """
    return {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "request_id": g.request_id,
    }
