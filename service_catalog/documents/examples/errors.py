"""The examples of the catalogue's reasons to refuse: each as the seeded catalogue gives it to somebody who asks.

A test asks for each of them, so that an example cannot go stale. A reason that a call documents must stand here.
"""

from service_catalog.domain import errors
from service_catalog.domain.errors import CatalogueError, Place
from service_catalog.domain.vocabulary import Text

_LONG_HEADER = Place(Text("最多 2000 个字符", "may have at most 2000 characters"), parameter="If-None-Match")
_UNKNOWN_PARAMETER = Place(Text("没有这一项", "is not known here"), parameter="page")

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
        errors.CatalogueBusy(Text("另一项写入正在进行，请稍后再试", "another write is under way; try again shortly")),
        errors.DatabaseUnavailable(
            Text("数据库暂时无法访问，请稍后再试", "the database cannot be reached; try again shortly")
        ),
        errors.NotReady(
            Text("数据库表结构与本版本不符；运行 db upgrade", "the tables are not this release's; run db upgrade")
        ),
    )
}
"""One example for each reason."""
