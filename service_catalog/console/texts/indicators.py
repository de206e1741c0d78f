"""Words of the page about the reform's figures."""

from service_catalog.domain.vocabulary import Text

TEXTS = {
    "indicators.title": Text("3140 一览", "3140 at a glance"),
    "indicators.lead": Text(
        "“3140”是三个“一”和四个“零”。下面每一条都写明：哪个数字能代表它，哪些没有计量。",
        "“3140” stands for three ones and four zeros. Each is shown with the figure that stands for it, "
        "and with what is not measured.",
    ),
    "indicators.total": Text("个事项", "services"),
    "indicators.ones": Text("三个“一”", "The three ones"),
    "indicators.zeros": Text("四个“零”", "The four zeros"),
    "indicators.figure": Text("代表它的数字", "The figure that stands for it"),
    "indicators.unmeasured": Text("没有计量的", "Not measured"),
    "indicators.no_figure": Text("没有数字", "No figure"),
    "indicators.of": Text("共 {total} 项，占 {share}", "of {total}, {share}"),
    "one.window": Text("一个窗口对外", "One window to the outside"),
    "one.window.figure": Text("项任一窗口都能办（一窗通办）", "are taken by any window (single window)"),
    "one.window.unmeasured": Text(
        "窗口有几个、要等多久，目录不知道。", "How many windows there are and how long people wait is not known here."
    ),
    "one.process": Text("一套业务流程", "One set of processes"),
    "one.process.figure": Text(
        "项都按同一格式写明材料、时限、到场次数和依据",
        "are described in one form: materials, time limits, visits and legal basis",
    ),
    "one.process.unmeasured": Text(
        "同一格式不等于同一流程；各窗口实际怎样办，没有计量。",
        "One form of description is not one process; how each window works in practice is not measured.",
    ),
    "one.platform": Text("一个共享平台", "One shared platform"),
    "one.platform.figure": Text("项能网上办", "can be done online"),
    "one.platform.unmeasured": Text(
        "目录只知道有没有网办渠道；背后的系统是否共享数据、有多少人真正在网上办，没有计量。",
        "Only whether there is an online channel is known; whether the systems behind share their data, and how many "
        "people really use them, is not measured.",
    ),
    "zero.blind_spots": Text("监管零盲区", "Supervision without blind spots"),
    "zero.blind_spots.figure": Text(
        "次修订，每次都记入公开、签名的日志，谁都可以核对",
        "revisions of this catalogue, each in a public, signed log that anybody can verify",
    ),
    "zero.blind_spots.unmeasured": Text(
        "日志管的是本目录；对办事和资金的监管，不在目录之内。",
        "The log watches over this catalogue; supervision of the services and of the money is not part of it.",
    ),
    "zero.distance": Text("办事零距离", "Service without distance"),
    "zero.distance.figure": Text("项一次不用跑", "need no visit"),
    "zero.distance.unmeasured": Text(
        "其余 {n} 项最多跑一次；路有多远、实际跑了几次，没有计量。",
        "The other {n} need at most one; how far people travel and how often they really came is not measured.",
    ),
    "zero.time_outs": Text("审批零超时", "Approval without time-outs"),
    "zero.time_outs.figure": Text(
        "项的承诺时限长于法定时限（单位相同时由规则 R4 保证）",
        "promise more time than the law allows (held by rule R4 where the units are the same)",
    ),
    "zero.time_outs.unmeasured": Text(
        "这是承诺，不是实际；每件事真正用了几天，目录里没有办件记录。",
        "These are promises, not facts: how many days a case really took is in no record here.",
    ),
    "zero.complaints": Text("服务零投诉", "Service without complaints"),
    "zero.complaints.unmeasured": Text(
        "目录没有投诉和评价数据，所以不给数字。",
        "There are no data here about complaints or ratings, so there is no figure.",
    ),
    "charts.title": Text("图表", "Charts"),
    "charts.table": Text("看数字表", "Show the table"),
    "charts.numbers": Text("{name}：数字表", "{name} The numbers"),
    "charts.sum": Text("合计", "Total"),
    "charts.number": Text("事项数", "Services"),
    "charts.share": Text("占比", "Share"),
    "chart.all": Text("全部事项", "All services"),
    "chart.visits": Text("要跑几次", "How often must people come?"),
    "chart.visits.note": Text(
        "“最多跑一次”是上限：其中有的一次也不用跑。", "“At most one visit” is an upper bound: some of these need none."
    ),
    "chart.online": Text("谁能网上办", "Who can do it online?"),
    "chart.online.note": Text(
        "个人能网上办 {individual} 项，企业 {enterprise} 项，其中 {both} 项两者都能；至少一方能网上办的是 {any} 项。",
        "Online for individuals: {individual}; for enterprises: {enterprise}; {both} of these for both. "
        "So {any} are online for at least one.",
    ),
    "chart.online.individual": Text("只有个人能", "Individuals only"),
    "chart.online.both": Text("个人和企业都能", "Both"),
    "chart.online.enterprise": Text("只有企业能", "Enterprises only"),
    "chart.online.none": Text("不能网上办", "Not online"),
    "chart.window": Text("哪个窗口能办", "Which window takes it?"),
    "chart.window.note": Text(
        "一窗通办与要跑几次是两回事。", "The single window is a matter apart from the number of visits."
    ),
    "chart.window.none": Text("到专门窗口", "Its own window"),
    "chart.domains": Text("各项业务", "By area"),
    "chart.domains.note": Text(
        "每条的长度是事项数；颜色分开一次不用跑和最多跑一次。",
        "Each bar is as long as its number of services; colours part no visit from at most one.",
    ),
    "declared.title": Text("公布的数字与目录的数字", "Published figures beside the catalogue's"),
    "declared.none": Text("没有公布的数字可以对照。", "No published figures are known to compare with."),
    "declared.lead": Text("来源：{publisher}，{title}，{day}。", "Source: {publisher}, {title}, {day}."),
    "declared.figure": Text("指标", "Figure"),
    "declared.declared": Text("公布", "Published"),
    "declared.actual": Text("目录", "Catalogue"),
    "declared.result": Text("对照", "Compared"),
    "declared.same": Text("一致", "the same"),
    "declared.differs": Text("相差 {n}", "differs by {n}"),
    "declared.total": Text("全部事项", "All services"),
    "declared.zero_visit": Text("一次不用跑", "No visit"),
    "declared.one_visit": Text("最多跑一次", "At most one visit"),
    "declared.single_window": Text("一窗通办", "Single window"),
    "declared.online.individual": Text("个人能网上办", "Online for individuals"),
    "declared.online.enterprise": Text("企业能网上办", "Online for enterprises"),
    "declared.caution": Text(
        "总数一致，不等于每个事项都核实过；哪些是推断的，见各事项的来源说明。",
        "Equal totals do not mean that each service was verified; what is inferred, each service says itself.",
    ),
}
