"""The code lists as one document."""

from functools import cache
from typing import Any

from service_catalog.domain.rules import Rule
from service_catalog.domain.vocabulary import VOCABULARIES, Code


@cache
def vocabularies() -> dict[str, list[dict[str, Any]]]:
    """Return every code list by name, each code with its labels, in the order of its declaration."""
    lists: dict[str, type[Code]] = {**VOCABULARIES, "rules": Rule}
    return {
        name: [{"code": code.value, "label": {"zh": code.label.zh, "en": code.label.en}} for code in codes]
        for name, codes in lists.items()
    }
