"""Figures and code lists: facets, the 3140 indicators, and the vocabularies."""

from collections.abc import Mapping

from flask import Response

from service_catalog.actions import counting
from service_catalog.api.answering import answer_value
from service_catalog.api.contract import API, Blueprint
from service_catalog.api.current import current_catalogue
from service_catalog.documents.examples import example
from service_catalog.documents.schemas.answers import FacetsSchema, IndicatorsSchema, VocabulariesSchema
from service_catalog.documents.schemas.queries import DivisionQuery, FilterQuery, NoQuery
from service_catalog.documents.vocabularies import vocabularies
from service_catalog.domain.errors import InvalidParameters
from service_catalog.domain.selection import Filters

facets = Blueprint(
    "facets", __name__, url_prefix=f"{API}/facets", description="各类事项的数量 · Counts of services by what they are."
)
indicators = Blueprint(
    "indicators", __name__, url_prefix=f"{API}/indicators", description="“3140”改革指标 · The reform's figures."
)
vocabulary = Blueprint(
    "vocabularies",
    __name__,
    url_prefix=f"{API}/vocabularies",
    description="全部代码及名称 · Every code with its labels.",
)


@facets.route("")
@facets.arguments(FilterQuery, location="query")
@facets.reads("getFacets", FacetsSchema, example=example("facets"), errors=(InvalidParameters,))
def get_facets(filters: Filters) -> Response:
    """按标签、板块、对象、网办和一件事计数 · Count services by tag, domain, audience and life event.

    The filters are those of the list; every count is of services under all of them.
    """
    return answer_value(counting.count_facets(current_catalogue(), filters))


@indicators.route("")
@indicators.arguments(DivisionQuery, location="query")
@indicators.reads("getIndicators", IndicatorsSchema, example=example("indicators"), errors=(InvalidParameters,))
def get_indicators(query: Mapping[str, str]) -> Response:
    """区划的“3140”指标，公布数与实际数并列 · Read the 3140 figures of a division, declared beside actual.

    Zero-visit and one-visit divide the active services; the online figures overlap. What the division published
    stands in `declared`, with its source, and where the catalogue differs, that is shown.
    """
    return answer_value(counting.read_indicators(current_catalogue(), query.get("division")))


@vocabulary.route("")
@vocabulary.arguments(NoQuery, location="query")
@vocabulary.reads(
    "getVocabularies",
    VocabulariesSchema,
    example=example("vocabularies"),
    errors=(InvalidParameters,),
    asks_database=False,
)
def get_vocabularies(_: Mapping[str, str]) -> Response:
    """全部代码表及其中英文名称 · Read every code list with its Chinese and English labels.

    Depths and tags stand in their order; the rules R1 to R9 and the warnings W1 to W5 are among the lists.
    """
    return answer_value(vocabularies())
