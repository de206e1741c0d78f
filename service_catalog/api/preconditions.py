"""The headers by which a writer says what a write is meant for: If-Match, If-None-Match and Idempotency-Key."""

import hashlib
import re

from flask import request

from service_catalog.actions.writing import Once
from service_catalog.domain.errors import InvalidParameters, InvalidPrecondition, Place, PreconditionRequired
from service_catalog.domain.vocabulary import Text

PRECONDITION_PATTERN = r'^"[!#-~]{1,100}"$'
_STRONG_TAG = re.compile(r'"([!#-~]{1,100})"\Z')

KEY_PATTERN = r"^[!-~]+$"
LONGEST_KEY = 200
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}\Z")


def expected_tag() -> str:
    """Return the tag in ``If-Match``: the digest that the service must still have.

    Raises:
        PreconditionRequired: where there is no ``If-Match``.
        InvalidPrecondition: where it is anything but one strong tag.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired(
            Text(
                "请用 If-Match 带上所见版本的 ETag，以免覆盖他人的修改",
                "send If-Match with the ETag of the version you saw, so that nobody's change is lost",
            ),
            [Place(Text("缺少此项", "is missing"), parameter="If-Match")],
        )
    tag = _STRONG_TAG.match(header)
    if tag is None:
        message = Text('须为恰好一个强 ETag，如 "abc"', 'must be exactly one strong tag, such as "abc"')
        raise InvalidPrecondition(message, [Place(message, parameter="If-Match")])
    return tag[1]


def is_creation() -> bool:
    """Tell whether the write is to create: ``If-None-Match: *`` in place of ``If-Match``.

    Raises:
        InvalidPrecondition: for any other value, or for both headers.
    """
    header = request.headers.get("If-None-Match")
    if header is None:
        return False
    if header != "*" or "If-Match" in request.headers:
        message = Text("新建时只用 If-None-Match: *，不带 If-Match", "to create, send If-None-Match: * and no If-Match")
        raise InvalidPrecondition(message, [Place(message, parameter="If-None-Match")])
    return True


def once() -> Once | None:
    """Return the ``Idempotency-Key`` with the digest of the request it stands for, or ``None`` without one.

    Raises:
        InvalidParameters: where the key is empty, too long or not plain ASCII.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.match(key):
        message = Text(
            f"须为 1 至 {LONGEST_KEY} 个可见 ASCII 字符", f"must be 1 to {LONGEST_KEY} visible ASCII characters"
        )
        raise InvalidParameters(message, [Place(message, parameter="Idempotency-Key")])
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    digest.update(request.get_data(cache=True))
    return Once(key, digest.hexdigest())
