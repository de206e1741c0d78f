"""The seed reproduces what was published: six totals and five names; everything else says that it is inferred."""

from collections import Counter
from typing import Any

import pytest

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.seeding import seed_catalogue
from service_catalog.config import packaged_folder
from service_catalog.documents.canonical import stored_document
from service_catalog.domain.rules import broken_rules, warnings
from service_catalog.domain.service import upgraded
from service_catalog.store import services

NAMED = {
    "benefit-eligibility-certification": ("individual", "wechat-official-account", "face-liveness"),
    "job-seeker-posting": ("individual", "wechat-official-account", None),
    "new-individual-enrolment-and-payment": ("individual", "wechat-official-account", None),
    "labour-use-filing": ("enterprise", "web", None),
    "special-working-hours-approval": ("enterprise", "web", None),
}


@pytest.fixture
def documents(catalogue: Catalogue) -> list[dict[str, Any]]:
    with catalogue.database.reading() as session:
        return [stored_document(stored.document) for _, stored in services.read_current(session)]


def _online_for(document: dict[str, Any]) -> set[str]:
    return {channel["audience"] for channel in document["online_channels"]}


def test_seed_counts_are_the_six_published_totals(documents: list[dict[str, Any]]) -> None:
    assert len(documents) == 73
    assert sum(document["visits"] == 0 for document in documents) == 22
    assert sum(document["visits"] == 1 for document in documents) == 51
    assert sum(document["single_window"] for document in documents) == 46
    assert sum("individual" in _online_for(document) for document in documents) == 29
    assert sum("enterprise" in _online_for(document) for document in documents) == 33


def test_seed_has_59_services_online_and_3_online_for_both(documents: list[dict[str, Any]]) -> None:
    assert sum(bool(_online_for(document)) for document in documents) == 59
    assert sum(len(_online_for(document)) == 2 for document in documents) == 3


@pytest.mark.parametrize("code", NAMED)
def test_seed_has_the_five_named_services_with_their_channels(documents: list[dict[str, Any]], code: str) -> None:
    (document,) = [document for document in documents if document["code"] == code]
    audience, platform, authentication = NAMED[code]
    (channel,) = document["online_channels"]
    assert (channel["audience"], channel["platform"], channel["authentication"]) == (audience, platform, authentication)
    assert document["provenance"]["basis"] == "article"


def test_seed_names_five_services_from_the_article_and_no_more(documents: list[dict[str, Any]]) -> None:
    named = {document["code"] for document in documents if document["provenance"]["basis"] == "article"}
    assert named == set(NAMED)


def test_seed_channels_are_on_the_platform_of_their_audience(documents: list[dict[str, Any]]) -> None:
    channels = [channel for document in documents for channel in document["online_channels"]]
    assert Counter((channel["audience"], channel["platform"]) for channel in channels) == {
        ("individual", "wechat-official-account"): 29,
        ("enterprise", "web"): 33,
    }
    names = {channel["name"]["zh"] if channel["name"] else None for channel in channels if channel["platform"] != "web"}
    assert names == {"芦淞人社"}


def test_seed_depth_is_complete_for_zero_visits_and_accept_otherwise(documents: list[dict[str, Any]]) -> None:
    depths = {
        (document["visits"], channel["depth"]) for document in documents for channel in document["online_channels"]
    }
    assert depths == {(0, "complete"), (1, "accept")}


def test_seed_leaves_empty_what_nobody_knows(documents: list[dict[str, Any]]) -> None:
    assert {len(document["codes"]) for document in documents} == {0}
    assert {channel["url"] for document in documents for channel in document["online_channels"]} == {None}
    assert {document["provenance"]["flags"] for document in documents} == {"inferred"}


def test_seed_breaks_no_rule_and_speaks_both_languages(documents: list[dict[str, Any]]) -> None:
    for document in documents:
        service = upgraded(document)
        assert broken_rules(service) == []
        assert {finding.rule.value for finding in warnings(service)} <= {"W1", "W4"}
        texts = [service["name"], service["summary"], service["provenance"]["note"]]
        texts += [material["name"] for material in service["materials"]]
        assert all(text and text["zh"] and text["en"] for text in texts)


def test_seed_three_months_say_that_they_were_converted(documents: list[dict[str, Any]]) -> None:
    (school,) = [document for document in documents if document["code"] == "private-training-school-approval"]
    statutory = school["time_limits"]["statutory"]
    assert (statutory["days"], statutory["unit"]) == (90, "calendar-day")
    assert "三个月" in statutory["note"]["zh"] and "three months" in statutory["note"]["en"]


def test_seed_time_limits_carry_the_units_of_their_statutes(documents: list[dict[str, Any]]) -> None:
    units = {
        document["code"]: (limit["days"], limit["unit"])
        for document in documents
        if (limit := document["time_limits"]["statutory"])
    }
    assert units == {
        "special-working-hours-approval": (20, "working-day"),
        "labour-dispatch-licence": (20, "working-day"),
        "job-agency-licence": (20, "working-day"),
        "private-training-school-approval": (90, "calendar-day"),
        "enterprise-insurance-registration": (15, "calendar-day"),
        "employee-pension-transfer": (45, "working-day"),
        "enterprise-annuity-filing": (15, "calendar-day"),
        "collective-contract-review": (15, "calendar-day"),
        "work-injury-recognition": (60, "calendar-day"),
        "labour-capacity-appraisal": (60, "calendar-day"),
        "unemployment-benefit-claim": (10, None),
        "labour-inspection-complaint": (60, "working-day"),
        "labour-dispute-mediation": (15, "calendar-day"),
        "labour-dispute-arbitration": (45, "calendar-day"),
    }


def test_seeding_twice_changes_nothing(catalogue: Catalogue) -> None:
    assert seed_catalogue(catalogue, packaged_folder("seed")) is None
