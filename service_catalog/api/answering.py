"""Answers as bytes with a strong ETag: the tag is the content's SHA-256."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.datastructures import Headers

from service_catalog.actions.browsing import ChangesPage, ServicePage
from service_catalog.actions.editing import Written
from service_catalog.actions.effects import warning_document
from service_catalog.documents.canonical import compact
from service_catalog.domain.errors import InvalidPrecondition, Place
from service_catalog.domain.revisions import Operation, StoredDocument, digest_of
from service_catalog.domain.vocabulary import Text

LONGEST_TAGS = 2000
"""Characters of an If-None-Match header that are read."""

REVALIDATE = "public, no-cache"
"""May be kept by anybody, but asked about before each use: a copy is never older than the last write."""

PRIVATE = "private, no-cache"
"""May be kept by whoever asked, and by nobody in between."""

FOREVER = "public, max-age=31536000, immutable"
"""A named revision never changes."""


class Whole(Response):
    """A response whose bytes are all there, and whose headers are final once it is 200."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Return the headers; only what is no longer whole, a 304, has any to lose."""
        return self.headers if self.status_code == 200 else super().get_wsgi_headers(environ)

    def get_app_iter(self, environ: Any) -> list[bytes]:
        """Return the body in a list, which the server sends at once; of anything else it asks for part after part."""
        return [] if self.status_code == 304 or environ["REQUEST_METHOD"] == "HEAD" else [self.get_data()]


def answer(
    body: bytes,
    *,
    etag: str | None = None,
    cache_control: str = REVALIDATE,
    content_type: str = "application/json",
) -> Response:
    """Answer bytes; the tag is their SHA-256 unless given. Whoever names it in ``If-None-Match`` gets 304 in the end.

    Raises:
        InvalidPrecondition: where that header is over ``LONGEST_TAGS``.
    """
    if len(request.environ.get("HTTP_IF_NONE_MATCH", "")) > LONGEST_TAGS:
        raise _too_many_tags()
    response = Whole(body, content_type=content_type)
    response.headers.extend((("ETag", f'"{etag or digest_of(body)}"'), ("Cache-Control", cache_control)))
    return response


def _too_many_tags() -> InvalidPrecondition:
    bound = Text(f"最多 {LONGEST_TAGS} 个字符", f"may have at most {LONGEST_TAGS} characters")
    message = Text(f"If-None-Match 头{bound.zh}", f"the header If-None-Match {bound.en}")
    return InvalidPrecondition(message, [Place(bound, parameter="If-None-Match")])


def answer_file(
    body: bytes, *, name: str, content_type: str, cache_control: str, location: str | None = None
) -> Response:
    """Answer bytes as a file to keep, with their digest (RFC 9530); ``location`` is where these very bytes stay."""
    response = answer(body, cache_control=cache_control, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if location is not None:
        response.headers["Content-Location"] = location
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    response.headers["Content-Digest"] = f"sha-256=:{digest}:"
    return response


def answer_value(value: object) -> Response:
    """Answer a small value that is not stored anywhere."""
    return answer(compact(value))


def answer_document(stored: StoredDocument, *, immutable: bool) -> Response:
    """Answer the stored bytes of a document, tagged with the digest that the log recorded."""
    return answer(stored.document, etag=stored.sha256, cache_control=FOREVER if immutable else REVALIDATE)


def answer_changes(page: ChangesPage) -> Response:
    """Answer a page of changes by joining stored bytes; ``Link`` leads on where more follow."""
    rest = {"next": page.next, "revision": page.revision}
    return _linked(answer(_joined(page.items, rest)), rest)


def answer_page(page: ServicePage) -> Response:
    """Answer a page by joining stored bytes; ``Link`` leads on where more follow."""
    return _linked(answer(page_body(page)), {"next": page.next})


def page_body(page: ServicePage) -> bytes:
    """Return the body of a page of services: stored bytes, joined."""
    rest = {"total": page.total, "total_is": page.total_is.value, "next": page.next, "revision": page.revision}
    return _joined(page.documents, rest)


def _joined(items: Iterable[bytes], rest: dict[str, int | str | None]) -> bytes:
    return b'{"items":[' + b",".join(items) + b"]," + compact(rest)[1:]


def answer_written(written: Written) -> Response:
    """Answer a service after a write: its stored bytes, its new tag, and what could be better."""
    rest = {"warnings": [warning_document(finding) for finding in written.warnings]}
    changed = b"true" if written.op else b"false"
    body = b'{"changed":' + changed + b',"service":' + written.stored.document + b"," + compact(rest)[1:]
    response = _unkept(body)
    response.set_etag(written.stored.sha256)
    if written.op is Operation.CREATED:
        response.status_code = 201
        response.headers["Location"] = f"/api/v1/services/{written.stored.id}"
    return response


def answer_bulk(body: bytes) -> Response:
    """Answer what a bulk change did."""
    return _unkept(body)


def answer_private(value: object) -> Response:
    """Answer a value that only signed-in callers may see."""
    page = answer(compact(value), cache_control=PRIVATE)
    return _linked(page, value) if isinstance(value, dict) and "next" in value else page


def answer_private_page(body: bytes, following: str | None, *, content_type: str) -> Response:
    """Answer a page that only signed-in callers may see; ``following`` is the cursor of the next one."""
    return _linked(answer(body, cache_control=PRIVATE, content_type=content_type), {"next": following})


def _unkept(body: bytes) -> Response:
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_linked(page: dict[str, Any]) -> Response:
    """Answer a small page whose items are not stored anywhere."""
    return _linked(answer_value(page), page)


def _linked(response: Response, page: Mapping[str, Any]) -> Response:
    if page["next"] is not None:
        response.headers["Link"] = link_to_next(request.path, request.args.items(multi=True), page["next"])
    return response


def link_to_next(path: str, asked: Iterable[tuple[str, str]], cursor: str) -> str:
    """Return the header that leads on from what was asked: the same address, relative to the server, with a cursor."""
    kept = [(name, value) for name, value in asked if name != "cursor"]
    return f'<{path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'
