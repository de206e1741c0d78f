"""Turns: a worker's application answers one request at a time, but waits for no one who sends a body slowly.

It stands outermost in ``served_application``, around the response cache. The server runs a worker with ``THREADS``
threads, of which the turn lets one at a time into the application, so that they do not fight for the interpreter and
nothing inside needs to expect company. While a request waits for its own body it gives the turn to others: an upload
over a slow line, or three hundred connections that send a form by the byte, keep no reader waiting. Only so many
bodies are waited for at once that a thread is always left; who comes beyond is told to come back. A writer gives the
turn away as well while it waits, after its commit, until it may tell of it.

A proxy in front that takes in whole requests first, as nginx does, leaves nothing to wait for here.
"""

import io
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Any

from service_catalog.domain.errors import CatalogueBusy
from service_catalog.domain.vocabulary import Text

BODIES = 4
"""Bodies that a worker waits for at once."""

THREADS = BODIES + 1
"""Threads of a worker; one of them waits for no body."""

Environment = dict[str, Any]
Application = Callable[[Environment, Any], Iterable[bytes]]


class Turn:
    """The one turn of a worker."""

    def __init__(self) -> None:
        """Begin with the turn free."""
        self._lock = Lock()

    def __enter__(self) -> None:
        """Take the turn, when it is free."""
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        """Leave it to the next."""
        self._lock.release()

    @contextmanager
    def given_away(self) -> Iterator[None]:
        """Let others have the turn meanwhile."""
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass, in which others have the turn; only for who has it."""
        with self.given_away():
            time.sleep(seconds)


class TakingTurns:
    """A WSGI application that lets one thread at a time into another; ``largest`` bounds the bytes of a body."""

    def __init__(self, application: Application, largest: int, turn: Turn) -> None:
        """Begin with no body waited for."""
        self._application = application
        self._largest = largest
        self._turn = turn
        self._places = BoundedSemaphore(BODIES)

    def __call__(self, environ: Environment, start_response: Any) -> Iterable[bytes]:
        """Answer within one turn, the whole answer at once."""
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = _Body(environ["wsgi.input"], self.received)
        with self._turn:
            answer = self._application(environ, start_response)
            return answer if isinstance(answer, list | tuple) else _whole(answer)

    def received(self, stream: Any) -> bytes:
        """Read a body to its end, or to one byte more than is allowed, while others have the turn.

        Raises:
            CatalogueBusy: where as many bodies as there are places are being waited for.
        """
        if not self._places.acquire(blocking=False):
            raise CatalogueBusy(
                Text("正在接收的请求正文太多", "too many bodies of requests are being received at once")
            )
        try:
            with self._turn.given_away():
                return bytes(stream.read(self._largest + 1))
        finally:
            self._places.release()


class _Body(io.RawIOBase):
    """A body that is read whole as soon as anybody wants a part of it, and not before."""

    def __init__(self, stream: Any, receive: Callable[[Any], bytes]) -> None:
        self._stream = stream
        self._receive = receive
        self._read: io.BytesIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._read is None:
            self._read = io.BytesIO(self._receive(self._stream))
        return self._read.readinto(buffer)


def _whole(answer: Iterable[bytes]) -> Iterable[bytes]:
    """Return an answer as one piece, and close what made it."""
    try:
        return [b"".join(answer)]
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
