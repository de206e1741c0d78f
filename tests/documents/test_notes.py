"""Signed notes: what signs, what opens, and what is refused, with vectors from outside."""

import base64
import binascii
import hashlib
import traceback

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from service_catalog.documents.notes import (
    Checkpoint,
    Signer,
    new_signing_key,
    open_note,
    read_checkpoint,
    read_signing_key,
)
from service_catalog.domain.errors import KeyMismatch

NAME = "catalogue.example/log"
SEED = bytes(range(32))
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = PRIVATE.public_key().public_bytes_raw()
SIGNER = Signer(NAME, PRIVATE)
KEY = SIGNER.verifier_key
TEXT = Checkpoint(NAME, 73, hashlib.sha256(b"").digest()).text()
NOTE = SIGNER.sign(TEXT)
SIGNATURE = NOTE.rstrip("\n").rpartition(" ")[2]
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

# The example of the Go package golang.org/x/mod/sumdb/note, made by neither this code nor this library.
GO_SIGNING_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VERIFIER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def with_signature(signature: str) -> str:
    return f"{TEXT}\n— {NAME} {signature}\n"


def test_the_go_example_when_signed_here_gives_the_same_note():
    signer = read_signing_key(GO_SIGNING_KEY)
    assert signer.name == "PeterNeumann"
    assert signer.verifier_key == GO_VERIFIER_KEY
    assert signer.sign(GO_NOTE.partition("\n\n")[0] + "\n") == GO_NOTE


def test_the_go_example_when_opened_here_gives_its_text():
    assert open_note(GO_NOTE, GO_VERIFIER_KEY) == GO_NOTE.partition("\n\n")[0] + "\n"


def test_a_note_when_made_by_the_rules_of_c2sp_alone_is_the_one_made_here():
    key_hash = hashlib.sha256(NAME.encode() + b"\x0a" + b"\x01" + PUBLIC).digest()[:4]
    root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="  # sha256 of nothing
    text = f"{NAME}\n73\n{root}\n"
    note = f"{text}\n\u2014 {NAME} {encoded(key_hash + PRIVATE.sign(text.encode()))}\n"
    verifier_key = f"{NAME}+{binascii.hexlify(key_hash).decode()}+{encoded(bytes([1]) + PUBLIC)}"
    signing_key = f"PRIVATE+KEY+{NAME}+{binascii.hexlify(key_hash).decode()}+{encoded(bytes([1]) + SEED)}"
    assert (text, verifier_key, note) == (TEXT, KEY, NOTE)
    assert open_note(note, verifier_key) == text
    assert read_signing_key(signing_key).sign(text) == note


LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=30)


@settings(deadline=None)
@given(lines=st.lists(LINES, min_size=1, max_size=6))
def test_a_note_when_signed_and_opened_gives_its_text_back(lines: list[str]):
    text = "\n".join(lines) + "\n"
    assert open_note(SIGNER.sign(text), KEY) == text


def test_a_new_key_when_read_back_signs_under_its_own_name():
    line = new_signing_key(NAME)
    signer = read_signing_key(f" {line}\n")
    assert signer.name == NAME
    assert open_note(signer.sign(TEXT), signer.verifier_key) == TEXT
    assert new_signing_key(NAME) != line


@settings(deadline=None, max_examples=400)
@given(position=st.integers(0, len(NOTE.encode()) - 1), other=st.integers(1, 255))
def test_a_note_when_any_byte_is_altered_is_refused(position: int, other: int):
    altered = bytearray(NOTE.encode())
    altered[position] ^= other
    try:
        note = altered.decode()
    except UnicodeDecodeError:
        return
    assert open_note(note, KEY) is None


@settings(deadline=None, max_examples=400)
@given(position=st.integers(0, len(NOTE) - 1), length=st.integers(1, 3))
def test_a_note_when_any_characters_are_left_out_is_refused(position: int, length: int):
    assert open_note(NOTE[:position] + NOTE[position + length :], KEY) is None


@settings(deadline=None, max_examples=400)
@given(position=st.integers(0, len(NOTE)), added=st.sampled_from([*" \n\r\t+=A/—", "\x00", "é", "\ufeff", "\n\n"]))
def test_a_note_when_any_character_is_added_is_refused(position: int, added: str):
    assert open_note(NOTE[:position] + added + NOTE[position:], KEY) is None


@settings(deadline=None)
@given(note=st.text(max_size=80) | st.text(max_size=40).map(with_signature))
def test_any_text_when_opened_as_a_note_is_refused(note: str):
    assert open_note(note, KEY) is None


