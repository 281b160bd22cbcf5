"""The chat when the page, the line or a server goes away: nothing is lost, nothing comes twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, Route, expect

from commands.announcing import wait_until_ready
from storage.database import Database
from storage.erasure import delete_conversations
from tests.e2e.browser.conftest import LISTEN, PHONE, Enter, Shop, how_to_start, wait_for
from tests.e2e.conftest import Servers

pytestmark = pytest.mark.e2e


def test_a_reload_in_the_middle_shows_the_same_conversation(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    shop.ask("en bij kinderen")
    before = shop.lines().all_inner_texts()
    shop.page.reload()
    expect(shop.lines()).to_have_count(2)
    assert shop.lines().all_inner_texts() == before


def test_a_reload_while_kalm_thinks_loses_nothing(shop: Shop) -> None:
    shop.begin()
    answered = []

    def hold_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            answered.append(route.fetch().status)  # it reached Kalm; nobody hears what came back
        else:
            route.fallback()

    shop.page.route("**/webhooks/website/messages", hold_the_answer)
    shop.type("wat is ferritine")
    expect(shop.lines().last.locator(".state")).to_contain_text("Wordt verstuurd")
    wait_for(shop.page, lambda: bool(answered), "it never reached Kalm")
    shop.page.unroute_all(behavior="ignoreErrors")
    shop.page.reload()
    expect(shop.lines().last.locator(".passage").first).to_be_visible()
    assert (shop.texts(), answered) == (["wat is ferritine"], [200])


@pytest.mark.parametrize("look", [{}, PHONE], ids=["wide", "phone"])
def test_a_reload_shows_the_last_answer_from_its_first_line(enter: Enter, look: dict[str, Any]) -> None:
    shop = enter(**look).begin()
    for text in (
        "helpt magnesium bij rusteloze benen?",
        "wat is ferritine",
        "ik heb ineens pijn op de borst",
    ):
        shop.ask(text)
    shop.page.reload()
    expect(shop.lines()).to_have_count(3)
    expect(shop.lines().last.get_by_role("link", name="Bel 112")).to_be_in_viewport(ratio=1)


def test_who_reads_further_up_stays_there_and_is_told_of_a_new_answer(shop: Shop) -> None:
    shop.begin().ask("helpt magnesium bij rusteloze benen?")
    other = shop.new_tab()
    expect(shop.lines(other)).to_have_count(0)
    other.get_by_role("button", name="Stel je vraag").click()
    expect(shop.lines(other)).to_have_count(1)
    shop.page.get_by_role("log").evaluate("one => { one.scrollTop = 0; }")
    shop.ask("wat is ferritine", other)
    newer = shop.page.get_by_role("button", name="Nieuw antwoord")
    expect(newer).to_be_visible()
    assert shop.page.get_by_role("log").evaluate("one => one.scrollTop") == 0
    newer.click()
    expect(shop.lines().last.locator(".bubble.visitor")).to_be_in_viewport(ratio=1)
    expect(newer).to_have_count(0)


def test_tabs_in_which_nobody_looks_ask_the_server_nothing(shop: Shop) -> None:
    """A visitor with ten products open has one limit for all of them."""
    for _ in range(4):
        shop.new_tab()
    shop.page.bring_to_front()
    shop.begin()
    shop.asked.clear()
    for text in ("hoi", "wat is ferritine", "dank je"):
        shop.ask(text)
    assert [address for address in shop.asked if "after=" in address] == []


def test_where_the_browser_keeps_nothing_the_chat_works_as_long_as_the_page(
    playwright: Playwright, servers: Servers, tmp_path: Path
) -> None:
    """Chromium's "block all site data" shuts off storage, locks and channels."""
    preferences = tmp_path / "Default" / "Preferences"
    preferences.parent.mkdir()
    preferences.write_text('{"profile": {"default_content_setting_values": {"cookies": 2}}}')
    with playwright.chromium.launch_persistent_context(tmp_path, **how_to_start()) as context:
        shop = Shop(servers, context).begin()
        kept = "(() => { try { return localStorage.length } catch (error) { return error.name } })()"
        assert shop.page.evaluate(kept) == "SecurityError"
        expect(shop.ask("wat is ferritine").locator(".passage").first).to_be_visible()


