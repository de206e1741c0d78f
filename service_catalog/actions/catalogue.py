"""The catalogue as actions see it: its database, its clock, and the key that signs its log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from service_catalog.actions.ledger import Edge
from service_catalog.documents.notes import Signer
from service_catalog.store.engine import Database

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything an action needs. Without a signer it can be read, but not written."""

    database: Database
    migrations: Path
    clock: Clock = utc_now
    signer: Signer | None = None
    wait: Callable[[float], None] = time.sleep
    """Lets so many seconds pass; tests do not wait."""
    edge: Edge = field(default_factory=Edge)

    def for_one_answer(self) -> "Catalogue":
        """Return the catalogue as it is read for one answer to the public, by standbys where there are any."""
        return replace(self, database=self.database.for_one_answer())

    @contextmanager
    def snapshot(self) -> Iterator["Catalogue"]:
        """Yield the catalogue as it stands now: whatever actions read from it tells one story, of one revision.

        Raises:
            DatabaseUnavailable: where the database cannot be reached.
        """
        with self.database.snapshot() as database:
            yield replace(self, database=database)
