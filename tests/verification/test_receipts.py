"""Receipts, consistency proofs and checkpoints: proven where they hold, refused where anything in them differs."""

from dataclasses import replace

import pytest

from service_catalog.documents.notes import new_signing_key, read_signing_key
from service_catalog.verification.checks import Check, Outcome
from tests.verification.samples import AUDITOR, WORLD, grown, refutation, refuted, verified

ENTRY = WORLD.leaves[3] + b"\n"
RECEIPT = WORLD.receipt(3)
DOCUMENT = WORLD.lines(1)[0]
PROOF = WORLD.consistency(2)
KEPT = replace(AUDITOR, since=WORLD.checkpoint(2))
STRANGER = read_signing_key(new_signing_key("tests"))


@pytest.mark.parametrize("index", range(len(WORLD.leaves)))
def test_a_receipt_when_it_is_for_this_entry_is_proven(index: int):
    report = verified(WORLD.receipt(index), entry=WORLD.leaves[index])
    assert report.outcome is Outcome.PROVEN
    assert report.facts == {"index": index, "origin": "tests", "log_size": 11, "entry": WORLD.entries[index]}


def test_a_receipt_when_the_document_is_at_hand_is_for_that_document_alone():
    report = verified(RECEIPT, entry=ENTRY, document=DOCUMENT)
    assert (report.outcome, report.findings[-1].check) == (Outcome.PROVEN, Check.DOCUMENT)
    assert refuted(verified(RECEIPT, entry=ENTRY, document=DOCUMENT[:-1])) is Check.DOCUMENT
    assert refuted(verified(RECEIPT, entry=ENTRY, document=WORLD.lines(2)[0])) is Check.DOCUMENT


def test_a_receipt_when_its_entry_is_not_at_hand_is_not_proven():
    report = verified(RECEIPT)
    assert report.outcome is Outcome.UNCHECKED
    assert [one.check for one in report.findings if one.outcome is Outcome.UNCHECKED] == [Check.ENTRY, Check.INCLUSION]


@pytest.mark.parametrize("place", range(len(WORLD.leaves)))
def test_a_receipt_when_it_is_for_another_entry_is_refused(place: int):
    if place != 3:
        assert refuted(verified(RECEIPT, entry=WORLD.leaves[place])) is Check.INCLUSION


@pytest.mark.parametrize("entry", [b"", b"{}", b"nonsense", b"[]", ENTRY * 2, ENTRY.replace(b":", b": ", 1)])
def test_a_receipt_when_what_it_is_for_is_no_entry_is_refused(entry: bytes):
    assert refuted(verified(RECEIPT, entry=entry)) is Check.ENTRY


def test_a_receipt_when_its_proof_or_checkpoint_is_another_is_refused():
    hashes = RECEIPT.splitlines()[2:5]
    forgeries = [
        (RECEIPT.replace("index 3", "index 4"), Check.INCLUSION),
        (RECEIPT.replace("index 3", "index 11"), Check.INCLUSION),
        (RECEIPT.replace(hashes[0], hashes[1], 1), Check.INCLUSION),
        (RECEIPT.replace(f"{hashes[0]}\n", "", 1), Check.INCLUSION),
        (RECEIPT.replace(WORLD.checkpoint(), WORLD.checkpoint(2)), Check.INCLUSION),
        (RECEIPT.replace(WORLD.checkpoint(), STRANGER.sign("tests\n1\n\n")), Check.SIGNATURE),
        (RECEIPT.replace("index 3", "index  3"), Check.FORMAT),
        (RECEIPT + "\n", Check.SIGNATURE),
        (RECEIPT.replace("@v1", "@v2"), Check.FORMAT),
    ]
    for receipt, check in forgeries:
        assert refuted(verified(receipt, entry=ENTRY)) is check
    assert refuted(verified(RECEIPT, None, replace(AUDITOR, origin="another"), entry=ENTRY)) is Check.ORIGIN


@pytest.mark.parametrize(("old", "new"), [(old, new) for new in range(1, 5) for old in range(1, new + 1)])
def test_two_checkpoints_when_the_log_only_grew_between_them_are_proven_consistent(old: int, new: int):
    report = verified(WORLD.consistency(old, new), None, replace(AUDITOR, since=WORLD.checkpoint(old)))
    assert report.outcome is Outcome.PROVEN
    assert report.facts["old_size"] == WORLD.sizes[old]


