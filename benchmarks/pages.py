"""Server time of each page beside that of the API's answer to the same question, interleaved, as ratios."""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.figures import whole_number
from benchmarks.requests import CONNECTIONS, requests_a_second
from service_catalog.console.sessions import COOKIE
from tests.console.administrators import issue
from tests.serving import Server

WORDS = """
{rounds} 轮 rounds × {seconds} s，单个工作进程 one worker，{connections} 个连接 connections，取中位数 medians
比值：网页用时 ÷ 接口回答同一问题的用时，同一服务器
ratio: time of the page over that of the API's answer to the same question, on the same server
"""

FILTERS = "audience=individual&online_for=individual&limit=20"
CARD = "430203-card-application"

CASES = {
    "首页 · home": ("/", "/api/v1/facets"),
    "查到的事项 · what was found": (f"/services?{FILTERS}", f"/api/v1/services?{FILTERS}"),
    "单个事项 · one service": (f"/services/{CARD}", f"/api/v1/services/{CARD}"),
    "3140 一览 · 3140 at a glance": ("/indicators", "/api/v1/indicators"),
    "审计 · for auditors": ("/audit", "/api/v1/log/checkpoint"),
    "修订 · revisions": ("/audit/revisions", "/api/v1/log/entries?from=0&limit=100"),
    "管理事项（登录）· the table, signed in": ("/admin", "/api/v1/services"),
    "修改事项（登录）· the edit form, signed in": (f"/admin/services/{CARD}/edit", f"/api/v1/services/{CARD}"),
    "修改历史（登录）· the history, signed in": (f"/admin/services/{CARD}/history", f"/api/v1/services/{CARD}/history"),
    "全部修订（登录）· every revision, signed in": ("/admin/revisions", "/api/v1/revisions?limit=20"),
    "比较修订（登录）· two revisions compared, signed in": (
        "/admin/compare?from=0&to=1",
        "/api/v1/revisions/1/diff?limit=20",
    ),
    "一次修订（登录）· one revision, signed in": ("/admin/revisions/1", "/api/v1/revisions/1/diff"),
}
"""The address of each page, and of the call that answers the same question, or the nearest one that is public."""


def main() -> None:
    """Print one row a page."""
    rounds, seconds = whole_number("ROUNDS", 5), whole_number("SECONDS", 3)
    if shutil.which("wrk") is None:
        sys.exit("缺少 wrk；请安装 Debian 软件包 wrk · wrk is missing; install Debian's package wrk")
    print(WORDS.format(rounds=rounds, seconds=seconds, connections=CONNECTIONS))
    print(f"{'bytes':>8}{'page ms':>9}{'API ms':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder), LOG_LEVEL="info") as server:
        token = issue(Path(folder), "administrator", "benchmark")
        credentials = {"Cookie": f"{COOKIE}={token}", "Authorization": f"Bearer {token}"}
        for name, (page, call) in CASES.items():
            headers = credentials if "signed in" in name else {}
            options = [option for header in headers.items() for option in ("-H", ": ".join(header))]
            pairs = [
                tuple(1000 / requests_a_second(server.base + path, seconds, *options) for path in (page, call))
                for _ in range(rounds + 1)
            ][1:]  # the first round warms up
            ours, peers = (statistics.median(times) for times in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            size = len(server.get(page, **headers).data)
            print(f"{size:>8}{ours:>9.2f}{peers:>9.2f}{ratio:>8.1f}  {name}", flush=True)


if __name__ == "__main__":
    main()
