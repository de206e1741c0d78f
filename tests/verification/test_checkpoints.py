"""Checkpoints beside a file's own: those that the auditor kept, older and newer, and what of a log they vouch for."""

from dataclasses import replace
from typing import Any

import pytest

from service_catalog.verification.checks import Check, Finding, Outcome, Report
from tests.verification.samples import AUDITOR, CODES, DIVISIONS, WORLD, grown, refutation, service_entry, verified

LOG = WORLD.log()
NEWER = replace(AUDITOR, newer=WORLD.checkpoint())
FORK = grown(reason_of_fork="另一个原因")
"""Another history from the second revision on, signed by the same key and as long."""


def remembering(*revisions: int) -> Any:
    return replace(AUDITOR, remembered=tuple(WORLD.checkpoint(revision) for revision in revisions))


def unchecked(report: Report) -> Finding:
    """Return the one finding for which the report is not proven, and make sure that nothing is refuted."""
    (finding,) = [one for one in report.findings if one.outcome is not Outcome.PROVEN]
    assert report.outcome is Outcome.UNCHECKED
    return finding


@pytest.mark.parametrize("revision", [1, 2, 3])
@pytest.mark.parametrize("auditor", [NEWER, remembering(4), remembering(1, 2, 3, 4)])
def test_an_older_export_when_a_newer_checkpoint_signs_the_whole_log_is_proven(revision: int, auditor: Any):
    for file in (WORLD.export(revision=revision), WORLD.checkpoint(revision)):
        report = verified(file, LOG, auditor)
        assert report.outcome is Outcome.PROVEN
        assert report.findings[-1].check is Check.LATER_ENTRIES
        assert report.facts["later_entries"] == 11 - WORLD.sizes[revision]
        assert report.head == WORLD.checkpoint()


def test_an_older_export_when_nothing_signs_the_rest_of_the_log_says_how_much_is_not_vouched_for():
    for auditor, beyond in ((AUDITOR, 3), (remembering(2), 2), (replace(AUDITOR, newer=WORLD.checkpoint(3)), 1)):
        finding = unchecked(verified(WORLD.export(revision=1), LOG, auditor))
        assert finding.check is Check.LATER_ENTRIES
        assert f"the last {beyond} entries" in str(finding.detail)


def test_an_older_export_when_the_rest_of_the_log_is_not_what_the_newer_checkpoint_signs_is_refused():
    for auditor in (NEWER, remembering(4)):
        report = verified(WORLD.export(revision=1), FORK.log(), auditor)
        finding = refutation(report)
        assert finding.check is Check.APPEND_ONLY
        assert "history, or this copy of the log, was rewritten" in str(finding.detail)
        assert report.conflict is None  # the two signed checkpoints do not contradict each other


@pytest.mark.parametrize("remembered", [(2,), (3,), (1, 4)])
def test_a_fork_when_another_history_is_remembered_is_refused_and_its_checkpoint_named(remembered: tuple[int, ...]):
    longer = grown(reason_of_fork="另一个原因")
    longer.write(service_entry("further"))
    report = verified(longer.export(), longer.log(), remembering(*remembered))
    finding = refutation(report)
    assert finding.check is Check.APPEND_ONLY and "history was rewritten" in str(finding.detail)
    assert report.conflict == longer.checkpoint()
    assert report.head is None


def test_a_log_when_shorter_than_a_checkpoint_that_was_kept_is_refused():
    for auditor in (NEWER, remembering(2, 4), replace(AUDITOR, since=WORLD.checkpoint())):
        report = verified(WORLD.export(revision=3), WORLD.log(3), auditor)
        finding = refutation(report)
        assert finding.check is Check.APPEND_ONLY and "it was cut or rolled back" in str(finding.detail)
        assert report.conflict is None


def test_a_remembered_checkpoint_when_it_is_not_of_this_log_leaves_the_log_unchecked():
    for note in ("", "nonsense", WORLD.checkpoint(1, origin="elsewhere")):
        report = verified(WORLD.export(), LOG, replace(AUDITOR, remembered=(note,)))
        assert report.outcome is Outcome.UNCHECKED


@pytest.mark.parametrize(
    "other", [{"kind": "window"}, {"op": "moved"}, {"kind": "window", "version": None, "more": []}]
)
def test_a_log_when_it_has_what_only_a_later_release_knows_is_not_refuted(other: dict[str, Any]):
    world = grown()
    world.write(service_entry(CODES[0], DIVISIONS[0], version=3, revision=5), **other)
    for file in (world.checkpoint(), world.export()):
        report = verified(file, world.log())
        assert report.outcome is Outcome.UNCHECKED
        found = {one.check: one for one in report.findings}
        assert "this release does not know" in str(found[Check.LOG_ENTRIES].detail)
        assert found[Check.LOG_ROOT].outcome is Outcome.PROVEN
    report = verified(world.receipt(11), entry=world.leaves[11], document=world.lines()[0])
    assert [one.outcome for one in report.findings[-3:]] == [Outcome.UNCHECKED, Outcome.PROVEN, Outcome.UNCHECKED]


def test_a_log_when_an_entry_is_forged_to_be_a_later_releases_is_refuted_all_the_same():
    forged = LOG.replace(b'"kind":"token"', b'"kind":"tokem"')
    assert forged != LOG
    finding = refutation(verified(WORLD.export(), forged))
    assert finding.check is Check.LOG_ROOT


def test_an_older_export_when_only_what_follows_needs_a_later_release_is_proven():
    world = grown()
    world.write(service_entry(CODES[0], DIVISIONS[0], version=3, revision=5), kind="window")
    report = verified(world.export(revision=4), world.log(), replace(AUDITOR, newer=world.checkpoint()))
    assert report.outcome is Outcome.PROVEN


@pytest.mark.parametrize(("old", "new", "remembered"), [(2, 4, (2,)), (2, 4, (1, 2)), (2, 4, (2, 4)), (4, 4, (4,))])
def test_a_consistency_proof_when_it_leads_from_or_to_what_is_remembered_is_proven(
    old: int, new: int, remembered: tuple[int, ...]
):
    report = verified(WORLD.consistency(old, new), None, remembering(*remembered))
    assert (report.outcome, report.head) == (Outcome.PROVEN, WORLD.checkpoint(new))


def test_a_consistency_proof_when_it_passes_the_newest_remembered_checkpoint_by_is_not_proven():
    for old, new, remembered in ((1, 2, (4,)), (1, 4, (1, 3)), (1, 2, (1, 4)), (2, 4, (3,))):
        kept = replace(remembering(*remembered), since=WORLD.checkpoint(old))
        assert "the newest checkpoint remembered" in str(unchecked(verified(WORLD.consistency(old, new), None, kept)))
    assert "is remembered; give it by --since" in str(unchecked(verified(WORLD.consistency(1), None, remembering(2))))


def test_a_consistency_proof_when_it_ends_in_another_history_is_refused():
    assert refutation(verified(FORK.consistency(2), None, remembering(2))).check is Check.APPEND_ONLY
    kept = replace(remembering(4), since=FORK.checkpoint(2))
    assert "history was rewritten" in str(refutation(verified(FORK.consistency(2), None, kept)))
