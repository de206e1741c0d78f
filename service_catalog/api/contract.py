"""The OpenAPI document: what flask-smorest cannot know, said once for all operations."""

from collections.abc import Callable, Iterable
from functools import partial, wraps
from threading import Lock
from typing import Any

import flask_smorest
from flask import Flask, Response
from marshmallow import Schema
from marshmallow.fields import Field
from werkzeug.exceptions import HTTPException

from service_catalog import __version__
from service_catalog.api.answering import LONGEST_TAGS
from service_catalog.api.current import current_request
from service_catalog.api.errors import (
    CHALLENGE,
    MEDIA_TYPE,
    RETRY_AFTER,
    STATUS,
    problem_body,
    problem_of_http,
    refusal_body,
)
from service_catalog.api.parsing import PARSER
from service_catalog.api.preconditions import KEY_PATTERN, LONGEST_KEY, PRECONDITION_PATTERN
from service_catalog.documents.canonical import canonical
from service_catalog.documents.examples import example as example_of
from service_catalog.documents.examples.errors import EXAMPLES
from service_catalog.documents.fields import OneOf
from service_catalog.documents.schemas.answers import RemovalSchema
from service_catalog.documents.schemas.problems import ProblemSchema
from service_catalog.domain.errors import (
    CatalogueBusy,
    CatalogueError,
    DatabaseUnavailable,
    InvalidBody,
    InvalidParameters,
    InvalidPrecondition,
    InvalidToken,
    KeyMismatch,
    MalformedBody,
    NotPermitted,
    NotSignedIn,
    OutcomeUnknown,
    TooManyWrites,
)
from service_catalog.domain.revisions import digest_of
from service_catalog.domain.vocabulary import VOCABULARIES, Code

API = "/api/v1"

ANY_CALL = (413, 500)
"""What HTTP itself may answer to any call."""

ANY_QUESTION = (CatalogueBusy, DatabaseUnavailable)
"""What the database may answer to any call that asks it."""

ANY_SIGNED_CALL = (NotSignedIn, InvalidToken)
"""What any call that needs a token may answer to who has none that holds."""

_DESCRIPTION = """\
政务服务事项目录：能不能网上办，要不要跑，跑几次，到哪个窗口，带什么。*能网上办*不等于*不用跑*。

芦淞区（430203）的事项为重建数据：只有六个总数和五个名称出自公开报道，其余为推断，各事项在 `provenance` 中写明依据。

每段文字都是 `{zh, en}`；每个错误都是带有固定 `code` 的问题文档（RFC 9457）。读取公开，写入须有访问令牌。

A catalogue of government services that answers: can I do this online, must I come, how often, to which window,
and what must I bring? *Online* never means *no visit*: many services can be applied for online and still need one.

The entries for Lusong District (430203) are a reconstruction: only six totals and five names were published.
Each entry says in `provenance` what it rests on.

Every text is `{zh, en}`; every error is a problem (RFC 9457) with one documented `code`. Reading is public; writing
needs an access token.
"""

INFO: dict[str, Any] = {
    "description": _DESCRIPTION,
    "contact": {"name": "The maintainers of service_catalog"},
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}

EXAMPLE_TAG = f'"{digest_of(canonical(example_of("service")))}"'

ETAG_HEADER = {
    "ETag": {
        "description": "Strong tag: SHA-256 of the document, or of the body where it is not one document.",
        "schema": {"type": "string", "maxLength": 66, "pattern": '^"[0-9a-f]{64}"$'},
        "example": EXAMPLE_TAG,
    }
}
LINK_HEADER = {
    "Link": {
        "description": "RFC 8288, rel=next: the next page, relative to this server; absent on the last.",
        "schema": {"type": "string", "maxLength": 6000},
    }
}
WAIT_HEADER = {
    "Retry-After": {
        "description": "Seconds after which to ask again.",
        "schema": {"type": "integer", "minimum": 1, "maximum": max(RETRY_AFTER.values())},
    }
}

CHALLENGE_HEADER = {
    "WWW-Authenticate": {
        "description": "RFC 6750: how to sign in, and whether the token that was sent is at fault.",
        "schema": {"type": "string", "enum": [*CHALLENGE.values()]},
        "example": CHALLENGE[NotSignedIn],
    }
}

LOCATION_HEADER = {
    "Location": {
        "description": "The new service, relative to this server.",
        "schema": {"type": "string", "maxLength": 200},
        "example": f"{API}/services/430203-card-application",
    }
}

View = Callable[..., Response]
Decorator = Callable[[View], View]


