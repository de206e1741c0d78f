"""Every sentence that stands on a page and in no document, in both languages, by its key.

A key is ``page.name``. Values stand in braces. The module of a page holds its words; here they become one list.
"""

from service_catalog.console.texts import (
    administering,
    auditing,
    browsing,
    editing,
    indicators,
    layout,
    reviewing,
    uploading,
)
from service_catalog.domain.vocabulary import Text

_WORDS = (
    layout.TEXTS,
    browsing.TEXTS,
    indicators.TEXTS,
    administering.TEXTS,
    editing.TEXTS,
    auditing.TEXTS,
    reviewing.TEXTS,
    uploading.TEXTS,
)

TEXTS: dict[str, Text] = {key: text for words in _WORDS for key, text in words.items()}
"""Each text by its key."""
