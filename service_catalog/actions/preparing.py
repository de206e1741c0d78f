"""Making a database fit to serve: tables of this release, a log with its key, and telling whether it is."""

import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from service_catalog.actions.catalogue import Catalogue
from service_catalog.documents.notes import Signer, new_signing_key, read_signing_key
from service_catalog.domain.causes import cause_of
from service_catalog.domain.errors import KeyMismatch, NotReady
from service_catalog.domain.vocabulary import Text
from service_catalog.store import log, migrating


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the log's signing key is: in the environment, or in a file that only its owner can read."""

    line: str | None
    file: Path
    origin: str | None

    def read(self) -> Signer | None:
        """Return the signer, or ``None`` where no key exists yet.

        Raises:
            KeyMismatch: where there is a key that cannot be used.
        """
        if self.line is not None:
            return read_signing_key(self.line)
        try:
            return read_signing_key(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise KeyMismatch(Text(f"{self.file} 不是密钥文件", f"{self.file} is not a key file")) from None
        except OSError as error:
            cause = cause_of(error)
            raise KeyMismatch(
                Text(f"无法读取 {self.file}：{cause.zh}", f"{self.file} cannot be read: {cause.en}")
            ) from None

    def make(self) -> Signer:
        """Make a new key, for an empty catalogue, and keep it in the file (mode 0600).

        Raises:
            KeyMismatch: where the file cannot be written.
        """
        line = new_signing_key(self.origin or f"service-catalog/{secrets.token_hex(8)}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            cause = cause_of(error)
            raise KeyMismatch(
                Text(f"无法写入 {self.file}：{cause.zh}", f"{self.file} cannot be written: {cause.en}")
            ) from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(line + "\n")
        return read_signing_key(line)


def make_key(keys: KeySource) -> Signer:
    """Make the signing key before the catalogue is, and return its signer.

    Raises:
        KeyMismatch: where there is a key already, or the file cannot be written.
    """
    if keys.read() is not None:
        raise KeyMismatch(
            Text(
                "已有签名密钥，不再生成；要换密钥须建立新的日志",
                "there is a signing key already, and no other is made; another key means another log",
            )
        )
    return keys.make()


def read_verifier_key(catalogue: Catalogue) -> str:
    """Return the line by which anybody checks this log's signatures: of the key at hand, else of the database.

    Raises:
        KeyMismatch: where there is neither.
        DatabaseUnavailable: where the database cannot be reached.
    """
    if catalogue.signer is not None:
        return catalogue.signer.verifier_key
    check_readiness(catalogue)
    with catalogue.database.reading() as session:
        head = log.find_head(session)
    if head is None:
        raise KeyMismatch(
            Text("还没有签名密钥；先运行 keys init 或 serve", "there is no key yet; run keys init or serve")
        )
    return head.verifier_key


@dataclass(frozen=True, slots=True)
class Prepared:
    """A catalogue that can be written, and the file of the key where it was made just now."""

    catalogue: Catalogue
    new_key_file: Path | None


def prepare_database(catalogue: Catalogue, keys: KeySource) -> Prepared:
    """Run the missing migrations and give an empty catalogue its log; one process at a time.

    Raises:
        KeyMismatch: where the catalogue has a log and this process holds another key, or none.
        DatabaseUnavailable: where the database cannot be reached.
    """
    with migrating.alone(catalogue.database):
        migrating.upgrade(catalogue.database, catalogue.migrations)
        with catalogue.database.writing() as session:
            head = log.take_turn(session)
            signer, made = keys.read(), None
            if head is None:
                if signer is None:
                    signer, made = keys.make(), keys.file
                log.create_head(session, signer.name, signer.verifier_key)
                session.commit()
            elif signer is None or signer.verifier_key != head.verifier_key:
                raise _mismatch(signer, head.origin, keys)
    return Prepared(replace(catalogue, signer=signer), made)


def _mismatch(signer: Signer | None, origin: str, keys: KeySource) -> KeyMismatch:
    if signer is None:
        return KeyMismatch(
            Text(
                f"缺少日志 {origin} 的签名密钥；放到 {keys.file} 或用 SERVICE_CATALOG_SIGNING_KEY 提供",
                f"the signing key of log {origin} is missing; put it into {keys.file} or SERVICE_CATALOG_SIGNING_KEY",
            )
        )
    return KeyMismatch(
        Text(
            f"数据库属于日志 {origin}，而本进程持有的是 {signer.name} 的密钥",
            f"the database belongs to log {origin}, but this process holds another key, of {signer.name}",
        )
    )


def check_readiness(catalogue: Catalogue) -> int:
    """Return the current revision of a catalogue that can answer.

    Raises:
        NotReady: where there is no database yet, or its tables are not those of this release.
        DatabaseUnavailable: where the database cannot be reached.
    """
    if catalogue.database.is_missing():
        raise NotReady(
            Text("还没有数据库；请先运行 db upgrade 或 serve", "there is no database yet; run db upgrade or serve")
        )
    with catalogue.database.reading() as session:
        if not migrating.is_current(session, catalogue.migrations):
            raise NotReady(
                Text(
                    "数据库表结构与本版本不符；请运行 db upgrade 或 serve",
                    "the tables are not this release's; run db upgrade or serve",
                )
            )
        return log.current_revision(session)
