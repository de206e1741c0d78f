"""The 3140 figures: sums, shares, and declared beside actual."""

from typing import Any

import pytest

from service_catalog.domain.indicators import Figures, differences, shares, total_of

DECLARED = Figures(total=73, zero_visit=22, one_visit=51, single_window=46, individual=29, enterprise=33)
ACTUAL = DECLARED._replace(any=59, both=3)
DOCUMENT = {
    "total": 73,
    "zero_visit": 22,
    "one_visit": 51,
    "single_window": 46,
    "online": {"individual": 29, "enterprise": 33},
}


def test_figures_when_summed_add_up_column_by_column():
    one, other = Figures(1, 2, 3, 4, 5, 6, 7, 8), Figures(10, 20, 30, 40, 50, 60, 70, 80)
    assert total_of([one]) == one
    assert tuple(total_of(iter([one, other]))) == (11, 22, 33, 44, 55, 66, 77, 88)


def test_figures_when_none_are_summed_are_all_zero():
    assert tuple(total_of([])) == (0,) * 8


def test_shares_when_there_is_no_service_are_none_everywhere():
    online = dict.fromkeys(("individual", "enterprise", "any", "both"))
    assert shares(Figures()) == {"zero_visit": None, "one_visit": None, "single_window": None, "online": online}


def test_shares_when_computed_are_parts_of_the_total_to_four_decimals():
    assert shares(ACTUAL) == {
        "zero_visit": 0.3014,
        "one_visit": 0.6986,
        "single_window": 0.6301,
        "online": {"individual": 0.3973, "enterprise": 0.4521, "any": 0.8082, "both": 0.0411},
    }


def test_shares_when_nothing_or_everything_counts_are_0_and_1():
    computed = shares(Figures(total=3, one_visit=3))
    assert (computed["zero_visit"], computed["one_visit"], computed["online"]["both"]) == (0, 1, 0)


def test_figures_when_declared_leave_any_and_both_alone():
    assert Figures.declared(DOCUMENT) == DECLARED
    assert Figures.declared(DOCUMENT).as_declaration() == DOCUMENT


def test_figures_when_answered_carry_all_eight():
    online = {"individual": 29, "enterprise": 33, "any": 59, "both": 3}
    assert ACTUAL.as_document() == {**DOCUMENT, "online": online}
    assert ACTUAL.as_declaration() == DOCUMENT


def test_differences_when_every_declared_figure_is_met_are_none():
    assert differences(DECLARED, ACTUAL) == []


@pytest.mark.parametrize(
    ("figure", "changes"),
    [
        ("total", {"total": 74}),
        ("zero_visit", {"zero_visit": 0}),
        ("one_visit", {"one_visit": 52}),
        ("single_window", {"single_window": 45}),
        ("online.individual", {"individual": 30}),
        ("online.enterprise", {"enterprise": 32}),
    ],
)
def test_differences_when_one_figure_is_missed_name_it_with_both_numbers(figure: str, changes: dict[str, Any]):
    ((member, number),) = changes.items()
    expected = [{"figure": figure, "declared": getattr(DECLARED, member), "actual": number}]
    assert differences(DECLARED, ACTUAL._replace(**changes)) == expected


def test_differences_when_all_figures_are_missed_come_in_the_order_of_publication():
    names = [difference["figure"] for difference in differences(DECLARED, Figures())]
    assert names == ["total", "zero_visit", "one_visit", "single_window", "online.individual", "online.enterprise"]
