"""Style sheet, scripts and icon of the pages, under an address that changes with their content."""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import NotFound

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

FILES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES}
"""The bytes of each file by its name; a changed one is served after a new start."""

DIGEST = hashlib.sha256(b"".join(FILES.values())).hexdigest()[:16]
"""Stands in the address of every file, so that modules find each other, and none is asked for twice."""

blueprint = Blueprint("assets", __name__, static_folder=None)


@blueprint.get("/assets/<digest>/<name>")
def get_asset(digest: str, name: str) -> Response:
    """Answer a file; under another release's digest it is today's, not to be kept."""
    if name not in FILES:
        raise NotFound
    response = Response(FILES[name], content_type=_TYPES[Path(name).suffix])
    response.headers["Cache-Control"] = FOREVER if digest == DIGEST else "no-cache"
    response.set_etag(f"{DIGEST}-{name}")
    response.make_conditional(request)
    return response


def asset(name: str) -> str:
    """Return the address of a file."""
    return url_for("assets.get_asset", digest=DIGEST, name=name)
