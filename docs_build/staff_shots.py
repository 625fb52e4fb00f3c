"""Pictures of the demo's reports and of the staff's pages, as README and the site show them.

`python -m docs_build.staff_shots FOLDER` takes them from a demo that ran in FOLDER (`python -m sample.demo FOLDER`), of
which it works on a copy. Needs Chromium and, for the reports, Poppler's `pdftoppm`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from chapterwatch import pipeline, settings
from chapterwatch.pipeline import Workplace
from desk.app import Desk, build
from desk.visit import Login
from docs_build.pages import DOCS
from docs_build.shots import chromium
from sample.demo import MONTH, MONTH_END, Demo

IMAGES = DOCS / "img"
#: A picture of a report: whose it is, and which page.
REPORTS = {
    "report-page-1": ("ala-lakeside", 1),
    "report-page-2": ("ala-lakeside", 2),
    "report-spanish": ("lll-sierra", 1),
    "rollup": ("ala-all", 1),
}
#: Of paper, by which a letter's page is 935 pixels wide.
DOTS_PER_INCH = 110
WIDTH, HEIGHT = 1280, 960
#: The finding that is shown is the gravest of this rule.
SHOWN_RULE = "ala.threat"


def main(folder: Path) -> None:
    """Take all of them."""
    with tempfile.TemporaryDirectory() as copy:
        home = Path(copy) / "demo"
        shutil.copytree(folder, home)
        for name, (chapter, page) in REPORTS.items():
            take_report(home, name, chapter, page)
        with _served(_workplace(home)) as url:
            take_pages(url)


def take_report(home: Path, name: str, chapter: str, page: int) -> None:
    """Take the picture of one page of a PDF."""
    pdf = home / "reports" / MONTH / f"{chapter}-{MONTH}-r1.pdf"
    shot = home / name
    wanted = ("-png", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", str(page), "-l", str(page))
    subprocess.run(["pdftoppm", *wanted, str(pdf), str(shot)], check=True)  # noqa: S603, S607 - found on the PATH, as everywhere
    _keep(shot.with_suffix(".png"), name)


def take_pages(url: str) -> None:
    """Take the pictures of the staff's pages that are served there."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, address in {
            "pages-overview": "",
            "pages-findings": "findings",
            "pages-finding": _address_of_shown(page, url),
            "pages-sample": "sample",
        }.items():
            page.goto(url + address)
            shot = Path(folder) / f"{name}.png"
            page.screenshot(path=shot, animations="disabled")
            _keep(shot, name)
        browser.close()


def _address_of_shown(page: Page, url: str) -> str:
    page.goto(f"{url}findings?rule={SHOWN_RULE}&state=any")
    return (page.locator("a.open").first.get_attribute("href") or "").removeprefix("./")


def _keep(shot: Path, name: str) -> None:
    # The method that keeps colours few pixels have: the dots that tell how grave something is.
    few_colours = Image.open(shot).convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few_colours.save(IMAGES / f"{name}.png", optimize=True)
    print(f"{name}.png", flush=True)  # noqa: T201 - a script's progress


def _workplace(home: Path) -> Workplace:
    """The demo some days after its month was mailed, with a sample drawn."""
    chosen = settings.from_environment(Demo(home).environment())
    after = replace(chosen, pinned_now=MONTH_END + timedelta(days=1))
    workplace = Workplace(after, after.connection, makes_archive=False)
    pipeline.draw_samples(workplace, MONTH)
    return workplace


@contextmanager
def _served(workplace: Workplace) -> Iterator[str]:
    async def who(_: Request) -> Login:
        return Login("staff")

    around = FastAPI()
    around.mount("/desk", build(Desk(lambda: workplace, who, b"pictures only, no form is sent")))
    server = uvicorn.Server(uvicorn.Config(around, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/desk/"
    server.should_exit = True
    thread.join()
    workplace.archive.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
