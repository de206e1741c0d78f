"""Exports held against the log: what is proven, and every way of tampering, each refused by the check that is meant."""

import io
import json
import random
from dataclasses import replace
from typing import Any

import pytest

from service_catalog.documents.canonical import canonical
from service_catalog.documents.export import Header, Trailer, read_export
from service_catalog.documents.notes import new_signing_key, read_signing_key
from service_catalog.verification.checkpoints import Auditor
from service_catalog.verification.checks import Check, Outcome, Refuted
from service_catalog.verification.exports import _compare_bytes, _outlined
from service_catalog.verification.scratch import Scratch
from tests.evidence import FOLDER
from tests.verification.samples import (
    AUDITOR,
    CODES,
    DIVISIONS,
    FORMATS,
    WORLD,
    World,
    division_entry,
    grown,
    key_entry,
    refutation,
    refuted,
    service_entry,
    verified,
)

LOG = WORLD.log()
LINES = WORLD.lines()
HEADER = WORLD.header()
NOTE = WORLD.checkpoint()
PLACES = range(len(LINES))
FLIPS = 10_000

both_formats = pytest.mark.parametrize("written", FORMATS)


def forged(lines: list[bytes], written: str = "jsonl", note: str = NOTE, **header: Any) -> bytes:
    """Return an export with these lines whose count and digest were computed again, as a forger would."""
    return b"".join(FORMATS[written](replace(HEADER, **header), lines, note))


def changed(line: bytes, **members: Any) -> bytes:
    return canonical(json.loads(line) | members)


@both_formats
@pytest.mark.parametrize("division", [None, "43", "430203", "430203001", "44"])
@pytest.mark.parametrize("revision", [1, 2, 3, 4])
def test_an_export_when_it_is_what_the_log_gives_is_proven(written: str, revision: int, division: str | None):
    auditor = replace(AUDITOR, since=WORLD.checkpoint(1))
    report = verified(WORLD.export(written, revision, division), WORLD.log(revision), auditor)
    assert {finding.outcome for finding in report.findings} == {Outcome.PROVEN}
    assert report.outcome is Outcome.PROVEN
    assert len(report.findings) == 11
    assert report.facts["services"] == len(WORLD.lines(revision, division or ""))


@both_formats
def test_an_export_when_kept_from_an_earlier_release_is_still_proven(written: str):
    export, log = ((FOLDER / name).read_bytes() for name in (f"export.{written}", "log.jsonl"))
    size = next(part.log_size for part in read_export(io.BytesIO(export)) if isinstance(part, Header))
    beginning = b"".join(log.splitlines(keepends=True)[:size])
    assert verified(export, beginning).outcome is Outcome.PROVEN
    newer = (FOLDER / "checkpoint.txt").read_text(encoding="utf-8")
    assert verified(export, log, replace(AUDITOR, newer=newer)).outcome is Outcome.PROVEN
    (trailer,) = [part for part in read_export(io.BytesIO(export)) if isinstance(part, Trailer)]
    later = verified((FOLDER / "checkpoint.txt").read_bytes(), log, replace(AUDITOR, since=trailer.checkpoint))
    assert later.outcome is Outcome.PROVEN


@both_formats
def test_an_export_when_its_log_is_not_there_is_not_proven_but_checked_as_far_as_it_goes(written: str):
    report = verified(WORLD.export(written), None, replace(AUDITOR, since=WORLD.checkpoint(1)))
    assert report.outcome is Outcome.UNCHECKED
    proven = [finding.check for finding in report.findings if finding.outcome is Outcome.PROVEN]
    assert proven == [Check.INPUTS, Check.FORMAT, Check.SIGNATURE, Check.ORIGIN]
    assert refuted(verified(forged(LINES, log_size=9), None)) is Check.HEADER


@both_formats
@pytest.mark.parametrize("place", PLACES)
def test_a_line_when_altered_and_counted_again_is_refused_as_not_the_logged_document(written: str, place: int):
    lines = [*LINES]
    lines[place] = changed(lines[place], visits=1)
    finding = refutation(verified(forged(lines, written), LOG))
    assert finding.check is Check.DOCUMENTS
    assert json.loads(LINES[place])["id"] in str(finding.detail)


