"""How the server's workers stop: none misses the signal, and none outlives the deadline."""

import logging
import multiprocessing
import os
import signal
import threading
from functools import partial
from types import FrameType

logger = logging.getLogger(__name__)

STOP_DEADLINE = 10
"""Seconds that the workers may take to finish their requests after SIGTERM."""

_WAKE_UP = 1
"""Seconds after which a worker's main thread looks again whether it was told to stop."""


def heed_sigterm_from_the_fork() -> None:
    """Let no worker that is forked from now on miss SIGTERM; call it once."""
    os.register_at_fork(before=_hold_sigterm, after_in_parent=_release_sigterm, after_in_child=_begin_as_worker)


def _hold_sigterm() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _release_sigterm() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _begin_as_worker() -> None:
    """Undo what a forked worker inherits: handlers that set a flag nobody in the worker reads.

    Until granian has installed the worker's own, SIGTERM simply ends it. Ctrl-C reaches every process of a terminal;
    the server alone heeds it and passes it on as SIGTERM. Python runs handlers in the main thread only, which here
    sleeps on a lock: a signal that another thread took, or that came just before the lock, would never be seen. So
    an alarm that does nothing wakes it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, _WAKE_UP, _WAKE_UP)
    _release_sigterm()


def limit_stopping() -> None:
    """End the workers ``STOP_DEADLINE`` after the server is told to stop; call it when granian hears signals.

    Granian's own limit takes a worker that has just ended, and that its other thread has waited for, for one that
    refuses to: on a busy machine it says so and sends SIGKILL to a process id that is free again.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, partial(_stop_within_deadline, signal.getsignal(number)))


def _stop_within_deadline(stop: object, number: int, frame: FrameType | None) -> None:
    deadline = threading.Timer(STOP_DEADLINE, _kill_workers)
    deadline.daemon = True
    deadline.start()
    if callable(stop):
        stop(number, frame)


def _kill_workers() -> None:
    for worker in multiprocessing.active_children():
        logger.warning("worker %s had requests %s seconds after it was told to stop: killed", worker.pid, STOP_DEADLINE)
        worker.kill()
