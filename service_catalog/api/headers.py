"""What goes around every answer: request id, security headers, CORS for anonymous readers, and the access log."""

import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from service_catalog.api.current import current_request
from service_catalog.api.parsing import WholeRequest
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

CALLER = "Authorization"
"""What public answers vary by: a shared cache must not hand a signed caller's copy to a foreign page."""

_SECURITY = [(name.lower(), (name, value)) for name, value in SECURITY.items()]

Pair = tuple[str, str]


def surround(app: Flask) -> None:
    """Register what happens before and after each request."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    asked = current_request()
    asked.began = time.perf_counter()
    asked.named = request_id(asked.environ.get("HTTP_X_REQUEST_ID"))
    _check_address(asked)
    _check_bounds(asked)


def _check_address(asked: WholeRequest) -> None:
    """Refuse slashes in front of an address, which werkzeug would drop.

    A percent-encoded slash cannot be told from a plain one: the server decodes the path before it hands it on.
    """
    if asked.environ["PATH_INFO"].startswith("//"):
        raise NotFound


def _check_bounds(asked: WholeRequest) -> None:
    """Refuse a body whose declared length is over the bound, before anything reads it.

    One that declares no length (chunked) is cut off at the same bound where a view reads it; where none does, it is
    never read, and the server closes the connection after the answer.
    """
    declared = asked.content_length if "CONTENT_LENGTH" in asked.environ else None
    if declared and asked.url_rule is not None and declared > (asked.max_content_length or 0):
        raise RequestEntityTooLarge


def _finish(response: Response) -> Response:
    asked, headers = current_request(), response.headers
    given = {name.lower() for name, _ in headers}
    headers.extend([pair for name, pair in _SECURITY if name not in given])
    if asked.path.startswith(API_PREFIX):
        if "vary" in given:
            response.vary.add(CALLER)
        else:
            headers.extend([("Vary", CALLER)])
        headers.extend([*_for_foreign_readers(asked)])
    hand_over(asked, response)
    leave_out_what_is_known(asked, response)
    headers["X-Request-ID"] = asked.named
    route = asked.url_rule.rule if asked.url_rule else None
    write_access(asked.method, route, asked.named, response.status_code, asked.began)
    return response


def _for_foreign_readers(asked: WholeRequest) -> Iterator[Pair]:
    """Yield what lets any page read public answers; a call with credentials, or one that writes, gets none of it."""
    if "HTTP_AUTHORIZATION" in asked.environ:
        return
    is_preflight = asked.method == "OPTIONS"
    if (asked.headers.get("Access-Control-Request-Method") if is_preflight else asked.method) not in _READING:
        return
    yield "Access-Control-Allow-Origin", "*"
    yield "Access-Control-Expose-Headers", READABLE
    if is_preflight:
        yield "Access-Control-Allow-Methods", "GET, HEAD"
        yield "Access-Control-Allow-Headers", "If-None-Match, X-Request-ID"
        yield "Access-Control-Max-Age", "86400"


def described_request() -> dict[str, Any]:
    """Return what a log line says of a request: the route's pattern, never its values or query.

    Those could hold personal data.
    """
    asked = current_request()
    return {
        "method": asked.method,
        "route": asked.url_rule.rule if asked.url_rule else None,
        "request_id": asked.named,
    }
