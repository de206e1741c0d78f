"""Words of the pages for auditors."""

from service_catalog.domain.vocabulary import Text

TEXTS = {
    "audit.title": Text("审计：导出和核对", "For auditors: export and verify"),
    "audit.lead": Text(
        "任何人都可以取得目录在任一修订时的全部内容，并自己证明它完整、没有被改过。不用登录，也不必相信我们。",
        "Anybody can take the whole catalogue as of any revision, and prove for themselves that it is complete and "
        "unaltered. No sign-in, and nobody need trust us.",
    ),
    "audit.caution": Text(
        "本网页不作核对，也不能作证：被审计的服务器可以让网页显示任何内容。请按下面的步骤在您自己的电脑上离线核对。",
        "This page checks nothing and proves nothing: the server that is audited could make a page say anything. "
        "Verify offline, on your own computer, as shown below.",
    ),
    "audit.export": Text("1. 取得导出", "1. Take an export"),
    "audit.revision": Text("修订号", "Revision number"),
    "audit.at": Text("或某一时刻（北京时间）", "or a time (Beijing time)"),
    "audit.division": Text("行政区划代码（留空为全部）", "Division code (empty for all)"),
    "audit.hint": Text(
        "修订号和时间只填一个，时间写作 2026-11-24 16:00；都不填就是最新的修订。",
        "Give a number or a time such as 2026-11-24 16:00, not both; neither means the latest.",
    ),
    "audit.show": Text("显示", "Show"),
    "audit.found": Text("第 {number} 次修订", "Revision {number}"),
    "audit.found.made": Text("写于", "Made on"),
    "audit.found.log": Text("当时日志条数", "Entries in the log"),
    "audit.found.division": Text("区划", "Division"),
    "audit.found.everything": Text("全部", "all"),
    "audit.formats": Text("下载第 {number} 次修订", "Download revision {number}"),
    "audit.evidence": Text("证据", "evidence"),
    "audit.rendition": Text("不是证据", "no evidence"),
    "audit.format.json": Text("一个 JSON 对象", "one JSON object"),
    "audit.format.jsonl": Text("每行一个事项", "a line for each service"),
    "audit.format.csv": Text("表格", "a table"),
    "audit.format.xlsx": Text("工作簿", "a workbook"),
    "audit.format.jsonld": Text("关联数据 CPSV-AP 3.2", "linked data, CPSV-AP 3.2"),
    "audit.large": Text(
        "同一修订永远是相同的字节（JSON、JSON Lines、CSV）。"
        "很大的导出先写成文件：若回答说正在写，请稍后再打开同一链接。",
        "A revision is the same bytes for ever (JSON, JSON Lines, CSV). A very large export is written to a file "
        "first: where the answer says so, open the same link again later.",
    ),
    "audit.checkpoint": Text("2. 保存检查点", "2. Keep the checkpoint"),
    "audit.checkpoint.lead": Text(
        "第 {number} 次修订的检查点：日志名称、条数、根，和我们的签名。请存到我们改不到的地方；"
        "凭它核对，就能发现以后对历史的改写。",
        "The checkpoint of revision {number}: the log's name, its size, its root, and our signature. Keep it where we "
        "cannot change it; verifying against it finds out any later rewriting of history.",
    ),
    "audit.checkpoint.this": Text("这个检查点（文本）", "This checkpoint (text)"),
    "audit.checkpoint.latest": Text("最新的检查点（文本）", "The latest checkpoint (text)"),
    "audit.checkpoint.log": Text("日志条目（JSON Lines）", "Entries of the log (JSON Lines)"),
    "audit.verify": Text("3. 离线核对", "3. Verify offline"),
    "audit.key": Text("您自己要有的", "What you must bring"),
    "audit.key.lead": Text(
        "验证密钥和日志名称必须从别的途径取得，例如书面交接，不能取自本网站或要核对的文件：伪造的网站可以附上伪造的密钥。"
        "下面的名称只供您对照。",
        "The verifier key and the log's name must have come to you in another way, on paper for instance, never from "
        "this site or from the file that you verify: a forged site can show a forged key. The names below are only "
        "for you to compare with.",
    ),
    "audit.key.origin": Text("日志名称", "The log's name"),
    "audit.key.begins": Text("验证密钥的开头", "The verifier key begins"),
    "audit.commands.fetch": Text("取来导出文件、日志和检查点：", "Fetch the export, the log and its checkpoint:"),
    "audit.commands.verify": Text(
        "核对。不联网；密钥在 key.txt 里。证实的检查点记在文件夹 audits，以后每次核对都与它们比较：",
        "Verify, without a network, your key being in key.txt. Checkpoints that were proven are remembered in the "
        "folder audits, and every later verification is held against them:",
    ),
    "audit.commands.exit": Text(
        "退出码 0 为已证实，1 为不成立，2 为未能核对。", "It exits with 0 for proven, 1 for refuted, 2 for not checked."
    ),
    "audit.commands.label.fetch": Text("取文件的命令", "Commands that fetch"),
    "audit.commands.label.verify": Text("核对的命令", "The command that verifies"),
    "audit.commands.label.compare": Text("比较的命令", "Commands that compare"),
    "audit.checkpoint.label": Text("检查点", "Checkpoint"),
    "audit.checks": Text("核对哪些内容", "What is checked"),
    "audit.check.signature": Text(
        "检查点恰有一个签名，由您的密钥签署，写的是您给的日志名称。",
        "The checkpoint has exactly one signature, by your key, and names the log that you named.",
    ),
    "audit.check.log": Text(
        "由日志的字节重算出来的根和条数，就是所签署的；版本 1、2、3 没有缺口。",
        "Root and size, computed anew from the bytes of the log, are the signed ones; versions 1, 2, 3 have no gaps.",
    ),
    "audit.check.complete": Text(
        "日志里的事项都在导出里，没有多余的。", "Every service that the log has is in the export, and no other."
    ),
    "audit.check.documents": Text(
        "每个事项的内容就是日志所记的那一份。", "The document of each service is the one that the log recorded."
    ),
    "audit.check.bytes": Text(
        "由日志重建的整个文件，与所给的逐字节相同。",
        "The whole file, rebuilt from the log, is the one given, byte for byte.",
    ),
    "audit.check.append-only": Text(
        "与您保存的每个检查点相比，日志只有追加。",
        "Beside each checkpoint that you kept, the log was only appended to.",
    ),
    "audit.limits": Text(
        "不能证明的：内容是否属实；以及没有人保存过检查点时，持有签名密钥的人是否另写了一份历史。",
        "What it cannot show: that what is written is true; and, where nobody ever kept a checkpoint, that whoever "
        "holds the signing key did not write another history.",
    ),
    "audit.compare": Text("比较两个修订", "Compare two revisions"),
    "audit.compare.lead": Text(
        "两个导出文件可以离线比较：新建、停用、恢复、标签变动和改动的内容，前后的值都有。取来前一个修订，再比较：",
        "Two export files can be compared offline: what was created, retired and brought back, moves of tags, and "
        "what changed, before and after. Fetch the revision before, and compare:",
    ),
    "audit.compare.first": Text(
        "这是第一个修订，没有更早的可以比较。", "This is the first revision; there is none before it to compare with."
    ),
    "audit.compare.signed_in": Text(
        "审计员和管理员：登录后查看姓名和任意两个修订的差异",
        "Auditors and administrators: sign in to see names, and what differs between any two revisions",
    ),
    "audit.latest": Text("最近的修订", "Latest revisions"),
    "audit.all": Text("全部修订", "All revisions"),
    # revisions
    "revisions.title": Text("修订", "Revisions"),
    "revisions.lead": Text(
        "每次写入是一个修订，都记入公开、签名、只增不改的日志，新的在前。一条日志记一个事项、区划、令牌或密钥的一版。"
        "日志用令牌编号称呼写入的人，姓名不公开。",
        "Each write is a revision, recorded in a public, signed log that is only appended to; the newest come first. "
        "An entry of the log is one version of a service, a division, a token or a key. "
        "The log names who wrote by the id of their token; names of people are not public.",
    ),
    "revisions.number": Text("第 {number} 次修订", "Revision {number}"),
    "revisions.at": Text("时间", "When"),
    "revisions.actor": Text("谁", "Who"),
    "revisions.reason": Text("理由", "Why"),
    "revisions.entries": Text("改了什么", "What"),
    "revisions.entry": Text("{did}{kind} {id}，第 {version} 版", "{kind} {id}, version {version}: {did}"),
    "revisions.all_entries": Text("日志条目，共 {n} 条（JSON Lines）", "Entries in the log: {n} (JSON Lines)"),
    "revisions.use": Text("导出和核对第 {number} 次修订", "Export and verify revision {number}"),
    "kind.service": Text("事项", "Service"),
    "kind.division": Text("区划", "Division"),
    "kind.token": Text("令牌", "Token"),
    "kind.key": Text("密钥", "Key"),
    "actor.seed": Text("初始数据", "the seed"),
    "actor.operator": Text("服务器的操作员", "the operator of the server"),
    "action.seed": Text("载入初始数据", "Seed"),
    "action.create": Text("新建", "Create"),
    "action.replace": Text("替换", "Replace"),
    "action.edit": Text("修改", "Edit"),
    "action.tag": Text("打标签", "Tag"),
    "action.retire": Text("停用", "Retire"),
    "action.import": Text("导入", "Import"),
    "action.revert": Text("撤销", "Undo"),
    "action.issue-token": Text("签发令牌", "Issue a token"),
    "action.revoke-token": Text("吊销令牌", "Revoke a token"),
}
