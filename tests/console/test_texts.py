"""No sentence lacks either language, none is missing, and none is left over."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import service_catalog.console
from service_catalog.console.texts import TEXTS

ROOM = Path(service_catalog.console.__file__).parent
TEMPLATES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOM / "templates").rglob("*.html"))}
SOURCES = [*TEMPLATES.values(), *(path.read_text(encoding="utf-8") for path in sorted(ROOM.glob("*.py")))]

WHOLE = re.compile(r"""(?:say\(|TEXTS\[)"([a-z0-9_.-]+)"[,)\]]""")
"""A key that is spelt out."""


def values_in(text: str) -> list[str]:
    """Return the names of the values that stand in a text."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("key", TEXTS)
def test_text_has_both_languages_with_the_same_values(key: str) -> None:
    text = TEXTS[key]
    if key != "layout.other_language":  # names the other language in that language
        assert re.search(r"[\u4e00-\u9fff]", text.zh) or not re.search(r"[A-Za-z]{2}", re.sub(r"\{.*?\}", "", text.zh))
        assert not re.search(r"[\u4e00-\u9fff，。；：！？（）]", re.sub(r"认证", "", text.en))
    assert text.zh.strip() == text.zh and text.en.strip() == text.en and text.zh and text.en
    assert values_in(text.zh) == values_in(text.en)


def keys_spelt() -> Iterator[str]:
    """Yield every key that a template or a module spells out to its end."""
    for source in SOURCES:
        yield from WHOLE.findall(source)


def test_text_that_is_named_exists() -> None:
    assert {key for key in keys_spelt() if key not in TEXTS} == set()


def test_text_that_exists_is_used() -> None:
    everything = "\n".join(SOURCES)
    words = set(re.findall(r"""["']([a-z0-9_.-]+)["']""", everything))
    begun = set(re.findall(r"""["']([a-z0-9_.-]+\.)""", everything))
    unused = [key for key in TEXTS if key not in words and not any(key.startswith(start) for start in begun)]
    assert unused == []


def test_template_says_nothing_by_itself() -> None:
    """Whatever a reader sees comes from a document or from the texts, so that it has both languages."""
    for name, template in TEMPLATES.items():
        shown = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", template, flags=re.DOTALL)
        assert re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", shown) == [], name