def test_two_checkpoints_when_history_was_rewritten_between_them_are_refused():
    fork = grown(reason_of_fork="另一个原因")
    finding = refutation(verified(fork.consistency(2), None, KEPT))
    assert finding.check is Check.APPEND_ONLY and "does not lead from the older checkpoint" in str(finding.detail)
    assert verified(fork.consistency(1), None, replace(AUDITOR, since=WORLD.checkpoint(1))).outcome is Outcome.PROVEN


def test_a_consistency_proof_when_it_or_what_it_starts_from_is_another_is_refused():
    hashes = PROOF.splitlines()[1]
    cases = [
        (PROOF.replace("old 9", "old 10"), KEPT, Check.APPEND_ONLY),
        (PROOF.replace(f"{hashes}\n", "", 1), KEPT, Check.APPEND_ONLY),
        (PROOF.replace("old ", "old 0"), KEPT, Check.FORMAT),
        (PROOF, replace(KEPT, since=WORLD.checkpoint(1)), Check.APPEND_ONLY),
        (WORLD.consistency(1, 1), replace(KEPT, since=WORLD.checkpoint()), Check.APPEND_ONLY),
        (PROOF, replace(KEPT, since="nonsense"), Check.APPEND_ONLY),
        (PROOF, replace(KEPT, key=STRANGER.verifier_key), Check.SIGNATURE),
        (PROOF, replace(KEPT, origin="another"), Check.ORIGIN),
    ]
    for proof, auditor, check in cases:
        assert refuted(verified(proof, None, auditor)) is check
    assert verified(PROOF).outcome is Outcome.UNCHECKED


def test_a_checkpoint_when_the_log_is_the_signed_one_is_proven():
    report = verified(WORLD.checkpoint(), WORLD.log(), KEPT)
    assert (report.outcome, report.facts["revision"]) == (Outcome.PROVEN, 4)
    assert verified(WORLD.checkpoint(), None, KEPT).outcome is Outcome.UNCHECKED


@pytest.mark.parametrize(
    ("signed", "check"),
    [
        ({"root": bytes(32)}, Check.LOG_ROOT),
        ({"size": 10}, Check.LOG_ROOT),
        ({"size": 12}, Check.LOG_ROOT),
        ({"origin": "another"}, Check.ORIGIN),
    ],
)
def test_a_checkpoint_when_its_holder_signed_another_log_is_refused(signed: dict[str, object], check: Check):
    assert refuted(verified(WORLD.checkpoint(**signed), WORLD.log())) is check  # type: ignore[arg-type]


def test_a_checkpoint_when_it_is_not_the_note_to_the_letter_is_refused():
    note = WORLD.checkpoint()
    for forgery in (note + note.splitlines()[-1] + "\n", note[:-1], note.replace("\n11\n", "\n011\n"), f"x{note}"):
        assert refuted(verified(forgery, WORLD.log())) is Check.SIGNATURE
    assert refuted(verified(AUDITOR.key, WORLD.log())) is Check.FORMAT
    assert refuted(verified(note.encode() + b"\xff", WORLD.log())) is Check.FORMAT
    assert refuted(verified(note + " " * 2**16, WORLD.log())) is Check.FORMAT
    signed = grown().signer.sign("tests\nnot a checkpoint\n")
    assert refuted(verified(signed, WORLD.log())) is Check.ORIGIN


@pytest.mark.parametrize(
    ("file", "beside", "option"),
    [
        (WORLD.export(), {"entry": ENTRY}, "--entry"),
        (WORLD.export(), {"document": DOCUMENT}, "--document"),
        (RECEIPT, {"log": WORLD.log()}, "--log"),
        (RECEIPT, {"auditor": KEPT}, "--since"),
        (PROOF, {"log": WORLD.log()}, "--log"),
        (PROOF, {"entry": ENTRY}, "--entry"),
        (WORLD.checkpoint(), {"entry": ENTRY}, "--entry"),
    ],
)
def test_a_file_when_something_is_given_that_it_has_no_use_for_is_not_checked(file, beside, option):
    report = verified(file, **beside)
    assert report.outcome is Outcome.UNCHECKED
    assert report.findings[0].check is Check.INPUTS and f"{option} is of no use" in str(report.findings[0].detail)
