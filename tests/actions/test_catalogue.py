"""Several actions that read one snapshot tell one story."""

from service_catalog.actions import browsing, counting
from service_catalog.actions.catalogue import Catalogue
from service_catalog.domain.selection import Filters
from tests.actions.test_writing import content, write


def test_snapshot_of_the_catalogue_tells_one_story_whatever_is_written_meanwhile(catalogue: Catalogue) -> None:
    with catalogue.snapshot() as seen:
        before = browsing.current_revision(seen)
        write(catalogue, content(catalogue, single_window=False))
        assert counting.count_facets(seen, Filters())["tag"]["single-window"] == 46
        assert browsing.current_revision(seen) == before
    assert counting.count_facets(catalogue, Filters())["tag"]["single-window"] == 45
