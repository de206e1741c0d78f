"""Words of the pages for whoever may review: revisions with names, and what differs between two."""

from service_catalog.domain.vocabulary import Text

TEXTS = {
    "reviewing.menu": Text("修订", "Revisions"),
    "reviewing.title": Text("修订记录（含姓名）", "Revisions with names"),
    "reviewing.lead": Text(
        "每次写入是一个修订，新的在前。这里写有持令牌人的姓名，公开的页面只有令牌编号。",
        "Each write is a revision; the newest come first. Here they carry the names of those who hold the tokens; the "
        "public pages have only the tokens' ids.",
    ),
    "reviewing.compare": Text("比较任意两个修订", "Compare any two revisions"),
    "reviewing.what": Text("第 {number} 次修订改了什么", "What revision {number} changed"),
    "reviewing.since": Text("第 {number} 次修订以来的变化", "What changed since revision {number}"),
    "compare.title": Text("比较两个修订", "Compare two revisions"),
    "compare.lead": Text(
        "两个修订之间哪些事项不同，逐项列出前后的内容。修改后又改回来的不算不同。",
        "Which services differ between two revisions, each part before and after. What was changed and changed back "
        "does not differ.",
    ),
    "compare.from": Text("从修订（0 为空目录）", "From revision (0: nothing yet)"),
    "compare.to": Text("到修订（留空为最新）", "To revision (empty: the latest)"),
    "compare.show": Text("比较", "Compare"),
    "compare.fault": Text("不能这样比较：{reason}。", "These cannot be compared: {reason}."),
    "compare.of": Text("从第 {start} 次修订到第 {end} 次修订", "From revision {start} to revision {end}"),
    "compare.of_all": Text("从空目录到第 {end} 次修订", "From the empty catalogue to revision {end}"),
    "compare.within": Text("区划 {division} 及其下级", "Division {division} and all below it"),
    "compare.by": Text("{action}，{who}", "{action}, by {who}"),
    "compare.earlier": Text("较早", "Earlier"),
    "compare.later": Text("较晚", "Later"),
    "compare.page": Text("本页不同的事项：{n} 项", "Services on this page that differ: {n}"),
    "compare.all": Text("不同的事项：{n} 项", "Services that differ: {n}"),
    "compare.none": Text("没有不同。", "Nothing differs."),
    "compare.none_here": Text("本页没有不同，请看下一页。", "Nothing differs on this page; please go on to the next."),
    "compare.divisions": Text("区划自身的文件", "Documents of divisions themselves"),
    "compare.unquoted": Text(
        "没有比较区划自身的文件：没有这样的文件，或者太多。",
        "Documents of divisions themselves were not compared: there are none, or too many.",
    ),
}
