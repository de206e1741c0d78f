"""Plots for the documentation: lines over time, in panels one above the other, as SVG that needs no library."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, ABOVE, BELOW = 900, 240, 60, 190, 34, 36
"""Pixels: of a panel, and of the room around its lines; the names of the lines stand on the right."""

COLOURS = ("#1f6feb", "#bc4c00", "#1a7f37", "#8250df")
"""Each is told from white by more than 4.5 to 1; lines are told apart by their dashes as well."""

DASHES = ("", "6 3", "2 3", "10 3 2 3")
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines on one scale that begins at 0: the name of each, and its values at ``times``, in seconds."""

    title: str
    times: Sequence[float]
    lines: dict[str, Sequence[float]]


def drawn(title: str, panels: Sequence[Panel]) -> str:
    """Return an SVG document of all panels; ``title`` says to whom does not see it what it shows."""
    height = len(panels) * HEIGHT
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    )
    return "\n".join([head, *(_panel(panel, place * HEIGHT) for place, panel in enumerate(panels)), "</svg>\n"])


def ticks(most: float) -> list[float]:
    """Return from three to seven round numbers from 0 to the first that is not below ``most``."""
    size = 10.0**-3
    while True:
        for step in _STEPS:
            if most <= 6 * step * size:
                count = int(-(-most // (step * size))) or 1
                return [number * step * size for number in range(count + 1)]
        size *= 10


def _panel(panel: Panel, top: int) -> str:
    marks = ticks(max(max(values) for values in panel.lines.values()))
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - ABOVE - BELOW
    last = panel.times[-1] or 1

    def x(seconds: float) -> float:
        return round(LEFT + across * seconds / last, 1)

    def y(value: float) -> float:
        return round(top + ABOVE + down * (1 - value / marks[-1]), 1)

    parts = [f'<text x="{LEFT}" y="{top + 20}" font-size="14">{escape(panel.title)}</text>']
    for mark in marks:
        parts.append(f'<path d="M{LEFT} {y(mark)}h{across}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(mark) + 4}" text-anchor="end">{mark:g}</text>')
    for minutes in ticks(last / 60):
        if minutes * 60 <= last:
            at = f'x="{x(minutes * 60)}" y="{top + HEIGHT - BELOW + 18}"'
            parts.append(f'<text {at} text-anchor="middle">{minutes:g} min</text>')
    for place, (name, values) in enumerate(panel.lines.items()):
        colour, dash = COLOURS[place], DASHES[place]
        points = " ".join(f"{x(at)},{y(value)}" for at, value in zip(panel.times, values, strict=True))
        style = f'fill="none" stroke="{colour}" stroke-width="1.5" stroke-dasharray="{dash or "none"}"'
        parts.append(f'<polyline {style} points="{points}"/>')
        line = f'<path d="M{WIDTH - RIGHT + 12} {top + ABOVE + 8 + 20 * place}h24" {style}/>'
        label = f'<text x="{WIDTH - RIGHT + 42}" y="{top + ABOVE + 12 + 20 * place}">{escape(name)}</text>'
        parts += [line, label]
    return "\n".join(parts)
