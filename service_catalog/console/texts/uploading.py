"""Words of the page for uploading a spreadsheet."""

from service_catalog.domain.vocabulary import Text

TEXTS = {
    "upload.menu": Text("上传表格", "Upload"),
    "upload.title": Text("上传表格", "Upload a spreadsheet"),
    "upload.lead": Text(
        "一次新建或修改许多事项。先预览会发生什么，看过以后才导入；导入后可以撤销。",
        "Create or change many services at once. You see first what would happen, and import only then; an import can "
        "be undone.",
    ),
    "upload.get": Text("1. 取得表格", "1. Get the spreadsheet"),
    "upload.template": Text(
        "空白模板（XLSX，带填表说明和示例）", "Blank template (XLSX, with explanations and an example)"
    ),
    "upload.export": Text(
        "现有事项（{format}），改好后上传", "The present services ({format}), to be edited and uploaded"
    ),
    "upload.large": Text(
        "目录很大时，导出先写成文件：若回答说正在写，请稍后再打开同一链接。",
        "Of a large catalogue the export is written to a file first: where the answer says so, open the same link "
        "again later.",
    ),
    "upload.choose": Text("2. 选择填好的文件", "2. Choose the file"),
    "upload.choose_again": Text("选择改好的文件", "Choose the mended file"),
    "upload.file": Text("文件", "File"),
    "upload.file_hint": Text(
        "XLSX、CSV（UTF-8 或 GB18030）、JSON 或 JSON Lines，最大 16 MiB，最多 {rows} 行；更大的文件请运维人员用命令 "
        "service-catalog import 导入。写有 version 的行修改现有事项，没有的只新建；文件中没有的事项不变。"
        "几千行可能要等一分钟。",
        "XLSX, CSV (UTF-8 or GB18030), JSON or JSON Lines, at most 16 MiB and {rows} rows; whoever runs the server "
        "imports larger ones by the command service-catalog import. A row with a version changes a service, one "
        "without only creates; services that are not in the file stay. Thousands of rows can take a minute.",
    ),
    "upload.no_file": Text("请选择文件", "please choose a file"),
    "upload.too_large": Text(
        "文件超过 16 MiB。请分成几份，或请运维人员用命令 service-catalog import 导入。",
        "The file has more than 16 MiB. Split it, or ask whoever runs the server to import it by the command "
        "service-catalog import.",
    ),
    "upload.held": Text(
        "已选 {name}（{size} KiB），不必再选，也可以换一个。",
        "{name} ({size} KiB) is chosen already; you may choose another.",
    ),
    "upload.again": Text(
        "文件太大，不能随网页带到下一步，服务器也不保存；请再选一次同一个文件。",
        "The file is too large to be carried on by this page, and the server keeps none: please choose the same file "
        "again.",
    ),
    "upload.refused": Text("没有导入", "Not imported"),
    "upload.first": Text("下面是前 {n} 处。", "The first {n} follow."),
    "upload.stale": Text(
        "表格导出以后目录已有变动，或者这些事项已经存在。请重新导出，把您的修改填进去。",
        "The catalogue has changed since the file was exported, or these services exist already. Please export anew "
        "and enter your changes there.",
    ),
    "upload.unknown": Text("不知道是否已导入", "Whether it was imported is not known"),
    "upload.unknown_lead": Text(
        "数据库没有确认：或者全部写入，或者什么也没有写入。请稍后原样再按一次“导入”，不会做两次。",
        "The database did not confirm it: all was written, or nothing. Please press Import again shortly, with "
        "everything as it is; it is never done twice.",
    ),
    "upload.faults": Text("每处错误", "Every fault"),
    "upload.row": Text("行", "Row"),
    "upload.row_number": Text("第 {row} 行", "Row {row}"),
    "upload.found_is": Text("格中内容：", "In the cell:"),
    "upload.column": Text("列", "Column"),
    "upload.found": Text("格中内容", "In the cell"),
    "upload.wrong": Text("错在哪里", "What is wrong"),
    "upload.empty": Text("（空）", "(empty)"),
    "upload.would": Text(
        "导入 {name}（{format}，{rows} 行）会这样改变目录：",
        "To import {name} ({format}, rows: {rows}) would change the catalogue as follows:",
    ),
    "upload.nothing": Text("没有可导入的内容", "There is nothing to import"),
    "upload.nothing_lead": Text("{name} 与目录现状完全一致。", "{name} says exactly what the catalogue says."),
    "upload.import_title": Text("3. 导入", "3. Import"),
    "upload.import": Text("导入 {name}", "Import {name}"),
    "upload.other": Text("换一个文件", "Another file"),
}
