"""The pages for auditors: what they hand over is verified on the command line, as the page itself says."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import urllib3
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from service_catalog.actions.catalogue import Catalogue
from service_catalog.domain.access import Role
from tests.actions.test_writing import content, write
from tests.conftest import debian_program
from tests.console.administrators import hold, secret
from tests.serving import Server, run

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
REASON = "综合窗口调整"
HOLDER = "张三"


class Site:
    """A real server whose catalogue was changed once by an administrator: revision 3."""

    def __init__(self, server: Server, data: Path) -> None:
        """Change the tags of one service."""
        self.base = server.base
        self.key = run(data, "keys", "show").stdout
        self.secret = run(data, "token", "create", "--role", "administrator", "--name", HOLDER).stdout.strip()
        changed = urllib3.request(
            "POST",
            f"{server.base}/api/v1/tag-changes",
            headers={"Authorization": f"Bearer {self.secret}"},
            json={"changes": [{"id": "430203-card-application", "remove": ["single-window"]}], "reason": REASON},
        )
        assert changed.json()["revision"] == 3


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield the changed catalogue; no test writes."""
    data = tmp_path_factory.mktemp("site")
    with Server(data) as server:
        yield Site(server, data)


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """Yield a window with, and one without, scripts."""
    with browser.new_context(base_url=site.base, java_script_enabled=request.param) as context:
        yield context.new_page()


def typed(page: Page, label: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the commands that the page shows under a label, in an auditor's folder."""
    debian_program("curl")
    lines = page.get_by_role("group", name=label).get_by_role("code").all_inner_texts()
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-ec", "\n".join(lines)],
        cwd=folder,
        env={**os.environ, "PATH": programs},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_auditor_downloads_a_revision_and_verifies_it_by_the_commands_of_the_page(
    page: Page, site: Site, tmp_path: Path
) -> None:
    number = 1
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="审计").click()
    page.get_by_label("修订号").fill(str(number))
    page.get_by_role("button", name="显示").click()
    with page.expect_download() as begun:
        page.get_by_role("list", name=f"下载第 {number} 次修订").get_by_role("link", name="JSON Lines").click()
    assert begun.value.suggested_filename == f"service-catalog-r{number}.jsonl"
    (tmp_path / "key.txt").write_text(site.key, encoding="utf-8")
    assert typed(page, "取文件的命令", tmp_path).returncode == 0
    assert begun.value.path().read_bytes() == (tmp_path / begun.value.suggested_filename).read_bytes()
    said = typed(page, "核对的命令", tmp_path)
    assert (said.returncode, said.stderr) == (0, "") and said.stdout.endswith("已证实 · proven\n")
    assert site.key.startswith(page.get_by_text("验证密钥的开头").locator("xpath=..").get_by_role("code").inner_text())
    note = page.get_by_role("group", name="检查点").inner_text()
    assert (
        note.strip()
        == urllib3.request("GET", f"{site.base}/api/v1/log/checkpoint?revision={number}").data.decode().strip()
    )


def test_auditor_sees_what_differs_between_two_revisions_by_the_commands_of_the_page(
    page: Page, tmp_path: Path
) -> None:
    page.goto("/en/audit?revision=3&division=430203")
    assert typed(page, "Commands that fetch", tmp_path).returncode == 0
    said = typed(page, "Commands that compare", tmp_path)
    assert said.returncode == 0 and "430203-card-application" in said.stdout


def test_commands_of_the_page_wait_until_a_large_export_is_written(browser: Browser, tmp_path: Path) -> None:
    with Server(tmp_path / "data", EXPORT_AT_ONCE="1") as server, browser.new_context(base_url=server.base) as context:
        assert server.get("/api/v1/export?revision=1&format=csv").status == 202
        page = context.new_page()
        page.goto("/audit")
        assert typed(page, "取文件的命令", tmp_path).returncode == 0
        assert (tmp_path / "service-catalog-r1.jsonl").read_bytes().startswith(b'{"header":')


def test_revisions_stand_in_a_timeline_with_what_when_why_and_nobodys_name(page: Page) -> None:
    page.goto("/audit")
    page.get_by_role("link", name="全部修订").click()
    newest = page.get_by_role("listitem").filter(has=page.get_by_role("heading")).first
    expect(newest.get_by_role("heading")).to_have_text("第 3 次修订 · 打标签")
    for said in (REASON, "token-", "日志条目，共 1 条"):
        expect(newest).to_contain_text(said)
    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["第 3 次修订 · 打标签", "第 2 次修订 · 签发令牌", "第 1 次修订 · 载入初始数据", "数据说明"]
    )
    assert HOLDER not in page.content()
    newest.get_by_role("link", name="修改事项 430203-card-application，第 2 版").click()
    expect(page.get_by_text("这是第 3 次修订时的内容")).to_be_visible()
    page.goto("/en/audit/revisions?limit=2")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(["Revision 1 · Seed", "About the data"])


def test_page_that_was_asked_for_under_a_false_host_is_given_to_nobody_else(site: Site) -> None:
    false = urllib3.request("GET", f"{site.base}/en/audit", headers={"Host": "elsewhere.example"})
    true = urllib3.request("GET", f"{site.base}/en/audit")
    assert b"http://elsewhere.example" in false.data
    assert b"elsewhere.example" not in true.data and true.headers["Cache-Control"] == "private, no-cache"


@on_sqlite
def test_revision_is_found_by_the_time_of_china_that_a_person_writes(client: FlaskClient, catalogue: Catalogue) -> None:
    write(catalogue, content(catalogue, single_window=False))
    assert 'revision=2&amp;format=csv">CSV' in client.get("/audit?revision=&at=&division=").text
    shown = client.get("/audit?at=2099-01-01+00:00&division=430203").text
    assert 'revision=2&amp;division=430203&amp;format=csv">CSV' in shown and 'value="2099-01-01 00:00"' in shown
    early = client.get("/audit?at=1999-12-31T23:59")
    assert early.status_code == 404 and "1999-12-31T15:59:00Z 时还没有修订" in early.text


@on_sqlite
def test_command_names_no_host_that_could_do_anything_in_a_shell(client: FlaskClient) -> None:
    html = client.get("/audit", headers={"Host": "a;$(id)'b"}).text
    assert "service-catalog log fetch http://localhost --to log.jsonl" in html and "$(id)" not in html


@on_sqlite
def test_comparison_goes_on_between_the_same_two_revisions_whatever_is_written_meanwhile(
    client: FlaskClient, catalogue: Catalogue
) -> None:
    hold(client, secret(catalogue, Role.AUDITOR))
    first = client.get("/en/admin/compare?from=0&division=430203").text
    following = unescape(first.split('rel="next" href="')[1].split('"', maxsplit=1)[0])
    write(catalogue, content(catalogue, single_window=False))
    second = client.get(following).text
    services = [set(re.findall(r"<code>(430203-[a-z-]+)</code>", page)) for page in (first, second)]
    assert [len(ids) for ids in services] == [20, 20] and not services[0] & services[1]
    assert "From the empty catalogue to revision 2" in second
    assert "Documents of divisions" in first and "Documents of divisions" not in second


@on_sqlite
def test_comparison_that_cannot_be_made_says_so_beside_the_field(client: FlaskClient, catalogue: Catalogue) -> None:
    hold(client, secret(catalogue, Role.AUDITOR))
    backwards = client.get("/en/admin/compare?from=2&to=1")
    assert backwards.status_code == 422 and 'id="from-fault">may be at most 1<' in backwards.text
    assert client.get("/en/admin/compare?to=99").status_code == 404
