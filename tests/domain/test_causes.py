"""Causes of the operating system, in both languages."""

import errno
import os

from service_catalog.domain.causes import _CHINESE, cause_of
from service_catalog.domain.vocabulary import Text


def test_a_cause_when_it_is_a_common_one_is_said_in_both_languages():
    for number, chinese in _CHINESE.items():
        assert cause_of(OSError(number, os.strerror(number))) == Text(chinese, os.strerror(number))


def test_a_cause_when_it_is_a_rare_one_is_said_in_the_words_of_the_system():
    assert cause_of(OSError(errno.EXDEV, "Invalid cross-device link")) == Text(*["Invalid cross-device link"] * 2)


def test_a_cause_when_it_has_no_number_is_said_in_the_words_of_the_error():
    assert cause_of(OSError("no number")) == Text("no number", "no number")
