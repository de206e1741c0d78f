"""The pages for everybody: where to begin, what was found, and one service."""

from dataclasses import replace

from flask import Response

from service_catalog.actions import browsing, counting
from service_catalog.console.current import current_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.filters import conditions, panels
from service_catalog.console.pages import Pages, asked, parameters
from service_catalog.console.rendering import answer_page
from service_catalog.console.services import Card, described, opened
from service_catalog.documents.schemas.queries import FilterQuery, ListQuery, ServiceQuery
from service_catalog.domain.selection import PageRequest

PAGE_LENGTH = 20
"""Services on a page, unless ``limit`` says otherwise."""

pages = Pages("pages", __name__)


@pages.page("/")
def show_home() -> Response:
    """Ask who the reader is and what happened in their life; count what each choice would find."""
    filters = asked(FilterQuery)
    with current_catalogue().snapshot() as catalogue:
        facets = counting.count_facets(catalogue, filters)
        online = counting.count_facets(catalogue, replace(filters, online=True))["total"]
        owner = whose(catalogue, filters.division)
    return answer_page(
        "home.html",
        whose=owner,
        facets=facets,
        online=online,
        filters=filters,
        given=parameters(),
        revision=facets["revision"],
    )


@pages.page("/services")
def list_services() -> Response:
    """Show what was found, what else the filters would find, and the way to the next page."""
    request: PageRequest = asked(ListQuery)
    given = parameters()
    if "limit" not in dict(given):
        request = replace(request, limit=PAGE_LENGTH)
    with current_catalogue().snapshot() as catalogue:
        found = browsing.list_services(catalogue, request)
        groups = panels(catalogue, given)
        owner = whose(catalogue, request.filters.division)
    cards = [Card(opened(document)) for document in found.documents]
    return answer_page(
        "results.html",
        whose=owner,
        cards=cards,
        found=found,
        panels=groups,
        conditions=conditions(given),
        given=[pair for pair in given if pair[0] != "cursor"],
        is_first=request.after is None,
        revision=found.revision,
    )


@pages.page("/services/<service_id>")
def show_service(service_id: str) -> Response:
    """Show one service: online or not, visits, what to bring, how long, cost, legal basis, and what this rests on."""
    past = asked(ServiceQuery).get("revision")
    with current_catalogue().snapshot() as catalogue:
        stored = browsing.get_service(catalogue, service_id, past)
        owner = whose(catalogue, described(stored)["division"])
        revision = browsing.current_revision(catalogue)
    return answer_page(
        "service.html", whose=owner, card=Card(described(stored)), stored=stored, past=past, revision=revision
    )