RAW = base64.b64decode(SIGNATURE)
SIGNATURES = {
    **{f"not-base64-{signature}": signature for signature in ("A", "AAA", "AAAAA", "A==", "=", "==", "")},
    "short": "AAAA",
    "unpadded": SIGNATURE[:-1],
    "cut": SIGNATURE[:-2],
    "padded-twice": f"{SIGNATURE}=",
    "longer-after-padding": f"{SIGNATURE}AAAA",
    "shifted": f"A{SIGNATURE}",
    "hash-alone": encoded(RAW[:4]),
    "one-byte-short": encoded(RAW[:-1]),
    "half": encoded(RAW[:36]),
    "one-byte-long": encoded(RAW + b"\x00"),
    "url-safe": SIGNATURE.replace("+", "-"),
    "space-before": f" {SIGNATURE}",
    "space-after": f"{SIGNATURE} ",
    "in-two-lines": f"{SIGNATURE[:40]}\n{SIGNATURE[40:]}",
}


def test_the_signatures_when_compared_with_the_right_one_all_differ():
    assert SIGNATURE not in SIGNATURES.values()
    assert open_note(with_signature(SIGNATURE), KEY) == TEXT


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_when_of_another_length_or_alphabet_is_refused(signature: str):
    assert open_note(with_signature(signature), KEY) is None


def test_a_signature_when_its_base64_has_another_spelling_is_refused():
    last = BASE64.index(SIGNATURE[-2])
    others = [SIGNATURE[:-2] + BASE64[last ^ unused] + "=" for unused in (1, 2, 3)]
    assert {base64.b64decode(other) for other in others} == {base64.b64decode(SIGNATURE)}
    assert [open_note(with_signature(other), KEY) for other in others] == [None, None, None]


def line_of(signer: Signer) -> str:
    return signer.sign(TEXT).rpartition("\n\n")[2]


OTHER = Signer("other.example/log", Ed25519PrivateKey.from_private_bytes(bytes(32)))


@pytest.mark.parametrize(
    "lines",
    [
        line_of(SIGNER) * 2,
        line_of(SIGNER) + line_of(OTHER),
        line_of(OTHER) + line_of(SIGNER),
        line_of(SIGNER) + "\n" + line_of(SIGNER),
        line_of(SIGNER) + "\n" + line_of(OTHER),
        line_of(SIGNER) + "\n",
        "\n" + line_of(SIGNER),
        "",
    ],
    ids=[
        "twice",
        "other-after",
        "other-before",
        "noted-twice",
        "noted-by-other",
        "blank-after",
        "blank-before",
        "none",
    ],
)
def test_a_note_when_it_has_not_exactly_one_signature_line_is_refused(lines: str):
    assert open_note(f"{TEXT}\n{lines}", KEY) is None


@pytest.mark.parametrize(
    "verifier_key",
    [
        OTHER.verifier_key,
        Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32))).verifier_key,
        Signer("other.example/log", PRIVATE).verifier_key,
    ],
    ids=["another", "another-key-of-the-same-name", "the-same-key-under-another-name"],
)
def test_a_note_when_opened_with_the_wrong_key_is_refused(verifier_key: str):
    assert open_note(NOTE, verifier_key) is None


def test_a_note_when_renamed_in_its_signature_line_is_refused():
    assert open_note(f"{TEXT}\n— {OTHER.name} {SIGNATURE}\n", OTHER.verifier_key) is None


def test_a_note_when_its_key_hash_is_another_is_refused():
    signature = b"\x00\x00\x00\x00" + base64.b64decode(SIGNATURE)[4:]
    assert open_note(with_signature(encoded(signature)), KEY) is None