@pytest.mark.parametrize("place", PLACES)
def test_a_line_when_removed_and_counted_again_is_refused_as_missing(place: int):
    finding = refutation(verified(forged([*LINES[:place], *LINES[place + 1 :]]), LOG))
    assert finding.check is Check.COMPLETE
    assert f"1 missing, the first is {json.loads(LINES[place])['id']}" in str(finding.detail)


@pytest.mark.parametrize("code", ["aaa", "job", "zzz"])
def test_a_line_when_added_and_counted_again_is_refused_as_one_too_many(code: str):
    lines = sorted([*LINES, service_entry(code)[2]], key=lambda line: json.loads(line)["id"])
    finding = refutation(verified(forged(lines), LOG))
    assert finding.check is Check.COMPLETE
    assert f"1 not in the log, the first is 430203-{code}" in str(finding.detail)


@both_formats
@pytest.mark.parametrize("place", PLACES)
def test_a_line_when_repeated_moved_or_cut_is_refused_for_the_form(written: str, place: int):
    twice = [*LINES[: place + 1], *LINES[place:]]
    moved = [*LINES[:place], *LINES[place + 1 :]]
    moved.insert((place + 2) % len(LINES), LINES[place])
    cut = [*LINES[:place], LINES[place][:-1], *LINES[place + 1 :]]
    for lines in (twice, moved, cut):
        assert refuted(verified(forged(lines, written), LOG)) is Check.FORMAT


@both_formats
def test_an_export_when_cut_anywhere_or_followed_by_anything_is_refused_for_the_form(written: str):
    export = WORLD.export(written)
    for end in range(0, len(export), 97):
        assert refuted(verified(export[:end], LOG)) is Check.FORMAT
    for more in (b"\n", b" ", b"{}", export):
        assert refuted(verified(export + more, LOG)) is Check.FORMAT


@pytest.mark.parametrize(
    ("header", "check"),
    [
        ({"origin": "other"}, Check.HEADER),
        ({"revision": 3}, Check.HEADER),
        ({"log_size": 10}, Check.HEADER),
        ({"division": "430203"}, Check.HEADER),
        ({"division": "43"}, None),
        ({"division": "44"}, Check.HEADER),
        ({"divisions": ()}, Check.HEADER),
        ({"divisions": HEADER.divisions[::-1]}, Check.HEADER),
        (
            {"divisions": (HEADER.divisions[0], dict(HEADER.divisions[1], name={"zh": "别处", "en": None}))},
            Check.HEADER,
        ),
    ],
)
def test_a_header_when_changed_is_refused_for_what_it_says(header: dict[str, Any], check: Check | None):
    report = verified(forged(LINES, **header), LOG)
    assert report.outcome is Outcome.PROVEN if check is None else refuted(report) is check


def test_a_notice_when_it_is_that_of_an_earlier_revision_is_refused():
    world = grown()
    world.write(division_entry("430203", notice={"zh": "新的说明。", "en": "A new notice."}))
    assert verified(world.export(), world.log()).outcome is Outcome.PROVEN
    old = replace(world.header(), divisions=world.header(4).divisions)
    assert (
        refuted(verified(b"".join(FORMATS["json"](old, world.lines(), world.checkpoint())), world.log()))
        is Check.HEADER
    )


def test_a_header_when_too_many_divisions_are_concerned_quotes_none():
    world = World()
    world.write(key_entry(), *(division_entry(f"43{number:04}") for number in range(101)), service_entry(CODES[0]))
    header = replace(world.header(), divisions=())
    lines, note = world.lines(), world.checkpoint()
    assert verified(b"".join(FORMATS["json"](header, lines, note)), world.log()).outcome is Outcome.PROVEN
    assert refuted(verified(world.export(), world.log())) is Check.HEADER


