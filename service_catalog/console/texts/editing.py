"""Words of the edit form, of the page for two who edited at once, and of a service's history."""

from service_catalog.domain.vocabulary import Text

TEXTS = {
    "form.yes": Text("是", "Yes"),
    "form.no": Text("否", "No"),
    "form.choose": Text("请选择", "Choose"),
    "form.unknown": Text("不明或没有", "Unknown, or none"),
    "form.needed": Text("必填", "required"),
    "form.reason": Text("修改理由", "Reason for the change"),
    "form.reason.hint": Text(
        "理由会公开，并永远留在日志里；请不要写个人姓名。",
        "Reasons are public and stay in the log for ever: name no person.",
    ),
    "form.codes.hint": Text(
        "按编码体系填写，确实知道才填；没有则不填", "by scheme; only where truly known, or none at all"
    ),
    "form.codes.scheme": Text("编码体系", "scheme"),
    "form.codes.scheme.hint": Text("字母和数字，如 GB/T-39554", "letters and digits, such as GB/T-39554"),
    "form.codes.code": Text("编码", "code"),
    "form.codes.twice": Text("同一编码体系出现了两次", "a scheme stands here twice"),
    "form.fees.amount.hint": Text("以分为单位：15 元写 1500", "in fen, 1/100 yuan: 1500 for 15 yuan"),
    "form.add": Text("增加一行：{name}", "Add a row: {name}"),
    "form.remove": Text("删除{name} {n}", "Remove {name} {n}"),
    "form.row": Text("{name} {n}", "{name} {n}"),
    "form.none": Text("没有", "None"),
    "form.nothing": Text("（空）", "(empty)"),
    "form.faults": Text("有 {n} 处需要改正，还没有保存", "Places to put right: {n}. Nothing was saved"),
    "form.fault": Text("{where}：{message}", "{where}: {message}"),
    "form.fault_rule": Text("{where}：{message}（规则 {rule}）", "{where}: {message} (rule {rule})"),
    "edit.link": Text("修改", "Edit"),
    "edit.title": Text("修改事项", "Edit a service"),
    "edit.new": Text("新建事项", "New service"),
    "edit.version": Text("第 {version} 版（第 {revision} 次修订）", "version {version} (revision {revision})"),
    "edit.history": Text("修改历史", "History"),
    "edit.go": Text("去保存", "Go to saving"),
    "edit.public": Text("公开网页", "Public page"),
    "edit.fixed": Text(
        "区划和简码不能改；要改请停用后另建。", "Division and code never change: retire the service and create another."
    ),
    "edit.retired": Text(
        "这个事项已停用。把“状态”改回“在用”即可恢复。",
        "This service is retired. Set its status to active to bring it back.",
    ),
    "edit.preview": Text("预览", "Preview"),
    "edit.save": Text("保存", "Save"),
    "edit.preview_hint": Text(
        "预览会按保存时的全部规则检查，并列出改动，不写入任何内容。",
        "A preview checks everything that saving checks and lists the changes; it writes nothing.",
    ),
    "edit.would": Text("预览：还没有保存", "Preview: nothing is saved yet"),
    "edit.would.change": Text("保存后会改动这些内容：", "Saving would change this:"),
    "edit.would.create": Text("保存后会新建事项 {id}。", "Saving would create the service {id}."),
    "edit.would.nothing": Text("没有改动，不需要保存。", "Nothing would change, so there is nothing to save."),
    "edit.warnings": Text("不妨碍保存，但可以更好：", "These do not stand in the way, but could be better:"),
    "conflict.title": Text("有人先保存了", "Somebody saved first"),
    "conflict.lead": Text(
        "您打开表单以后，这个事项又有了新的版本。您填写的都在下面，没有丢失，也没有写入。",
        "Since you opened the form this service has a newer version. All you typed is below: nothing of it is lost, "
        "and nothing is saved.",
    ),
    "conflict.faster": Text("先保存的是", "Who was faster"),
    "conflict.version": Text(
        "第 {version} 版：{who}，{moment}。{reason}", "Version {version}: {who}, {moment}. {reason}"
    ),
    "conflict.both": Text("两人都改了，请选择", "Both of you changed these: choose"),
    "conflict.mine_alone": Text("只有您改了，将采用您的", "Only you changed these: yours are taken"),
    "conflict.theirs_alone": Text("只有对方改了，将采用对方的", "Only the other changed these: theirs are taken"),
    "conflict.opened": Text("您打开时", "When you opened the form"),
    "conflict.theirs": Text("现在（对方保存的）", "Now, as the other saved it"),
    "conflict.mine": Text("您填写的", "What you typed"),
    "conflict.take": Text("采用哪一个：{name}", "Which to take: {name}"),
    "conflict.take.mine": Text("采用我填写的", "Take what I typed"),
    "conflict.take.theirs": Text("采用现在的", "Take what stands now"),
    "conflict.choose": Text("请选择采用哪一个", "Please choose which to take"),
    "conflict.faults": Text("还有 {n} 项没有选择", "Still to choose: {n}"),
    "conflict.save": Text("合并并保存", "Merge and save"),
    "conflict.edit": Text("合并后继续修改", "Merge and go on editing"),
    "conflict.discard": Text("放弃我填写的，从现在的版本重新打开", "Discard what I typed and open the present version"),
    "conflict.hint": Text(
        "合并以现在的版本为准，再放进您的改动。", "The merge starts from what stands now and puts your changes in."
    ),
    "history.title": Text("修改历史", "History"),
    "history.lead": Text("每次写入是一版，新的在前。", "Each write is a version; the newest come first."),
    "history.version": Text("第 {version} 版", "Version {version}"),
    "history.revision": Text("第 {number} 次修订（查看，撤销）", "Revision {number} (look, undo)"),
    "history.then": Text("这一版的内容", "The service as it was then"),
    "history.edit": Text("修改这个事项", "Edit this service"),
    "history.changes": Text("第 {version} 版改了什么", "What version {version} changed"),
    "history.created": Text("新建了这个事项。", "The service was created."),
}
