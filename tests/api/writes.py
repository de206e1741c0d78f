"""One request that is right for each call that writes, and what such requests need."""

from typing import Any, NamedTuple

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

API = "/api/v1"
CARD = f"{API}/services/430203-card-application"
REPLACEMENT = f"{API}/services/430203-card-replacement"
FILING = f"{API}/services/430203-hr-services-filing"
OFFLINE = f"{API}/services/430203-personnel-file-transfer"
SERVER_SET = ("id", "tags", "schema", "version", "revision", "updated_at")

Headers = dict[str, str]


class Call(NamedTuple):
    """A method, an address and a body; ``bound`` to the version of the service in the address."""

    method: str
    path: str
    body: Any = None
    bound: bool = True


CALLS: dict[str, Call] = {
    "editing.put_service": Call("PUT", CARD),
    "editing.patch_service": Call("PATCH", CARD, {"changes": {"single_window": False}, "reason": "核对"}),
    "editing.delete_service": Call("DELETE", f"{CARD}?reason=x"),
    "tagging.put_tags": Call("PUT", f"{CARD}/tags", {"tags": ["one-visit"], "reason": "核对"}),
    "tagging.put_tag": Call("PUT", f"{FILING}/tags/single-window", {"reason": "核对"}),
    "tagging.delete_tag": Call("DELETE", f"{CARD}/tags/single-window?reason=x"),
    "bulk.change_tags": Call(
        "POST",
        f"{API}/tag-changes",
        {"changes": [{"id": "430203-card-application", "remove": ["single-window"]}], "reason": "核对"},
        bound=False,
    ),
    "imports.import_services": Call("POST", f"{API}/imports?reason=x", bound=False),
    "revisions.revert_revision": Call("POST", f"{API}/revisions/1/revert", {"reason": "核对"}, bound=False),
}
"""By endpoint; a call without a body here gets the card's own document, a little changed, if it takes one."""


def send(client: FlaskClient, call: Call, headers: Headers) -> TestResponse:
    """Send a call with the ETag that it needs."""
    changed = document(client) | {"life_events": []}
    bodies = {"PUT": {"service": changed, "reason": "核对"}, "POST": [changed]}
    body = call.body or bodies.get(call.method)
    if call.bound:
        headers = matching(client, headers, FILING if call.path.startswith(FILING) else CARD)
    return client.open(call.path, method=call.method, json=body, headers=headers)


def document(client: FlaskClient, path: str = CARD) -> dict[str, Any]:
    """Return a service as GET gives it."""
    found: dict[str, Any] = client.get(path).get_json()
    return found


def matching(client: FlaskClient, headers: Headers, path: str = CARD) -> Headers:
    """Return the headers with the ETag of the service as it stands."""
    return headers | {"If-Match": client.get(path).headers["ETag"]}


def patch(
    client: FlaskClient, headers: Headers, changes: object, path: str = CARD, reason: str = "核对"
) -> TestResponse:
    """Patch the service as it stands."""
    return client.patch(path, json={"changes": changes, "reason": reason}, headers=matching(client, headers, path))


def revision(client: FlaskClient) -> int:
    """Return where the catalogue stands."""
    return int(client.get(API).get_json()["revision"])


def pointers(problem: dict[str, Any]) -> set[str]:
    """Return the places that a problem names."""
    return {fault["pointer"] for fault in problem["errors"]}
