"""A demo of its own on free ports, and browsers for its team and its visitors."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from commands.demo.filling import PASSWORD
from kalm.settings import ROOT
from tests.e2e.browser.conftest import AXE, BUILT, how_to_start
from tests.e2e.conftest import free_ports
from tests.e2e.review.small_shop import make_small_shop

SCREENSHOTS = ROOT / "var" / "screenshots" / "review"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = ""
    if shutil.which("chromium") is None:
        missing = "there is no Chromium; install Debian's package 'chromium' (scripts/debian_packages.sh)"
    elif not BUILT.exists():
        missing = "the chat element is not built; install Node 20.19 or newer and run 'make setup'"
    for item in items:
        if "tests/e2e/review" in item.nodeid and missing:
            item.add_marker(pytest.mark.skip(missing))


@dataclass
class Demo:
    """Kalm as ``kalm demo`` starts it, in a checkout of its own.

    Attributes:
        folder: of the checkout.
        web_url: where the web app is.
        log: what it prints.
    """

    folder: Path
    web_url: str
    log: Path

    def printed(self) -> str:
        """What it has printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start it, and stop it as Ctrl-C does."""
    folder = make_small_shop(tmp_path_factory.mktemp("shop") / "kalm")
    bot, actions, web = free_ports(3)
    var = folder / "var" / "demo"
    var.mkdir(parents=True)
    # Vectors of our own texts, where they are known already: a training then takes seconds.
    if (ROOT / "var" / "embeddings.sqlite").exists():
        shutil.copy(ROOT / "var" / "embeddings.sqlite", var)
    ports = {"KALM_BOT_PORT": bot, "KALM_ACTIONS_PORT": actions, "KALM_WEB_PORT": web}
    elsewhere = {
        name: value for name, value in os.environ.items() if not name.startswith(("KALM_", "PYTHONPATH"))
    }
    running = Demo(folder, f"http://localhost:{web}", folder / "demo.log")
    with running.log.open("wb") as log:
        process = subprocess.Popen(
            [".venv/bin/python", "-m", "kalm", "demo"],
            cwd=folder,
            env={**elsewhere, **{name: str(port) for name, port in ports.items()}},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 400
            while "Kalm is klaar" not in running.printed():
                assert process.poll() is None, running.printed()[-3000:]
                assert time.monotonic() < deadline, running.printed()[-3000:]
                time.sleep(0.5)
            yield running
        finally:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")  # while it is there, nothing else in this process can run an event loop
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(**how_to_start())
        yield running
        running.close()


@dataclass
class Colleague:
    """Somebody of the demo's team in a browser of their own.

    Attributes:
        errors: what the browser complained of.
    """

    page: Page
    url: str
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the screens."""
        self.page.goto(f"{self.url}/review{path}")

    def look(self, name: str) -> None:
        """Keep a picture for people to look at, and let axe look for faults."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
        # The policy of the pages lets nothing in, also not from here; what the tool adds is not the page's.
        found: dict[str, Any] = self.page.evaluate(
            f"(code) => {{ (0, eval)(code); return axe.run(document, {{runOnly: {_RULES}}}); }}",
            AXE.read_text(encoding="utf-8"),
        )
        assert found["passes"], "axe looked at nothing"
        assert [
            (fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found["violations"]
        ] == []


@dataclass
class Team:
    """The demo's team."""

    demo: Demo
    browser: Browser

    def enter(self, name: str) -> Colleague:
        """Log somebody in, in a browser of their own."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 860}, locale="nl-NL", bypass_csp=True
        )
        colleague = Colleague(context.new_page(), self.demo.web_url)
        page = colleague.page
        page.on("console", lambda said: colleague.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: colleague.errors.append(str(error)))
        colleague.go("/")
        page.get_by_label("Inlognaam").fill(name)
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        return colleague


@pytest.fixture
def team(demo: Demo, browser: Browser) -> Team:
    return Team(demo, browser)
