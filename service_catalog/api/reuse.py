"""Answers that are used again: the response cache is handed the public ones, and a reader who has one gets 304."""

from functools import cache

from flask import Request, Response
from werkzeug.http import is_entity_header

from service_catalog.api.current import is_certain
from service_catalog.http_cache import KEEP, Answer, Headers

_STAYS = frozenset({"expires", "content-location"})
_READING = frozenset({"GET", "HEAD"})


def hand_over(asked: Request, response: Response) -> None:
    """Hand a public answer that is certain to the response cache around the application, where there is one."""
    keep = asked.environ.get(KEEP)
    if keep is None or response.status_code != 200 or asked.url_rule is None or not is_certain():
        return
    tag = response.headers.get("ETag")
    if tag is None or not response.headers.get("Cache-Control", "").startswith("public"):
        return
    headers = response.get_wsgi_headers(asked.environ).to_wsgi_list()
    keep(answer_of(asked.url_rule.rule, tag, headers, response.get_data()))


def answer_of(route: str, tag: str, headers: Headers, body: bytes) -> Answer:
    """Return an answer as it is kept, with what is sent to whoever has it already."""
    return Answer(route, tag, headers, [pair for pair in headers if _is_in_brief(pair[0])], body)


def leave_out_what_is_known(asked: Request, response: Response) -> None:
    """Make an answer that ``If-None-Match`` names a 304; werkzeug's own check would also judge If-Match on a read."""
    if "HTTP_IF_NONE_MATCH" not in asked.environ or response.status_code != 200 or asked.method not in _READING:
        return
    tag, known = response.get_etag()[0], asked.if_none_match
    if tag is not None and (known.star_tag or known.contains_weak(tag)):
        _shorten(response)


@cache
def _is_in_brief(name: str) -> bool:
    """Say whether a 304 has a header too: of those about the body it leaves out the same as werkzeug does."""
    return name.lower() in _STAYS or not (is_entity_header(name) or name.lower() == "content-digest")


def _shorten(response: Response) -> None:
    response.status_code = 304
    response.set_data(b"")
    response.headers.pop("Content-Digest", None)
