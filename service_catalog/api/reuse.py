"""Answers that are used again: the response cache is handed the public ones, and a reader who has one gets 304."""

from flask import Response, request
from werkzeug.http import is_entity_header

from service_catalog.http_cache import KEEP, Answer

_STAYS = frozenset({"expires", "content-location"})
_READING = frozenset({"GET", "HEAD"})


def hand_over(response: Response) -> None:
    """Hand a public answer, as a whole, to the response cache around the application, where there is one."""
    keep = request.environ.get(KEEP)
    tag = response.headers.get("ETag")
    is_public = response.headers.get("Cache-Control", "").startswith("public")
    if keep is None or tag is None or not is_public or response.status_code != 200 or request.url_rule is None:
        return
    headers = response.get_wsgi_headers(request.environ).to_wsgi_list()
    keep(
        Answer(
            route=request.url_rule.rule,
            tag=tag,
            headers=headers,
            brief=[pair for pair in headers if _is_in_brief(pair[0])],
            body=response.get_data(),
        )
    )


def leave_out_what_is_known(response: Response) -> None:
    """Make an answer that ``If-None-Match`` names a 304; werkzeug's own check would also judge If-Match on a read."""
    tag = response.get_etag()[0]
    if tag is None or response.status_code != 200 or request.method not in _READING:
        return
    known = request.if_none_match
    if known.star_tag or known.contains_weak(tag):
        _shorten(response)


def _is_in_brief(name: str) -> bool:
    """Say whether a 304 has a header too: of those about the body it leaves out the same as werkzeug does."""
    return name.lower() in _STAYS or not (is_entity_header(name) or name.lower() == "content-digest")


def _shorten(response: Response) -> None:
    response.status_code = 304
    response.set_data(b"")
    response.headers.pop("Content-Digest", None)
