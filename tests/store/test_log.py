"""The hashes of ranges, read from full subtrees and few leaves, against another library's tree."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product

import pytest
from pymerkle import InmemoryTree
from sqlalchemy.orm import Session

from service_catalog.domain.merkle import Frontier, Range, consistency_path, inclusion_path, verify_consistency
from service_catalog.store import log
from tests.conftest import prepare
from tests.domain.test_merkle import SQUARE, leaves_up_to
from tests.domain.test_merkle_proofs import as_rfc_6962

END = SQUARE + 520
LEAVES = leaves_up_to(END)
BOUNDARIES = (256, 512, 1024, 32768, SQUARE, SQUARE + 256, SQUARE + 512)
SIZES = sorted({1, 2, 3, 255, END} | {boundary + near for boundary in BOUNDARIES for near in (-1, 0, 1)})


@dataclass
class Log:
    """The same leaves in the database and in the other library's tree."""

    session: Session
    tree: InmemoryTree

    def hashes(self, path: list[Range]) -> list[bytes]:
        """Return the hashes that a proof consists of."""
        return [log.hash_range(self.session, leaves) for leaves in path]


@pytest.fixture(scope="module")
def long_tree() -> InmemoryTree:
    return InmemoryTree.init_from_entries(LEAVES)


@contextmanager
def opened(url: str, tree: InmemoryTree, *stretches: tuple[int, int]) -> Iterator[Log]:
    """Yield a log with all its full subtrees, but only these stretches of its leaves."""
    catalogue, frontier = prepare(url), Frontier()
    filled = [subtree for leaf in LEAVES for subtree in frontier.append(leaf)]
    with catalogue.database.writing() as session:
        for first, end in stretches:
            log.append_leaves(session, 1, first, LEAVES[first:end], filled if end == END else [])
        session.commit()
    with catalogue.database.reading() as session:
        yield Log(session, tree)
    catalogue.database.close()


@pytest.fixture
def long_log(empty_url: str, long_tree: InmemoryTree) -> Iterator[Log]:
    with opened(empty_url, long_tree, (0, END)) as found:
        yield found


def test_proofs_from_a_long_log_are_those_of_another_library_around_every_boundary(long_log: Log) -> None:
    for size in SIZES:
        assert log.hash_range(long_log.session, (0, size)) == long_log.tree.get_root(size)
    for smaller, size in product(SIZES, SIZES):
        if smaller >= size:
            continue
        inclusion = long_log.hashes(inclusion_path(smaller, size))
        assert inclusion == long_log.tree.prove_inclusion(smaller + 1, size).path[1:]
        consistency = long_log.hashes(consistency_path(smaller, size))
        assert consistency == as_rfc_6962(long_log.tree.prove_consistency(smaller, size))
        old, new = long_log.tree.get_root(smaller), long_log.tree.get_root(size)
        assert verify_consistency(smaller, old, size, new, consistency)


def test_proof_from_a_long_log_needs_no_leaves_but_those_around_its_two_ends(
    empty_url: str, long_tree: InmemoryTree
) -> None:
    with opened(empty_url, long_tree, (25600, 25856), (END - END % 256, END)) as found:
        for index in (25600, 25700, 25855, END - 1):
            inclusion = found.hashes(inclusion_path(index, END))
            assert inclusion == long_tree.prove_inclusion(index + 1).path[1:]
        for old in (25700, 25856):
            consistency = found.hashes(consistency_path(old, END))
            assert consistency == as_rfc_6962(long_tree.prove_consistency(old, END))


def test_right_edge_of_a_long_log_continues_it(long_log: Log) -> None:
    for size in SIZES:
        frontier = log.load_frontier(long_log.session, size)
        assert (frontier.size, frontier.root()) == (size, long_log.tree.get_root(size))