class Api(flask_smorest.Api):
    """flask-smorest with problems for errors and their headers kept (405 has its Allow)."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None  # every operation lists its own errors

    def init_app(self, app: Flask, **options: Any) -> None:
        """Register the shapes that are only ever named by reference, among them each list of codes."""
        self._undocumented: list[Callable[[], None]] = []
        self._documenting = Lock()
        super().init_app(app, **options)
        self.ma_plugin.converter.add_attribute_function(_refer_to_code_list)
        for codes in VOCABULARIES.values():
            self.spec.components.schema(codes.__name__, _code_list(codes))
        self.spec.components.schema("Removal", schema=RemovalSchema)

    def document_later(self, document: Callable[[], None]) -> None:
        """Note what documents the calls of a blueprint, which takes longer than to serve them."""
        self._undocumented.append(document)

    def document(self) -> dict[str, Any]:
        """Return the contract as OpenAPI, in the order in which people read one."""
        with self._documenting:
            while self._undocumented:
                self._undocumented.pop(0)()
        built = self.spec.to_dict()
        parts = ("openapi", "info", "servers", "tags", "paths", "components")
        return {part: built[part] for part in parts}

    def _register_pagination_header(self) -> None:
        """Leave out flask-smorest's own pagination, which this API does not use."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer what HTTP itself refuses."""
        return problem_of_http(error)


def _code_list(codes: type[Code]) -> dict[str, Any]:
    return {"type": "string", "enum": [code.value for code in codes], "description": codes.__doc__}


def _refer_to_code_list(_: Any, field: Field[Any], *, ret: dict[str, Any]) -> dict[str, Any]:
    """Name a field's list of codes in place of repeating it, so that types made of the contract have names."""
    if not isinstance(field, OneOf) or field.vocabulary is None:
        return {}
    del ret["type"], ret["enum"]
    named = {"$ref": f"#/components/schemas/{field.vocabulary.__name__}"}
    return {"anyOf": [named, {"type": "null"}]} if field.allow_none else named


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose decorators say everything that stands in the contract."""

    ARGUMENTS_PARSER = PARSER

    def __init__(self, *args: Any, **options: Any) -> None:
        """Add our own part to what flask-smorest documents."""
        super().__init__(*args, **options)
        self._prepare_doc_cbks.append(_complete_operation)

    def register_views_in_doc(self, api: Api, *args: Any, **options: Any) -> None:
        """Leave the document to whoever asks for it first."""
        api.document_later(partial(super().register_views_in_doc, api, *args, **options))

    def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Callable[[View], View]:
        """Document what a view takes, and hand it in front of the values of its address, as flask-smorest does."""
        decorate = super().arguments(schema, location=location, **options)
        return _asking(schema, decorate) if location == "query" else decorate

    def reads(
        self,
        operation: str,
        schema: type[Schema] | dict[str, Any],
        *,
        example: Any,
        errors: tuple[type[CatalogueError], ...] = (),
        headers: dict[str, Any] | None = None,
        conditional: bool = True,
        asks_database: bool = True,
        signed_in: bool = False,
        content_type: str = "application/json",
        other_content: dict[str, Any] | None = None,
        other_answers: dict[int, dict[str, Any]] | None = None,
    ) -> Decorator:
        """Document a read: its answer, 304 where ``conditional``, and every error it can give.

        ``errors`` are its own; what HTTP and the database may answer to any read is added. It is public unless
        ``signed_in``. ``other_content`` describes what it answers in other media types than ``content_type``,
        ``other_answers`` what it answers with another status where nothing is wrong.
        """
        added = (
            *(ANY_QUESTION if asks_database else ()),
            *((InvalidPrecondition,) if conditional else ()),
            *(ANY_SIGNED_CALL if signed_in else ()),
        )
        sent = {**(ETAG_HEADER if conditional else {}), **(headers or {})}

        def responses() -> dict[int, dict[str, Any]]:
            content = {content_type: {"schema": schema, "example": example}, **(other_content or {})}
            unchanged = {304: {"description": "The reader has it already.", "headers": ETAG_HEADER}}
            return {
                200: _answer("OK", content, sent),
                **(other_answers or {}),
                **_problems((*errors, *added), ANY_CALL),
                **(unchanged if conditional else {}),
            }

        return _noting(operation, responses, [IF_NONE_MATCH] if conditional else [], signed_in=signed_in)

    def writes(
        self,
        operation: str,
        schema: type[Schema],
        *,
        example: Any,
        errors: tuple[type[CatalogueError], ...],
        parameters: Iterable[dict[str, Any]],
        creates: bool = False,
        body: bool = True,
        names_tag: bool = False,
    ) -> Decorator:
        """Document a write: its answer, its preconditions as ``parameters``, and every error it can give.

        ``errors`` are its own; what may be answered to any signed-in write, and to any ``body``, is added. An address
        that ``names_tag`` is not there for any other word.
        """
        tagged = ETAG_HEADER if any(parameter is IF_MATCH for parameter in parameters) else {}
        added = (*errors, *ANY_SIGNED_CALL, NotPermitted, TooManyWrites, KeyMismatch, *ANY_QUESTION, OutcomeUnknown)
        reasons = (*added, MalformedBody, InvalidBody, InvalidParameters) if body else (*added, InvalidParameters)
        refusals = (*ANY_CALL, *((415,) if body else ()), *((404,) if names_tag else ()))

        def responses() -> dict[int, dict[str, Any]]:
            content = {"application/json": {"schema": schema, "example": example}}
            created = {201: _answer("Created.", content, tagged | LOCATION_HEADER)}
            return {
                200: _answer("OK", content, tagged),
                **_problems(reasons, refusals),
                **(created if creates else {}),
            }

        return _noting(operation, responses, list(parameters), signed_in=True)


def _answer(description: str, content: dict[str, Any], headers: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, **({"headers": headers} if headers else {}), "content": content}


def _asking(schema: type[Schema], decorate: Decorator) -> Decorator:
    """Return a decorator that reads the query by the shortest way; of flask-smorest's it keeps the documentation."""

    def shortened(view: View) -> View:
        @wraps(decorate(view))
        def asked(*given: Any, **values: Any) -> Response:
            return view(*given, PARSER.parse(schema, current_request(), location="query"), **values)

        return asked

    return shortened


