"""The chat element on the demo shop, in Debian's Chromium, with the real servers behind it.

Screenshots go to ``var/screenshots``, for people to look at.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from kalm.settings import ROOT
from tests.e2e.conftest import Servers

SCREENSHOTS = ROOT / "var" / "screenshots"
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "widget" / "dist" / "kalm.js"
PHONE = {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True}
WIDE = {"viewport": {"width": 1280, "height": 860}}

# It must reach nothing but this machine, and root needs it without a sandbox.
_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
LISTEN = """() => {
  window.said = [];
  const region = document.querySelector("kalm-chat").shadowRoot.querySelector(".panel [aria-live=polite]");
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) window.said.push(node.textContent);
  }).observe(region, {childList: true});
}"""
"""Keeps in ``window.said`` what a screen reader would read."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Launch = Callable[..., Browser]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = ""
    if shutil.which("chromium") is None:
        missing = "there is no Chromium; install Debian's package 'chromium' (scripts/debian_packages.sh)"
    elif not BUILT.exists():
        missing = "the chat element is not built; install Node 20.19 or newer and run 'make setup'"
    for item in items:
        if "tests/e2e/browser" in item.nodeid and missing:
            item.add_marker(pytest.mark.skip(missing))


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """It ends with these tests, for its event loop would be in the way of others."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def launch(playwright: Playwright) -> Launch:
    """Start a browser with arguments."""
    return lambda *arguments: playwright.chromium.launch(**how_to_start(*arguments))


def how_to_start(*arguments: str) -> dict[str, Any]:
    return {"executable_path": shutil.which("chromium"), "args": [*_ARGUMENTS, *arguments]}


@pytest.fixture(scope="package")
def browser(launch: Launch) -> Iterator[Browser]:
    running = launch()
    yield running
    running.close()


class Shop:
    """A visitor on the pages of the demo shop.

    Attributes:
        errors: what the browser complained of.
        asked: addresses of all requests.
    """

    def __init__(self, servers: Servers, context: BrowserContext) -> None:
        self.servers, self.context = servers, context
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page = self.new_tab()

    def new_tab(self, path: str = "/winkel") -> Page:
        page = self.context.new_page()
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(self.servers.web_url + path)
        return page

    def begin(self, page: Page | None = None) -> Shop:
        """Open the chat and agree."""
        page = page or self.page
        page.get_by_role("button", name="Stel je vraag").click()
        page.get_by_role("button", name="Ja, dat is goed").click()
        expect(self.question(page)).to_be_visible()
        return self

    def question(self, page: Page | None = None) -> Locator:
        return (page or self.page).get_by_role("textbox", name="Je vraag")

    def type(self, text: str, page: Page | None = None) -> None:
        self.question(page).fill(text)
        self.question(page).press("Enter")

    def ask(self, text: str, page: Page | None = None) -> Locator:
        """Ask and wait for the answer; gives the message with its answer."""
        self.type(text, page)
        line = self.lines(page).last
        expect(line.locator(".bubble.visitor")).to_contain_text(text)
        expect(line.locator(".bubble.kalm").last).to_be_visible(timeout=15_000)
        expect(line.locator(".typing")).to_have_count(0, timeout=15_000)
        return line

    def lines(self, page: Page | None = None) -> Locator:
        return (page or self.page).locator("kalm-chat .line")

    def texts(self, page: Page | None = None) -> list[str]:
        """What the visitor typed, in the order in which it is shown."""
        found = self.lines(page).locator(".bubble.visitor").all_inner_texts()
        return [text.replace("Jij:", "").strip() for text in found]

    def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def faults(self) -> list[str]:
        """What axe finds wrong for people who see, hear or move otherwise: rules of WCAG 2.2 A and AA."""
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate(f"axe.run(document, {{runOnly: {_RULES}}})")
        assert found["passes"], "axe looked at nothing"
        return [
            f"{fault['id']}: {node['target']}" for fault in found["violations"] for node in fault["nodes"]
        ]


Enter = Callable[..., Shop]


@pytest.fixture
def enter(servers: Servers, browser: Browser) -> Iterator[Enter]:
    """Enter the shop as a visitor with an address of their own, so that no test meets another's limit."""
    contexts: list[BrowserContext] = []

    def enter_with(browser: Browser = browser, **options: Any) -> Shop:
        context = browser.new_context(locale="nl-NL", **{**WIDE, **options})
        contexts.append(context)
        address = {"X-Forwarded-For": uuid.uuid4().hex}

        def come_from_there(route: Route) -> None:
            # Put on when a request leaves: the page itself may not send it to another origin.
            try:
                route.continue_(headers={**route.request.headers, **address})
            except Error as error:  # Playwright asks again where a test took its own route away meanwhile
                if "already handled" not in str(error):
                    raise

        context.route(f"{servers.bot_url}/**", come_from_there)
        return Shop(servers, context)

    yield enter_with
    for context in contexts:
        if not context.pages:  # a test closed its browser
            continue
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")  # a request may be on its way
        context.unroute_all(behavior="ignoreErrors")
        context.close()


@pytest.fixture
def shop(enter: Enter) -> Shop:
    return enter()


@pytest.fixture
def phone(enter: Enter) -> Shop:
    return enter(**PHONE)


def wait_for(page: Page, holds: Callable[[], bool], what: str) -> None:
    """Wait as Playwright does: while Python sleeps, it hands over no requests."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, what
        page.wait_for_timeout(200)
