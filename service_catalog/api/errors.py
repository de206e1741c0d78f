"""Every error as a problem (RFC 9457), from every layer: the one place where a reason meets an HTTP status."""

import logging
from dataclasses import dataclass
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from service_catalog.api.current import is_certain
from service_catalog.documents.canonical import compact
from service_catalog.domain import errors
from service_catalog.domain.errors import CatalogueError, DatabaseUnavailable, Place
from service_catalog.domain.vocabulary import Text

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

MOST_FAULTS = 1000
"""Faults listed in one problem; ``detail`` says how many there are where a body has more."""

LONGEST_NAME = 100
"""Characters of a sender's parameter name that are repeated to them."""

LONGEST_POINTER = 300
"""Characters of a pointer into a sender's body that are repeated to them; a member's name has no end."""

STATUS: dict[type[CatalogueError], int] = {
    errors.MalformedBody: 400,
    errors.InvalidPrecondition: 400,
    errors.NotSignedIn: 401,
    errors.InvalidToken: 401,
    errors.NotPermitted: 403,
    errors.UnknownService: 404,
    errors.UnknownRevision: 404,
    errors.UnknownToken: 404,
    errors.RevertConflict: 409,
    errors.NothingToRevert: 409,
    errors.StaleVersion: 412,
    errors.ServiceExists: 412,
    errors.TooManyRows: 413,
    errors.InvalidParameters: 422,
    errors.InvalidCursor: 422,
    errors.InvalidBody: 422,
    errors.ExportTooLarge: 422,
    errors.UnreadableFile: 422,
    errors.RulesBroken: 422,
    errors.KeyReused: 422,
    errors.PreconditionRequired: 428,
    errors.TooManyWrites: 429,
    errors.BrokenSeed: 500,
    errors.InvalidSetting: 500,
    errors.KeyMismatch: 500,
    errors.CatalogueBusy: 503,
    errors.DatabaseUnavailable: 503,
    errors.OutcomeUnknown: 503,
    errors.NotReady: 503,
    errors.ExportsUnavailable: 503,
}
"""The HTTP status of each reason."""

RETRY_AFTER: dict[type[CatalogueError], int] = {
    errors.TooManyWrites: 1,
    errors.CatalogueBusy: 1,
    errors.DatabaseUnavailable: 5,
    errors.OutcomeUnknown: 5,
    errors.NotReady: 30,
    errors.ExportsUnavailable: 30,
}
"""Seconds after which asking again makes sense."""

CHALLENGE: dict[type[CatalogueError], str] = {
    errors.NotSignedIn: 'Bearer realm="service_catalog"',
    errors.InvalidToken: 'Bearer realm="service_catalog", error="invalid_token"',
}
"""How to sign in, as ``WWW-Authenticate`` says it (RFC 6750)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason that HTTP itself has, before the catalogue is asked."""

    code: str
    title: Text
    detail: Text
    explanation: Text


