"""Lists of a small catalogue, answered in front of Flask: nothing of what it does for a request is needed for them.

It stands between the response cache and the application, and answers what the application would, byte for byte. What
it is not certain of it leaves to the application: another call, a fault in the parameters, a larger catalogue.
"""

import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from service_catalog.actions.at_hand import SmallCatalogue
from service_catalog.api.answering import link_to_next, page_body
from service_catalog.api.contract import API
from service_catalog.api.reuse import answer_of
from service_catalog.documents.query_strings import read_query
from service_catalog.documents.schemas.queries import ListQuery
from service_catalog.domain.errors import CatalogueError
from service_catalog.domain.revisions import digest_of
from service_catalog.http_cache import KEEP, STANDING, Answer, Application, Environment, Headers, give, may_be_given

LIST = f"{API}/services"

_OF_ONE = frozenset({"content-length", "etag", "link"})
"""Headers that differ from list to list."""


class ListsAtHand:
    """A WSGI application that answers lists for another where it can; only within the response cache."""

    def __init__(self, application: Application, catalogue: SmallCatalogue) -> None:
        """Begin without knowing the headers of a list, which are those of the application's first one."""
        self._application = application
        self._catalogue = catalogue
        self._headers: Headers = []

    def __call__(self, environ: Environment, start_response: Any) -> Iterable[bytes]:
        """Answer from memory, or let the application answer."""
        began = time.perf_counter()
        if KEEP not in environ or environ["PATH_INFO"] != LIST:
            return self._application(environ, start_response)
        answer = self._answer(environ) if self._headers else None
        if answer is not None and may_be_given(answer, environ):
            environ[KEEP](answer)
            return give(answer, environ, start_response, began)
        environ[KEEP] = self._learning(environ[KEEP])
        return self._application(environ, start_response)

    def _learning(self, keep: Any) -> Any:
        def learn(answer: Answer) -> None:
            self._headers = [pair for pair in answer.headers if pair[0].lower() not in _OF_ONE]
            keep(answer)

        return keep if self._headers else learn

    def _answer(self, environ: Environment) -> Answer | None:
        query = environ["QUERY_STRING"].encode("latin-1")  # as WSGI has it, whatever the reader's bytes were
        try:
            pairs = parse_qsl(query.decode(), keep_blank_values=True, errors="strict")
            page = self._catalogue.page(read_query(ListQuery, pairs, len(query)), environ[STANDING])
        except (CatalogueError, UnicodeError):
            return None  # the application says what is wrong with it
        if page is None:
            return None
        body = page_body(page)
        tag = f'"{digest_of(body)}"'
        headers = [*self._headers, ("Content-Length", str(len(body))), ("ETag", tag)]
        if page.next is not None:
            headers.append(("Link", link_to_next(LIST, pairs, page.next)))
        return answer_of(LIST, tag, headers, body)
