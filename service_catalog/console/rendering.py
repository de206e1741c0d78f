"""A template becomes an answer: with the words of its language, a tag, and a policy that trusts this server alone."""

from typing import Any

from flask import Response, render_template, request

from service_catalog.console.assets import asset
from service_catalog.console.languages import Language
from service_catalog.console.pages import LARGE_TYPE, address, current_language, is_large, same_page
from service_catalog.documents.tabular.labels import LABELS
from service_catalog.domain import vocabulary
from service_catalog.domain.revisions import Operation, digest_of

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Scripts and styles come from files of this server: nothing inline, nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # under no-referrer a browser would send forms with Origin: null
}

UNSAID = "—"
"""The reason of a preview, which is written nowhere, while none is given."""

REVALIDATE = "public, no-cache"
"""May be kept by anybody, but asked about before each use."""


ONE_READERS = "private, no-cache"
"""As above, but by the reader's own browser alone: for a page that says at which address it was asked for."""


def answer_page(template: str, *, kept: str = REVALIDATE, **values: Any) -> Response:
    """Answer a public page, or 304 where the reader has it; its tag is the SHA-256 of its bytes."""
    body = render(template, **values).encode()
    response = Response(body, content_type="text/html; charset=utf-8", headers=HEADERS)
    response.headers["Cache-Control"] = kept
    response.set_etag(digest_of(body))
    response.make_conditional(request)
    return response


def answer_in_private(template: str, **values: Any) -> Response:
    """Answer a page for one reader: nobody keeps it, neither a cache nor the browser after signing out."""
    response = Response(render(template, **values), content_type="text/html; charset=utf-8", headers=HEADERS)
    response.headers["Cache-Control"] = "no-store"
    return response


def lead_on(address: str) -> Response:
    """Answer a form by the address of what it made, so that loading that page again sends nothing twice."""
    response = Response(status=303, headers={"Cache-Control": "no-store"})
    response.location = address
    return response


def render(template: str, **values: Any) -> str:
    """Return the HTML of ``console/<template>``; what every template may use is named here."""
    language = current_language()
    return render_template(
        f"console/{template}",
        language=language,
        say=language.say,
        plain=language.plain,
        local=language.marked,
        chinese=Language.ZH.quoted,
        number=language.number,
        percent=language.percent,
        day=language.day,
        moment=language.moment,
        is_large=is_large(),
        large_type=LARGE_TYPE,
        asset=asset,
        address=address,
        same_page=same_page,
        codes=vocabulary,
        operations=Operation,
        labels=LABELS,
        **values,
    )