@both_formats
@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        (f'"count":{len(LINES)}', '"count":4', Check.FORMAT),
        ('"sha256":"', '"sha256":"0', Check.FORMAT),
        ('"checkpoint":"tests', '"checkpoint":"rests', Check.SIGNATURE),
        ('","count"', '\\n","count"', Check.SIGNATURE),
        (canonical(NOTE).decode()[-40:-1], f"{canonical(NOTE).decode()[-40:-1]}— tests AAAA\\n", Check.SIGNATURE),
        (canonical(NOTE).decode()[1:-1], canonical(WORLD.checkpoint(3)).decode()[1:-1], Check.HEADER),
        (canonical(NOTE).decode()[1:-1], "", Check.SIGNATURE),
    ],
)
def test_a_trailer_when_changed_is_refused_for_what_it_says(written: str, old: str, new: str, check: Check):
    export = WORLD.export(written).decode()
    assert export.count(old) == 1
    assert refuted(verified(export.replace(old, new), LOG)) is check


def test_a_file_when_the_one_that_is_rebuilt_differs_from_it_is_refused():
    export = io.BytesIO(WORLD.export())
    with Scratch() as scratch:
        header, trailer = _outlined(export, scratch)
        _compare_bytes(export, header, trailer, scratch)
        others = [(WORLD.header(3), trailer), (header, replace(trailer, checkpoint=WORLD.checkpoint(3)))]
        for other in others:
            with pytest.raises(Refuted, match="rebuilt"):
                _compare_bytes(export, *other, scratch)


def test_an_export_when_the_key_or_the_origin_is_not_the_auditors_is_refused():
    stranger = read_signing_key(new_signing_key("tests"))
    export = WORLD.export()
    assert refuted(verified(export, LOG, replace(AUDITOR, key=stranger.verifier_key))) is Check.SIGNATURE
    assert refuted(verified(export, LOG, replace(AUDITOR, origin="another"))) is Check.ORIGIN
    other = grown(stranger)
    assert refuted(verified(other.export(), other.log())) is Check.SIGNATURE
    assert verified(other.export(), other.log(), Auditor(stranger.verifier_key, "tests")).outcome is Outcome.PROVEN


@pytest.mark.parametrize(
    "key", ["", "tests", "PRIVATE+KEY+x", f"{AUDITOR.key}A", AUDITOR.key.replace("tests", "rests")]
)
def test_a_key_when_it_cannot_be_read_leaves_everything_unchecked(key: str):
    report = verified(WORLD.export(), LOG, replace(AUDITOR, key=key))
    assert {finding.outcome for finding in report.findings} == {Outcome.UNCHECKED}


def test_a_history_when_forked_is_refused_by_the_older_checkpoint_alone():
    fork = grown(reason_of_fork="另一个原因")
    assert verified(fork.export(), fork.log()).outcome is Outcome.PROVEN
    before = replace(AUDITOR, since=WORLD.checkpoint(1))
    assert verified(fork.export(), fork.log(), before).outcome is Outcome.PROVEN
    after = replace(AUDITOR, since=WORLD.checkpoint(2))
    finding = refutation(verified(fork.export(), fork.log(), after))
    assert finding.check is Check.APPEND_ONLY and "history was rewritten" in str(finding.detail)
    assert refuted(verified(fork.export(), LOG)) is Check.LOG_ROOT


def test_an_older_checkpoint_when_not_of_this_log_or_ahead_of_it_is_refused():
    stranger = grown(read_signing_key(new_signing_key("tests")))
    elsewhere = WORLD.checkpoint(1, origin="elsewhere")
    for since in ("", "nonsense", stranger.checkpoint(1), elsewhere, WORLD.checkpoint(4)):
        auditor = replace(AUDITOR, since=since)
        assert refuted(verified(WORLD.export(revision=3), WORLD.log(3), auditor)) is Check.APPEND_ONLY


@both_formats
def test_a_log_when_truncated_or_extended_is_refused(written: str):
    export = WORLD.export(written)
    for log in (LOG[:-1], b"", LOG + b"{}"):
        assert refuted(verified(export, log)) in {Check.LOG_ENTRIES, Check.LOG_ROOT}
    for revision in (1, 2, 3):
        finding = refutation(verified(export, WORLD.log(revision)))
        assert finding.check is Check.LOG_ROOT
        said = f"the log has {WORLD.sizes[revision]} entries, the checkpoint signs 11: it was cut, or fetched too early"
        assert said in str(finding.detail)
    for more, count in ((WORLD.leaves[-1] + b"\n", 1), (b"\n", 1), (LOG, 11)):
        report = verified(export, LOG + more)
        assert report.outcome is Outcome.UNCHECKED
        assert report.findings[-1].check is Check.LATER_ENTRIES
        assert f"nothing vouches for the last {count} entries" in str(report.findings[-1].detail)