def _noting(
    operation: str,
    responses: Callable[[], dict[int, dict[str, Any]]],
    parameters: list[dict[str, Any]],
    *,
    signed_in: bool,
) -> Decorator:
    """Return a decorator that keeps beside a view how ``_complete_operation`` documents it.

    It is a function, made use of when the contract is asked for: flask-smorest copies all else with each decorator.
    """

    def documented(doc: dict[str, Any]) -> None:
        answers = {int(status): response for status, response in {**doc.get("responses", {}), **responses()}.items()}
        doc["operationId"] = operation
        doc["security"] = [{"token": []}] if signed_in else []
        doc["parameters"] = [*doc.get("parameters", []), *parameters]
        doc["responses"] = dict(sorted(answers.items()))

    def decorate(view: View) -> View:
        noted: Any = view
        noted._apidoc = {"documented": documented}  # noqa: SLF001 - where flask-smorest keeps its notes
        return view

    return decorate


def _complete_operation(doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add to an operation what its decorator noted; flask-smorest calls this for each one."""
    doc_info["documented"](doc)
    return doc


IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "Tags the reader has; 304 if one of them is current.",
    "schema": {"type": "string", "maxLength": LONGEST_TAGS},
    "example": EXAMPLE_TAG,
}

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "description": "The strong tag of the version that this write is meant for; exactly one.",
    "schema": {"type": "string", "maxLength": 200, "pattern": PRECONDITION_PATTERN},
    "example": EXAMPLE_TAG,
}

IF_NONE_MATCH_ANY = {
    "in": "header",
    "name": "If-None-Match",
    "description": "`*` creates the service, if there is none with this id; in place of If-Match.",
    "schema": {"type": "string", "enum": ["*"]},
    "example": "*",
}

IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "A name of your own for this request: sent again within a day, it gets the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": KEY_PATTERN},
    "example": "7f0c8f0e-2d3b-4a52-9a55-6f1f6f0a4f11",
}


def _problems(reasons: tuple[type[CatalogueError], ...], refusals: tuple[int, ...]) -> dict[int, dict[str, Any]]:
    """Return the response of each status that these reasons of the catalogue and of HTTP may have."""
    bodies = [*map(refusal_body, refusals), *(problem_body(EXAMPLES[reason]) for reason in reasons)]
    headers = {
        **{STATUS[reason]: WAIT_HEADER for reason in reasons if reason in RETRY_AFTER},
        **{STATUS[reason]: CHALLENGE_HEADER for reason in reasons if reason in CHALLENGE},
    }
    return {
        status: {
            **_problem([body for body in bodies if body["status"] == status]),
            **({"headers": headers[status]} if status in headers else {}),
        }
        for status in sorted({body["status"] for body in bodies})
    }


def _problem(bodies: list[dict[str, Any]]) -> dict[str, Any]:
    listed = ", ".join(f"`{body['code']}`" for body in bodies)
    shown = {body["code"]: {"value": body} for body in bodies}
    return {"description": f"Code {listed}.", "content": {MEDIA_TYPE: {"schema": ProblemSchema, "examples": shown}}}


def current_contract(app: Flask) -> dict[str, Any]:
    """Return the contract of an application."""
    api: Api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return api.document()


def spec_options() -> dict[str, Any]:
    """Return what the document says beside its operations."""
    return {
        "info": INFO,
        "servers": [{"url": "/", "description": "This server."}],
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Access token of an administrator or auditor; no public read needs one.",
                }
            }
        },
    }


def api_configuration() -> dict[str, Any]:
    """Return the settings that flask-smorest reads."""
    return {
        "API_TITLE": "service_catalog",
        "API_VERSION": __version__,
        "OPENAPI_VERSION": "3.1.1",
        "API_SPEC_OPTIONS": spec_options(),
    }
