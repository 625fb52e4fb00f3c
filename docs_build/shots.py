"""Pictures of Airflow's form for each platform's connection, filled with what the platform's page shows.

`python -m docs_build.shots [PLATFORM ...]` starts a real Airflow in a folder of its own, opens *Add Connection* in
Chromium and fills the form in. Nothing is saved and no platform is asked.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from connectors import Manifest, manifests
from docs_build.example import Example
from docs_build.pages import DOCS

PATIENCE = 180_000
WIDTH = 1000
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main(platforms: Sequence[str]) -> None:
    """Take the pictures of some platforms, or of all that are asked live."""
    with tempfile.TemporaryDirectory() as folder, _airflow(Path(folder)) as url:
        take(platforms, url, Path(folder))


def take(platforms: Sequence[str], url: str, home: Path) -> None:
    """Take the pictures from an Airflow that runs."""
    chosen = platforms or [name for name, item in manifests().items() if item.entry_point]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 2000})
        page.set_default_timeout(PATIENCE)
        _log_in(page, url, home)
        for name in chosen:
            _take(page, url, manifests()[name])
            print(f"connect-{name}.png", flush=True)  # noqa: T201 - a script's progress
        browser.close()


def chromium() -> str | None:
    """The browser to take pictures with; None leaves it to Playwright."""
    return next((path for path in map(shutil.which, _CHROMIUM) if path), None)


@contextmanager
def _airflow(home: Path) -> Iterator[str]:
    port = _free_port()
    command = [sys.executable, "-m", "chapterwatch.launcher"]
    others = ("CHAPTERWATCH_", "AIRFLOW")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    try:
        subprocess.run([*command, "up", "--home", str(home), "--port", str(port)], env=environment, check=True)  # noqa: S603
        yield f"http://127.0.0.1:{port}"
    finally:
        subprocess.run([*command, "down", "--home", str(home)], env=environment, check=False)  # noqa: S603


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


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
    _open(form, "Standard Fields")
    first = next(iter(manifest.secrets), "")
    secrets, options = connection.get("secrets", {}), connection.get("options", {})
    form.locator("input[name=host]").fill(connection.get("base_url", ""))
    if first:
        form.locator("input[name=password]").fill(secrets.get(first, ""))
    upper = _picture(page, form, until=form.get_by_role("button", name="Extra Fields", exact=True))
    _open(form, "Extra Fields")
    further = {key: value for key, value in secrets.items() if key != first} | options
    further |= {"expires": str(connection["expires"])} if "expires" in connection else {}
    for key, value in further.items():
        form.locator(f"#element_{key}").fill(value)
    shown = [key for key in _fields(form) if key in further] or _fields(form)[:1]
    lower = _picture(page, form, since=form.get_by_role("button", name="Extra Fields", exact=True), last=shown[-1])
    _joined(upper, lower).save(DOCS / "img" / f"connect-{manifest.platform}.png", optimize=True)


def _choose_type(page: Page, form: Locator, title: str) -> None:
    form.locator("input[role=combobox]").first.click()
    page.keyboard.type(title)
    page.get_by_role("option", name=title, exact=True).click()


def _open(form: Locator, section: str) -> None:
    button = form.get_by_role("button", name=section, exact=True)
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    # What a section opens with moves; a picture is taken once it stands.
    form.page.wait_for_timeout(600)


def _fields(form: Locator) -> list[str]:
    found = form.locator("[id^=element_]").all()
    return [str(one.get_attribute("id")).removeprefix("element_") for one in found]


def _picture(
    page: Page, form: Locator, *, since: Locator | None = None, until: Locator | None = None, last: str = ""
) -> Image.Image:
    """A strip of the form: from its head or from one heading, down to another or to the last field shown."""
    page.evaluate("document.activeElement.blur()")
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    box = _box(form)
    top = _box(since)["y"] - 1 if since else box["y"]
    # A field's help stands below it.
    below = _box(until)["y"] if until else _box(form.locator(f"#element_{last}"))["y"] + 84
    return shot.crop((int(box["x"]), int(top), int(box["x"] + box["width"]), int(below)))


def _box(found: Locator) -> Any:
    box = found.bounding_box()
    if box is None:
        raise LookupError("the form does not show what a picture is taken of")
    return box


def _joined(upper: Image.Image, lower: Image.Image) -> Image.Image:
    whole = Image.new("RGB", (upper.width, upper.height + lower.height), "white")
    whole.paste(upper, (0, 0))
    whole.paste(lower, (0, upper.height))
    return whole


if __name__ == "__main__":
    main(sys.argv[1:])
