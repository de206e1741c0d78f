"""The shape of a text in both languages, shared by every document."""

from typing import Any

from service_catalog.documents.fields import Nested, PlainSchema, Words

LONGEST_TEXT = 2000
"""Characters in one text; the longest of the seed has under 500."""


class TextSchema(PlainSchema):
    """A text in Chinese and English; an unknown one is null."""

    zh = Words(longest=LONGEST_TEXT, required=True, allow_none=True, metadata={"description": "Chinese text."})
    en = Words(longest=LONGEST_TEXT, required=True, allow_none=True, metadata={"description": "English text."})


class NameSchema(TextSchema):
    """A name, which is always known in Chinese."""

    zh = Words(longest=LONGEST_TEXT, required=True, metadata={"description": "Chinese name."})


def text(description: str, *, nullable: bool = False, **example: str) -> Nested:
    """Return a required member that is a text in both languages, null allowed where ``nullable``."""
    metadata: dict[str, Any] = {"description": description}
    if example:
        metadata["example"] = example
    return Nested(TextSchema, required=True, allow_none=nullable, metadata=metadata)
