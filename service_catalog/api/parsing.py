"""Reading requests strictly: unknown or repeated parameters and sloppy bodies are refused, never guessed at."""

from collections import OrderedDict
from types import MappingProxyType
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wsgi import LimitedStream

from service_catalog.documents.canonical import strict_json
from service_catalog.documents.faults import refused_body
from service_catalog.documents.query_strings import invalid_parameters, read_query
from service_catalog.domain.errors import Place
from service_catalog.domain.vocabulary import Text

REMEMBERED = 1024
"""Parsed query strings kept; parsing eight parameters costs more than the rest of a small request."""

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request body; an import over that belongs to the command line."""

LARGEST_PLAIN_FORM = 1024 * 1024
"""Bytes of a form that is not sent in parts: ten thousand ids, or a hundred thousand Chinese characters."""

NO_PARAMETERS = Text("此调用不接受查询参数", "the call takes no query parameters")


class WholeRequest(Request):
    """A request whose body is read as a whole or refused.

    werkzeug by itself cuts a body that declares no length off at the bound and hands out the first part.
    """

    began = 0.0
    """When it began (``time.perf_counter``)."""

    named = ""
    """The id by which it is found in the log."""

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
        """Bound a form that is not sent in parts: it may say ``a&a&a&…``, each of which takes a hundred bytes."""
        super().__init__(environ, *args, **options)
        if "CONTENT_TYPE" in environ and self.mimetype == "application/x-www-form-urlencoded":
            self.max_content_length = LARGEST_PLAIN_FORM

    def get_data(self, cache: bool = True, as_text: Any = False, parse_form_data: bool = False) -> Any:
        """Return the body.

        Raises:
            RequestEntityTooLarge: where more than ``max_content_length`` arrives.
        """
        body = super().get_data(cache, as_text, parse_form_data)
        read = self.stream
        if isinstance(read, LimitedStream) and read.is_exhausted and self.input_stream.read(1):
            raise RequestEntityTooLarge
        return body


class StrictParser(FlaskParser):
    """webargs with its leniencies removed, answering faults as the catalogue's own errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - webargs declares it so
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": ma.RAISE,
    }

    def __init__(self) -> None:
        """Start with nothing remembered."""
        super().__init__()
        self._parsed: OrderedDict[tuple[type, bytes], Any] = OrderedDict()

    def parse(self, argmap: Any, req: Request | None = None, *, location: str | None = None, **options: Any) -> Any:
        """Parse as webargs does; a query string seen before gives the same selection at once.

        A query's selection is frozen, since later requests get it as well.

        Raises:
            InvalidParameters, InvalidBody, MalformedBody, UnsupportedMediaType: with the places at fault.
        """
        req = req or self.get_default_request()
        if location != "query":
            return super().parse(argmap, req, location=location, **options)
        key = (argmap if isinstance(argmap, type) else type(argmap), req.query_string)
        if key not in self._parsed:
            pairs = req.args.items(multi=True)
            self._parsed[key] = _frozen(read_query(key[0], pairs, len(req.query_string)))
            if len(self._parsed) > REMEMBERED:
                self._parsed.popitem(last=False)
        return self._parsed[key]

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the body, which must be strict JSON and say so; a call with a body takes no parameters."""
        if req.mimetype != "application/json" or req.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
            raise UnsupportedMediaType
        if req.args:
            raise invalid_parameters([Place(NO_PARAMETERS, parameter=name) for name in req.args])
        return strict_json(req.get_data(cache=True))

    def handle_error(self, error: ma.ValidationError, req: Any, schema: Any, **_: Any) -> NoReturn:
        """Raise the catalogue's own error with every place at fault."""
        ((_, messages),) = error.normalized_messages().items()  # type: ignore[no-untyped-call]
        raise refused_body(messages)


def _frozen(selection: Any) -> Any:
    """Return what a schema loaded as something that no view can change: a mapping as a view of it."""
    return MappingProxyType(selection) if isinstance(selection, dict) else selection


PARSER = StrictParser()
"""The one parser of the application; what it remembers belongs to the process."""
