"""Comparing two exports offline: what differs between the revisions that two files hold.

Whether the files are true is for ``verify`` to say. Here they need only be sound, and be two exports of one log.
"""

from collections.abc import Iterator
from typing import BinaryIO, cast

from service_catalog.documents.canonical import strict_json
from service_catalog.documents.differences import Comparison, written
from service_catalog.documents.export import Header, Trailer, read_export
from service_catalog.domain.differences import Difference, division_differences, service_difference
from service_catalog.domain.errors import MalformedBody, UnreadableFile
from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.selection import DiffFormat, Span
from service_catalog.domain.service import Service, upgraded
from service_catalog.domain.vocabulary import Text

Part = Header | StoredDocument | Trailer


class Incomparable(Exception):
    """Two files between which no difference can be told; ``detail`` says why."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        super().__init__(en)
        self.detail = Text(zh, en)


def compare_exports(old: BinaryIO, new: BinaryIO, written_as: DiffFormat) -> Iterator[bytes]:
    """Return what differs between an earlier export and a later one, json or jsonl, written in constant memory.

    What was yielded before an error is not to be trusted.

    Raises:
        Incomparable: also while the chunks are read: where the files are of two logs or of two divisions, are in the
            wrong order, or cannot both be true.
        UnreadableFile: also while the chunks are read, naming the file that is not a sound export.
    """
    earlier, later = _parts(old, "OLD"), _parts(new, "NEW")
    before, after = _header(earlier), _header(later)
    _check_headers(before, after)
    span = Span(before.revision, after.revision, after.division)
    divisions = division_differences(before.divisions, after.divisions)
    return written(Comparison(span, divisions, _differences(earlier, later)), written_as)


def _parts(file: BinaryIO, name: str) -> Iterator[Part]:
    try:
        yield from read_export(file)
    except UnreadableFile as error:
        raise UnreadableFile(Text(f"{name}：{error.detail.zh}", f"{name}: {error.detail.en}")) from None


def _header(parts: Iterator[Part]) -> Header:
    return cast("Header", next(parts))  # what comes first is one


def _check_headers(old: Header, new: Header) -> None:
    if old.origin != new.origin:
        raise Incomparable(
            f"两个文件出自不同的日志：{old.origin} 和 {new.origin}",
            f"the files are of two logs, {old.origin} and {new.origin}",
        )
    if old.division != new.division:
        raise Incomparable(
            f"两个文件导出的区划不同：{old.division or '全部'} 和 {new.division or '全部'}",
            f"the files are of two divisions, {old.division or 'all'} and {new.division or 'all'}",
        )
    if old.revision > new.revision:
        raise Incomparable(
            f"OLD 是修订 {old.revision}，NEW 是较早的修订 {new.revision}；请交换次序",
            f"OLD is revision {old.revision} and NEW {new.revision}, which is earlier; put them the other way round",
        )
    for document in (*old.divisions, *new.divisions):
        match document:
            case {"division": str(), "name": {"zh": None | str(), "en": None | str()}}:
                continue
        raise _unknown(document.get("division"))


def _differences(earlier: Iterator[Part], later: Iterator[Part]) -> Iterator[Difference]:
    for before, after in _pairs(_services(earlier), _services(later)):
        if before is None or before.sha256 != after.sha256:
            difference = service_difference(_service(before) if before else None, _service(after))
            if difference:
                yield difference


def _services(parts: Iterator[Part]) -> Iterator[StoredDocument]:
    return (part for part in parts if isinstance(part, StoredDocument))


def _pairs(
    earlier: Iterator[StoredDocument], later: Iterator[StoredDocument]
) -> Iterator[tuple[StoredDocument | None, StoredDocument]]:
    """Join both, which ascend by id; each is read to its end, so that its trailer is looked at."""
    before = next(earlier, None)
    for after in later:
        if before is not None and before.id < after.id:
            raise _lost(before)
        if before is not None and before.id == after.id:
            yield before, after
            before = next(earlier, None)
        else:
            yield None, after
    if before is not None:
        raise _lost(before)


def _lost(stored: StoredDocument) -> Incomparable:
    return Incomparable(
        f"NEW 中没有 OLD 里的 {stored.id}；目录从不删除事项，两个文件不可能都是真的，请分别用 verify 核对",
        f"NEW lacks {stored.id}, which OLD has; no service is ever removed, so the files cannot both be true: "
        "verify each of them",
    )


def _service(stored: StoredDocument) -> Service:
    try:
        document = strict_json(stored.document)
        service = upgraded(document)
    except (MalformedBody, ValueError):
        raise _unknown(stored.id) from None
    match document:
        case {"name": {"zh": None | str(), "en": None | str()}, "status": str(), "tags": [*_]}:
            return service
    raise _unknown(stored.id)


def _unknown(name: object) -> Incomparable:
    return Incomparable(f"{name} 不是本版本认识的文档", f"{name} is not a document that this release knows")
