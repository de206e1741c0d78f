"""Searching: how many questions of citizens find their service, and first-time searches a second beside Flask alone."""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from http import HTTPStatus
from itertools import product
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.catalogues import fill
from benchmarks.databases import engines, opened
from benchmarks.figures import whole_number
from benchmarks.requests import HERE, peer_server, prepare_queries, requests_a_second
from tests.search.questions import KNOWN, UNSEEN
from tests.serving import Server

LIST = "/api/v1/services?limit=20&q="
AMONG = (1, 5)

WORDS = """
recall: 市民的问法中，应当找到的事项排在前 1、前 5 位的有多少；第二行的问法在同义词表写成之前没有看过
        of the questions of citizens, how many find their service first, and among the first five; nobody looked at
        those of the second line while the synonyms were written
p50, p99: 更大的目录中首次检索所用毫秒数，一个连接，全国或一个区划，其中较慢的一半、百分之一
        milliseconds of first-time searches in a larger catalogue, one connection, of the whole country or one division
ratio:  每秒首次检索数（每个问题都是没问过的）÷ 只有 Flask 的应用返回同样字节的每秒请求数
        first-time searches a second, each another question, over requests to Flask alone that returns the same bytes
        {rounds} 轮 rounds × {seconds} s，单个工作进程 one worker，取中位数 medians
"""

ASKED = "失业保险金"
BEFORE = (
    "",
    "请问",
    "怎么",
    "如何",
    "我想",
    "我要",
    "帮我",
    "咨询一下",
    "在哪里",
    "去哪里",
    "能不能",
    "有没有",
    "是不是",
)
AFTER = ("怎么办", "在哪里", "多少钱", "多久", "要不要", "什么材料", "手续", "流程", "可以吗", "谢谢", "需要什么条件")
BETWEEN = (" ", ",", "，", "。", "!", "！", "?", "？", "、", ";", "；", ":", "：", "~", "-", "…")


def recall(server: Server, questions: dict[str, str], among: int) -> int:
    """Return how many questions have their service among the first few that are found."""
    found = 0
    for asked, code in questions.items():
        items = server.get(f"{LIST}{quote(asked)}").json()["items"]
        found += code in [item["code"] for item in items[:among]]
    return found


def latencies(server: Server, rounds: int, narrowed: str) -> list[float]:
    """Return the sorted milliseconds of every question of citizens, each round with other marks at its end."""
    taken = []
    for marks in ("?" * number for number in range(rounds + 1)):
        for asked in (*KNOWN, *UNSEEN):
            start = time.perf_counter()
            found = server.get(f"{LIST}{quote(asked + marks)}{narrowed}")
            taken.append((time.perf_counter() - start) * 1000)
            if found.status != HTTPStatus.OK:
                sys.exit(f"{asked}: {found.status}")
    return sorted(taken[len(KNOWN) + len(UNSEEN) :])  # the first round warms up


def measure_large(url: str, folder: Path, rounds: int, rows: int, name: str) -> None:
    """Fill a database and print the latencies of searches in it."""
    folder.mkdir()
    catalogue = opened(url, folder / "signing.key")
    fill(catalogue, rows)
    catalogue.database.close()
    with Server(folder, DATABASE_URL=url) as server:
        for said, narrowed in (("全国 country", ""), ("一个区划 division", "&division=430203")):
            taken = latencies(server, rounds, narrowed)
            p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
            print(f"{name:<11} {rows} rows  p50 {p50:.1f} ms  p99 {p99:.1f} ms  {said}", flush=True)


def unseen_questions() -> Iterator[str]:
    """Yield queries that all ask for the same in other words: what stands around it says nothing of a service."""
    for before, one, two, after, three in product(BEFORE, BETWEEN, BETWEEN, AFTER, BETWEEN):
        yield f"limit=20&q={quote(before + one + ASKED + two + after + three)}"


def measure(server: Server, folder: Path, rounds: int, seconds: int) -> tuple[int, float, float, float]:
    """Return the answer's size, both medians in requests a second, and the median of the ratios round by round."""
    body, file, questions = folder / "body", folder / "queries", unseen_questions()
    size = body.write_bytes(server.get(LIST + quote(ASKED)).data)
    pairs = []
    with peer_server("flask", body, workers=1) as peer:
        for _ in range(rounds + 1):
            prepare_queries(server, size, questions, seconds, file)
            ours = requests_a_second(server.base + LIST, seconds, "-s", str(HERE / "filters.lua"), queries=file)
            pairs.append((ours, requests_a_second(f"{peer}{LIST}x", seconds)))
    ours, peers = zip(*pairs[1:], strict=True)  # the first round warms up
    ratio = statistics.median(one / other for one, other in pairs[1:])
    return size, statistics.median(ours), statistics.median(peers), ratio


def main() -> None:
    """Print recall and speed on each engine."""
    rounds, seconds, rows = whole_number("ROUNDS", 5), whole_number("SECONDS", 3), whole_number("ROWS", 20) * 1000
    if shutil.which("wrk") is None:
        sys.exit("缺少 wrk；请安装 Debian 软件包 wrk · wrk is missing; install Debian's package wrk")
    print(WORDS.format(rounds=rounds, seconds=seconds))
    with engines() as databases:
        for name, new_database in databases.items():
            with tempfile.TemporaryDirectory() as made, Server(Path(made), DATABASE_URL=new_database()) as server:
                for said, questions in (("", KNOWN), ("没看过 unseen", UNSEEN)):
                    first, five = (recall(server, questions, among) for among in AMONG)
                    print(f"{name:<11} recall@1 {first}/{len(questions)}  recall@5 {five}/{len(questions)}  {said}")
                size, ours, peer, ratio = measure(server, Path(made), rounds, seconds)
                print(f"{name:<11} {size} bytes  ours/s {ours:.0f}  Flask/s {peer:.0f}  ratio {ratio:.3f}", flush=True)
            with tempfile.TemporaryDirectory() as made:
                measure_large(new_database(), Path(made) / name, rounds, rows, name)


if __name__ == "__main__":
    main()
