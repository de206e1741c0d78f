"""JSON-LD as CPSV-AP 3.2 has it: the official shapes accept it, and it says again what the catalogue says."""

import os
import tracemalloc
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import DCTERMS, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.exporting import export
from service_catalog.documents.cpsv_ap import jsonld_chunks
from service_catalog.documents.export import Header
from service_catalog.domain.selection import ExportFormat, ExportRequest
from tests.actions.test_writing import write
from tests.domain import samples

pytestmark = [
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),  # rdflib's use of itself
]
CV, CPSV = Namespace("http://data.europa.eu/m8g/"), Namespace("http://purl.org/vocab/cpsv#")
DCAT, FOAF = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://xmlns.com/foaf/0.1/")
SC = Namespace("urn:service-catalog:terms:")
SERVICES = Namespace("urn:service-catalog:catalogues:tests:services:")
FULL = SERVICES["430204-full"]


def full() -> dict[str, Any]:
    """Return a service with whatever the seed's have not, in a division that the catalogue knows by its code alone."""
    return samples.content(
        division="430204",
        code="full",
        summary=samples.text(None, None),
        visits=1,
        online_channels=[samples.channel("individual", url="https://example.org/{甲}?a=1|2", name=samples.text())],
        time_limits={"statutory": samples.limit(20, None), "promised": samples.limit(15, "calendar-day")},
        fees=[{"amount": 1205, "text": None}, {"amount": None, "text": samples.text("按件", None)}],
        codes={"GB/T-39554": "000114001000"},
    )


def graph_of(catalogue: Catalogue, division: str | None = None) -> Graph:
    """Return what a reader of the exported file has in hand; it opens no network."""
    chunks = export(catalogue, ExportRequest(None, None, division, ExportFormat.JSONLD)).chunks
    return Graph().parse(data=b"".join(chunks), format="json-ld")


def official_shapes() -> Graph:
    """Read the shapes from the file that ``CPSV_AP_SHAPES`` names; without it the test is skipped."""
    name = os.environ.get("CPSV_AP_SHAPES")
    if not name:
        pytest.skip("CPSV_AP_SHAPES must name the file of CPSV-AP 3.2.0's official SHACL shapes, which are not ours")
    return Graph().parse(Path(name), format="turtle")


def test_jsonld_when_held_against_the_official_shapes_conforms(catalogue: Catalogue) -> None:
    shapes = official_shapes()
    write(catalogue, full())
    graph = graph_of(catalogue)
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, report
    assert len(set(graph.subjects(RDF.type, CPSV.PublicService))) == 74


def test_jsonld_when_read_without_the_shapes_has_what_cpsv_ap_makes_mandatory(catalogue: Catalogue) -> None:
    write(catalogue, full())
    graph = graph_of(catalogue)
    services = set(graph.subjects(RDF.type, CPSV.PublicService))
    assert len(services) == 74
    for service in services:
        assert len(list(graph.objects(service, DCTERMS.identifier))) == 1
        for texts in (DCTERMS.title, DCTERMS.description):
            assert {text.language for text in graph.objects(service, texts)} == {"zh", "en"}
        (authority,) = graph.objects(service, CV.hasCompetentAuthority)
        assert (authority, RDF.type, CV.PublicOrganisation) in graph
        assert {text.language for text in graph.objects(authority, SKOS.prefLabel)} == {"zh", "en"}
        (place,) = graph.objects(authority, DCTERMS.spatial)
        assert (place, RDF.type, DCTERMS.Location) in graph
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert set(graph.subjects(DCTERMS.isPartOf, dataset)) == services


def test_jsonld_when_it_names_anything_describes_it_in_the_same_file(catalogue: Catalogue) -> None:
    write(catalogue, full())
    graph = graph_of(catalogue)
    named = {
        node for node in graph.objects() if isinstance(node, URIRef) and node.startswith("urn:") and node not in SC
    }
    assert named
    assert [node for node in named if (node, RDF.type, None) not in graph] == []


