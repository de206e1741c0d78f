"""The one definition of the rendition as JSON-LD: the services as CPSV-AP 3.2 describes public services.

What CPSV-AP has no word for is said in terms of our own, ``urn:service-catalog:terms:``. They are names and no
addresses: nothing stands behind them but ``docs/standards.md``. The context stands in the file, so that reading it
needs no network. A rendition proves nothing; it names the revision whose export does.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from service_catalog.documents.canonical import canonical
from service_catalog.documents.export import Header
from service_catalog.domain.service import LocalText, OnlineChannel, Service, TimeLimit
from service_catalog.domain.vocabulary import VOCABULARIES, Code, DayUnit, Depth, LifeEvent

PROFILE = "https://semiceu.github.io/CPSV-AP/releases/3.2.0/"
"""The specification that the file conforms to, under the address that its publisher gave it."""

Node = dict[str, Any]
"""A node of the graph under the names of ``context_of``."""

_PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "sc": "urn:service-catalog:terms:",
    "code": "urn:service-catalog:codes:",
    "division": "urn:service-catalog:divisions:",
    "authority": "urn:service-catalog:authorities:",
}
_CLASSES = {
    "Agent": "foaf:Agent",
    "Channel": "cv:Channel",
    "Concept": "skos:Concept",
    "ConceptScheme": "skos:ConceptScheme",
    "Cost": "cv:Cost",
    "Dataset": "dcat:Dataset",
    "Document": "foaf:Document",
    "Event": "cv:Event",
    "EvidenceType": "cv:EvidenceType",
    "LegalResource": "eli:LegalResource",
    "Location": "dct:Location",
    "OfficialCode": "sc:OfficialCode",
    "ProvenanceStatement": "dct:ProvenanceStatement",
    "PublicOrganisation": "cv:PublicOrganisation",
    "PublicService": "cpsv:PublicService",
    "TimeLimit": "sc:TimeLimit",
}
_TEXTS = ("dct:title", "dct:description", "skos:prefLabel", "skos:note")
_LINKS = (
    "adms:status",
    "cv:currency",
    "cv:hasChannel",
    "cv:hasCompetentAuthority",
    "cv:hasCost",
    "cv:hasInputType",
    "cv:hasLegalResource",
    "cv:isClassifiedBy",
    "cv:isGroupedBy",
    "cv:thematicArea",
    "dct:audience",
    "dct:conformsTo",
    "dct:isPartOf",
    "dct:provenance",
    "dct:publisher",
    "dct:source",
    "dct:spatial",
    "dct:type",
    "foaf:page",
    "skos:inScheme",
    "sc:authentication",
    "sc:basis",
    "sc:confidence",
    "sc:depth",
    "sc:flags",
    "sc:form",
    "sc:forAudience",
    "sc:officialCode",
    "sc:promisedTimeLimit",
    "sc:statutoryTimeLimit",
    "sc:tag",
    "sc:unit",
)
_VALUES = {
    "cv:hasValue": "xsd:double",
    "cv:processingTime": "xsd:duration",
    "dct:identifier": None,
    "dct:issued": "xsd:date",
    "dct:modified": "xsd:dateTime",
    "skos:notation": None,
    "sc:article": None,
    "sc:days": "xsd:integer",
    "sc:divisionPrefix": None,
    "sc:logSize": "xsd:integer",
    "sc:origin": None,
    "sc:rank": "xsd:integer",
    "sc:required": "xsd:boolean",
    "sc:revision": "xsd:integer",
    "sc:scheme": None,
    "sc:version": "xsd:integer",
    "sc:visits": "xsd:integer",
}
_NOT_IN_AN_IRI = re.compile(r'[<>"{}|\\^`]')


def context_of(origin: str) -> Node:
    """Return the file's context; ``here:`` stands for what the catalogue of this log names."""
    terms: Node = {**_PREFIXES, "here": f"urn:service-catalog:catalogues:{quote(origin, safe='')}:", **_CLASSES}
    terms |= {_short(term): {"@id": term, "@container": "@language"} for term in _TEXTS}
    terms |= {_short(term): {"@id": term, "@type": "@id"} for term in _LINKS}
    terms |= {_short(term): {"@id": term, "@type": kind} if kind else {"@id": term} for term, kind in _VALUES.items()}
    return terms


