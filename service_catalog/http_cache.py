"""The response cache: whole answers kept as bytes and given again while the revision stands at which they were read.

It stands outermost, around the application, and knows neither Flask nor the database. It keeps only what the
application hands over: public answers with status 200. All else, errors and answers to whoever signs in among
them, is left to the application; which is told what stays the same object while all that is kept stands, so that
what it reads itself may be held by the same proof.

Why no answer is older than a write that anybody was told of, in any worker on any host:

1. The database holds one number, the lease T. A worker notes the time, then asks for the current revision, and goes
   by the answer until T after the time it noted.
2. Whoever writes is told so T and a margin after the commit, not before (``actions/writing.py``).
3. Say a worker finds at time t that its lease still runs, and answers from revision R. It asked after t - T, and a
   write that it did not hear of was committed after it asked, so is told of after t - T + T. Hence who was told of
   that write before asking us, asks after t: such a request is never answered by R.
4. What is kept under R was read at R or later, since the application read it after R was asked for, of who certainly
   has what the asked has; else it does not hand it over. If a write came between, what is kept shows it already. That
   is not too old for anybody, and goes with all the rest when the next question is answered by a later revision, or
   not answered at all, as when another server takes over from one that had a write of its own.

A pause of the process between t and the answer's last byte changes nothing: the request came before t. A worker or a
writer that dies changes nothing either: a lease is not entered anywhere, and a write whose writer died was told of to
nobody. No clock is compared with another, only lengths of time: a worker's by a clock that nobody sets and that goes on
while the machine sleeps, a writer's by its sleep, which is never too short; the margin is for clocks that do not run
alike. What is assumed: no worker's clock runs slower than a writer's by more than a quarter, as that of a virtual
machine does which its host halts without the guest's clock going on.
"""

import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from service_catalog.domain.errors import CatalogueError
from service_catalog.logs import request_id, write_access

KEEP = "service_catalog.keep"
"""Where in the WSGI environment the application finds whom to hand a public answer to."""

STANDING = "service_catalog.standing"
"""Where it finds what stays the same object until the revision may be another: what was read since still stands."""

LARGEST_PART = 8
"""One answer may take the eighth part of the cache."""

OVERHEAD = 4096
"""Bytes counted for the headers and the place of an answer, beside its body and its address."""

_READING = frozenset({"GET", "HEAD"})
_OTHERS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE", "CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING")
"""What no request carries that may be answered from here: credentials, or a body."""

_NONE = -1
"""The revision of which nothing is kept."""

_ONE_TAG = re.compile(r'(?:W/)?"[!#-~]{0,100}"\Z')

Headers = list[tuple[str, str]]
Environment = dict[str, Any]
Application = Callable[[Environment, Any], Iterable[bytes]]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A public answer: its route's pattern, its strong tag in quotes, and what is sent, but for the request's id.

    ``brief`` are the headers for a reader who has it already.
    """

    route: str
    tag: str
    headers: Headers
    brief: Headers
    body: bytes


def awake_time() -> float:
    """Return seconds by a clock that nobody sets and that goes on while the machine sleeps."""
    return time.clock_gettime(_CLOCK)


_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class HttpCache:
    """A WSGI application that answers for another where it can; ``largest`` bounds its bytes."""

    def __init__(
        self,
        application: Application,
        ask: Callable[[], tuple[int, float]],
        largest: int,
        clock: Callable[[], float] = awake_time,
    ) -> None:
        """Start empty; ``ask`` returns the current revision, and for how many seconds one may go by it."""
        self._application = application
        self._ask = ask
        self._largest = largest
        self._clock = clock
        self._lock = Lock()
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._size = 0
        self._revision = _NONE
        self._standing = object()
        self._until = -math.inf

    def __call__(self, environ: Environment, start_response: Any) -> Iterable[bytes]:
        """Answer from what is kept, or let the application answer and hand over what may be kept."""
        began = time.perf_counter()
        if environ["REQUEST_METHOD"] not in _READING or any(name in environ for name in _OTHERS):
            return self._application(environ, start_response)
        key = (environ["PATH_INFO"], environ["QUERY_STRING"])
        with self._lock:
            revision = self._revision if self._clock() < self._until else self._asked()
            answer = None if revision is None else self._found(key)
            standing = self._standing
        if answer is not None and may_be_given(answer, environ):
            return give(answer, environ, start_response, began)
        if revision is not None:
            environ[KEEP] = partial(self._keep, key, revision)
            environ[STANDING] = standing
        return self._application(environ, start_response)

    def _asked(self) -> int | None:
        """Ask for the revision, forget what was kept under another, and return it; ``None`` if nobody answers."""
        noted = self._clock()
        try:
            revision, lease = self._ask()
        except CatalogueError:
            self._go_by(_NONE, -math.inf)
            return None
        self._go_by(revision, noted + lease)
        return revision

    def _go_by(self, revision: int, until: float) -> None:
        if revision != self._revision:
            self._answers.clear()
            self._size = 0
            self._standing = object()
        self._revision = revision
        self._until = until

    def _found(self, key: Key) -> Answer | None:
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def _keep(self, key: Key, revision: int, answer: Answer) -> None:
        """Keep an answer, unless another revision was heard of while the application read it."""
        size = _size(key, answer)
        if size * LARGEST_PART > self._largest:
            return
        with self._lock:
            if self._revision != revision or key in self._answers:
                return
            self._answers[key] = answer
            self._size += size
            while self._size > self._largest:
                self._size -= _size(*self._answers.popitem(last=False))


def _size(key: Key, answer: Answer) -> int:
    return len(answer.body) + len(key[0]) + len(key[1]) + OVERHEAD


def may_be_given(answer: Answer, environ: Environment) -> bool:
    """Tell whether a request is answered so: whoever names several tags in If-None-Match is left to the application."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    return known is None or known == answer.tag or _ONE_TAG.match(known) is not None


def give(answer: Answer, environ: Environment, start_response: Any, began: float) -> Iterable[bytes]:
    """Send an answer to a request that began so (``time.perf_counter``), or that its reader has it."""
    method, named = environ["REQUEST_METHOD"], request_id(environ.get("HTTP_X_REQUEST_ID"))
    known = environ.get("HTTP_IF_NONE_MATCH")
    is_known = known is not None and known.removeprefix("W/") == answer.tag
    headers = answer.brief if is_known else answer.headers
    start_response("304 NOT MODIFIED" if is_known else "200 OK", [*headers, ("X-Request-ID", named)])
    write_access(method, answer.route, named, 304 if is_known else 200, began)
    return [] if is_known or method == "HEAD" else [answer.body]  # a server sends a list at once
