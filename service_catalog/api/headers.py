"""What goes around every answer: request id, security headers, CORS for anonymous readers, and the access log."""

import logging
import re
import time
import uuid

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

from service_catalog.api.auth import check_policy
from service_catalog.api.contract import LONGEST_TAGS
from service_catalog.logs import ACCESS

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z", re.ASCII)
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

access_log = logging.getLogger(ACCESS)


def surround(app: Flask) -> None:
    """Register what happens before and after each request."""
    app.before_request(_begin)
    app.before_request(_check_bounds)
    app.before_request(check_policy)
    app.after_request(_finish)


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex


def _check_bounds() -> None:
    """Refuse a long tag list, and a large body before anything reads it; one without a length is cut off later."""
    if len(request.headers.get("If-None-Match", "")) > LONGEST_TAGS:
        raise BadRequest
    if request.url_rule is not None and (request.content_length or 0) > (request.max_content_length or 0):
        request.get_data()


def _finish(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = g.request_id
    _allow_foreign_readers(response)
    _log(response)
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


def _log(response: Response) -> None:
    """Write one line: the route's pattern, never its values or the query, which could hold personal data."""
    members = {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.started) * 1000, 2),
        "request_id": g.request_id,
    }
    access_log.info("request", extra={"members": members})
