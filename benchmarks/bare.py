"""The peer: a bare WSGI function that returns the bytes of the file ``BENCHMARK_BODY`` to every request."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

BODY = Path(os.environ["BENCHMARK_BODY"]).read_bytes()
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer the bytes."""
    del environ
    start_response("200 OK", HEADERS)
    return [BODY]
