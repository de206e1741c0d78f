"""What is kept of the services of one name never changes what is found, whatever they say and said."""

from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service_catalog.actions.auditing import check_catalogue
from service_catalog.actions.browsing import list_services
from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.indexing import mend_index
from service_catalog.documents.search.names import name_of
from service_catalog.documents.search.questions import understood
from service_catalog.domain.at_hand import CatalogueAtHand
from service_catalog.domain.namesakes import Namesakes
from service_catalog.domain.search import called
from service_catalog.domain.selection import Filters, PageRequest, Sort
from service_catalog.store import at_hand
from service_catalog.store.names import find_names
from service_catalog.store.search import conditions
from tests.actions.test_writing import write
from tests.domain import samples

NAMES = ("海草房修缮", "海草房补贴", "石头（房）")
WORDS = ("海草房", "灶台", "门窗", "补贴", "roof", "hearth", "2024", "b7")
WHOLE = ("石头房", "石 头房", "海草房 修缮", "b71", "B7-1", "roof2024", "roof 2024", "roofhearth")
"""Names and codes, most of them parted otherwise than they are written."""

QUESTIONS = (*WORDS, *map(" ".join, combinations(WORDS, 2)), *map(" ".join, combinations(WORDS, 3)), "zaotai", *WHOLE)


def service(code: str, name: str, words: set[str], needed: set[str], number: str = "b7-1") -> dict[str, Any]:
    """Return a service with these words in its summary, these needed as materials, and a code of its own."""
    return samples.content(
        code=code,
        division="999999",
        name=samples.text(name, None),
        summary=samples.text("，".join(sorted(words)) or "无", None),
        materials=[samples.material(word, None) for word in sorted(needed)],
        codes={"local": number},
    )


SERVICES = st.builds(
    service,
    st.sampled_from(["c1", "c2", "c3", "c4", "c5", "c6"]),
    st.sampled_from(NAMES),
    st.sets(st.sampled_from(WORDS)),
    st.sets(st.sampled_from(WORDS), max_size=2),
    st.sampled_from(["b7-1", "roof-2024", "roof-hearth"]),
)


def asked(question: str) -> PageRequest:
    return PageRequest(Filters(q=understood(question)), Sort.RELEVANCE, 200, None)


def by_tokens(catalogue: Catalogue) -> CatalogueAtHand:
    """Return what knows of no names, and tells by each service's own tokens."""
    with catalogue.database.reading() as session:
        services = at_hand.read_everything(session, 1000)
    assert services is not None
    return CatalogueAtHand(1, services)


def assert_found_alike(catalogue: Catalogue) -> None:
    held = by_tokens(catalogue)
    for question in QUESTIONS:
        entries, total = held.page(asked(question))
        page = list_services(catalogue, asked(question))
        assert (page.documents, page.total) == (tuple(entry.document for entry in entries), total), question
    assert check_catalogue(catalogue).broken is None


def kept(catalogue: Catalogue, name: str) -> Namesakes:
    number = name_of(samples.text(name, None)).number
    with catalogue.database.reading() as session:
        return find_names(session, [number])[number]


@given(changes=st.lists(st.lists(SERVICES, min_size=1, max_size=4, unique_by=lambda one: one["code"]), max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_find_what_has_them_together_whatever_others_of_the_name_say_or_said(
    catalogue: Catalogue, changes: list[list[dict[str, Any]]]
) -> None:
    for contents in changes:
        write(catalogue, *contents)
    assert_found_alike(catalogue)


def test_of_names_whose_services_say_very_much_nothing_is_told_and_all_is_found(catalogue: Catalogue) -> None:
    """In the first name it is all that one service says, in the second one what two say together."""
    parts = ["".join(map(chr, range(start, start + 1500))) for start in (0x4E00, 0x6000)]
    long, short = service("c1", NAMES[0], {parts[0], "roof"}, {parts[1]}), service("c4", NAMES[0], {"hearth"}, {"门窗"})
    write(catalogue, long, short, service("c2", NAMES[1], {parts[0]}, set()))
    assert [kept(catalogue, name).some == {"a"} for name in NAMES[:2]] == [True, False]
    write(catalogue, service("c3", NAMES[1], {parts[1]}, {"门窗"}))
    assert [kept(catalogue, name).some == {"a"} for name in NAMES[:2]] == [True, True]
    assert_found_alike(catalogue)


def test_what_a_service_says_no_more_is_kept_until_the_names_are_written_anew(catalogue: Catalogue) -> None:
    write(catalogue, service("c1", NAMES[0], {"hearth"}, set()), service("c2", NAMES[0], {"hearth", "roof"}, set()))
    assert "sroof" in kept(catalogue, NAMES[0]).lacking and "shearth" not in kept(catalogue, NAMES[0]).lacking
    write(catalogue, *(service(code, NAMES[0], {"gate"}, set()) for code in ("c1", "c2")))
    assert {"shearth", "sroof", "sgate"} <= kept(catalogue, NAMES[0]).lacking
    assert_found_alike(catalogue)
    assert mend_index(catalogue) == 0
    assert (kept(catalogue, NAMES[0]).some, kept(catalogue, NAMES[0]).lacking) == ({"sgate"}, set())
    assert_found_alike(catalogue)


TOGETHER = {"roof hearth": [NAMES[0]], "roof 门窗": [], "灶台 补贴": [NAMES[1]], "gate 门窗 灶台": []}
"""Words of several services that not all have, and the names of which every service has all of them."""


def test_words_that_all_services_of_few_names_have_or_none_has_together_are_told_by_the_names(
    catalogue: Catalogue,
) -> None:
    write(catalogue, service("c1", NAMES[0], {"roof", "hearth"}, {"gate"}), service("c2", NAMES[2], {"门窗"}, set()))
    write(catalogue, service("c3", NAMES[0], {"roof", "hearth"}, set()), service("c4", NAMES[1], {"灶台"}, set()))
    numbers = {name: name_of(samples.text(name, None)).number for name in NAMES}
    with catalogue.database.reading() as session:
        told = {question: conditions(session, understood(question))[-1] for question in TOGETHER}
    assert told == {question: called([numbers[name] for name in names]) for question, names in TOGETHER.items()}
    assert_found_alike(catalogue)
