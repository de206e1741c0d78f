"""Two export files compared: what is refused, by name; and nothing that a file may hold ends in a traceback."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service_catalog.documents.canonical import canonical
from service_catalog.documents.export import Header, json_chunks, jsonl_chunks
from service_catalog.domain.errors import UnreadableFile
from service_catalog.domain.selection import DiffFormat
from service_catalog.verification.comparing import Incomparable, compare_exports
from tests.domain.samples import altered, service
from tests.verification.samples import WORLD

HEADER = WORLD.header()


def compared(old: bytes, new: bytes, written_as: DiffFormat = DiffFormat.JSON) -> str:
    return b"".join(compare_exports(io.BytesIO(old), io.BytesIO(new), written_as)).decode()


def exported(*documents: Any, header: Header = HEADER) -> bytes:
    return b"".join(jsonl_chunks(header, map(canonical, documents), "checkpoint"))


@pytest.mark.parametrize("old", ["json", "jsonl"])
@pytest.mark.parametrize("new", ["json", "jsonl"])
def test_exports_in_either_format_are_joined_by_id(old: str, new: str) -> None:
    told = json.loads(compared(WORLD.export(old, 1), WORLD.export(new, 4)))
    assert [(one["id"], one["op"], one["versions"]) for one in told["items"]] == [
        ("430203-pension", "retired", {"before": 1, "after": 2})
    ]
    assert (told["from"], told["to"], told["divisions"], told["next"]) == (1, 4, [], None)


def test_exports_of_one_revision_do_not_differ() -> None:
    assert json.loads(compared(WORLD.export("json"), WORLD.export("jsonl")))["items"] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (exported(header=replace(HEADER, origin="other")), exported(), "two logs, other and tests"),
        (exported(), exported(header=replace(HEADER, division="4302")), "two divisions, all and 4302"),
        (exported(), exported(header=replace(HEADER, revision=1)), "OLD is revision 4 and NEW 1"),
        (exported(service(id="a")), exported(), "NEW lacks a, which OLD has"),
        (exported(service(id="a")), exported(service(id="b")), "NEW lacks a, which OLD has"),
        (exported(), exported(service(schema=99)), "430203-card-application is not a document that this release knows"),
        (exported(), exported(altered(service(), "/name", "x")), "is not a document that this release knows"),
        (exported(), exported(header=replace(HEADER, divisions=({"division": "1", "notice": {}},))), "1 is not a doc"),
    ],
)
def test_files_between_which_nothing_can_be_told_are_refused_in_both_languages(
    old: bytes, new: bytes, said: str
) -> None:
    with pytest.raises(Incomparable) as caught:
        compared(old, new)
    assert said in caught.value.detail.en and not caught.value.detail.zh.isascii()


@pytest.mark.parametrize(
    ("name", "spoil"), [("OLD", lambda one, other: (one[:-9], other)), ("NEW", lambda one, other: (one, other[:-9]))]
)
def test_file_that_is_not_whole_is_refused_and_named(
    name: str, spoil: Callable[[bytes, bytes], tuple[bytes, bytes]]
) -> None:
    with pytest.raises(UnreadableFile, match=f"^{name}: not a sound export") as caught:
        compared(*spoil(WORLD.export("json", 1), WORLD.export("json")))
    assert caught.value.detail.zh.startswith(f"{name}：不是完好的导出文件")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("az", max_size=3), inner, max_size=3),
    max_leaves=8,
)
services = st.dictionaries(st.sampled_from([*service()]), values, max_size=4).map(
    lambda other: service() | other | {"id": "430203-card-application", "version": 1}
)


@settings(deadline=None, max_examples=300)
@given(old=services, new=services)
def test_files_of_anything_are_told_alike_in_both_forms_or_refused(old: Any, new: Any) -> None:
    files = [b"".join(json_chunks(HEADER, [canonical(one)], "checkpoint")) for one in (old, new)]
    with suppress(Incomparable):
        told = json.loads(compared(*files, DiffFormat.JSON))["items"]
        assert [one["id"] for one in told] == ["430203-card-application"] * len(told)
        assert ("430203-card-application" in compared(*files, DiffFormat.TEXT)) is bool(told)
