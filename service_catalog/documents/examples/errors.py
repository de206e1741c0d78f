"""The examples of the catalogue's reasons to refuse: each as the seeded catalogue gives it to somebody who asks.

A test asks for each of them, so that an example cannot go stale. A reason that a call documents must stand here.
"""

from service_catalog.domain import errors
from service_catalog.domain.errors import CatalogueError, Place
from service_catalog.domain.vocabulary import Text

_LONG_HEADER = Place(Text("最多 2000 个字符", "may have at most 2000 characters"), parameter="If-None-Match")
_UNKNOWN_PARAMETER = Place(Text("没有这一项", "is not known here"), parameter="page")
_MISSING_REASON = Place(Text("缺少此项", "is missing"), pointer="/reason")
_NOT_ONLINE = Place(
    Text(
        "“一次不用跑”缺少面向个人的网办渠道；先增加该渠道，或改为“最多跑一次”",
        "zero-visit lacks an online channel for individual; add one first, or make it one-visit",
    ),
    pointer="/online_channels",
    rule="R2",
)
_CHANGED_AGAIN = Place(
    Text(
        "430203-card-application 的 single_window 又被修订 4 修改",
        "single_window of 430203-card-application was changed again by revision 4",
    ),
    pointer="/430203-card-application/single_window",
)

EXAMPLES: dict[type[CatalogueError], CatalogueError] = {
    type(error): error
    for error in (
        errors.InvalidPrecondition(
            Text("If-None-Match 头最多 2000 个字符", "the header If-None-Match may have at most 2000 characters"),
            [_LONG_HEADER],
        ),
        errors.UnknownService(Text("没有事项 430203-nothing", "there is no service 430203-nothing")),
        errors.UnknownRevision(Text("没有修订 2；最新为 1", "there is no revision 2; the latest is 1")),
        errors.InvalidParameters(Text("请检查参数：page", "check these parameters: page"), [_UNKNOWN_PARAMETER]),
        errors.InvalidCursor(
            Text(
                "该游标不是本列表在相同筛选条件下给出的",
                "the cursor was not given out for this list with these filters",
            )
        ),
        errors.MalformedBody(
            Text("请求内容不是合规的 JSON", "the body is not strict JSON: a key stands twice in one object")
        ),
        errors.InvalidBody(Text("请求内容有 1 处错误", "faults in the body: 1"), [_MISSING_REASON]),
        errors.RulesBroken(
            Text("有 1 处违反目录规则，未写入任何内容", "rules broken: 1; nothing was written"), [_NOT_ONLINE]
        ),
        errors.NotSignedIn(
            Text("请在 Authorization: Bearer 中带上访问令牌", "send an access token in Authorization: Bearer")
        ),
        errors.InvalidToken(Text("没有这个令牌", "there is no such token")),
        errors.NotPermitted(Text("auditor 角色没有此权限", "the role auditor lacks the permission write-catalogue")),
        errors.TooManyWrites(
            Text("每个令牌每秒最多 200 次写入；1 秒后再试", "a token may write 200 times a second; try again in 1 s")
        ),
        errors.KeyMismatch(
            Text("没有日志的签名密钥，不能写入", "without the log's signing key nothing can be written")
        ),
        errors.PreconditionRequired(
            Text(
                "请用 If-Match 带上所见版本的 ETag，以免覆盖他人的修改",
                "send If-Match with the ETag of the version you saw, so that nobody's change is lost",
            ),
            [Place(Text("缺少此项", "is missing"), parameter="If-Match")],
        ),
        errors.StaleVersion(
            Text(
                "430203-card-application 现为第 2 版（修订 3），If-Match 指的是另一版",
                "430203-card-application is at version 2 (revision 3), not at the one that If-Match names",
            )
        ),
        errors.ServiceExists(
            Text("事项 430203-card-application 已存在", "service 430203-card-application exists already")
        ),
        errors.UnreadableFile(Text("文件中没有表头", "the file has no header")),
        errors.TooManyRows(
            Text(
                "经 HTTP 最多导入 20000 行；更大的文件请用命令 service-catalog import",
                "at most 20000 rows by HTTP; for more use the command service-catalog import",
            )
        ),
        errors.ExportTooLarge(
            Text(
                "XLSX 最多导出 1048574 项事项；请用 division 缩小范围，或改用 csv、jsonl",
                "at most 1048574 services as XLSX; narrow it by division, or use csv or jsonl",
            )
        ),
        errors.ExportsUnavailable(
            Text(
                "导出太大，不能直接返回，而导出文件没有写成；请稍后再试，或联系管理员",
                "too large to be answered at once, and its file could not be written; try again later, or ask the "
                "operator",
            )
        ),
        errors.KeyReused(Text("该幂等键此前用于另一个请求", "this Idempotency-Key came with another request before")),
        errors.RevertConflict(
            Text(
                "后来的修改妨碍撤销修订 3，未写入任何内容",
                "later changes stand in the way of undoing revision 3; nothing was written",
            ),
            [_CHANGED_AGAIN],
        ),
        errors.NothingToRevert(Text("修订 2 没有改动任何事项", "revision 2 changed no service")),
        errors.CatalogueBusy(Text("另一项写入正在进行，请稍后再试", "another write is under way; try again shortly")),
        errors.DatabaseUnavailable(
            Text("数据库暂时无法访问，请稍后再试", "the database cannot be reached; try again shortly")
        ),
        errors.OutcomeUnknown(
            Text(
                "数据库没有确认这次写入，结果未知；重试前请先查看",
                "the database did not confirm this write; look whether it was made before you try again",
            )
        ),
        errors.NotReady(
            Text("还没有数据库；请先运行 db upgrade 或 serve", "there is no database yet; run db upgrade or serve")
        ),
    )
}
"""One example for each reason."""