def test_the_next_page_of_the_shop_goes_on(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    shop.page.goto(shop.servers.web_url + "/winkel/magnesiumvlokken")
    expect(shop.lines()).to_have_count(1)


def test_on_a_phone_the_next_page_is_seen_first(enter: Enter) -> None:
    phone = enter(**PHONE).begin()
    phone.ask("wat is ferritine")
    phone.page.goto(phone.servers.web_url + "/winkel/magnesiumvlokken")
    phone.page.get_by_role("button", name="Stel je vraag").click()
    expect(phone.lines()).to_have_count(1)


def test_what_is_typed_without_a_line_goes_later_in_order_and_once(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    shop.context.set_offline(True)
    typed = ["wat is augmentatie", "wat is PLMD", "dank je"]
    for text in typed:
        shop.type(text)
    expect(shop.page.locator("kalm-chat .bar")).to_contain_text("Er is nu geen verbinding")
    expect(shop.page.locator("kalm-chat .bar").get_by_role("link", name="112")).to_be_visible()
    expect(shop.lines().nth(1).locator(".state")).to_contain_text("Wacht op verbinding")
    shop.picture("offline-wide")
    shop.context.set_offline(False)
    expect(shop.lines().last).to_contain_text("Graag gedaan", timeout=40_000)
    assert shop.texts() == ["wat is ferritine", *typed]
    expect(shop.page.locator("kalm-chat .bar")).to_have_count(0)
    shop.page.reload()
    expect(shop.lines()).to_have_count(4)
    assert shop.texts() == ["wat is ferritine", *typed]


def test_what_waits_survives_a_reload(shop: Shop) -> None:
    shop.begin()
    shop.page.route("**/webhooks/website/**", lambda route: route.abort())
    shop.type("wat is ferritine")
    expect(shop.lines().last.locator(".state")).to_contain_text("Wacht op verbinding")
    shop.page.reload()
    expect(shop.lines()).to_have_count(1)
    shop.page.unroute("**/webhooks/website/**")
    expect(shop.lines().last.locator(".passage").first).to_be_visible(timeout=40_000)


def test_a_lost_answer_is_not_a_second_question(shop: Shop) -> None:
    shop.begin()
    lost = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)  # it reached Kalm
            route.abort()
        else:
            route.fallback()

    shop.page.evaluate(LISTEN)
    shop.page.route("**/webhooks/website/messages", lose_the_first)
    shop.type("wat is ferritine")
    expect(shop.lines().last.locator(".passage").first).to_be_visible(timeout=20_000)
    assert lost == [200]
    wait_for(
        shop.page,
        lambda: any("Ferritine" in text for text in shop.page.evaluate("window.said")),
        "it is not read aloud",
    )
    shop.page.reload()
    expect(shop.lines()).to_have_count(1)


def test_two_tabs_show_one_conversation(shop: Shop) -> None:
    shop.begin()
    other = shop.new_tab()
    other.get_by_role("button", name="Stel je vraag").click()
    expect(shop.question(other)).to_be_visible()
    shop.ask("wat is ferritine")
    expect(shop.lines(other)).to_have_count(1)
    shop.ask("wat is augmentatie", other)
    expect(shop.lines()).to_have_count(2)
    expect(shop.lines().last.locator(".passage").first).to_be_visible()
    erase(other)
    expect(shop.lines()).to_have_count(0)
    expect(shop.page.get_by_role("button", name="Ja, dat is goed")).to_be_visible()


def erase(page: Page) -> None:
    page.get_by_role("button", name="Wis gesprek").click()
    page.get_by_role("button", name="Ja, wis het").click()


def test_two_tabs_that_send_at_the_same_moment_double_nothing(shop: Shop) -> None:
    shop.begin()
    other = shop.new_tab()
    other.get_by_role("button", name="Stel je vraag").click()
    expect(shop.question(other)).to_be_visible()
    for number in range(4):
        shop.type(f"hoi {number}")
        shop.type(f"dag {number}", other)
    for page in (shop.page, other):
        expect(shop.lines(page)).to_have_count(8)
        expect(page.locator("kalm-chat .state", has_text="Verstuurd")).to_have_count(8, timeout=20_000)
    shop.page.reload()
    expect(shop.lines()).to_have_count(8)
    assert len(set(shop.texts())) == 8


def test_a_page_that_slept_shows_what_came_meanwhile(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    token = shop.page.evaluate("JSON.parse(Object.values(localStorage)[0]).token")
    answered = shop.context.request.post(
        f"{shop.servers.bot_url}/webhooks/website/messages",
        headers={"Authorization": f"Bearer {token}"},
        data={"id": "from-another-device", "text": "wat is augmentatie"},
    )
    assert answered.ok
    shop.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(shop.lines()).to_have_count(2)


def test_the_bot_server_starts_anew(shop: Shop, servers: Servers) -> None:
    shop.begin().ask("wat is ferritine")
    servers.kill("bot")
    shop.type("wat is augmentatie")
    expect(shop.page.locator("kalm-chat .bar")).to_contain_text("Er is nu geen verbinding")
    servers.start("bot")
    assert wait_until_ready(lambda: False) == ""
    expect(shop.lines().last.locator(".passage").first).to_be_visible(timeout=60_000)
    assert shop.texts() == ["wat is ferritine", "wat is augmentatie"]


def test_the_server_was_cleared(shop: Shop, servers: Servers) -> None:
    shop.begin().ask("wat is ferritine")
    shop.ask("wat is augmentatie")
    clear(servers)
    shop.type("wat is PLMD")
    expect(shop.lines()).to_have_count(1)
    expect(shop.lines().last.locator(".passage").first).to_be_visible()
    assert shop.texts() == ["wat is PLMD"]


def clear(servers: Servers) -> None:
    database = Database(f"sqlite:///{servers.var / 'kalm.db'}")
    with database.writing() as connection:
        found = [row[0] for row in connection.exec_driver_sql("select id from conversations")]
        delete_conversations(connection, found)
    database.close()


def test_a_session_that_is_no_longer_known_is_begun_anew_and_nothing_typed_is_lost(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    shop.page.evaluate(
        """() => {
            const [name, value] = Object.entries(localStorage)[0];
            localStorage.setItem(name, JSON.stringify({...JSON.parse(value), token: "of-another-key"}));
        }"""
    )
    shop.type("wat is augmentatie")
    expect(shop.page.locator("kalm-chat .bar")).to_contain_text("Je vorige gesprek is hier niet meer")
    expect(shop.lines().last.locator(".state")).to_contain_text("Wacht")
    shop.page.get_by_role("button", name="Ja, dat is goed").click()
    expect(shop.lines().last.locator(".passage").first).to_be_visible()
    assert shop.texts() == ["wat is augmentatie"]


def test_without_the_action_server_there_is_an_apology_and_the_message_can_be_sent_again(
    shop: Shop, servers: Servers
) -> None:
    shop.begin()
    servers.kill("actions")
    try:
        shop.type("wat is ferritine")
        failed = shop.lines().last
        expect(failed).to_contain_text("Er gaat bij mij iets mis", timeout=20_000)
        expect(failed).to_contain_text("geen medisch advies")
        expect(failed.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
        shop.picture("apology-wide")
        assert shop.faults() == []
        shop.page.reload()
        expect(failed.get_by_role("button", name="Probeer opnieuw")).to_be_visible()
    finally:
        servers.start("actions")
    assert wait_until_ready(lambda: False) == ""
    failed.get_by_role("button", name="Probeer opnieuw").click()
    expect(failed.locator(".passage").first).to_be_visible(timeout=20_000)
    expect(shop.lines()).to_have_count(1)
    wait_for(
        shop.page,
        lambda: "failed" not in shop.page.evaluate("JSON.stringify(localStorage)"),
        "it stays set aside",
    )


def test_what_answers_in_another_language_than_ours_counts_as_no_answer(shop: Shop) -> None:
    """A proxy's own page of errors, for example."""
    shop.page.route(
        "**/webhooks/website/configuration",
        lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>"),
    )
    shop.page.get_by_role("button", name="Stel je vraag").click()
    panel = shop.page.get_by_role("dialog")
    expect(panel).to_contain_text(re.compile("Er is nu geen verbinding"))
    expect(panel.get_by_role("link", name="113")).to_have_attribute("href", "tel:113")
    assert shop.faults() == []
    shop.page.unroute("**/webhooks/website/configuration")
    expect(panel.get_by_role("button", name="Ja, dat is goed")).to_be_visible(timeout=20_000)
