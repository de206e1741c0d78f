"""Where the bars of a chart stand; the templates draw them as SVG, with their table beneath."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from service_catalog.console.languages import Given

WIDTH = 1000
"""Units from one end of a chart to the other; a style sheet stretches them to the width of the page."""


@dataclass(frozen=True, slots=True)
class Part:
    """One number with its label and the name of its colour."""

    label: Given
    value: int
    tone: str


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle: where it begins and how wide it is, in units."""

    x: int
    width: int
    tone: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Parts side by side under one label."""

    label: Given
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """The sum of the parts."""
        return sum(part.value for part in self.parts)

    def blocks(self, longest: int) -> list[Block]:
        """Return the rectangles of the parts, where a bar of ``longest`` fills the chart."""
        ends = [round(WIDTH * end / longest) if longest else 0 for end in self._ends()]
        return [
            Block(start, end - start, part.tone) for part, start, end in zip(self.parts, ends, ends[1:], strict=False)
        ]

    def _ends(self) -> list[int]:
        return list(accumulate((part.value for part in self.parts), initial=0))


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars on one scale; ``name`` is the key of its words, ``chart.<name>``."""

    name: str
    bars: Sequence[Bar]

    @property
    def longest(self) -> int:
        """The total of the longest bar."""
        return max((bar.total for bar in self.bars), default=0)
