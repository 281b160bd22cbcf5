"""What a visitor of the shop does with the chat, from the first click to erasing it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser.conftest import Enter, Shop

pytestmark = pytest.mark.e2e


def test_nothing_is_asked_of_the_server_before_the_chat_is_opened(shop: Shop) -> None:
    assert [address for address in shop.asked if "/webhooks/" in address] == []
    expect(shop.page.get_by_role("dialog")).to_have_count(0)


def test_nothing_can_be_typed_before_the_visitor_agrees(shop: Shop) -> None:
    shop.page.get_by_role("button", name="Stel je vraag").click()
    panel = shop.page.get_by_role("dialog", name="Kalm")
    expect(panel).to_contain_text("We bewaren het 30 dagen")
    expect(panel.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(panel.get_by_role("link", name="Naar de artikelen")).to_be_visible()
    expect(shop.question()).to_have_count(0)
    assert not any(address.endswith("/session") for address in shop.asked)


def test_a_sourced_answer(shop: Shop) -> None:
    answer = shop.begin().ask("wat zijn rusteloze benen")
    source = answer.get_by_role("link").first
    expect(source).to_have_attribute("href", re.compile("^https?://"))
    expect(source).to_have_attribute("target", "_blank")
    expect(source).to_have_attribute("rel", "noopener")
    expect(answer.locator(".source")).to_contain_text(re.compile(r"\(.*, \d+ \w+ 20\d\d\)"))
    expect(answer).to_contain_text("geen medisch advies")
    expect(shop.page.locator("kalm-chat .footer")).to_contain_text("geen medisch advies")
    expect(answer.locator(".state")).to_contain_text(re.compile(r"^\d\d:\d\d · Verstuurd$"))
    shop.picture("answer-wide")
    assert shop.errors == []


def test_what_it_may_ask_next_is_pressed(shop: Shop) -> None:
    shop.begin()
    shop.page.get_by_role("button", name="Wat zijn rusteloze benen?").click()
    expect(shop.lines().last.locator(".passage").first).to_be_visible()
    next_one = shop.page.locator("kalm-chat .line .suggestion").first
    asked = next_one.inner_text()
    next_one.click()
    expect(shop.lines()).to_have_count(2)
    assert shop.texts()[1] == asked
    expect(shop.question()).to_be_focused()
    assert shop.errors == []


def test_danger_stands_out_and_its_number_can_be_pressed(enter: Enter) -> None:
    for text, number, name in (
        ("ik heb ineens pijn op de borst", "112", "emergency"),
        ("ik wil niet meer leven", "113", "crisis"),
    ):
        shop = enter().begin()
        answer = shop.ask(text)
        call = answer.get_by_role("link", name=f"Bel {number}", exact=True)
        expect(call).to_have_attribute("href", f"tel:{number}")
        expect(call).to_be_in_viewport()
        assert answer.locator(".calls").inner_text().startswith(f"Bel {number}")
        shop.picture(f"{name}-wide")


def test_who_did_not_find_it_helpful_can_say_why(shop: Shop) -> None:
    answer = shop.begin().ask("wat is ferritine")
    answer.get_by_role("button", name="Dit hielp niet").click()
    answer.get_by_role("textbox", name="Iets anders").fill("te moeilijk voor mij")
    shop.picture("feedback-wide")
    answer.get_by_role("button", name="Stuur", exact=True).click()
    pressed = answer.get_by_role("button", name="Dit hielp niet", pressed=True)
    expect(pressed).to_be_visible()
    expect(answer).to_contain_text("Dank je")
    shop.page.reload()
    expect(pressed).to_be_visible()


def test_an_answer_is_copied_with_its_source_and_disclaimer(enter: Enter) -> None:
    shop = enter(permissions=["clipboard-read", "clipboard-write"]).begin()
    answer = shop.ask("wat is ferritine")
    answer.get_by_role("button", name="Kopieer").click()
    expect(answer).to_contain_text("Gekopieerd")
    copied = shop.page.evaluate("navigator.clipboard.readText()")
    for words in ("Bron: ", "http", "geen medisch advies"):
        assert words in copied


def test_the_conversation_is_erased_by_a_button_asked_twice(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    shop.page.get_by_role("button", name="Wis gesprek").click()
    expect(shop.page.get_by_role("button", name="Nee")).to_be_focused()
    shop.picture("erase-wide")
    shop.page.get_by_role("button", name="Nee").click()
    expect(shop.lines()).to_have_count(1)
    shop.page.get_by_role("button", name="Wis gesprek").click()
    shop.page.get_by_role("button", name="Ja, wis het").click()
    expect(shop.page.get_by_role("dialog")).to_contain_text(re.compile("Je bonnummer is K-"))
    expect(shop.lines()).to_have_count(0)
    assert shop.page.evaluate("JSON.stringify(localStorage)") == "{}"
    shop.page.get_by_role("button", name="Ja, dat is goed").click()
    shop.ask("wat is ferritine")
    expect(shop.lines()).to_have_count(1)


def test_the_conversation_is_erased_by_words(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    shop.ask("vergeet mij")
    shop.page.get_by_role("button", name="Ja, wis dit gesprek").click()
    expect(shop.lines()).to_have_count(1)
    expect(shop.lines()).to_contain_text("Je bonnummer is K-")
    expect(shop.page.get_by_role("button", name="Ja, dat is goed")).to_be_visible()
    assert "token" not in shop.page.evaluate("JSON.stringify(localStorage)")


def test_a_text_that_is_too_long_is_told_and_comes_back(shop: Shop) -> None:
    shop.begin()
    shop.question().fill("lang " * 220)
    expect(shop.page.locator("kalm-chat .count")).to_contain_text("te lang")
    shop.question().press("Enter")
    expect(shop.lines().last).to_contain_text("1000 tekens")
    shop.page.get_by_role("button", name="Pas aan").click()
    expect(shop.question()).to_have_value(re.compile("^lang lang"))
    expect(shop.lines()).to_have_count(0)


def test_too_many_messages_wait_by_themselves(shop: Shop) -> None:
    shop.begin()
    for number in range(21):
        shop.type(f"hoi {number}")
    expect(shop.page.locator("kalm-chat .bar")).to_contain_text(
        "veel berichten achter elkaar", timeout=20_000
    )
    expect(shop.lines().last.locator(".state")).to_contain_text("Wacht")
    assert shop.texts() == [f"hoi {number}" for number in range(21)]
