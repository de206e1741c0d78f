"""The peers: WSGI applications that return the bytes of the file ``BENCHMARK_BODY`` to every request."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response

BODY = Path(os.environ["BENCHMARK_BODY"]).read_bytes()
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


def function(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer the bytes, without any framework."""
    del environ
    start_response("200 OK", HEADERS)
    return [BODY]


flask = Flask(__name__)
"""Flask alone: one route for every address, the same bytes."""


@flask.get("/<path:address>")
def answer(address: str) -> Response:
    """Answer the bytes."""
    del address
    return Response(BODY, content_type="application/json")
