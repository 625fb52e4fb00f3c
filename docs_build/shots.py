"""Pictures of Airflow's form for each platform's connection, filled with what the platform's page shows.

`python -m docs_build.shots [PLATFORM ...]` starts a real Airflow in a folder of its own, opens *Add Connection* in
Chromium and fills the form in. Nothing is saved and no platform is asked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

from chapterwatch import launcher
from connectors import Manifest, manifests
from docs_build.example import Example
from docs_build.pages import DOCS

PATIENCE = 180_000
WIDTH = 1000
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main(platforms: Sequence[str]) -> None:
    """Take the pictures of some platforms, or of all that are asked live."""
    chosen = platforms or [name for name, item in manifests().items() if item.entry_point]
    with tempfile.TemporaryDirectory() as folder, _airflow(Path(folder)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 1700})
        page.set_default_timeout(PATIENCE)
        _log_in(page, url, Path(folder))
        for name in chosen:
            _take(page, url, manifests()[name])
            print(f"connect-{name}.png", flush=True)  # noqa: T201 - a script's progress
        browser.close()


def _chromium() -> str | None:
    return next((path for path in map(shutil.which, _CHROMIUM) if path), None)


@contextmanager
def _airflow(home: Path) -> Iterator[str]:
    port = launcher._free_port()
    command = [sys.executable, "-m", "chapterwatch.launcher"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CHAPTERWATCH_", "AIRFLOW"))}
    try:
        subprocess.run([*command, "up", "--home", str(home), "--port", str(port)], env=environment, check=True)
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run([*command, "down", "--home", str(home)], env=environment, check=False)


def _log_in(page: Page, url: str, home: Path) -> None:
    page.goto(url)
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", json.loads((home / "logins.json").read_text(encoding="utf-8"))["admin"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda found: "login" not in found)


def _take(page: Page, url: str, manifest: Manifest) -> None:
    example = Example.of((DOCS / "connect" / f"{manifest.platform}.md").read_text(encoding="utf-8"))
    name, connection = example.connection
    page.goto(f"{url}/connections")
    page.get_by_role("button", name="Add Connection").first.click()
    form = page.get_by_role("dialog").last
    form.locator("input[name=connection_id]").fill(name)
    _choose_type(page, form, f"Chapterwatch: {manifest.title}")
    _fill(form, manifest, connection)
    page.mouse.click(5, 5) if False else page.evaluate("document.activeElement.blur()")
    form.screenshot(path=DOCS / "img" / f"connect-{manifest.platform}.png", animations="disabled")


def _choose_type(page: Page, form: Locator, title: str) -> None:
    form.locator("input[role=combobox]").first.click()
    form.locator("input[role=combobox]").first.fill(title)
    page.get_by_role("option", name=title, exact=True).click()


def _fill(form: Locator, manifest: Manifest, connection: dict[str, Any]) -> None:
    raise NotImplementedError


if __name__ == "__main__":
    main(sys.argv[1:])