REFUSALS: dict[int, Refusal] = {
    400: Refusal(
        "bad-request",
        Text("请求无法识别", "Bad request"),
        Text("请求的格式有误", "the request is malformed"),
        Text(
            "HTTP 请求本身的格式有误，例如请求头、编码或长度不对。",
            "The HTTP request itself is malformed, for example a header, an encoding or a length.",
        ),
    ),
    404: Refusal(
        "not-found",
        Text("没有这个地址", "Not found"),
        Text("本服务没有这个地址", "nothing is at this address"),
        Text(
            "请检查地址的拼写，或从 /api/v1 查起。",
            "Check the spelling of the address, or start from /api/v1.",
        ),
    ),
    405: Refusal(
        "method-not-allowed",
        Text("不支持该方法", "Method not allowed"),
        Text("这个地址不支持该方法；见 Allow 头", "this address does not take that method; see Allow"),
        Text(
            "Allow 头列出这个地址支持的方法。",
            "The Allow header lists the methods that this address takes.",
        ),
    ),
    413: Refusal(
        "body-too-large",
        Text("请求内容过大", "Body too large"),
        Text("请求内容最多 16 MiB，普通表单最多 1 MiB", "a body may have at most 16 MiB, a plain form 1 MiB"),
        Text(
            "请求内容超过 16 MiB，或普通表单超过 1 MiB。",
            "The body has more than 16 MiB, or a plain form more than 1 MiB.",
        ),
    ),
    415: Refusal(
        "unsupported-media-type",
        Text("不支持的内容类型", "Unsupported media type"),
        Text(
            "Content-Type 须为 application/json；导入文件另可用 JSONL、CSV 或 XLSX",
            "Content-Type must be application/json; an imported file may also be JSONL, CSV or XLSX",
        ),
        Text(
            "请求内容的 Content-Type 不是这个接口接受的类型。",
            "The Content-Type of the body is none that the call takes.",
        ),
    ),
    500: Refusal(
        "internal-error",
        Text("内部错误", "Internal error"),
        Text(
            "出现意外错误；请附上 X-Request-ID 反馈", "something unexpected happened; report it with its X-Request-ID"
        ),
        Text(
            "出现意外错误；反馈时请附上 X-Request-ID 头的值。",
            "Something unexpected happened; report it with the value of the X-Request-ID header.",
        ),
    ),
}
"""The reasons of HTTP itself by status; any other status below 500 is answered as 400, above as 500."""


def problem_of(error: CatalogueError) -> Response:
    """Answer a reason of the catalogue as a problem; what is not there may only be missing on a standby."""
    if STATUS[type(error)] in (404, 422) and not is_certain():
        error = DatabaseUnavailable(
            Text(
                "主数据库暂时无法访问，备用库中没有所问的内容；请稍后再试",
                "the primary database cannot be reached, and the standby does not have this; try again shortly",
            )
        )
    if error.cause:
        logger.warning("%s: %s", error.code, error.cause)
    response = _answer(problem_body(error))
    if type(error) in RETRY_AFTER:
        response.headers["Retry-After"] = str(RETRY_AFTER[type(error)])
    if type(error) in CHALLENGE:
        response.headers["WWW-Authenticate"] = CHALLENGE[type(error)]
    return response


def problem_of_http(error: HTTPException) -> Response:
    """Answer a reason of HTTP as a problem, with the headers that belong to it, such as Allow."""
    asked = error.code or 500
    response = _answer(refusal_body(asked if asked in REFUSALS else (400 if asked < 500 else 500)))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    if isinstance(error, RequestEntityTooLarge):
        response.headers["Connection"] = "close"  # the rest of the body will not be read
    return response


def problem_type(code: str) -> str:
    """Return the relative address at which a code is explained."""
    return f"/docs/errors#{code}"


def problem_body(error: CatalogueError) -> dict[str, Any]:
    """Return the members of the problem that tells a reason of the catalogue."""
    return _body(STATUS[type(error)], error.code, error.title, error.detail, error.places)


def refusal_body(status: int) -> dict[str, Any]:
    """Return the members of the problem that tells a reason of HTTP."""
    refusal = REFUSALS[status]
    return _body(status, refusal.code, refusal.title, refusal.detail)


def _body(status: int, code: str, title: Text, detail: Text, places: tuple[Place, ...] = ()) -> dict[str, Any]:
    return {
        "type": problem_type(code),
        "title": title.en,
        "title_zh": title.zh,
        "status": status,
        "detail": detail.en,
        "detail_zh": detail.zh,
        "code": code,
        "errors": [_fault(place) for place in places[:MOST_FAULTS]],
    }


def _answer(body: dict[str, Any]) -> Response:
    response = Response(compact(body), status=body["status"], content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _fault(place: Place) -> dict[str, Any]:
    parameter = None if place.parameter is None else place.parameter[:LONGEST_NAME]
    where = {
        "pointer": None if place.pointer is None else place.pointer[:LONGEST_POINTER],
        "parameter": parameter,
        "row": place.row,
        "column": place.column,
        "rule": place.rule,
    }
    named = {name: value for name, value in where.items() if value is not None}
    return {**named, "detail": place.message.en, "detail_zh": place.message.zh}