def jsonld_chunks(header: Header, services: Iterable[Service]) -> Iterator[bytes]:
    """Yield the services as JSON-LD in constant memory: the context, then node by node, a line each.

    ``services`` come in the order of an export, so that those of one division stand together.
    """
    yield b'{"@context":' + canonical(context_of(header.origin)) + b',\n"@graph":[\n' + canonical(_dataset(header))
    for node in _all_nodes(header, services):
        yield b",\n" + canonical(node)
    yield b"\n]}\n"


def _all_nodes(header: Header, services: Iterable[Service]) -> Iterator[Node]:
    yield _publisher(header.origin)
    for name, vocabulary in VOCABULARIES.items():
        yield from _code_list(name, vocabulary)
    yield {"@id": "code:currencies:CNY", "@type": "Concept", "notation": "CNY", "prefLabel": _both("人民币元", "yuan")}
    known = {document["division"]: document for document in header.divisions}
    dataset, division = _dataset_id(header), ""
    for service in services:
        if service["division"] != division:
            division = service["division"]
            yield from _division(division, known.get(division))
        yield _service(service, dataset)


def _dataset_id(header: Header) -> str:
    return ":".join(filter(None, (f"here:revisions:{header.revision}", header.division)))


def _dataset(header: Header) -> Node:
    """Say what the file holds, and that it is no evidence."""
    number = header.revision
    zh = (
        f"目录 {header.origin} 修订 {number} 的 CPSV-AP 呈现，供阅读和交换，不是证据；"
        "可核对的是同一修订的 JSON 或 JSON Lines 导出。"
    )
    en = (
        f"Revision {number} of the catalogue {header.origin} rendered as CPSV-AP, for reading and exchange. It is no "
        "evidence: what can be verified is the export of this revision as JSON or JSON Lines."
    )
    return _node(
        "Dataset",
        _dataset_id(header),
        identifier=f"{header.origin} {number} {header.division or ''}".rstrip(),
        title=_both("政务服务事项目录", "Catalogue of government services"),
        description=_both(zh, en),
        publisher="here:operator",
        conformsTo=PROFILE,
        origin=header.origin,
        revision=number,
        logSize=header.log_size,
        divisionPrefix=header.division,
        provenance=_node("ProvenanceStatement", note=_text(header.notice)) if header.notice else None,
    )


def _publisher(origin: str) -> Node:
    title = _both(f"目录 {origin} 的运行者", f"Whoever runs the catalogue {origin}")
    return _node("Agent", "here:operator", identifier=origin, title=title)


def _code_list(name: str, codes: type[Code]) -> Iterator[Node]:
    scheme = f"code:{name}"
    yield _node("ConceptScheme", scheme, notation=name)
    for code in codes:
        label = _both(code.label.zh, code.label.en)
        node = _node("Concept", _code(name, code), inScheme=scheme, notation=code.value, prefLabel=label)
        if isinstance(code, Depth):
            node["rank"] = code.rank
        if isinstance(code, LifeEvent):
            node |= {"@type": ["Concept", "Event"], "identifier": code.value, "title": label}
        yield node


def _division(code: str, document: Mapping[str, Any] | None) -> Iterator[Node]:
    """Describe a division and the authority that answers for its services, by code alone where no name is at hand."""
    name = _text(document["name"]) if document else {}
    named = name or _both(f"行政区划 {code}", f"division {code}")
    yield _node(
        "Location",
        f"division:{code}",
        identifier=code,
        prefLabel=named,
        provenance=_notice(document) if document else None,
    )
    zh, en = "人力资源和社会保障主管部门", "Human resources and social security authority of "
    label = {"zh": f"{named.get('zh', code)}{zh}", "en": f"{en}{named.get('en', code)}"}
    yield _node("PublicOrganisation", f"authority:{code}", prefLabel=label, spatial=f"division:{code}")


def _notice(document: Mapping[str, Any]) -> Node:
    source = document["source"]
    said = source and _node(
        None,
        title=_text(source["title"]),
        publisher=_node(None, prefLabel=_text(source["publisher"])),
        issued=source["published_on"],
    )
    return _node("ProvenanceStatement", note=_text(document["notice"]), source=said)