def test_jsonld_of_the_seed_counts_what_the_catalogue_counts(catalogue: Catalogue) -> None:
    graph = graph_of(catalogue)
    codes = Namespace("urn:service-catalog:codes:")
    assert len(set(graph.subjects(SC.visits, Literal(0)))) == 22
    assert len(set(graph.subjects(SC.tag, codes["tags:one-visit"]))) == 51
    assert len(set(graph.subjects(SC.tag, codes["tags:single-window"]))) == 46
    for audience, count in (("individual", 29), ("enterprise", 33)):
        channels = set(graph.subjects(SC.forAudience, codes[f"audiences:{audience}"]))
        assert len({service for one in channels for service in graph.subjects(CV.hasChannel, one)}) == count
    assert len(set(graph.objects(None, SC.promisedTimeLimit))) == sum(
        content["time_limits"]["promised"] is not None for content in samples.CONTENTS
    )
    assert set(graph.subjects(CV.processingTime)) == {
        SERVICES[f"430203-{content['code']}"]
        for content in samples.CONTENTS
        if (content["time_limits"]["promised"] or {}).get("unit") == "calendar-day"
    }
    assert set(graph.subjects(FOAF.page)) == set()  # no address is known, so none is given


def test_jsonld_says_of_a_service_what_its_document_says(catalogue: Catalogue) -> None:
    write(catalogue, full())
    graph = graph_of(catalogue, "430204")
    (channel,) = graph.objects(FULL, CV.hasChannel)
    (page,) = graph.objects(channel, FOAF.page)
    assert str(page) == "https://example.org/%7B甲%7D?a=1%7C2"
    assert (channel, SC.depth, URIRef("urn:service-catalog:codes:depths:complete")) in graph
    assert list(graph.objects(FULL, CV.processingTime)) == [Literal("P15D", datatype=XSD.duration)]
    (statutory,) = graph.objects(FULL, SC.statutoryTimeLimit)
    assert graph.value(statutory, SC.days) == Literal(20)
    assert graph.value(statutory, SC.unit) is None
    costs = set(graph.objects(FULL, CV.hasCost))
    assert [str(value) for cost in costs for value in graph.objects(cost, CV.hasValue)] == ["12.05"]
    (code,) = graph.objects(FULL, SC.officialCode)
    assert (str(graph.value(code, SC.scheme)), str(graph.value(code, SKOS.notation))) == ("GB/T-39554", "000114001000")
    assert set(graph.objects(FULL, DCTERMS.description)) == set(graph.objects(FULL, DCTERMS.title))  # it has no summary


def test_jsonld_names_the_log_the_revision_and_what_the_data_are(catalogue: Catalogue) -> None:
    graph = graph_of(catalogue)
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert (str(graph.value(dataset, SC.origin)), graph.value(dataset, SC.revision)) == ("tests", Literal(1))
    assert all("no evidence" in text or "不是证据" in text for text in graph.objects(dataset, DCTERMS.description))
    statement = graph.value(dataset, DCTERMS.provenance)
    assert any("重建的示范数据" in note for note in graph.objects(statement, SKOS.note))
    for service in graph.subjects(RDF.type, CPSV.PublicService):
        rests_on = graph.value(service, DCTERMS.provenance)
        assert (rests_on, SC.flags, URIRef("urn:service-catalog:codes:flag_origins:inferred")) in graph


def test_jsonld_of_no_service_is_whole_and_of_any_number_takes_the_same_memory(catalogue: Catalogue) -> None:
    assert set(graph_of(catalogue, "42").subjects(RDF.type, CPSV.PublicService)) == set()

    def peak(count: int) -> int:
        services = (samples.service(code=f"s{number}") for number in range(count))
        tracemalloc.start()
        try:
            for _ in jsonld_chunks(Header("tests", 1, 75, None, ()), services):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(1000) < peak(100) * 1.1
