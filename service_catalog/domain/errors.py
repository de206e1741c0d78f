"""Why the catalogue refuses something: one exception class per reason, each with its code and its words.

A code is part of the contract: clients tell reasons apart by it, and no two classes share one. What HTTP status
a reason has is the business of ``api.errors``; what exit code, that of ``cli``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from service_catalog.domain.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a spreadsheet at fault, told apart: its column's letter and label, how its text begins, what is wrong.

    A fault's message says all of this in one sentence; a page shows it in the columns of a table.
    """

    letter: str
    label: Text
    text: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Place:
    """One fault and where it is: a JSON Pointer into the body, the name of a parameter, or a row of a file.

    ``row`` counts as a person does, from 1. With it, ``column`` names a column of a spreadsheet, or ``pointer``
    leads into the document that stands in the row; ``cell`` is the cell where it is known.
    """

    message: Text
    pointer: str | None = None
    parameter: str | None = None
    rule: str | None = None
    row: int | None = None
    column: str | None = None
    cell: Cell | None = None


class CatalogueError(Exception):
    """Something the catalogue refuses; subclasses name the reason.

    ``title`` names the reason in a few words; ``explanation`` tells a reader, in whole sentences, what it means
    and what to do. ``detail`` is about one case.
    """

    code: ClassVar[str]
    title: ClassVar[Text]
    explanation: ClassVar[Text]

    def __init__(self, detail: Text, places: Sequence[Place] = (), cause: str = "") -> None:
        """Keep the sentence for this case, the places at fault, and what the machine said.

        ``cause`` may name hosts and paths: it is for the log and for whoever runs a command, never for an answer.
        """
        super().__init__(detail.en)
        self.detail = detail
        self.places = tuple(places)
        self.cause = " ".join(cause.split())


class UnknownService(CatalogueError):
    """No service has this id, or it did not exist yet at the revision asked for."""

    code = "unknown-service"
    title = Text("没有这个事项", "No such service")
    explanation = Text(
        "没有事项使用这个 id，或者在所问的修订时还没有这个事项。",
        "No service has this id, or it did not exist yet at the revision asked for.",
    )


class UnknownRevision(CatalogueError):
    """The catalogue has no revision of this number, or had none yet at this time."""

    code = "unknown-revision"
    title = Text("没有这个修订号", "No such revision")
    explanation = Text(
        "目录还没有写到这个修订号，或在所问的时间还没有任何修订。",
        "The catalogue has had no write of this number, or none yet at the time asked for.",
    )


class InvalidParameters(CatalogueError):
    """A query parameter is unknown, repeated, malformed or out of range."""

    code = "invalid-parameters"
    title = Text("请求参数不正确", "Invalid parameters")
    explanation = Text(
        "查询参数未知、重复、格式不对或超出范围；errors 成员逐一指出。",
        "A query parameter is unknown, repeated, malformed or out of range; the member errors names each one.",
    )


class InvalidCursor(CatalogueError):
    """A cursor that this catalogue did not give out for this list."""

    code = "invalid-cursor"
    title = Text("分页游标无效", "Invalid cursor")
    explanation = Text(
        "这个游标不是为这份列表和这些筛选条件给出的；请从第一页重新读起。",
        "This cursor was not given out for this list with these filters; start again from the first page.",
    )


class InvalidBody(CatalogueError):
    """A body whose JSON is well formed but does not fit its schema."""

    code = "invalid-body"
    title = Text("请求内容不符合格式", "Invalid body")
    explanation = Text(
        "请求内容是合规的 JSON，但不符合格式；errors 成员用 JSON Pointer 逐一指出位置。",
        "The body is JSON but does not fit its schema; the member errors points at each place by JSON Pointer.",
    )


class MalformedBody(CatalogueError):
    """A body that is not strict JSON: syntax, duplicate keys, depth, numbers, NUL or lone surrogates."""

    code = "malformed-body"
    title = Text("请求内容不是合规的 JSON", "Malformed body")
    explanation = Text(
        "有语法错误、键重复、嵌套过深、数字超出范围，或含有空字符或不成对的代理字符。",
        "Its syntax is wrong, a key is repeated, it is nested too deeply, a number is out of range, "
        "or it holds a NUL or a lone surrogate.",
    )


class TooManyRows(CatalogueError):
    """A file with more rows than are imported while somebody waits."""

    code = "too-many-rows"
    title = Text("行数过多", "Too many rows")
    explanation = Text(
        "经 HTTP 一次最多导入 20000 行；更大的文件请在服务器上用命令 service-catalog import 导入。",
        "By HTTP at most 20,000 rows are imported at once; import a larger file on the server by the command "
        "service-catalog import.",
    )


