"""Why the catalogue refuses something: one exception class per reason, each with its code and its words.

A code is part of the contract: clients tell reasons apart by it, and no two classes share one. What HTTP status
a reason has is the business of ``api.errors``; what exit code, that of ``cli``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from service_catalog.domain.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Place:
    """One fault and where it is: a JSON Pointer into the body, or the name of a parameter."""

    message: Text
    pointer: str | None = None
    parameter: str | None = None
    rule: str | None = None


class CatalogueError(Exception):
    """Something the catalogue refuses; subclasses name the reason."""

    code: ClassVar[str]
    title: ClassVar[Text]

    def __init__(self, detail: Text, places: Sequence[Place] = ()) -> None:
        """Keep the sentence for this case and the places at fault."""
        super().__init__(detail.en)
        self.detail = detail
        self.places = tuple(places)


class UnknownService(CatalogueError):
    """No service has this id, or it did not exist yet at the revision asked for."""

    code = "unknown-service"
    title = Text("没有这个事项", "No such service")


class UnknownRevision(CatalogueError):
    """The catalogue has no revision of this number."""

    code = "unknown-revision"
    title = Text("没有这个修订号", "No such revision")


class InvalidParameters(CatalogueError):
    """A query parameter is unknown, repeated, malformed or out of range."""

    code = "invalid-parameters"
    title = Text("请求参数不正确", "Invalid parameters")


class InvalidCursor(CatalogueError):
    """A cursor that this catalogue did not give out for this list."""

    code = "invalid-cursor"
    title = Text("分页游标无效", "Invalid cursor")


class InvalidBody(CatalogueError):
    """A body whose JSON is well formed but does not fit its schema."""

    code = "invalid-body"
    title = Text("请求内容不符合格式", "Invalid body")


class MalformedBody(CatalogueError):
    """A body that is not strict JSON: syntax, duplicate keys, depth, numbers, NUL or lone surrogates."""

    code = "malformed-body"
    title = Text("请求内容不是合规的 JSON", "Malformed body")


class RulesBroken(CatalogueError):
    """A write that would break one of the catalogue's rules R1 to R9."""

    code = "rules-broken"
    title = Text("违反目录规则", "Rules broken")


class NotPermitted(CatalogueError):
    """The caller is known but may not do this."""

    code = "not-permitted"
    title = Text("没有权限", "Not permitted")


class CatalogueBusy(CatalogueError):
    """Another write holds the turn for longer than a caller should wait."""

    code = "busy"
    title = Text("目录正忙", "Catalogue busy")


class DatabaseUnavailable(CatalogueError):
    """The database cannot be reached or does not answer in time."""

    code = "database-unavailable"
    title = Text("数据库暂不可用", "Database unavailable")


class NotReady(CatalogueError):
    """The database answers, but its tables are not those of this release."""

    code = "not-ready"
    title = Text("尚未就绪", "Not ready")


class BrokenSeed(CatalogueError):
    """The files in ``seed/`` cannot be read as a catalogue."""

    code = "broken-seed"
    title = Text("种子数据有误", "Broken seed")


class KeyMismatch(CatalogueError):
    """The log's signing key is missing, unreadable, or not the one this database was made with."""

    code = "key-mismatch"
    title = Text("签名密钥不符", "Signing key mismatch")


class InvalidSetting(CatalogueError):
    """A setting in the environment that cannot be used."""

    code = "invalid-setting"
    title = Text("配置有误", "Invalid setting")


class StaleVersion(CatalogueError):
    """A service is not at the version that the write was meant for."""

    code = "stale-version"
    title = Text("版本已过期", "Stale version")


class ServiceExists(CatalogueError):
    """A service with this id exists already, where a new one was to be created."""

    code = "service-exists"
    title = Text("事项已存在", "Service exists")


class PreconditionRequired(CatalogueError):
    """A write to one service that does not say by ``If-Match`` which version it is meant for."""

    code = "precondition-required"
    title = Text("缺少前提条件", "Precondition required")


class InvalidPrecondition(CatalogueError):
    """An ``If-Match`` that is not one strong tag, an ``If-None-Match`` that is not ``*`` or, on a read, too long."""

    code = "invalid-precondition"
    title = Text("前提条件有误", "Invalid precondition")


class NotSignedIn(CatalogueError):
    """A call that needs an access token came without one."""

    code = "not-signed-in"
    title = Text("尚未登录", "Not signed in")


class InvalidToken(CatalogueError):
    """The access token is unknown, expired or revoked."""

    code = "invalid-token"
    title = Text("访问令牌无效", "Invalid token")


class UnknownToken(CatalogueError):
    """No access token has this id."""

    code = "unknown-token"
    title = Text("没有这个令牌", "No such token")


class TooManyWrites(CatalogueError):
    """The token writes faster than the server allows."""

    code = "too-many-writes"
    title = Text("写入过于频繁", "Too many writes")


class KeyReused(CatalogueError):
    """The ``Idempotency-Key`` was used before for another request."""

    code = "idempotency-key-reused"
    title = Text("幂等键已用于其他请求", "Idempotency-Key reused")


class RevertConflict(CatalogueError):
    """A later change stands in the way of undoing a revision; it is named by service, member and revision."""

    code = "revert-conflict"
    title = Text("后来的修改妨碍撤销", "Later changes stand in the way")


class NothingToRevert(CatalogueError):
    """A revision that changed no service, so that there is nothing to undo."""

    code = "nothing-to-revert"
    title = Text("没有可撤销的内容", "Nothing to revert")
