"""Where the public is answered when a PostgreSQL has standbys, and who answers where one of them does not.

A standby answers only from exactly the revision at which the primary stands: what is acknowledged is never missing, and
what no standby has confirmed is not told. Is it behind, or away, the primary answers. Is the primary away, the standby
answers by what it has, and cannot be certain: nobody else may have written meanwhile, but it may lack the last writes.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from typing import Self

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service_catalog.domain.errors import CatalogueBusy, DatabaseUnavailable
from service_catalog.store.engine import Database, translated, unavailable
from service_catalog.store.snapshots import Connections, Snapshot

_REST = 5
"""A server that failed is left alone for so many times the seconds that the failure took: a host that vanished costs
each worker a sixth of its time, and one that refuses at once is asked again at once."""

_LONGEST_REST = 15
"""Seconds, so that one that is back is not missed for long."""

_Position = tuple[int, str]
"""A revision and the release of the tables, neither of which ever goes back."""

_FAILURES = (CatalogueBusy, DatabaseUnavailable, DBAPIError)
"""What a server may answer that is away, stands in its own way, or has no tables yet."""

_QUESTION = text("SELECT head.revision, alembic_version.version_num FROM head, alembic_version")


def _position(session: Session) -> _Position:
    found = session.execute(_QUESTION).one_or_none()
    return (0, "") if found is None else (found.revision, found.version_num)


class ReplicatedDatabase(Database):
    """A primary, which writes and answers whoever signs in, and standbys, which answer the public."""

    def __init__(self, url: str, read_url: str, longest_read: float | None = None) -> None:
        """Prepare connections to the primary at ``url`` and to one standby at ``read_url``; nothing is opened yet."""
        super().__init__(url, longest_read)
        self._standbys = Database(read_url, longest_read)
        self._asked = Connections(self.engine.execution_options(isolation_level="AUTOCOMMIT"), is_kept=False)
        self._primary_rest, self._standby_rest = _Rest(), _Rest()
        self._is_public = False
        self._least: _Position = (0, "")

    def for_one_answer(self) -> Self:
        """Return this database for one answer to the public; however many transactions it takes, none goes back."""
        public = copy(self)
        public._is_public = True  # noqa: SLF001 - its own copy
        return public

    @contextmanager
    def _begun_reading(self) -> Iterator[Session]:
        """Yield a session of its own, on a standby where the public asks and one may answer."""
        with ExitStack() as stack:
            session = self._on_standby(stack) if self._is_public else None
            if session is None:
                session = stack.enter_context(super()._begun_reading())
            yield session

    def close(self) -> None:
        """Close every connection."""
        super().close()
        self._standbys.close()

    def _on_standby(self, stack: ExitStack) -> Session | None:
        """Return a session of ``stack`` on a standby that may answer, or ``None`` where the primary must."""
        if self._standby_rest.goes_on():
            return None
        primary = self._primary_position()
        with ExitStack() as opened:
            try:
                with self._standby_rest.after_failure():
                    session = opened.enter_context(self._standbys.reading())
                    standby = _position(session)
            except _FAILURES:
                return None
            if primary is not None and standby != primary:
                return None
            if standby < self._least:
                raise unavailable(f"the primary is away, and this standby is at {standby}, behind {self._least}")
            self._least, self.is_certain = standby, primary is not None
            stack.push(opened.pop_all())
            return session

    def _primary_position(self) -> _Position | None:
        """Return where the primary stands, or ``None`` where it does not answer."""
        if self._primary_rest.goes_on():
            return None
        try:
            with self._primary_rest.after_failure(), translated():
                return self._asked_again_if_cut()
        except _FAILURES:
            return None

    def _asked_again_if_cut(self) -> _Position:
        """Ask the primary; a connection from before it was started again, or another took over, tells nothing."""
        try:
            return self._asked_once()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return self._asked_once()

    def _asked_once(self) -> _Position:
        with Snapshot(self._asked) as session:
            return _position(session)


class _Rest:
    """Whether a server that failed is left alone for now, so that not every reader waits for it in vain."""

    def __init__(self) -> None:
        self._until = 0.0

    def goes_on(self) -> bool:
        """Tell whether it is left alone."""
        return time.monotonic() < self._until

    @contextmanager
    def after_failure(self) -> Iterator[None]:
        """Begin a rest where what is done in the context fails."""
        began = time.monotonic()
        try:
            yield
        except _FAILURES:
            now = time.monotonic()
            self._until = now + min((now - began) * _REST, _LONGEST_REST)
            raise