def _service(service: Service, dataset: str) -> Node:
    identity, promised = service["id"], service["time_limits"]["promised"]
    name = _text(service["name"])
    return _node(
        "PublicService",
        f"here:services:{identity}",
        identifier=identity,
        title=name,
        description=_text(service["summary"]) or name,  # CPSV-AP wants one
        hasCompetentAuthority=f"authority:{service['division']}",
        spatial=f"division:{service['division']}",
        isPartOf=dataset,
        thematicArea=_code("domains", service["domain"]),
        audience=[_code("audiences", audience) for audience in service["audiences"]],
        isClassifiedBy=[
            _code("matter_types", service["matter_type"]),
            _code("handlings", service["handling"]),
            *(_code("tags", tag) for tag in service["tags"]),
        ],
        isGroupedBy=[_code("life_events", event) for event in service["life_events"]],
        hasChannel=[_channel(identity, channel) for channel in service["online_channels"]],
        hasLegalResource=[_legal_resource(basis) for basis in service["legal_basis"]],
        hasInputType=[_material(identity, *numbered) for numbered in enumerate(service["materials"], start=1)],
        hasCost=[_cost(identity, *numbered) for numbered in enumerate(service["fees"], start=1)],
        processingTime=_duration(promised),
        status=_code("statuses", service["status"]),
        provenance=_provenance(service["provenance"]),
        modified=service["updated_at"],
        visits=service["visits"],
        tag=[_code("tags", tag) for tag in service["tags"]],
        statutoryTimeLimit=_time_limit(service["time_limits"]["statutory"]),
        promisedTimeLimit=_time_limit(promised),
        officialCode=[_node("OfficialCode", scheme=s, notation=code) for s, code in service["codes"].items()],
        version=service["version"],
        revision=service["revision"],
    )


def _channel(service: str, channel: OnlineChannel) -> Node:
    identity = f"{service}/{channel['audience']}/{channel['platform']}"  # there is one for both, by rule R9
    url = channel["url"]
    return _node(
        "Channel",
        f"here:channels:{identity}",
        identifier=identity,
        type=_code("platforms", channel["platform"]),
        description=_text(channel["name"]),
        page=_node("Document", _iri(url)) if url else None,
        forAudience=_code("audiences", channel["audience"]),
        depth=_code("depths", channel["depth"]),
        authentication=_code("authentications", channel["authentication"]),
    )


def _legal_resource(basis: Mapping[str, Any]) -> Node:
    return _node(
        "LegalResource",
        title={"zh": basis["title"]},
        identifier=basis["document_number"],
        article=basis["article"],
    )


def _material(service: str, number: int, material: Mapping[str, Any]) -> Node:
    return _node(
        "EvidenceType",
        identifier=f"{service}/material/{number}",
        title=_text(material["name"]),
        required=material["required"],
        form=_code("material_forms", material["form"]),
    )


def _cost(service: str, number: int, fee: Mapping[str, Any]) -> Node:
    amount = fee["amount"]
    return _node(
        "Cost",
        identifier=f"{service}/fee/{number}",
        hasValue=None if amount is None else f"{amount // 100}.{amount % 100:02}",
        currency=None if amount is None else "code:currencies:CNY",
        description=_text(fee["text"]),
    )


def _time_limit(limit: TimeLimit | None) -> Node | None:
    if limit is None:
        return None
    return _node("TimeLimit", days=limit["days"], unit=_code("day_units", limit["unit"]), note=_text(limit["note"]))


def _duration(limit: TimeLimit | None) -> str | None:
    """Return a promise in calendar days as a duration; working days are none."""
    return f"P{limit['days']}D" if limit and limit["unit"] == DayUnit.CALENDAR_DAY else None


def _provenance(provenance: Mapping[str, Any]) -> Node:
    return _node(
        "ProvenanceStatement",
        basis=_code("bases", provenance["basis"]),
        confidence=_code("confidences", provenance["confidence"]),
        flags=_code("flag_origins", provenance["flags"]),
        note=_text(provenance["note"]),
    )


def _node(kind: str | None, identity: str | None = None, /, **members: Any) -> Node:
    """Return a node without what is unknown: members that are null, or an empty list or text."""
    node = {"@id": identity, "@type": kind} | members
    return {name: value for name, value in node.items() if value is not None and value not in ([], {})}


def _code(codes: str, code: str | None) -> str | None:
    return None if code is None else f"code:{codes}:{code}"


def _both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _text(text: LocalText | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the languages in which a text says something."""
    return {language: said for language, said in (text or {}).items() if said is not None}


def _iri(url: str) -> str:
    """Return an address in which signs that no IRI may hold are escaped; the catalogue takes them as they come."""
    return _NOT_IN_AN_IRI.sub(lambda sign: f"%{ord(sign[0]):02X}", url)


def _short(term: str) -> str:
    return term.partition(":")[2]
