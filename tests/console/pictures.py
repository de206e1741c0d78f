"""Makes the pictures of the pages that the documentation shows: the real server over the seed, in Debian's Chromium.

Run as ``python -m tests.console.pictures``; ``make pictures`` does.
"""

import shutil
import sys
import tempfile
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, FilePayload, sync_playwright

from tests.console.administrators import issue, sign_in
from tests.console.test_uploading import edited
from tests.serving import Server

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PHONE, SCREEN = (360, 780), (1280, 860)
ENTITLED = "/services/430203-benefit-eligibility-certification"

Window = tuple[str, tuple[int, int], str]

PHONES: dict[str, list[Window]] = {
    "phones": [
        ("/", PHONE, "light"),
        ("/services?audience=individual&life_event=retirement", PHONE, "light"),
        (ENTITLED, PHONE, "light"),
    ],
    "phones-large-dark": [
        ("/?audience=individual&text=large", PHONE, "light"),
        (ENTITLED, PHONE, "dark"),
        ("/en/services?online=true&tag=one-visit", PHONE, "dark"),
    ],
}
"""Pictures of phones side by side, by the name of the file: each an address, the size of its window, light or dark."""

SCREENS: dict[str, Window] = {
    "home": ("/", SCREEN, "light"),
    "results": ("/en/services?audience=enterprise&online_for=enterprise", SCREEN, "light"),
    "service": ("/services/430203-work-injury-recognition", SCREEN, "light"),
    "indicators": ("/indicators", SCREEN, "light"),
    "audit": ("/audit", SCREEN, "light"),
    "charts": ("/en/indicators#charts", (1280, 800), "dark"),
}
"""Pictures of one window each."""

FRAME = """<body style="margin:0;display:flex;gap:24px;padding:24px;background:#dfe5ec">{}"""
PLACED = """<img src="data:image/png;base64,{}" style="border-radius:12px">"""


def main() -> None:
    """Write every picture anew."""
    program = shutil.which("chromium")
    if program is None:
        sys.exit(
            "缺少 chromium；请安装 Debian 软件包 chromium · chromium is missing; install Debian's package chromium"
        )
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        Server(Path(data)) as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"]) as browser,
    ):
        for name, window in SCREENS.items():
            (FOLDER / f"{name}.png").write_bytes(taken(browser, server.base, window))
        token = issue(Path(data), "administrator", "演示")
        (FOLDER / "tagging.png").write_bytes(tagging(browser, server, token))
        (FOLDER / "upload.png").write_bytes(upload(browser, server, token))
        (FOLDER / "compare.png").write_bytes(compare(browser, server, token))
        for name, windows in PHONES.items():
            images = [PLACED.format(b64encode(taken(browser, server.base, one)).decode()) for one in windows]
            page = browser.new_page(viewport={"width": 24 + len(windows) * (PHONE[0] + 24), "height": PHONE[1] + 48})
            page.set_content(FRAME.format("".join(images)))
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        (FOLDER / "conflict.png").write_bytes(conflict(browser, server, Path(data)))  # last, since it writes


def tagging(browser: Browser, server: Server, token: str) -> bytes:
    """Return what an official sees who ticked three services, one of which a rule refuses."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=server.base)
    sign_in(page, token, "/admin")
    for box in page.get_by_role("table").get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_label("一次不用跑").check()
    page.get_by_role("region", name="不能这样改").wait_for()
    page.locator("#found").scroll_into_view_if_needed()
    page.mouse.wheel(0, 420)
    page.wait_for_timeout(300)
    picture = page.screenshot()
    page.close()
    return picture


def conflict(browser: Browser, server: Server, folder: Path) -> bytes:
    """Return what an official sees when a colleague, who opened the same form, saved first."""
    address = "/admin/services/430203-card-application/edit"
    windows = []
    for name, said, days in (
        ("李明", "个人申领社会保障卡，到任一窗口办理。", "8"),
        ("王芳", "个人申领社会保障卡。", "10"),
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, base_url=server.base)
        sign_in(page, issue(folder, "administrator", name), address)
        page.locator("#service-summary-zh").fill(said)
        page.locator("#service-time_limits-promised-days").fill(days)
        page.locator("#reason").fill("按办事指南核对")
        windows.append(page)
    for page in windows:
        page.locator(".finish").get_by_role("button", name="保存").click()
        page.wait_for_load_state("networkidle")
    picture = windows[-1].screenshot()
    for page in windows:
        page.close()
    return picture


def upload(browser: Browser, server: Server, token: str) -> bytes:
    """Return what an official sees whose spreadsheet has three wrong cells."""
    page = browser.new_page(viewport={"width": 1280, "height": 1020}, base_url=server.base)
    sign_in(page, token, "/admin/upload")
    page.get_by_label("文件", exact=True).set_input_files(
        sheet(server, visits="两次", handling="即办", single_window="也许")
    )
    page.get_by_label("理由").fill("按 2026 年 11 月核对结果更新")
    page.get_by_role("button", name="预览").click()
    page.get_by_role("region", name="没有导入").wait_for()
    picture = page.screenshot()
    page.close()
    return picture


def compare(browser: Browser, server: Server, token: str) -> bytes:
    """Return what an auditor sees of a revision by which a spreadsheet changed one service."""
    page = browser.new_page(viewport={"width": 1280, "height": 1020}, base_url=server.base)
    sign_in(page, token, "/admin/upload")
    changed = sheet(server, single_window="否", time_limits__promised__days="7", name__en="Application for a card")
    page.get_by_label("文件", exact=True).set_input_files(changed)
    page.get_by_label("理由").fill("按 2026 年 11 月核对结果更新")
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="导入").click()
    page.get_by_role("status").wait_for()
    page.goto("/en/admin/compare?from=1")
    page.locator("form.fields").evaluate("form => form.scrollIntoView()")
    picture = page.screenshot()
    page.close()
    return picture


def sheet(server: Server, **cells: str) -> FilePayload:
    """Return the present services as a spreadsheet in which one has other cells."""
    body = edited(server.get("/api/v1/export?format=csv").data, **cells)
    return {"name": "事项.csv", "mimeType": "text/csv", "buffer": body}


def taken(browser: Browser, base: str, window: Window) -> bytes:
    """Return what a window shows at first, as PNG."""
    address, (width, height), scheme = window
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(base + address, wait_until="networkidle")
    picture = page.screenshot()
    page.close()
    return picture


if __name__ == "__main__":
    main()
