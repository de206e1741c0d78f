"""How fast one token may write: a bucket for each, in this process's memory alone."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from service_catalog.domain.errors import TooManyWrites
from service_catalog.domain.vocabulary import Text

BURST_SECONDS = 5
"""A bucket holds so many seconds' worth of writes: 1,000 at the default of 200 a second."""


@dataclass(slots=True)
class _Bucket:
    left: float
    seen: float


class WriteRate:
    """Buckets that fill at ``rate`` writes a second; 0 lets every write through."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with full buckets."""
        self._rate = rate
        self._burst = rate * BURST_SECONDS
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, actor: str) -> None:
        """Count one write of this actor.

        Raises:
            TooManyWrites: where the bucket is empty, with the seconds until it holds one again.
        """
        if not self._rate:
            return
        now = self._clock()
        bucket = self._buckets.setdefault(actor, _Bucket(self._burst, now))
        bucket.left = min(self._burst, bucket.left + (now - bucket.seen) * self._rate)
        bucket.seen = now
        if bucket.left < 1:
            wait = math.ceil((1 - bucket.left) / self._rate)
            raise TooManyWrites(
                Text(
                    f"每个令牌每秒最多 {self._rate} 次写入；{wait} 秒后再试",
                    f"a token may write {self._rate} times a second; try again in {wait} s",
                )
            )
        bucket.left -= 1
