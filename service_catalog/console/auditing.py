"""The pages for auditors: exports of any revision, what proves them, and the revisions as the public log has them.

They hand over what an auditor needs and check nothing themselves: a page of the server that is audited proves nothing.
"""

import re
import shlex
from dataclasses import replace

from flask import Response, request

from service_catalog.actions import browsing, exporting, reviewing
from service_catalog.actions.exporting import FoundExport
from service_catalog.console.current import current_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.pages import Pages, asked, export_address, parameters
from service_catalog.console.rendering import ONE_READERS, answer_page
from service_catalog.console.revisions import made_by
from service_catalog.documents.notes import key_named_in
from service_catalog.documents.schemas.queries import ContentsQuery, RevisionsQuery
from service_catalog.domain.selection import ExportFormat, ExportRequest, RevisionsRequest

PAGE_LENGTH = 20
"""Revisions on a page, unless ``limit`` says otherwise."""

LATEST = 5
"""Revisions shown beside the exports."""

NAMES = {
    ExportFormat.JSON: "JSON",
    ExportFormat.JSONL: "JSON Lines",
    ExportFormat.CSV: "CSV",
    ExportFormat.XLSX: "XLSX",
    ExportFormat.JSONLD: "JSON-LD",
}
"""How each format is called in either language."""

CHECKS = ("signature", "log", "complete", "documents", "bytes", "append-only")
"""What the offline verifier proves, in the order of the page."""

_LOCAL = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<minute>\d\d:\d\d)(?P<seconds>:\d\d)?\Z", re.ASCII)
"""A time as a person writes it: without a zone."""

pages = Pages("audit_pages", __name__)


@pages.page("/audit")
def show_audit() -> Response:
    """Show where to get a revision in each format, its checkpoint, and how to verify it without trusting this page."""
    given = parameters()
    wanted: ExportRequest = asked(ContentsQuery, [(name, _in_china(name, value)) for name, value in given])
    with current_catalogue().snapshot() as catalogue:
        found = exporting.find_export(catalogue, wanted)
        latest = reviewing.list_published(catalogue, RevisionsRequest(LATEST, None))
        revisions = [made_by(catalogue, item) for item in latest["items"]]
        owner = whose(catalogue, wanted.division)
    return answer_page(
        "audit.html",
        kept=ONE_READERS,
        whose=owner,
        given=dict(given),
        found=found,
        key=key_named_in(found.revision.checkpoint),
        files={form: export_address(replace(found.named, format=form)) for form in ExportFormat},
        names=NAMES,
        base=_base(),
        commands=commands(found, _base()),
        checks=CHECKS,
        revisions=revisions,
        revision=revisions[0].number,
    )


@pages.page("/audit/revisions")
def list_revisions() -> Response:
    """Show every revision, newest first: when, what, why, by whom as the public log names them, and what it touched."""
    wanted: RevisionsRequest = asked(RevisionsQuery)
    given = parameters()
    if "limit" not in dict(given):
        wanted = RevisionsRequest(PAGE_LENGTH, wanted.after)
    with current_catalogue().snapshot() as catalogue:
        page = reviewing.list_published(catalogue, wanted)
        revisions = [made_by(catalogue, item) for item in page["items"]]
        owner = whose(catalogue, None)
        revision = browsing.current_revision(catalogue)
    return answer_page(
        "revisions.html",
        whose=owner,
        revisions=revisions,
        next=page["next"],
        given=[pair for pair in given if pair[0] != "cursor"],
        is_first=wanted.after is None,
        revision=revision,
    )


def _in_china(name: str, value: str) -> str:
    """Return a parameter, with the time of China named where a time was written without a zone."""
    local = _LOCAL.match(value) if name == "at" else None
    return f"{local['day']}T{local['minute']}{local['seconds'] or ':00'}+08:00" if local else value


def _base() -> str:
    """Return the server's address as the reader wrote it; a host that cannot be one is left out by werkzeug."""
    return f"{request.scheme}://{request.host or 'localhost'}"


def commands(found: FoundExport, base: str) -> dict[str, list[str]]:
    """Return what an auditor types, ready for a shell: to fetch and verify an export, and to compare it."""
    number, origin = found.revision.number, shlex.quote(found.header.origin)
    file, fetched = _fetched(found, number, base)
    verify = f"service-catalog verify {file} --key key.txt --origin {origin}"
    kept = "--log log.jsonl --checkpoint log.jsonl.checkpoint --state audits"
    lines = {
        "fetch": [fetched, f"service-catalog log fetch {shlex.quote(base)} --to log.jsonl"],
        "verify": [f"{verify} {kept}"],
    }
    if number > 1:
        before, fetched_before = _fetched(found, number - 1, base)
        lines["compare"] = [fetched_before, f"service-catalog diff {before} {file}"]
    return lines


def _fetched(found: FoundExport, number: int, base: str) -> tuple[str, str]:
    """Return the name of a revision's file as JSON Lines, and the command that fetches it.

    While a large export is being written the answer is 202, and its body not the file: then it asks again.
    """
    wanted = replace(found.named, revision=number, format=ExportFormat.JSONL)
    get = f"curl -fsSL -o {wanted.name} -w '%{{http_code}}' {shlex.quote(base + export_address(wanted))}"
    return wanted.name, f'while [ "$({get})" = 202 ]; do sleep 2; done'
