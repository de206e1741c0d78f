"""A small catalogue answered from memory: lists that nobody asked for before, without asking the database.

A district has some hundred services, of which any list is found sooner than a statement can be sent. What is held is
the whole catalogue at one revision; it is read again where another revision stands, once so many lists were asked for
that it pays. A catalogue that has outgrown it is left to the database.
"""

from sqlalchemy.exc import DBAPIError

from service_catalog.actions.browsing import ServicePage, page_of
from service_catalog.actions.catalogue import Catalogue
from service_catalog.domain.at_hand import CatalogueAtHand
from service_catalog.domain.errors import CatalogueError
from service_catalog.domain.selection import PageRequest, Sort
from service_catalog.store import at_hand, log

MOST_HELD = 1000
"""Services of a catalogue that is held: four megabytes, mostly of documents, in each worker."""

_AS_MANY = 10
"""Services that are read in the time that the database takes to answer one list."""


class SmallCatalogue:
    """Pages of services out of memory, where the catalogue is small and what is held is what stands."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Hold nothing yet."""
        self._catalogue = catalogue
        self._held: CatalogueAtHand | None = None
        self._size = 0
        self._standing: object = None
        self._asked = 0
        self._is_left = False

    def page(self, request: PageRequest, standing: object) -> ServicePage | None:
        """Return a page, or ``None`` where the database must be asked.

        ``standing`` is the same object as long as it is certain that nothing was written: what was read under it holds.
        """
        if standing is not self._standing:
            self._held, self._standing, self._asked = None, standing, 0
        if self._is_left or (request.after and request.sort is Sort.LATEST):
            return None
        held = self._held or self._read()
        if held is None or (request.after and request.after.as_of > held.revision):
            return None
        return page_of(*held.page(request), request, held.revision)

    def _read(self) -> CatalogueAtHand | None:
        """Hold the catalogue where it was asked often enough for that since it was written last."""
        self._asked += 1
        if self._asked * _AS_MANY < self._size:
            return None
        database = self._catalogue.for_one_answer().database
        try:
            with database.reading() as session:
                revision, services = log.current_revision(session), at_hand.read_everything(session, MOST_HELD)
        except (CatalogueError, DBAPIError):
            return None  # whoever asks the database next will say what is wrong
        self._is_left = services is None
        if services is not None and database.is_certain:
            self._held, self._size = CatalogueAtHand(revision, services), len(services)
        return self._held
