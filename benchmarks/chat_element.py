"""``python -m benchmarks.chat_element``: how long a visitor of the demo shop waits. Kalm must be running.

In Chromium on the same machine, each visit with an empty browser, so that nothing is cached: from going to
the page until the button is there, from pressing it until the question for consent, and from Enter until the
source of the answer stands there. The web lies between a real visitor and these figures.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from time import perf_counter

import httpx
import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from kalm.settings import settings

_VISITS = 20
_QUESTIONS = ("wat zijn rusteloze benen", "helpt magnesium bij rusteloze benen?", "wat is ferritine")
_PERCENTILES = (50, 95, 100)
_WAIT = 70.0
"""Seconds: an address may ask sixty things a minute, so visits come in groups."""

_GROUP = 6
_NO_SANDBOX = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def main() -> None:
    """Measure and print the table."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("There is no Chromium; install Debian's package 'chromium'.")
    try:
        httpx.get(f"{settings().web_url}/gezond").raise_for_status()
    except httpx.HTTPError:
        raise SystemExit(f"Nothing answers at {settings().web_url}; start 'make run' first.") from None
    steps: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_NO_SANDBOX)
        for number in range(_VISITS):
            if number and number % _GROUP == 0:
                _wait(browser)
            for step, milliseconds in _visit(browser):
                steps.setdefault(step, []).append(milliseconds)
        browser.close()
    _print(steps)


def _wait(browser: Browser) -> None:
    page = browser.new_page()
    page.wait_for_timeout(_WAIT * 1000)
    page.close()


def _visit(browser: Browser) -> Iterator[tuple[str, float]]:
    page = browser.new_context(locale="nl-NL").new_page()
    started = perf_counter()
    page.goto(f"{settings().web_url}/winkel")
    button = page.get_by_role("button", name="Stel je vraag")
    button.wait_for()
    yield "page, until the button is there", _since(started)
    started = perf_counter()
    button.click()
    agree = page.get_by_role("button", name="Ja, dat is goed")
    agree.wait_for()
    yield "button, until consent is asked", _since(started)
    agree.click()
    for number, question in enumerate(_QUESTIONS):
        yield ("first answer" if number == 0 else "later answers"), _ask(page, question, number)
    page.context.close()


def _ask(page: Page, question: str, number: int) -> float:
    page.get_by_role("textbox", name="Je vraag").fill(question)
    started = perf_counter()
    page.keyboard.press("Enter")
    page.locator("kalm-chat .line").nth(number).locator(".source").first.wait_for()
    return _since(started)


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000


def _print(steps: dict[str, list[float]]) -> None:
    table = Table(title=f"The chat on the demo shop, milliseconds\n{_VISITS} visits", title_justify="left")
    table.add_column("step")
    for percentile in _PERCENTILES:
        table.add_column("longest" if percentile == 100 else f"p{percentile}", justify="right")
    for name, taken in steps.items():
        table.add_row(name, *(f"{value:.0f}" for value in np.percentile(taken, _PERCENTILES)))
    Console().print(table)


if __name__ == "__main__":
    main()
