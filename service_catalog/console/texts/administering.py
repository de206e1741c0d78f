"""Words of the pages for administrators."""

from service_catalog.domain.vocabulary import Text

TEXTS = {
    "signing.title": Text("管理员登录", "Sign in as an administrator"),
    "signing.lead": Text(
        "查事项、办事项不用登录。维护目录的工作人员用访问令牌登录。",
        "Nobody needs to sign in to look services up. Staff who keep the catalogue sign in with an access token.",
    ),
    "signing.token": Text("访问令牌", "Access token"),
    "signing.hint": Text(
        "以 sct_ 开头，由系统运维人员签发。关闭浏览器或退出后需要重新登录。",
        "It begins with sct_ and is issued by whoever runs the server. The session ends when you close the browser or "
        "sign out.",
    ),
    "signing.in": Text("登录", "Sign in"),
    "signing.out": Text("退出登录", "Sign out"),
    "signing.out_lead": Text("退出后，这个浏览器不再保存您的令牌。", "This browser then no longer keeps your token."),
    "signing.refused": Text("不能登录：{reason}。", "Not signed in: {reason}."),
    "signing.unprotected": Text(
        "这个连接似乎没有加密。请改用 https 网址，否则令牌会在网络上明文传送，浏览器也不会保存登录状态。",
        "This connection does not seem to be encrypted. Please use the https address: otherwise the token crosses the "
        "network in clear, and the browser will not keep you signed in.",
    ),
    "signing.held": Text(
        "您刚才填写的内容已保留，登录后可以接着提交。",
        "What you typed is kept: after signing in you can send it on.",
    ),
    "signing.done": Text("已登录", "Signed in"),
    "signing.kept": Text(
        "登录前填写的内容还在。按下面的按钮接着处理。",
        "What you typed before is still here. Press the button to go on.",
    ),
    "signing.go_on": Text("继续", "Go on"),
    "admin.title": Text("管理事项", "Keep services"),
    "admin.search": Text("搜索事项", "Search"),
    "admin.menu": Text("目录管理", "Keeping the catalogue"),
    # the table, and tags put on many services
    "tagging.title": Text("批量打标签", "Tag services"),
    "tagging.tick": Text("选中", "Ticked"),
    "tagging.ticked": Text("已选 {n} 项", "ticked: {n}"),
    "tagging.service": Text("事项", "Service"),
    "tagging.tags": Text("标签", "Tags"),
    "tagging.look": Text("查看", "View"),
    "tagging.all": Text("全选本页 {n} 项", "Tick all {n} on this page"),
    "tagging.none": Text("全不选", "Tick none"),
    "tagging.go": Text("去打标签", "Go to tagging"),
    "tagging.chosen": Text("选中的事项", "Services that were ticked"),
    "tagging.nobody": Text("没有选中任何事项。", "No service is ticked."),
    "tagging.visits": Text("到场次数", "Visits"),
    "tagging.window": Text("一窗通办", "Single window"),
    "tagging.keep": Text("不改", "Leave as it is"),
    "tagging.window.add": Text("加上", "Add"),
    "tagging.window.remove": Text("去掉", "Remove"),
    "tagging.preview": Text("预览", "Preview"),
    "tagging.would": Text("预览：尚未写入", "Preview: nothing is written yet"),
    "tagging.refused": Text("不能这样改", "This cannot be done"),
    "tagging.without": Text("去掉这 {n} 项，再预览", "Leave these out ({n}) and preview again"),
    "tagging.apply": Text("确定改动 {n} 项", "Change services: {n}"),
    "tagging.nothing": Text("这样不会改动任何事项。", "This would change no service."),
    "tagging.back": Text("回到管理事项", "Back to the services"),
    # what a bulk change does
    "effects.indicators": Text("指标的变化", "The figures"),
    "effects.before": Text("之前", "Before"),
    "effects.after": Text("之后", "After"),
    "effects.becomes": Text("变为", "becomes"),
    "effects.count.created": Text("新建 {n} 项", "Created: {n}"),
    "effects.count.changed": Text("修改 {n} 项", "Changed: {n}"),
    "effects.count.retired": Text("停用 {n} 项", "Retired: {n}"),
    "effects.count.restored": Text("恢复 {n} 项", "Brought back: {n}"),
    "effects.count.unchanged": Text("不变 {n} 项", "Unchanged: {n}"),
    "effects.each": Text("逐项查看（{n} 项）", "One by one ({n})"),
    "effects.first": Text(
        "按标识的次序，只看了前 {n} 项。", "Only the first {n} services in order of their ids were looked at."
    ),
    "effects.members": Text("改动：", "Changes:"),
    "effects.totals": Text(
        "这样一来，目录与公布的数字不再一致：", "The catalogue would then no longer agree with published figures:"
    ),
    "effects.total": Text(
        "区划 {division}，{figure}：公布 {declared}，目录 {actual}",
        "division {division}, {figure}: published {declared}, catalogue {actual}",
    ),
    "effects.nothing_written": Text("没有写入任何内容。", "Nothing was written."),
    "effects.reason": Text("理由（公开）", "Why (public)"),
    "effects.reason_hint": Text(
        "理由会写入公开的日志，永久保存；请勿写个人姓名。",
        "It is written into the public log for ever: name no person.",
    ),
    # one revision
    "revision.done": Text("已写入，成为第 {number} 次修订。", "Done: this is revision {number}."),
    "revision.undo": Text("撤销这次修订", "Undo this revision"),
    "revision.undo_lead": Text(
        "逐个字段改回原值，记为一次新的修订。之后又被改过的字段会挡住撤销，不会丢失别人的修改。",
        "Each member goes back to what it was, as a new revision. A member that was changed again since stands in the "
        "way, so that nobody's change is lost.",
    ),
    "revision.undo_now": Text("确定撤销", "Undo it"),
    "revision.changed": Text("改动的事项：{n}", "Services changed: {n}"),
    "revision.nothing": Text("这次修订没有改动事项。", "This revision changed no service."),
    "revision.more": Text("只列出前 {n} 项。", "Only the first {n} are listed."),
    "difference.caption": Text("{name}的变化", "What differs in {name}"),
    "difference.versions": Text("第 {before} 版 → 第 {after} 版", "version {before} → version {after}"),
    "difference.version": Text("第 {after} 版", "version {after}"),
    "difference.part": Text("项目", "Part"),
}
