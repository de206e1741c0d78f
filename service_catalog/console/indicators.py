"""The page of the reform's figures: three ones, four zeros, charts, and what was declared beside what stands here."""

from typing import Any

from flask import Response

from service_catalog.actions import counting
from service_catalog.console.charts import Bar, Chart, Part
from service_catalog.console.current import current_catalogue
from service_catalog.console.divisions import whose
from service_catalog.console.pages import Pages, asked
from service_catalog.console.rendering import answer_page
from service_catalog.console.texts import TEXTS
from service_catalog.documents.schemas.queries import DivisionQuery
from service_catalog.domain.vocabulary import Audience, Domain, Tag

pages = Pages("indicator_pages", __name__)

ONES = ("window", "process", "platform")
ZEROS = ("blind_spots", "distance", "time_outs", "complaints")


@pages.page("/indicators")
def show_indicators() -> Response:
    """Show the 3140 figures of a division, what stands for each promise, and what nobody has measured."""
    division = asked(DivisionQuery).get("division")
    with current_catalogue().snapshot() as catalogue:
        figures = counting.read_indicators(catalogue, division)
        domains = counting.read_domains(catalogue, division)
        owner = whose(catalogue, division)
    return answer_page(
        "indicators.html",
        whose=owner,
        figures=figures,
        charts=charts(figures, domains),
        declared=declared_rows(figures),
        ones=ONES,
        zeros=ZEROS,
        division=division,
        revision=figures["revision"],
    )


def charts(figures: dict[str, Any], domains: dict[str, dict[str, Any]]) -> list[Chart]:
    """Return the charts; the parts of each bar add up to what its label says."""
    online, total = figures["online"], figures["total"]
    visits = Bar(TEXTS["chart.all"], _visits(figures))
    audiences = Bar(
        TEXTS["chart.all"],
        (
            Part(TEXTS["chart.online.individual"], online["individual"] - online["both"], "individual"),
            Part(TEXTS["chart.online.both"], online["both"], "both"),
            Part(TEXTS["chart.online.enterprise"], online["enterprise"] - online["both"], "enterprise"),
            Part(TEXTS["chart.online.none"], total - online["any"], "none"),
        ),
    )
    window = Bar(
        TEXTS["chart.all"],
        (
            Part(Tag.SINGLE_WINDOW.label, figures["single_window"], "window"),
            Part(TEXTS["chart.window.none"], total - figures["single_window"], "none"),
        ),
    )
    by_domain = [Bar(domain.label, _visits(domains[domain.value])) for domain in Domain]
    return [
        Chart("visits", [visits]),
        Chart("window", [window]),
        Chart("online", [audiences]),
        Chart("domains", by_domain),
    ]


def _visits(figures: dict[str, Any]) -> tuple[Part, Part]:
    return (
        Part(Tag.ZERO_VISIT.label, figures["zero_visit"], "zero"),
        Part(Tag.ONE_VISIT.label, figures["one_visit"], "one"),
    )


def declared_rows(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each published figure with what the catalogue has; empty where nobody published any."""
    said = figures["declared"]
    if said is None:
        return []
    plain = [(name, said[name], figures[name]) for name in ("total", "zero_visit", "one_visit", "single_window")]
    online = [(f"online.{one}", said["online"][one], figures["online"][one]) for one in Audience]
    return [{"name": name, "declared": declared, "actual": actual} for name, declared, actual in [*plain, *online]]
