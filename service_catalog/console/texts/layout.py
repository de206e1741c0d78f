"""Words around every page, and those of errors."""

from service_catalog.domain.vocabulary import Text

TEXTS = {
    "layout.name": Text("政务服务事项目录", "Government services"),
    "layout.skip": Text("跳到正文", "Skip to content"),
    "layout.home": Text("首页", "Home"),
    "layout.services": Text("全部事项", "All services"),
    "layout.indicators": Text("3140 指标", "3140 figures"),
    "layout.menu": Text("主要栏目", "Main sections"),
    "layout.settings": Text("语言和字号", "Language and type"),
    "layout.other_language": Text("English", "中文"),
    "layout.large": Text("大字版", "Large type"),
    "layout.ordinary": Text("标准字号", "Ordinary type"),
    "layout.notice": Text("数据说明", "About the data"),
    "layout.notice_more": Text("全文", "More"),
    "layout.notices_differ": Text(
        "各区划的数据来源不同，请看每个事项的来源说明。",
        "The divisions' data come from different sources; each service says in its provenance what it rests on.",
    ),
    "layout.revision": Text("依据目录第 {number} 次修订", "From revision {number} of the catalogue"),
    "layout.audit": Text("审计：导出和核对", "For auditors"),
    "layout.admin": Text("管理员", "For administrators"),
    "layout.developers": Text("开发接口", "For developers: the API"),
    "layout.export": Text("下载全部数据（JSON）", "Download all data (JSON)"),
    "layout.more": Text("相关", "Related"),
    "problem.heading.404": Text("没有找到这个页面", "This page was not found"),
    "problem.heading.403": Text("这里不允许这样做", "This is not allowed"),
    "problem.heading.4xx": Text("这个请求有问题", "Something in this request is wrong"),
    "problem.heading.5xx": Text("服务暂时出了问题", "The service has a problem at the moment"),
    "problem.heading.413": Text("文件太大", "The file is too large"),
    "problem.advice.413": Text(
        "最大 16 MiB，没有做任何改动。请返回上一页，填写的内容还在；把文件分成几份，"
        "或请运维人员用命令 service-catalog import 导入。",
        "At most 16 MiB are taken; nothing was changed. Go back, where what you typed still is, and split the file, or "
        "ask whoever runs the server to import it by the command service-catalog import.",
    ),
    "problem.review": Text("审计员请看修订（含姓名）", "Auditors: the revisions with names"),
    "problem.places": Text("问题在这里", "What is wrong"),
    "problem.parameter": Text("参数 {name}：{detail}", "Parameter {name}: {detail}"),
    "problem.advice.404": Text(
        "地址可能写错了，或者事项不在本目录中。您可以搜索，或从首页开始。",
        "The address may be mistyped, or the service may not be in this catalogue. Search for it, or start from home.",
    ),
    "problem.advice.403": Text(
        "没有做任何改动。如果您有管理员的令牌，请先退出，再用它登录。",
        "Nothing was changed. If you hold an administrator's token, sign out first, then sign in with it.",
    ),
    "problem.advice.4xx": Text(
        "网址里的条件有误，可能是复制时少了或多了字符。请从首页重新选择。",
        "The conditions in the address are wrong; perhaps some characters were lost or added when it was copied. "
        "Please choose anew from home.",
    ),
    "problem.advice.5xx": Text(
        "请稍后再试。如果一直如此，请告诉管理员下面的编号。",
        "Please try again later. If it goes on, tell the administrator the number below.",
    ),
    "problem.again": Text("再试一次", "Try again"),
    "problem.held": Text("您填写的内容还在，会一并提交。", "What you typed is still here, and is sent along."),
    "problem.code": Text("错误代码 {code}（HTTP {status}）", "Error code {code} (HTTP {status})"),
    "problem.request": Text("请求编号 {id}", "Request number {id}"),
    "problem.home": Text("回到首页", "Go to home"),
}
