"""The two languages of the pages: which words, dates and numbers each takes; the only place that asks Babel."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from service_catalog.console.texts import TEXTS
from service_catalog.domain.vocabulary import Text

BEIJING = timezone(timedelta(hours=8))
"""The time of the whole country; a page's script shows the reader's own where it differs."""

Given = Text | Mapping[str, str | None]
"""A text of this program, or one of a document, of which either language may be missing."""


class Language(StrEnum):
    """A language by the word that stands for it in code; Chinese comes first."""

    ZH = "zh"
    EN = "en"

    @property
    def prefix(self) -> str:
        """What an address in this language begins with."""
        return "" if self is Language.ZH else "/en"

    @property
    def tag(self) -> str:
        """The language's name in HTML."""
        return "zh-CN" if self is Language.ZH else "en"

    @property
    def other(self) -> "Language":
        """The language that a reader may switch to."""
        return Language.EN if self is Language.ZH else Language.ZH

    @property
    def locale(self) -> Locale:
        """Babel's rules for it."""
        return Locale.parse("zh_Hans_CN" if self is Language.ZH else "en_GB")

    def say(self, key: str, **values: object) -> str:
        """Return the text of the pages that has this key, with the values in it."""
        return self.plain(TEXTS[key]).format(**values)

    def plain(self, text: Given) -> str:
        """Return the text in this language, or in the other where only that is known."""
        known = {"zh": text.zh, "en": text.en} if isinstance(text, Text) else text
        return known[self] or known[self.other] or ""

    def marked(self, text: Given) -> Markup:
        """Return the text as HTML; where it is in the other language, that is marked for whoever reads it aloud."""
        if isinstance(text, Text) or text[self]:
            return escape(self.plain(text))
        return self.other.quoted(text[self.other] or "")

    def quoted(self, words: str) -> Markup:
        """Return words that are in this language whatever the page is in, such as the title of a law."""
        return Markup('<span lang="{}">{}</span>').format(self.tag, words)

    def number(self, value: int) -> str:
        """Write a whole number."""
        return format_decimal(value, locale=self.locale)

    def percent(self, share: float) -> str:
        """Write a part of 1 as a percentage with one decimal."""
        return format_percent(share, format="0.0%", locale=self.locale)

    def day(self, text: str) -> str:
        """Write a date, given as the catalogue writes it."""
        return format_date(date.fromisoformat(text), format="long", locale=self.locale)

    def moment(self, text: str) -> str:
        """Write a time, given as the catalogue writes it, by the clocks of China."""
        local = datetime.fromisoformat(text).astimezone(BEIJING)
        pattern = "y年M月d日 HH:mm" if self is Language.ZH else "d MMMM y, HH:mm"
        return format_datetime(local, pattern, locale=self.locale)
