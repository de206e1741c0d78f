"""Signed notes and checkpoints: the log's head in the formats of C2SP ``signed-note`` and ``tlog-checkpoint``.

A key is one line of text. The signing key reads ``PRIVATE+KEY+<name>+<hash>+<data>``, the verifier key
``<name>+<hash>+<data>``, where data is base64 of the algorithm byte 1 (Ed25519) and 32 bytes of key.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from service_catalog.domain.errors import KeyMismatch
from service_catalog.domain.vocabulary import Text

_ED25519 = b"\x01"
_NAME = re.compile(r"[!-*,-~]{1,200}\Z")
_CHECKPOINT = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n\Z")
_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})\n\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its name, its number of leaves, and the root of its tree."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def read_checkpoint(text: str) -> Checkpoint | None:
    """Read the text of a note that was opened, or return ``None`` where it is not these three lines."""
    found = _CHECKPOINT.match(text)
    root = _strict_base64(found["root"]) if found else None
    return Checkpoint(found["origin"], int(found["size"]), root) if found and root else None


class Signer:
    """The holder of the log's private key."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        """Bind the key to the log's name (its origin)."""
        self.name = name
        self._private_key = private_key
        self._public = private_key.public_key().public_bytes_raw()

    @property
    def verifier_key(self) -> str:
        """The line that lets anybody check this signer's notes."""
        return f"{self.name}+{_key_hash(self.name, self._public).hex()}+{_data(self._public)}"

    def sign(self, text: str) -> str:
        """Return the signed note over ``text``, which must end in a newline."""
        signature = _key_hash(self.name, self._public) + self._private_key.sign(text.encode())
        return f"{text}\n— {self.name} {base64.b64encode(signature).decode()}\n"


def new_signing_key(name: str) -> str:
    """Make a new Ed25519 key for the log called ``name`` and return its one line; whoever reads it can sign."""
    private_key = Ed25519PrivateKey.generate()
    public = private_key.public_key().public_bytes_raw()
    secret = private_key.private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    return f"PRIVATE+KEY+{name}+{_key_hash(name, public).hex()}+{_data(secret)}"


def read_signing_key(line: str) -> Signer:
    """Read a signing key from its one line.

    Raises:
        KeyMismatch: where the line is not an Ed25519 signing key; the message never quotes it.
    """
    parts = line.strip().split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"] or not _NAME.match(parts[2]):
        raise _unreadable("signing")
    secret = _key_bytes(parts[4], "signing")
    signer = Signer(parts[2], Ed25519PrivateKey.from_private_bytes(secret))
    if signer.verifier_key.split("+")[1] != parts[3]:
        raise _unreadable("signing")
    return signer


def open_note(note: str, verifier_key: str) -> str | None:
    """Return the text of a note that carries exactly one signature, valid under ``verifier_key``; otherwise ``None``.

    Raises:
        KeyMismatch: where the verifier key itself cannot be read.
    """
    name, key_hash, public = _read_verifier_key(verifier_key)
    text, blank, signatures = note.rpartition("\n\n")
    line = _SIGNATURE_LINE.match(signatures)
    if not blank or not line or line["name"] != name:
        return None
    signature = _strict_base64(line["signature"])
    if signature is None or signature[:4] != key_hash:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], f"{text}\n".encode())
    except InvalidSignature:
        return None
    return f"{text}\n"


def key_named_in(note: str) -> str | None:
    """Return what the verifier key of a note's last signature begins with, name and hash; ``None`` where it has none.

    It helps to find the right key among those at hand, and proves nothing.
    """
    line = _SIGNATURE_LINE.match(note.rpartition("\n\n")[2])
    signature = _strict_base64(line["signature"]) if line else None
    return f"{line['name']}+{signature[:4].hex()}" if line and signature else None


def _read_verifier_key(line: str) -> tuple[str, bytes, bytes]:
    parts = line.strip().split("+", 2)
    if len(parts) != 3 or not _NAME.match(parts[0]):
        raise _unreadable("verifier")
    public = _key_bytes(parts[2], "verifier")
    if _key_hash(parts[0], public).hex() != parts[1]:
        raise _unreadable("verifier")
    return parts[0], bytes.fromhex(parts[1]), public


def _key_bytes(data: str, which: str) -> bytes:
    decoded = _strict_base64(data)
    if decoded is None or len(decoded) != 33 or decoded[:1] != _ED25519:
        raise _unreadable(which)
    return decoded[1:]


def _strict_base64(text: str) -> bytes | None:
    """Return the bytes, or ``None`` for any but the one canonical spelling; base64 has four of some signatures."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return decoded if base64.b64encode(decoded).decode() == text else None


def _unreadable(which: str) -> KeyMismatch:
    zh = {"signing": "签名", "verifier": "验证"}[which]
    return KeyMismatch(Text(f"{zh}密钥无法识别", f"the {which} key is not an Ed25519 note key"))


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _data(key: bytes) -> str:
    return base64.b64encode(_ED25519 + key).decode()
