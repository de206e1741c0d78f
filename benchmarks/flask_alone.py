"""A second peer: Flask with one route, which returns the bytes of the file ``BENCHMARK_BODY`` and does nothing else."""

import os
from pathlib import Path

from flask import Flask, Response

BODY = Path(os.environ["BENCHMARK_BODY"]).read_bytes()
application = Flask(__name__)


@application.get("/api/v1/services")
def services() -> Response:
    """Answer the bytes."""
    return Response(BODY, mimetype="application/json")
