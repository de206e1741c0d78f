"""Anything may be handed to the verifier: it ends with a report, and nothing but the real thing is accepted."""

import json
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service_catalog.verification.checks import Outcome
from tests.verification.samples import AUDITOR, WORLD, verified

LOG = WORLD.log()
KEPT = replace(AUDITOR, since=WORLD.checkpoint(2))
ENTRY = WORLD.leaves[3]
EXPORTS = [WORLD.export("json"), WORLD.export("jsonl")]
NOTES = [text.encode() for text in (WORLD.checkpoint(), WORLD.consistency(2), WORLD.receipt(3))]
FRAGMENTS = [b"", b"\n", b"{", b"}", b"[", b'"', b"\\", b"0", b"-1", b"1e9", b"null", b"=", b"\xe2\x80\x94 ", b"\xff"]

pieces = st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=12), st.text(max_size=6).map(str.encode))


@st.composite
def spoilt(draw: st.DrawFn, files: list[bytes]) -> bytes:
    """Draw one of the files with some stretches replaced, moved or repeated, so that it is not that file."""
    original = spoiled = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(spoiled))] * 2)))
        inserted = draw(st.one_of(pieces, st.just(spoiled[start:end] * 2)))
        spoiled = spoiled[:start] + inserted + spoiled[end:]
    assume(spoiled not in EXPORTS + NOTES)
    return spoiled if spoiled != original else spoiled + b" "


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=400)
@given(file=spoilt(EXPORTS))
def test_an_export_when_spoilt_is_never_accepted(file: bytes):
    assume(not file.startswith((b"old ", b"c2sp.org/")))  # then it is taken for a proof, which needs no log
    assert verified(file, LOG, KEPT).outcome is Outcome.REFUTED


@settings(deadline=None, max_examples=400)
@given(log=spoilt([LOG]))
def test_a_log_when_spoilt_is_never_accepted(log: bytes):
    expected = Outcome.UNCHECKED if log.startswith(LOG) and log.endswith(b"\n") else Outcome.REFUTED
    assert verified(EXPORTS[0], log, KEPT).outcome is expected
    assert verified(NOTES[0], log, KEPT).outcome is expected


@settings(deadline=None, max_examples=400)
@given(note=spoilt(NOTES))
def test_a_note_or_a_proof_when_spoilt_is_never_accepted(note: bytes):
    for report in (verified(note, LOG, AUDITOR), verified(note, None, KEPT), verified(note, entry=ENTRY)):
        assert report.outcome is not Outcome.PROVEN


@settings(deadline=None, max_examples=200)
@given(kept=spoilt(NOTES[:1]), revision=st.integers(1, 4))
def test_a_kept_checkpoint_when_spoilt_is_never_accepted(kept: bytes, revision: int):
    note = kept.decode(errors="replace")
    export = WORLD.export(revision=revision)
    assert verified(export, LOG, replace(AUDITOR, since=note)).outcome is Outcome.REFUTED
    assert verified(export, LOG, replace(AUDITOR, newer=note)).outcome is Outcome.REFUTED
    assert verified(export, LOG, replace(AUDITOR, remembered=(note,))).outcome is Outcome.UNCHECKED
    assert verified(NOTES[1], None, replace(KEPT, remembered=(note,))).outcome is Outcome.UNCHECKED


@settings(deadline=None, max_examples=200)
@given(file=st.binary(max_size=300), log=st.binary(max_size=300), since=st.text(max_size=80), key=st.text(max_size=80))
def test_files_when_they_are_anything_at_all_are_never_accepted(file: bytes, log: bytes, since: str, key: str):
    assert verified(file, log, replace(AUDITOR, since=since)).outcome is not Outcome.PROVEN
    assert verified(file, log, replace(AUDITOR, key=key)).outcome is Outcome.UNCHECKED
    assert verified(EXPORTS[0], log, replace(AUDITOR, since=since)).outcome is Outcome.REFUTED


@settings(deadline=None, max_examples=300)
@given(header=json_values, lines=st.lists(json_values, max_size=3), trailer=json_values)
def test_an_export_when_it_is_any_json_in_its_frame_is_never_accepted(header, lines, trailer):
    parts = [{"header": header}, *lines, {"trailer": trailer}]
    whole = json.dumps({"header": header, "services": lines, "trailer": trailer}, separators=(",", ":"))
    listed = "".join(json.dumps(part, separators=(",", ":"), ensure_ascii=False) + "\n" for part in parts)
    for text in (whole, listed):
        assert verified(text.encode(errors="surrogatepass"), LOG).outcome is Outcome.REFUTED
        assert verified(EXPORTS[0], text.encode(errors="surrogatepass")).outcome is Outcome.REFUTED


@settings(deadline=None, max_examples=50)
@given(depth=st.integers(1, 100_000), opening=st.sampled_from(["[", '{"a":', '{"header":{"a":[', "{"]))
def test_an_export_or_an_entry_when_nested_to_any_depth_is_refused(depth: int, opening: str):
    deep = (opening * depth).encode()
    for text in (deep, b'{"header":' + deep, b'{"header":{}}\n' + deep):
        assert verified(text, LOG).outcome is Outcome.REFUTED
        assert verified(EXPORTS[0], text + b"\n").outcome is Outcome.REFUTED
