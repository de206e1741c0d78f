"""Words of the pages for everybody: home, what was found, one service."""

from service_catalog.domain.vocabulary import Text

TEXTS = {
    # the search field, on several pages
    "search.label": Text("您要办什么事？", "What would you like to do?"),
    "search.hint": Text(
        "可以输入汉字、拼音或英文，例如：认证、renzheng、card",
        "In Chinese, pinyin or English, for example: 认证, renzheng, card",
    ),
    "search.button": Text("搜索", "Search"),
    "search.suggestions": Text("事项名称", "Names of services"),
    # home
    "home.title.online": Text("能不能网上办？", "Can it be done online?"),
    "home.title.visits": Text("要不要跑？", "Must I come?"),
    "home.lead": Text(
        "查一查每个事项能不能网上办、要跑几次、到哪个窗口、带什么材料。",
        "See for each service whether it can be done online, how often to come, to which window, and what to bring.",
    ),
    "home.who": Text("我是", "I am"),
    "home.individual": Text("个人", "a person"),
    "home.enterprise": Text("企业（用人单位）", "an enterprise (any employer)"),
    "home.anybody": Text("都看", "either"),
    "home.events": Text("遇到了什么事？", "What is it about?"),
    "home.events.individual": Text("个人遇到了什么事？", "What is it about? For a person"),
    "home.events.enterprise": Text("企业遇到了什么事？", "What is it about? For an enterprise"),
    "home.event_count": Text("{n} 项", "Services: {n}"),
    "home.glance": Text("一眼看全", "At a glance"),
    "home.total": Text("共 {n} 个事项", "{n} services in all"),
    "home.online": Text("项能网上办", "can be done online"),
    "home.zero": Text("项一次不用跑", "need no visit"),
    "home.window": Text("项任一窗口都能办", "are taken by any window"),
    "home.not_the_same": Text(
        "“能网上办”不等于“不用跑”：有些事项网上申请后，仍可能要来一次，例如核验原件。",
        "“Online” does not mean “no visit”: after applying online you may still have to come once, "
        "for example to show originals.",
    ),
    "home.all": Text("查看全部事项", "See all services"),
    # filters
    "filter.heading": Text("筛选", "Filter"),
    "filter.all": Text("全部", "All"),
    "filter.more": Text("按窗口、业务和办事场景筛选", "Filter by window, area and occasion"),
    "filter.count": Text("{n} 项", "services: {n}"),
    "filter.audience": Text("我是", "I am"),
    "filter.online": Text("网上办", "Online"),
    "filter.visits": Text("要跑几次", "Visits"),
    "filter.window": Text("窗口", "Window"),
    "filter.domain": Text("业务", "Area"),
    "filter.life_event": Text("办事场景", "Occasion"),
    "filter.online.any": Text("能网上办", "Can be done online"),
    "filter.online.individual": Text("个人能网上办", "Online for individuals"),
    "filter.online.enterprise": Text("企业能网上办", "Online for enterprises"),
    "filter.online.none": Text("不能网上办", "Not online"),
    "filter.status.any": Text("在用和已停用", "Active and retired"),
    "filter.remove": Text("去掉这个条件", "Remove this condition"),
    "filter.clear": Text("全部清除", "Clear all"),
    "filter.chosen": Text("已选条件", "Chosen"),
    "condition.q": Text("搜索：{value}", "Search: {value}"),
    "condition.division": Text("区划代码：{value}", "Division code: {value}"),
    "condition.min_depth": Text("至少能：{value}", "Online at least as far as: {value}"),
    "condition.max_visits": Text("最多跑 {value} 次", "Visits at most: {value}"),
    "condition.status": Text("状态：{value}", "Status: {value}"),
    # results
    "results.title": Text("事项", "Services"),
    "results.count": Text("找到 {n} 项", "Services found: {n}"),
    "results.count_at_least": Text("找到至少 {n} 项", "Services found: at least {n}"),
    "results.first_page": Text("回到第一页", "Back to the first page"),
    "results.next_page": Text("下一页", "Next page"),
    "results.paging": Text("翻页", "Pages"),
    "results.none": Text("没有符合这些条件的事项。", "No service meets these conditions."),
    "results.none_advice": Text("去掉一个条件，或换个说法再搜。", "Remove a condition, or search with other words."),
    "results.loading": Text("正在查找…", "Looking…"),
    # a service at a glance
    "fact.online": Text("网上办", "Online"),
    "fact.visits": Text("要跑几次", "Visits"),
    "fact.window": Text("窗口", "Window"),
    "fact.online.all": Text("能网上办", "Can be done online"),
    "fact.online.individual": Text("只有个人能网上办", "Online for individuals only"),
    "fact.online.enterprise": Text("只有企业能网上办", "Online for enterprises only"),
    "fact.online.none": Text("不能网上办", "Not online: at a counter"),
    "fact.visits.0": Text("一次不用跑", "No visit"),
    "fact.visits.1": Text("最多跑一次", "At most one visit"),
    "fact.window.any": Text("任一窗口都能办", "Any window"),
    "fact.window.own": Text("到专门窗口", "Its own window"),
    "fact.retired": Text("已停用", "Retired"),
    # one service
    "service.back": Text("全部事项", "All services"),
    "service.where": Text("您在这里", "You are here"),
    "service.retired": Text(
        "这个事项已停用，内容留作查阅，请不要据此办理。",
        "This service is retired. It stays readable for reference; please do not rely on it.",
    ),
    "service.past": Text(
        "这是第 {number} 次修订时的内容，不一定是现在的。",
        "This is how it stood after revision {number}; it may differ today.",
    ),
    "service.past_link": Text("看现在的内容", "See it as it stands today"),
    "service.contents": Text("本页内容", "On this page"),
    "service.online": Text("能不能网上办", "Can I do it online?"),
    "service.visits": Text("要不要跑", "Must I come?"),
    "service.materials": Text("带什么", "What to bring"),
    "service.time": Text("要多久", "How long does it take?"),
    "service.fees": Text("收费吗", "What does it cost?"),
    "service.basis": Text("依据什么", "Legal basis"),
    "service.provenance": Text("这些内容从哪来", "Where this comes from"),
    "service.online.yes": Text("能网上办", "Can do it online"),
    "service.online.no": Text("不能网上办，请到窗口", "Cannot do it online; please come to a counter"),
    "service.platform.named": Text("{platform}“{name}”", "{platform} “{name}”"),
    "service.address": Text("打开办理网址", "Open the website"),
    "service.no_address.wechat-official-account": Text(
        "目录没有登记链接；请在微信里查找这个公众号。",
        "No link is recorded in this catalogue; look the account up in WeChat.",
    ),
    "service.no_address": Text(
        "目录没有登记网址；请向经办机构询问从哪里进入。",
        "No address is recorded in this catalogue; please ask the agency where to find it.",
    ),
    "service.depth.consult": Text("网上可以咨询，不能申请。", "You can ask questions online, but not apply."),
    "service.depth.submit": Text("网上可以提交申请。", "You can send in your application online."),
    "service.depth.preliminary-review": Text(
        "网上可以提交申请，并得到预先审查。", "You can apply online and have it reviewed in advance."
    ),
    "service.depth.accept": Text(
        "网上可以申请，并由经办机构受理。", "You can apply online, and the agency accepts the application there."
    ),
    "service.depth.complete": Text("网上可以从头办到尾。", "It can be completed online from beginning to end."),
    "service.depth.unknown": Text(
        "目录没有登记网上能办到哪一步。", "How far it goes online is not recorded in this catalogue."
    ),
    "service.authentication": Text("怎样证明是本人：{value}", "How to prove who you are: {value}"),
    "service.visits.0": Text(
        "一次也不用跑，从申请到办结都不用到场。",
        "No visit at all: from the application to the result nobody need come.",
    ),
    "service.visits.1.online": Text(
        "最多跑一次。网上申请以后，也可能一次都不用跑；要来的话，最多一次。",
        "At most one visit. After applying online you may not have to come at all; if you must, then once.",
    ),
    "service.visits.1.some": Text(
        "最多跑一次。能网上办的一方先在网上申请，如需到场最多一次；其余的人到窗口办，最多一次。",
        "At most one visit. Those who can apply online first do so and come once at most if asked; "
        "the others come to a counter, at most once.",
    ),
    "service.visits.1.counter": Text("要到窗口办，最多跑一次。", "It is done at a counter, with at most one visit."),
    "service.visits.why": Text(
        "为什么要来：目录没有登记每个事项的原因。常见的是核验原件，或领取纸质结果；出门前请先问清。",
        "Why come: the reason is not recorded for each service. Often originals must be shown or a paper result "
        "collected; please ask before you set out.",
    ),
    "service.window.any": Text(
        "一窗通办：任何一个综合窗口都能受理，不用找专门的窗口。",
        "Single window: any general window takes it; no need to look for a special one.",
    ),
    "service.window.own": Text(
        "不在一窗通办范围内，要到办这件事的专门窗口。",
        "Not part of the single window: it has a window of its own.",
    ),
    "service.window.address": Text(
        "目录没有登记窗口的地址和电话。", "No address or telephone number of a window is recorded in this catalogue."
    ),
    "service.materials.lead": Text(
        "准备好一样，勾一样。也可以打印出来对照。", "Tick each one when it is ready. You can also print the list."
    ),
    "service.materials.none": Text("目录没有登记需要的材料。", "No material is recorded in this catalogue."),
    "service.materials.optional": Text("视情况", "only in some cases"),
    "service.materials.unknown": Text("是否必需未登记", "not recorded whether it is required"),
    "service.print": Text("打印这份清单", "Print this list"),
    "service.time.promised": Text("承诺办结", "Promised"),
    "service.time.statutory": Text("法律允许", "Allowed by law"),
    "service.time.days": Text("{n} 个{unit}", "{n} {unit}"),
    "service.time.days.many": Text("{n} 个{unit}", "{n} {unit}s"),
    "service.time.unit_unknown": Text(
        "{n} 天（是否工作日未登记）", "Days: {n} (working or calendar days not recorded)"
    ),
    "service.time.unknown": Text("没有登记", "Not recorded"),
    "service.fees.none": Text("不收费。", "It is free."),
    "service.fees.amount": Text("{n} 元", "{n} yuan"),
    "service.basis.none": Text("目录没有登记设定依据。", "No legal basis is recorded in this catalogue."),
    "service.matter_type": Text("事项类型", "Type of matter"),
    "service.handling": Text("办件类型", "Handling"),
    "service.audiences": Text("服务对象", "For whom"),
    "service.domain": Text("业务", "Area"),
    "service.life_events": Text("办事场景", "Occasion"),
    "service.provenance.basis": Text("名称的来源", "The name rests on"),
    "service.provenance.confidence": Text("对名称的把握", "How sure the name is"),
    "service.provenance.flags": Text("到场、窗口和网办信息", "Visits, window and online"),
    "service.id": Text("事项编号", "Service id"),
    "service.version": Text("版本", "Version"),
    "service.version.value": Text("第 {version} 版，第 {revision} 次修订", "Version {version}, of revision {revision}"),
    "service.updated": Text("更新时间", "Updated"),
    "service.updated.beijing": Text("{moment}（北京时间）", "{moment} (Beijing time)"),
    "service.updated.yours": Text("您那里", "where you are"),
    "service.named": Text("{name}：{value}", "{name}: {value}"),
    "service.json": Text("供程序读取（JSON）", "For programs (JSON)"),
    "service.history": Text("各版的历史（JSON）", "History of its versions (JSON)"),
}
