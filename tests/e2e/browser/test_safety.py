"""What the chat must never do: run what somebody wrote, ask another host, break a page's own rules."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browser.conftest import Enter, Shop
from tests.e2e.browser.injections import INJECTIONS

pytestmark = pytest.mark.e2e

ENOUGH = 20
"""Of the texts that stand in a page as they are, so many must run by themselves."""

PATIENCE = 500
"""Milliseconds for one of them: a picture that is not there is missed later on a busy machine."""

_COUNT = "window.times = 0; window.ran = () => { window.times++; return ''; };"


def reply_full_of(text: str) -> dict[str, Any]:
    """A reply of Kalm with the same text in every place of it: an article or a button may hold anything."""
    passage = {
        **dict.fromkeys(
            ("id", "hash", "text", "article", "section", "url", "updated", "evidence", "age"), text
        )
    }
    words = ("message", "caution", "notice", "disclaimer", "choices", "question")
    return {
        "kind": "emergency",
        **dict.fromkeys(words, text),
        "numbers": {text: text, "112": text},
        "passages": [passage],
        "cites_only": False,
        "sources": [text],
        "suggestions": [{"title": text, "payload": text}],
    }


def kept(number: int, text: str) -> dict[str, Any]:
    return {
        "id": f"message-{number}",
        "number": number,
        "at": 1_800_000_000 + number,
        "text": text,
        "replies": [reply_full_of(text)],
        "helped": None,
    }


def test_a_hundred_is_what_they_are_and_they_do_run_where_they_can(shop: Shop, enter: Enter) -> None:
    """Else the next test would prove nothing."""
    assert len(set(INJECTIONS)) == len(INJECTIONS) == 100
    careless = enter(bypass_csp=True).page
    ran = careless.evaluate(
        """async ([texts, enough, patience]) => {
            let ran = 0;
            for (const text of texts) {
                window.times = 0;
                window.ran = () => { window.times++; return ""; };
                const place = document.createElement("div");
                place.innerHTML = text;
                document.body.append(place);
                const end = performance.now() + patience;
                while (!window.times && performance.now() < end) {
                    await new Promise((done) => setTimeout(done, 10));
                }
                if (window.times) ran++;
                place.remove();
                if (ran === enough) break;
            }
            return ran;
        }""",
        [
            [text for text in INJECTIONS if text.startswith(("<", '"', "'"))],
            ENOUGH,
            PATIENCE,
        ],
    )
    assert ran == ENOUGH, "the others need a click, or stand in an address or in code"


@pytest.mark.parametrize("strict", [True, False], ids=["under the policy", "without a policy"])
def test_nothing_that_somebody_wrote_is_run(enter: Enter, strict: bool) -> None:
    shop = enter(bypass_csp=not strict)
    page = shop.page
    page.add_init_script(_COUNT)
    page.reload()
    shop.begin()

    pressed: list[str] = []

    def answer(route: Route) -> None:
        """The next text, also on the buttons beneath it."""
        sent = route.request.post_data_json
        pressed.append(sent["text"])
        number = len(pressed)
        route.fulfill(json={**kept(number, INJECTIONS[number - 1]), "id": sent["id"]})

    page.route("**/webhooks/website/messages", answer)
    shop.type("hoi")
    for number in range(1, len(INJECTIONS)):
        shop.lines().nth(number - 1).locator(".suggestion").click()
        expect(shop.lines()).to_have_count(number + 1)
    expect(shop.lines().last.locator(".passage").first).to_be_attached()
    assert pressed == ["hoi", *INJECTIONS[:-1]]
    page.unroute("**/webhooks/website/messages")
    page.route("**/webhooks/website/messages", lambda route: route.abort())
    for text in INJECTIONS[::10]:  # and as a visitor types it, while nothing answers
        shop.type(text)
    page.wait_for_timeout(500)
    assert page.evaluate("window.times") == 0
    assert strange_parts(page) == []
    assert [error for error in shop.errors if "Content Security Policy" in error] == []


def strange_parts(page: Page) -> list[str]:
    """Elements that are not ours, attributes that run, and links that lead elsewhere than they may."""
    found: list[str] = page.evaluate(
        """() => {
            const ours = "div p span a button svg path h2 ul li form input label textarea i dialog".split(" ")
            const all = [...document.querySelector("kalm-chat").shadowRoot.querySelectorAll("*")];
            return all.filter((one) => {
                const runs = [...one.attributes].some(({name}) => name.startsWith("on") || name === "srcdoc");
                const address = one.localName === "a" ? one.getAttribute("href") : "https://";
                const leads = !/^(https?:\\/\\/|tel:\\+?\\d+$)/.test(address);
                return runs || leads || !ours.includes(one.localName);
            }).map((one) => one.outerHTML);
        }"""
    )
    return found


def test_what_a_visitor_types_comes_back_as_text(shop: Shop) -> None:
    """Through the real servers."""
    shop.page.add_init_script(_COUNT)
    shop.page.reload()
    shop.begin()
    for text in (
        "<img src=x onerror=window.ran()>",
        "<script>window.ran()</script>",
        "${window.ran()}",
    ):
        shop.ask(text)
        assert shop.texts()[-1] == text
    shop.page.reload()
    expect(shop.lines()).to_have_count(3)
    assert shop.page.evaluate("window.times") == 0
    assert strange_parts(shop.page) == []


def test_no_other_host_is_asked_for_anything(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    hosts = {urlsplit(address).netloc for address in shop.asked}
    assert hosts == {urlsplit(url).netloc for url in (shop.servers.web_url, shop.servers.bot_url)}
    assert shop.context.cookies() == []


def test_the_policy_of_the_page_is_strict_and_nothing_goes_against_it(shop: Shop) -> None:
    policy = shop.page.request.get(shop.page.url).headers["content-security-policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "require-trusted-types-for 'script'",
    ):
        assert rule in policy
    shop.begin().ask("wat is ferritine")
    shop.ask("ik heb ineens pijn op de borst")
    background = shop.page.locator("kalm-chat .bubble.visitor").first.evaluate(
        "one => getComputedStyle(one).backgroundColor"
    )
    assert background == "rgb(31, 78, 95)", "the style did not arrive"
    assert shop.errors == []


def test_the_style_of_the_page_stays_outside_and_ours_stays_inside(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    bubble = shop.page.locator("kalm-chat .bubble.kalm").last
    heading = shop.page.get_by_role("heading", level=1)
    look = "one => JSON.stringify({...getComputedStyle(one)})"
    inside, outside = bubble.evaluate(look), heading.evaluate(look)
    shop.page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`html { font-size: 62.5% } * { color: red; font: 40px serif; line-height: 3;
                letter-spacing: 1em; text-transform: uppercase; text-align: right; visibility: visible }
                p, div, .bubble { display: none !important }`);
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert bubble.evaluate(look) == inside
    shop.page.evaluate("document.adoptedStyleSheets = []; document.querySelector('kalm-chat').remove()")
    assert heading.evaluate(look) == outside
    assert shop.page.evaluate("Object.keys(window).filter((name) => /kalm/i.test(name))") == []