HASH = KEY.split("+")[1]
SECRET = encoded(b"\x01" + SEED)
SIGNING_KEY = f"PRIVATE+KEY+{NAME}+{HASH}+{SECRET}"
BROKEN_DATA = {
    "cut": SECRET[:-4],
    "cut-mid-group": SECRET[:-1],
    "longer": f"{SECRET}AAAA",
    "padded": f"{SECRET}=",
    "padded-whole": f"{SECRET}====",
    "spaced": f"{SECRET[:20]} {SECRET[20:]}",
    "of-another-algorithm": encoded(b"\x02" + SEED),
    "without-algorithm": encoded(SEED),
    "url-safe": "_" + SECRET[1:],
    "not-ascii": f"{SECRET[:-1]}é",
    "full-width": f"{SECRET[:-1]}Ａ",
    "surrogate": f"{SECRET[:-1]}\udcff",
    "nul": f"{SECRET[:-1]}\x00",
    "empty": "",
}
BROKEN_LINES = {
    "empty": "",
    "blank": " \n",
    "data-alone": SECRET,
    "without-prefix": f"{NAME}+{HASH}+{SECRET}",
    "lower-case-prefix": f"private+key+{NAME}+{HASH}+{SECRET}",
    "without-name": f"PRIVATE+KEY++{HASH}+{SECRET}",
    "spaced-name": f"PRIVATE+KEY+a log+{HASH}+{SECRET}",
    "wide-spaced-name": f"PRIVATE+KEY+a\u3000log+{HASH}+{SECRET}",
    "long-name": f"PRIVATE+KEY+{'a' * 201}+{HASH}+{SECRET}",
    "surrogate-in-name": f"PRIVATE+KEY+log\udcff+{HASH}+{SECRET}",
    "another-name": f"PRIVATE+KEY+other+{HASH}+{SECRET}",
    "wrong-hash": f"PRIVATE+KEY+{NAME}+00000000+{SECRET}",
    "upper-case-hash": f"PRIVATE+KEY+{NAME}+{HASH.upper()}+{SECRET}",
    "without-hash": f"PRIVATE+KEY+{NAME}+{SECRET}",
    "another-secret": f"PRIVATE+KEY+{NAME}+{HASH}+{encoded(bytes([1]) + bytes(32))}",
    **{f"data-{how}": f"PRIVATE+KEY+{NAME}+{HASH}+{data}" for how, data in BROKEN_DATA.items()},
}


def test_the_signing_key_when_nothing_is_broken_is_read():
    assert read_signing_key(SIGNING_KEY).verifier_key == KEY
    assert HASH.upper() != HASH


@pytest.mark.parametrize("line", BROKEN_LINES.values(), ids=BROKEN_LINES)
def test_a_signing_key_when_malformed_is_a_mismatch_that_never_quotes_it(line: str):
    with pytest.raises(KeyMismatch) as refused:
        read_signing_key(line)
    error = refused.value
    told = "".join(traceback.format_exception(error)) + repr(error) + error.detail.zh + error.detail.en
    quoted = [SECRET[start : start + 8] for start in range(len(SECRET) - 8) if SECRET[start : start + 8] in told]
    assert quoted == []


@pytest.mark.parametrize(
    "line",
    [
        "",
        "log",
        f"{NAME}+{HASH}",
        f"+{HASH}+{encoded(bytes([1]) + PUBLIC)}",
        f"a log+{HASH}+{encoded(bytes([1]) + PUBLIC)}",
        f"{NAME}+00000000+{encoded(bytes([1]) + PUBLIC)}",
        f"{NAME}+{HASH.upper()}+{encoded(bytes([1]) + PUBLIC)}",
        f"other+{HASH}+{encoded(bytes([1]) + PUBLIC)}",
        f"{NAME}+{HASH}+{encoded(bytes([2]) + PUBLIC)}",
        f"{NAME}+{HASH}+{encoded(PUBLIC)}",
        f"{NAME}+{HASH}+{encoded(bytes([1]) + PUBLIC)[:-1]}é",
        f"{NAME}+{HASH}+{encoded(bytes([1]) + PUBLIC)}=",
        f"log\udcff+{HASH}+{encoded(bytes([1]) + PUBLIC)}",
        SIGNING_KEY,
    ],
    ids=ascii,
)
def test_a_verifier_key_when_malformed_is_a_mismatch(line: str):
    with pytest.raises(KeyMismatch):
        open_note(NOTE, line)


@settings(deadline=None)
@given(line=st.text(max_size=60) | st.text(max_size=30).map(lambda data: f"PRIVATE+KEY+{NAME}+{HASH}+{data}"))
def test_any_text_when_read_as_a_signing_key_is_a_mismatch(line: str):
    with pytest.raises(KeyMismatch):
        read_signing_key(line)


def test_a_checkpoint_when_opened_and_read_says_what_was_signed():
    assert read_checkpoint(open_note(NOTE, KEY) or "") == Checkpoint(NAME, 73, hashlib.sha256(b"").digest())


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT + "extension\n",
        TEXT.removesuffix("\n"),
        TEXT.replace("\n73\n", "\n073\n"),
        TEXT.replace("\n73\n", "\n-73\n"),
        TEXT.replace("\n73\n", "\n７3\n"),
        TEXT.replace(NAME, ""),
        TEXT.replace("hSuFU=", "hSuFV="),
        TEXT.replace("hSuFU=", "hSuFU"),
    ],
    ids=ascii,
)
def test_a_text_when_not_the_three_lines_of_a_checkpoint_is_not_read(text: str):
    assert read_checkpoint(text) is None
