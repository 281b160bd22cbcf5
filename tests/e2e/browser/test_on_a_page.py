"""The ways in which a shop puts the chat on a page of its own, and makes it look and speak its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from kalm.settings import LOOPBACK
from tests.e2e.browser.conftest import Enter, Shop

pytestmark = pytest.mark.e2e

PageWith = Callable[[str], Shop]


class Site(BaseHTTPRequestHandler):
    """A web site of the shop's own, on another port than Kalm's."""

    page = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def page_with(enter: Enter) -> Iterator[PageWith]:
    """Show a page of the shop's own site with this in its body; {web} and {bot} are the servers."""
    shop = enter()
    site = ThreadingHTTPServer((LOOPBACK, urlsplit(shop.servers.shop_url).port or 0), Site)
    Thread(target=site.serve_forever).start()

    def show(body: str) -> Shop:
        filled = body.format(web=shop.servers.web_url, bot=shop.servers.bot_url)
        Site.page = f"<!doctype html><title>Proef</title><body>{filled}".encode()
        shop.page.goto(shop.servers.shop_url)
        return shop

    yield show
    site.shutdown()
    site.server_close()


def test_one_line_is_all(page_with: PageWith) -> None:
    shop = page_with('<script src="{web}/kalm.js" data-server="{bot}" defer></script>')
    expect(shop.begin().ask("wat is ferritine").locator(".source")).to_be_visible()


def test_the_line_twice_is_one_chat(page_with: PageWith) -> None:
    line = '<script src="{web}/kalm.js" data-server="{bot}" defer></script>'
    shop = page_with(line + line)
    expect(shop.page.get_by_role("button", name="Stel je vraag")).to_have_count(1)
    assert shop.errors == []


def test_the_line_says_how_it_looks_and_speaks(page_with: PageWith) -> None:
    shop = page_with(
        """<script src="{web}/kalm.js" data-server="{bot}" data-position="left" data-heading="Vraag het Ans"
        data-greeting="Dag. Wat wil je weten?" data-strings='{{"open": "Vragen?", "send": "Weg ermee"}}'
        defer></script>"""
    )
    launcher = shop.page.get_by_role("button", name="Vragen?")
    box = launcher.bounding_box()
    assert box is not None
    assert box["x"] < 40
    launcher.click()
    panel = shop.page.get_by_role("dialog", name="Vraag het Ans")
    panel.get_by_role("button", name="Ja, dat is goed").click()
    expect(panel).to_contain_text("Dag. Wat wil je weten?")
    expect(panel.get_by_role("button", name="Weg ermee")).to_be_visible()
    expect(panel).to_contain_text("geen medisch advies")
    shop.picture("own-words")


def test_the_element_is_written_on_the_page_with_its_colours(page_with: PageWith) -> None:
    shop = page_with(
        """<style>kalm-chat {{ --kalm-water: #5b2a6e; --kalm-offset: 60px }}</style>
        <script src="{web}/kalm.js" defer></script><kalm-chat server="{bot}"></kalm-chat>"""
    )
    launcher = shop.page.get_by_role("button", name="Stel je vraag")
    assert launcher.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(91, 42, 110)"
    box = launcher.bounding_box()
    assert box is not None
    assert 1280 - box["x"] - box["width"] == pytest.approx(60, abs=1)
    expect(shop.begin().ask("wat is ferritine").locator(".source")).to_be_visible()


def test_words_that_cannot_be_read_leave_the_words_there_were(page_with: PageWith) -> None:
    shop = page_with(
        """<script src="{web}/kalm.js" data-server="{bot}" data-strings="geen json" defer></script>"""
    )
    expect(shop.page.get_by_role("button", name="Stel je vraag")).to_be_visible()
