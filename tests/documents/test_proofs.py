"""Proofs as text: C2SP's formats byte for byte, and nothing but their one spelling read back."""

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service_catalog.documents.proofs import (
    MOST_HASHES,
    ConsistencyProof,
    InclusionProof,
    read_consistency_proof,
    read_inclusion_proof,
)
from tests.documents.test_notes import NOTE

HASHES = tuple(hashlib.sha256(bytes([number])).digest() for number in range(3))
FIRST, SECOND, THIRD = (base64.b64encode(sibling).decode() for sibling in HASHES)

TLOG_PROOF = f"c2sp.org/tlog-proof@v1\nindex 73894\n{FIRST}\n{SECOND}\n{THIRD}\n\n{NOTE}"
WITH_EXTRA = f"c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 0\n\n{NOTE}"
ADD_CHECKPOINT = f"old 20852014\n{FIRST}\n{SECOND}\n\n{NOTE}"

# The body that C2SP's tlog-witness gives as its example.
C2SP_BODY = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""  # noqa: E501 - a note has its signature on one line


def test_an_inclusion_proof_when_written_is_a_tlog_proof_to_the_byte():
    assert InclusionProof(73894, HASHES, NOTE).text() == TLOG_PROOF
    assert InclusionProof(0, (), NOTE, b"hello").text() == WITH_EXTRA


def test_a_consistency_proof_when_written_is_the_body_of_add_checkpoint_to_the_byte():
    assert ConsistencyProof(20852014, HASHES[:2], NOTE).text() == ADD_CHECKPOINT
    assert ConsistencyProof(0, (), NOTE).text() == f"old 0\n\n{NOTE}"


def test_a_proof_when_read_says_what_was_written():
    assert read_inclusion_proof(TLOG_PROOF) == InclusionProof(73894, HASHES, NOTE)
    assert read_inclusion_proof(WITH_EXTRA) == InclusionProof(0, (), NOTE, b"hello")
    assert read_consistency_proof(ADD_CHECKPOINT) == ConsistencyProof(20852014, HASHES[:2], NOTE)


def test_the_example_of_c2sp_when_read_and_written_is_the_same():
    proof = read_consistency_proof(C2SP_BODY)
    assert proof is not None
    assert (proof.old_size, len(proof.path)) == (20852014, 4)
    assert proof.checkpoint.startswith("example.com/behind-the-sofa\n20852163\n")
    assert proof.text() == C2SP_BODY


PATHS = st.lists(st.binary(min_size=32, max_size=32), max_size=MOST_HASHES).map(tuple)
NUMBERS = st.integers(0, 2**63 - 1)


@settings(deadline=None)
@given(index=NUMBERS, path=PATHS, extra=st.binary(max_size=40))
def test_a_proof_of_any_entry_when_written_and_read_is_the_same(index: int, path: tuple[bytes, ...], extra: bytes):
    proof = InclusionProof(index, path, NOTE, extra)
    assert read_inclusion_proof(proof.text()) == proof


@settings(deadline=None)
@given(old_size=NUMBERS, path=PATHS)
def test_a_proof_of_any_growth_when_written_and_read_is_the_same(old_size: int, path: tuple[bytes, ...]):
    proof = ConsistencyProof(old_size, path, NOTE)
    assert read_consistency_proof(proof.text()) == proof


BROKEN_PROOFS = {
    "empty": "",
    "no-header": TLOG_PROOF.partition("\n")[2],
    "other-header": TLOG_PROOF.replace("@v1", "@v2"),
    "no-index": f"c2sp.org/tlog-proof@v1\n{FIRST}\n\n{NOTE}",
    "index-with-zero": TLOG_PROOF.replace("index 7", "index 07"),
    "index-with-sign": TLOG_PROOF.replace("index 7", "index +7"),
    "index-in-other-digits": TLOG_PROOF.replace("index 7", "index ７"),
    "index-beyond-bounds": TLOG_PROOF.replace("index 73894", f"index 1{'0' * 19}"),
    "index-before-extra": WITH_EXTRA.replace("extra aGVsbG8=\nindex 0", "index 0\nextra aGVsbG8="),
    "extra-empty": WITH_EXTRA.replace("aGVsbG8=", ""),
    "extra-twice": WITH_EXTRA.replace("extra", "extra aGVsbG8=\nextra"),
    "extra-unpadded": WITH_EXTRA.replace("aGVsbG8=", "aGVsbG8"),
    "extra-spelt-otherwise": WITH_EXTRA.replace("aGVsbG8=", "aGVsbG9="),
    "hash-spelt-otherwise": TLOG_PROOF.replace(FIRST, f"{FIRST[:-2]}{chr(ord(FIRST[-2]) + 1)}="),
    "hash-short": TLOG_PROOF.replace(FIRST, FIRST[4:]),
    "hash-long": TLOG_PROOF.replace(FIRST, f"AAAA{FIRST}"),
    "hash-in-hex": TLOG_PROOF.replace(FIRST, HASHES[0].hex()),
    "carriage-returns": TLOG_PROOF.replace("\n", "\r\n"),
    "no-blank-line": TLOG_PROOF.replace("\n\n", "\n", 1),
    "no-checkpoint": TLOG_PROOF.removesuffix(NOTE),
    "too-many-hashes": TLOG_PROOF.replace(f"{FIRST}\n", f"{FIRST}\n" * (MOST_HASHES - 1)),
    "consistency": ADD_CHECKPOINT,
}


@pytest.mark.parametrize("text", BROKEN_PROOFS.values(), ids=BROKEN_PROOFS)
def test_a_text_when_not_a_tlog_proof_to_the_letter_is_not_read(text: str):
    assert read_inclusion_proof(text) is None


def test_a_checkpoint_when_read_from_a_proof_is_whatever_follows_the_first_blank_line():
    proof = read_inclusion_proof(TLOG_PROOF.replace(f"{FIRST}\n", f"{FIRST}\n\n"))
    assert proof is not None
    assert proof.checkpoint == f"{SECOND}\n{THIRD}\n\n{NOTE}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        TLOG_PROOF,
        ADD_CHECKPOINT.replace("old ", "old  "),
        ADD_CHECKPOINT.replace("old ", "old 0"),
        ADD_CHECKPOINT.replace("old ", "new "),
        ADD_CHECKPOINT.replace(SECOND, f"{SECOND} "),
        ADD_CHECKPOINT.replace("\n\n", "\n", 1),
        ADD_CHECKPOINT.removesuffix(NOTE),
        f"\n{ADD_CHECKPOINT}",
    ],
)
def test_a_text_when_not_the_body_of_add_checkpoint_to_the_letter_is_not_read(text: str):
    assert read_consistency_proof(text) is None