@pytest.mark.parametrize("place", range(len(WORLD.leaves)))
def test_an_entry_when_altered_removed_repeated_added_cut_or_moved_is_refused(place: int):
    leaves = WORLD.leaves
    lists = [
        [*leaves[:place], changed(leaves[place], actor="somebody"), *leaves[place + 1 :]],
        [*leaves[:place], changed(leaves[place], sha256="0" * 64), *leaves[place + 1 :]],
        [*leaves[:place], *leaves[place + 1 :]],
        [*leaves[: place + 1], *leaves[place:]],
        [*leaves[:place], changed(leaves[place], id="430203-added"), *leaves[place:]],
        [*leaves[:place], leaves[place][:-1], *leaves[place + 1 :]],
        [*leaves[1 : place + 1], leaves[0], *leaves[place + 1 :]] if place else leaves[::-1],
    ]
    for forged_leaves in lists:
        log = b"".join(leaf + b"\n" for leaf in forged_leaves)
        report = verified(WORLD.export(), log)
        if log.startswith(LOG):  # the last one repeated only makes the log longer
            assert (report.outcome, report.findings[-1].check) == (Outcome.UNCHECKED, Check.LATER_ENTRIES)
        else:
            assert refuted(report) in {Check.LOG_ENTRIES, Check.LOG_ROOT}


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"version": 4}, "should come to version 3, not 4"),
        ({"version": 2}, "should come to version 3, not 2"),
        ({"op": "created"}, "is created once"),
        ({"sha256": "A" * 64}, "its digest or time"),
        ({"time": "2026-11-24"}, "its digest or time"),
        ({"kind": 1}, "one spelling"),
        ({"time": "2026-11-23T08:00:00Z"}, "its time is before"),
        ({"revision": 7}, "revision 7 cannot follow 4"),
        ({"revision": 4}, "what the entry before it says"),
        ({"revision": True}, "one spelling"),
        ({"id": None}, "one spelling"),
        ({"op": None, "more": 1}, "one spelling"),
    ],
)
def test_a_log_when_its_own_holder_signed_what_cannot_follow_is_refused(members: dict[str, Any], said: str):
    world = grown()
    world.write(service_entry(CODES[0], DIVISIONS[0], version=3, revision=5), **members)
    finding = refutation(verified(world.checkpoint(), world.log()))
    assert finding.check is Check.LOG_ENTRIES
    assert finding.detail is not None and finding.detail.en.startswith("line 12 of the log: ")
    assert said in finding.detail.en


def test_a_log_when_it_begins_with_another_key_is_refused():
    world = World()
    world.write(("key", "tests", b"another"), service_entry(CODES[0]))
    assert "does not begin with this key" in str(refutation(verified(world.export(), world.log())).detail)


@both_formats
def test_a_single_bit_when_flipped_anywhere_is_refused_with_a_reason_of_its_own_file(written: str):
    export, chance = WORLD.export(written), random.Random(20261124)  # noqa: S311 - chosen to be repeated
    reasons = {True: {Check.FORMAT, Check.SIGNATURE, Check.HEADER}, False: {Check.LOG_ENTRIES, Check.LOG_ROOT}}
    seen = set()
    for _ in range(FLIPS // len(FORMATS)):
        position, mask = chance.randrange(len(export) + len(LOG)), 1 << chance.randrange(8)
        both = bytearray(export + LOG)
        both[position] ^= mask
        check = refuted(verified(bytes(both[: len(export)]), bytes(both[len(export) :])))
        assert check in reasons[position < len(export)], f"bit {mask} of byte {position}"
        seen.add(check)
    assert seen == reasons[True] | reasons[False]
