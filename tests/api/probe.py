"""Calls of the tests' own inside the real bounds, headers and problems: one takes a body, one breaks."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response

from service_catalog.api.contract import Blueprint
from service_catalog.app import create_empty_app
from service_catalog.documents.fields import StrictSchema, Truth, Whole, Words


class NoteSchema(StrictSchema):
    """A body of the tests' own."""

    text = Words(longest=10, required=True)
    number = Whole(least=0, most=9)
    flag = Truth()


blueprint = Blueprint("probe", __name__, url_prefix="/probe")


@blueprint.route("", methods=["POST"])
@blueprint.arguments(NoteSchema, location="json")
@blueprint.reads("probe", NoteSchema, example={})
def take_note(note: Mapping[str, Any]) -> Response:
    """Give a note back."""
    return Response(json.dumps(note))


@blueprint.route("/broken")
@blueprint.reads("broken", NoteSchema, example={})
def break_down() -> Response:
    """Meet something unexpected."""
    raise RuntimeError("SELECT secret FROM service")


def application() -> Flask:
    """Return an application with these calls alone."""
    app, api = create_empty_app()
    api.register_blueprint(blueprint)
    return app
