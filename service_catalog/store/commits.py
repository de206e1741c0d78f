"""COMMIT on PostgreSQL, whose outcome a server may owe us: within a time, or with the word that nobody knows.

A primary that waits for a standby waits for ever: no timeout of its own ends COMMIT, and a cancel makes it succeed with
a WARNING, although no standby has the write. What it has committed by itself may be lost when a standby takes over.
"""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service_catalog.domain.errors import OutcomeUnknown
from service_catalog.domain.vocabulary import Text
from service_catalog.store.changes import Change, WritingSession
from service_catalog.store.snapshots import Connections

LONGEST_COMMIT = 5
"""Seconds that a COMMIT may wait for a standby before the caller is told that the outcome is unknown."""


_UNLIMITED = Change(text("SET LOCAL statement_timeout = 0"))


class WatchedSession(WritingSession):
    """A session whose commit returns only where PostgreSQL said without reservation that it is done.

    Its statements may take as long as they need: the limit on those of readers does not stand for writers.
    """

    def __init__(self, connections: Connections) -> None:
        """Prepare to write; nothing is opened yet."""
        super().__init__(connections)
        _UNLIMITED.make(self)

    def commit(self) -> None:
        """Commit.

        Raises:
            OutcomeUnknown: where the server did not answer in time, hung up, or had a reservation.
        """
        connection: Any = self.connection().connection.driver_connection
        reservations: list[str] = []

        def note(diagnostic: Any) -> None:
            reservations.append(f"{diagnostic.severity_nonlocalized}: {diagnostic.message_primary}")

        connection.add_notice_handler(note)
        try:
            with _hung_up_after(connection, LONGEST_COMMIT):
                super().commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _unknown(str(error.orig)) from error
            raise
        finally:
            connection.remove_notice_handler(note)
        if any(said.startswith("WARNING") for said in reservations):
            raise _unknown("; ".join(reservations))


@contextmanager
def _hung_up_after(connection: Any, seconds: float) -> Iterator[None]:
    """Break the connection after so many seconds, which ends the wait of the thread that uses it."""
    lock, over = threading.Lock(), False

    def hang_up() -> None:
        with lock:
            if not over:
                with socket.socket(fileno=os.dup(connection.fileno())) as shared:
                    shared.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            over = True


def _unknown(cause: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        Text(
            "数据库没有确认这次写入，结果未知；重试前请先查看",
            "the database did not confirm this write; look whether it was made before you try again",
        ),
        cause=cause,
    )
