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
    "admin.title": Text("目录管理", "Keeping the catalogue"),
    "admin.who": Text("登录令牌的编号", "Signed in with token"),
    "admin.reach": Text("可以改动的事项", "You may change"),
    "admin.reach.all": Text("全部区划的事项", "the services of every division"),
    "admin.reach.part": Text("区划 {division} 及其下级的事项", "the services of division {division} and all below it"),
    "admin.recorded": Text(
        "每次改动都会以这个编号记入目录的日志，人人可查。",
        "Every change is written into the catalogue's log under this number, for anybody to read.",
    ),
}
