"""The table of readings, made from the pypinyin library; run as a module to write it anew.

The library itself takes 130 ms and 56 MB to import, most of it for phrases, so only what a name needs is kept: the
6,763 characters of GB 2312, each with the readings that at least a tenth of the library's phrases give it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

from service_catalog.documents.search.pinyin import FILE

ROWS, CELLS = range(0xB0, 0xF8), range(0xA1, 0xFF)
"""The bytes of GB 2312's characters."""

VOWELS = frozenset("aeiouv")
"""Letters of which a syllable has one; nobody types the hums without (hm, ng)."""


def characters() -> Iterator[str]:
    """Yield the characters of GB 2312, in its order."""
    for row in ROWS:
        yield from bytes(byte for cell in CELLS for byte in (row, cell)).decode("gb2312", errors="ignore")


def readings() -> dict[str, list[str]]:
    """Return each character's readings without tones, the commonest first."""
    used: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, spoken in phrases_dict.items():
        for character, ways in zip(phrase, spoken, strict=True):
            used[character][plain(ways[0])] += 1
    return {character: _common(character, used[character]) for character in characters()}


def _common(character: str, used: Counter[str]) -> list[str]:
    known = dict.fromkeys(plain(way) for way in pinyin_dict[ord(character)].split(",") if VOWELS & {*plain(way)})
    common = [way for way in known if used[way] * 10 >= used.total() > 0]
    return sorted(common, key=lambda way: -used[way]) or [*known][:1]


def plain(way: str) -> str:
    """Return a reading without its tone, as it is typed: lü is lv."""
    return str(to_normal(way)).replace("ü", "v")


def table() -> str:
    """Return the table: a line a syllable, with the characters that it is the first reading of, then the others."""
    lines: defaultdict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for character, ways in readings().items():
        for position, way in enumerate(ways):
            lines[way][min(position, 1)].append(character)
    written = (f"{way} {''.join(first)} {''.join(others)}" for way, (first, others) in sorted(lines.items()))
    return "".join(f"{line.rstrip()}\n" for line in written)


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