class ExportTooLarge(CatalogueError):
    """An export of more services than its format can hold."""

    code = "export-too-large"
    title = Text("导出文件过大", "Export too large")
    explanation = Text(
        "XLSX 最多 1048574 项，这是一张工作表的上限；请用 division 缩小范围，或改用其他格式。",
        "XLSX holds at most 1048574 services, as a sheet can have no more rows; narrow it by division, or use another "
        "format.",
    )


class UnreadableFile(CatalogueError):
    """A file that is not what its format says: empty, broken, of no known encoding, or too large when unpacked."""

    code = "unreadable-file"
    title = Text("无法读取文件", "Unreadable file")
    explanation = Text(
        "文件不是它的格式应有的样子：没有事项、已损坏、加了密码、编码不明，或解压后过大；请重新保存后再试。",
        "The file is not what its format says: it holds no service, is broken, has a password or an unknown encoding, "
        "or unpacks to too much; save it anew and try again.",
    )


class RulesBroken(CatalogueError):
    """A write that would break one of the catalogue's rules R1 to R9."""

    code = "rules-broken"
    title = Text("违反目录规则", "Rules broken")
    explanation = Text(
        "写入后会有事项违反目录规则 R1 至 R9；errors 成员写明规则和位置。",
        "A service would break one of the catalogue's rules R1 to R9; the member errors names the rule and the place.",
    )


class NotPermitted(CatalogueError):
    """The caller is known but may not do this."""

    code = "not-permitted"
    title = Text("没有权限", "Not permitted")
    explanation = Text(
        "没有人可以这样做，或者这位调用者无权这样做。",
        "Nobody may do this, or this caller may not.",
    )


class CatalogueBusy(CatalogueError):
    """Another write holds the turn, or other bodies all the places, for longer than a caller should wait."""

    code = "busy"
    title = Text("目录正忙", "Catalogue busy")
    explanation = Text(
        "另一次写入占用目录的时间过长，或同时发来的请求内容太多；请按 Retry-After 稍后重试。",
        "Another write has held the catalogue for too long, or too many bodies arrive; try again after Retry-After.",
    )


class DatabaseUnavailable(CatalogueError):
    """The database cannot be reached or does not answer in time."""

    code = "database-unavailable"
    title = Text("数据库暂不可用", "Database unavailable")
    explanation = Text(
        "数据库无法连接，或没有及时回应；请按 Retry-After 稍后重试。",
        "The database cannot be reached or does not answer in time; try again after Retry-After.",
    )


class ExportsUnavailable(CatalogueError):
    """An export is too large to be answered at once, and cannot be kept as a file."""

    code = "exports-unavailable"
    title = Text("暂不能导出大文件", "Large exports unavailable")
    explanation = Text(
        "导出太大，不能直接返回，而本服务器不提供导出文件，或不能写入存放它们的目录。较小的导出不受影响：可用 division "
        "缩小范围，或在服务器上用命令 service-catalog export；原因见服务器的日志。",
        "The export is too large to be answered at once, and this server hands out no files, or cannot write them in "
        "their folder. Smaller ones are not concerned: narrow it by division, or use the command service-catalog "
        "export on the server, whose log says the cause.",
    )


class OutcomeUnknown(CatalogueError):
    """The database did not say whether a write was committed: it is whole or not there at all."""

    code = "outcome-unknown"
    title = Text("写入结果未知", "Outcome unknown")
    explanation = Text(
        "数据库在提交时失去联系，或没有等到备用服务器确认：这次写入要么全部完成，要么完全没有。请先查看再重试；"
        "带 Idempotency-Key 或 If-Match 的请求可原样重发，不会做两次。",
        "The database was lost while it committed, or waited in vain for a standby: the write was made as a whole or "
        "not at all. Look before you try again; a request with Idempotency-Key or If-Match may be sent again as it is "
        "and is never done twice.",
    )


class NotReady(CatalogueError):
    """The database answers, but its tables are not those of this release."""

    code = "not-ready"
    title = Text("尚未就绪", "Not ready")
    explanation = Text(
        "数据库的表还没有建立，或与本版本不符；管理员须运行 service-catalog db upgrade。",
        "The database has no tables yet, or not those of this release; "
        "an administrator must run service-catalog db upgrade.",
    )


class BrokenSeed(CatalogueError):
    """The files in ``seed/`` cannot be read as a catalogue."""

    code = "broken-seed"
    title = Text("种子数据有误", "Broken seed")
    explanation = Text(
        "种子数据的文件缺失，或不能读成一份目录；出现在命令行。",
        "A file of the seed is missing or cannot be read as a catalogue; a command stops with this.",
    )


