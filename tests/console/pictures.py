"""Makes the pictures of the pages that the documentation shows: the real server over the seed, in Debian's Chromium.

Run as ``python -m tests.console.pictures``; ``make pictures`` does.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.serving import Server

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
PHONE, SCREEN = (360, 780), (1280, 860)

PICTURES = {
    "home-phone": ("/", PHONE, "light"),
    "results-phone": ("/services?audience=individual&life_event=retirement", PHONE, "light"),
    "service-phone": ("/services/430203-benefit-eligibility-certification", PHONE, "light"),
    "large-phone": ("/?audience=individual&text=large", PHONE, "light"),
    "home-screen": ("/", SCREEN, "light"),
    "results-screen": ("/en/services?audience=enterprise&online_for=enterprise", SCREEN, "light"),
    "service-screen": ("/services/430203-work-injury-recognition", SCREEN, "light"),
    "indicators-screen": ("/indicators", (1280, 1180), "light"),
    "indicators-dark": ("/en/indicators", SCREEN, "dark"),
}
"""Each picture by the name of its file: the address, the size of the window, and light or dark."""


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
        for name, (address, (width, height), scheme) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(server.base + address, wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()


if __name__ == "__main__":
    main()