class KeyMismatch(CatalogueError):
    """The log's signing key is missing, unreadable, or not the one this database was made with."""

    code = "key-mismatch"
    title = Text("签名密钥不符", "Signing key mismatch")
    explanation = Text(
        "日志的签名密钥缺失、无法读取，或不是建立这个数据库时的那一把；通常出现在命令行。",
        "The log's signing key is missing, unreadable, or not the one this database was made with; "
        "usually a command stops with this.",
    )


class InvalidSetting(CatalogueError):
    """A setting in the environment that cannot be used."""

    code = "invalid-setting"
    title = Text("配置有误", "Invalid setting")
    explanation = Text(
        "环境变量 SERVICE_CATALOG_* 中有一项不能使用；出现在命令行。",
        "One of the SERVICE_CATALOG_* environment variables cannot be used; a command stops with this.",
    )


class StaleVersion(CatalogueError):
    """A service is not at the version that the write was meant for."""

    code = "stale-version"
    title = Text("版本已过期", "Stale version")
    explanation = Text(
        "事项已经改动，不再是这次写入所依据的版本；请重新读取后再试。",
        "The service has changed since the version that this write was meant for; read it again and retry.",
    )


class ServiceExists(CatalogueError):
    """A service with this id exists already, where a new one was to be created."""

    code = "service-exists"
    title = Text("事项已存在", "Service exists")
    explanation = Text(
        "要新建的事项，其 id 已被使用；要修改它，请用 If-Match 写明版本。",
        "A new service was to be created, but its id is taken; to change that service, name its version by If-Match.",
    )


class PreconditionRequired(CatalogueError):
    """A write to one service that does not say by ``If-Match`` which version it is meant for."""

    code = "precondition-required"
    title = Text("缺少前提条件", "Precondition required")
    explanation = Text(
        "写入单个事项须用 If-Match 写明依据的版本；请先读取事项，取其 ETag。",
        "A write to one service must name by If-Match the version it is meant for: read the service, take its ETag.",
    )


class InvalidPrecondition(CatalogueError):
    """An ``If-Match`` that is not one strong tag, an ``If-None-Match`` that is not ``*`` or, on a read, too long."""

    code = "invalid-precondition"
    title = Text("前提条件有误", "Invalid precondition")
    explanation = Text(
        "If-Match 须恰好是一个强 ETag；新建时 If-None-Match 须为 *。",
        "If-Match must be exactly one strong ETag; for a new service If-None-Match must be *.",
    )


class NotSignedIn(CatalogueError):
    """A call that needs an access token came without one."""

    code = "not-signed-in"
    title = Text("尚未登录", "Not signed in")
    explanation = Text(
        "这个调用需要访问令牌；请用 Authorization: Bearer 送上。",
        "This call needs an access token; send it by Authorization: Bearer.",
    )


class InvalidToken(CatalogueError):
    """The access token is unknown, expired or revoked."""

    code = "invalid-token"
    title = Text("访问令牌无效", "Invalid token")
    explanation = Text(
        "访问令牌不存在、已过期或已吊销；请向管理员索取新的。",
        "The access token is unknown, expired or revoked; ask an administrator for a new one.",
    )


class UnknownToken(CatalogueError):
    """No access token has this id."""

    code = "unknown-token"
    title = Text("没有这个令牌", "No such token")
    explanation = Text(
        "没有访问令牌使用这个编号。",
        "No access token has this id.",
    )


class TooManyWrites(CatalogueError):
    """The token writes faster than the server allows."""

    code = "too-many-writes"
    title = Text("写入过于频繁", "Too many writes")
    explanation = Text(
        "这个令牌的写入超过了服务器允许的频率；请按 Retry-After 稍后重试。",
        "This token writes faster than the server allows; try again after Retry-After.",
    )


class KeyReused(CatalogueError):
    """The ``Idempotency-Key`` was used before for another request."""

    code = "idempotency-key-reused"
    title = Text("幂等键已用于其他请求", "Idempotency-Key reused")
    explanation = Text(
        "这个 Idempotency-Key 已用于另一个不同的请求；请换一个新的。",
        "This Idempotency-Key was used before for a different request; choose a new one.",
    )


class RevertConflict(CatalogueError):
    """A later change stands in the way of undoing a revision; it is named by service, member and revision."""

    code = "revert-conflict"
    title = Text("后来的修改妨碍撤销", "Later changes stand in the way")
    explanation = Text(
        "这个修订之后又有改动，不能撤销；errors 成员逐一指出。",
        "Later changes stand in the way of undoing this revision; the member errors names each of them.",
    )


class NothingToRevert(CatalogueError):
    """A revision that changed no service, so that there is nothing to undo."""

    code = "nothing-to-revert"
    title = Text("没有可撤销的内容", "Nothing to revert")
    explanation = Text(
        "这个修订没有改动任何事项，没有可撤销的内容。",
        "This revision changed no service, so there is nothing to undo.",
    )
