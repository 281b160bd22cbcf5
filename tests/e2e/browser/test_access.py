"""The chat for who uses a keyboard, a screen reader, large letters or few colours."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browser.conftest import LISTEN, PHONE, WIDE, Enter, Launch, Shop

pytestmark = pytest.mark.e2e

LOOKS: dict[str, dict[str, Any]] = {
    "wide": {},
    "phone": PHONE,
    "dark": {"color_scheme": "dark"},
    "forced-colours": {"forced_colors": "active"},
    "on-its-side": {**PHONE, "viewport": {"width": 780, "height": 390}},
    # A window of 1280 by 860 at 200 %.
    "enlarged": {"viewport": {"width": 640, "height": 430}, "device_scale_factor": 2},
}


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_has_a_fault_that_axe_knows(enter: Enter, look: str) -> None:
    shop = enter(**LOOKS[look])
    found: dict[str, list[str]] = {"closed": shop.faults()}
    shop.picture(f"closed-{look}")
    shop.page.get_by_role("button", name="Stel je vraag").click()
    agree = shop.page.get_by_role("button", name="Ja, dat is goed")
    expect(agree).to_be_visible()
    found["consent"] = shop.faults()
    shop.picture(f"consent-{look}")
    agree.click()
    expect(shop.question()).to_be_visible()
    found["open"] = shop.faults()
    shop.picture(f"open-{look}")
    shop.ask("helpt magnesium bij rusteloze benen?")
    found["answer"] = shop.faults()
    shop.picture(f"answer-{look}")
    shop.lines().last.get_by_role("button", name="Dit hielp niet").click()
    found["feedback"] = shop.faults()
    shop.ask("ik heb ineens pijn op de borst")
    found["emergency"] = shop.faults()
    shop.picture(f"emergency-{look}")
    shop.page.get_by_role("button", name="Wis gesprek").click()
    found["erase"] = shop.faults()
    shop.page.route("**/webhooks/website/**", lambda route: route.abort())
    shop.page.get_by_role("button", name="Nee").click()
    shop.type("wat is ferritine")
    expect(shop.page.locator("kalm-chat .bar")).to_be_visible()
    found["error"] = shop.faults()
    shop.picture(f"error-{look}")
    assert found == {state: [] for state in found}


def test_all_of_it_by_keyboard(shop: Shop) -> None:
    press = shop.page.keyboard.press
    launcher = shop.page.get_by_role("button", name="Stel je vraag")
    tab_to(shop.page, "launcher")
    press("Enter")
    expect(shop.page.get_by_role("heading", name="Kalm")).to_be_focused()
    tab_to(shop.page, "agree")
    press("Enter")
    expect(shop.question()).to_be_focused()
    # A question of which every model is sure: of two subjects at once one trained elsewhere may not be.
    shop.page.keyboard.type("wat zijn rusteloze benen")
    press("Shift+Enter")
    shop.page.keyboard.type("en waar komt het van")
    press("Enter")
    expect(shop.lines().last.locator(".passage").first).to_be_visible()
    assert shop.texts() == ["wat zijn rusteloze benen\nen waar komt het van"]
    expect(shop.question()).to_be_focused()
    press("Shift+Tab")  # what one may ask next, or the answer
    tab_to(shop.page, "close")
    press("Space")
    expect(launcher).to_be_focused()
    press("Enter")
    expect(shop.question()).to_be_focused()
    press("Escape")
    expect(launcher).to_be_focused()
    expect(shop.page.get_by_role("dialog")).to_have_count(0)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of the chat with this class has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(_HAS_FOCUS, name):
            return
    raise AssertionError(f"Tab does not come to {name}")


_HAS_FOCUS = "name => !!document.activeElement?.shadowRoot?.activeElement?.classList.contains(name)"


@pytest.mark.parametrize("look", ["wide", "phone", "enlarged"])
def test_escape_first_leaves_what_is_asked(enter: Enter, look: str) -> None:
    shop = enter(**LOOKS[look]).begin()
    shop.page.get_by_role("button", name="Wis gesprek").click()
    shop.page.keyboard.press("Escape")
    expect(shop.page.get_by_role("button", name="Wis gesprek")).to_be_focused()
    shop.page.keyboard.press("Escape")
    expect(shop.page.get_by_role("dialog")).to_have_count(0)
    expect(shop.page.get_by_role("button", name="Stel je vraag")).to_be_focused()


def test_escape_closes_it_from_the_page_too_for_it_may_cover_what_has_the_focus(shop: Shop) -> None:
    shop.begin()
    link = shop.page.get_by_role("link", name="Producten")
    link.focus()
    shop.page.keyboard.press("Escape")
    expect(shop.page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


def test_the_next_page_keeps_its_own_focus(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    shop.page.goto(shop.servers.web_url + "/winkel/magnesiumvlokken")
    expect(shop.lines()).to_have_count(1)
    assert shop.page.evaluate("document.activeElement === document.body")
    shop.page.keyboard.press("Tab")
    expect(shop.page.get_by_role("link", name="Naar de inhoud")).to_be_focused()


def test_a_window_that_gets_small_takes_nothing_from_who_is_busy_on_the_page(shop: Shop) -> None:
    shop.begin()
    link = shop.page.get_by_role("link", name="Producten")
    link.focus()
    shop.page.set_viewport_size({"width": 1280, "height": 420})
    expect(shop.page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


def test_a_window_that_gets_small_and_large_keeps_the_chat_for_who_is_in_it(shop: Shop) -> None:
    shop.begin()
    shop.question().fill("wat is")
    for width in (400, 1280):
        shop.page.set_viewport_size({"width": width, "height": 860})
        expect(shop.question()).to_be_focused()
        expect(shop.question()).to_have_value("wat is")


def test_the_focus_stays_in_the_chat_when_what_had_it_goes_away(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    shop.ask("wis dit gesprek")
    shop.type("ja")
    expect(shop.page.get_by_role("button", name="Ja, dat is goed")).to_be_visible()
    expect(shop.page.get_by_role("heading", name="Kalm", exact=True)).to_be_focused()


def test_a_late_yes_takes_nothing_from_who_went_on_with_the_page(shop: Shop) -> None:
    shop.page.get_by_role("button", name="Stel je vraag").click()
    held: list[Route] = []
    shop.page.route("**/webhooks/website/session", lambda route: held.append(route))
    shop.page.get_by_role("button", name="Ja, dat is goed").click()
    expect(shop.page.get_by_role("button", name="Even geduld")).to_be_visible()
    link = shop.page.get_by_role("link", name="Producten")
    link.focus()
    held[0].fallback()
    expect(shop.question()).to_be_visible()
    expect(link).to_be_focused()


def test_everything_of_an_answer_is_reached_and_pressed_by_keyboard(shop: Shop) -> None:
    shop.begin().ask("wat is ferritine")
    press = shop.page.keyboard.press
    answer = shop.lines().last
    shop.page.get_by_role("log").focus()
    source, helped, not_helped = (
        answer.get_by_role("link").first,
        answer.get_by_role("button", name="Dit hielp", exact=True),
        answer.get_by_role("button", name="Dit hielp niet"),
    )
    press("Tab")
    expect(source).to_be_focused()
    press("Tab")
    expect(helped).to_be_focused()
    press("Tab")
    expect(not_helped).to_be_focused()
    press("Enter")
    reason = answer.get_by_role("button", name="Ik snap het niet")
    while not reason.evaluate("one => one.getRootNode().activeElement === one"):
        press("Tab")
    press("Space")
    expect(answer.get_by_role("button", name="Dit hielp niet", pressed=True)).to_be_focused()
    expect(answer).to_contain_text("Dank je")
    next_one = answer.locator(".suggestion").first
    while not next_one.evaluate("one => one.getRootNode().activeElement === one"):
        press("Tab")
    press("Enter")
    expect(shop.lines()).to_have_count(2)


def test_an_answer_is_read_aloud_once_and_moves_no_focus(shop: Shop) -> None:
    shop.begin()
    shop.page.evaluate(LISTEN)
    elsewhere = shop.page.get_by_role("link", name="Producten")
    shop.question().fill("wat is ferritine")
    shop.page.keyboard.press("Enter")
    elsewhere.focus()
    expect(shop.lines().last.locator(".passage").first).to_be_visible()
    expect(elsewhere).to_be_focused()
    said = shop.page.evaluate("window.said")
    assert len(said) == 1
    assert "Ferritine" in said[0]
    assert "Bron: " in said[0]
    assert "geen medisch advies" in said[0]
    assert "http" not in said[0]
    region = shop.page.locator("kalm-chat .panel [aria-live=polite]")
    expect(region).to_be_empty(timeout=3_000)
    expect(shop.page.get_by_role("log")).to_have_attribute("aria-live", "off")
    shop.page.reload()
    expect(shop.lines()).to_have_count(1)
    expect(region).to_be_empty()


def test_the_chat_is_dutch_on_a_page_of_another_language(shop: Shop) -> None:
    shop.page.evaluate("document.documentElement.lang = 'en'")
    expect(shop.page.locator("kalm-chat .root")).to_have_attribute("lang", "nl")


def test_everything_that_is_pressed_is_large_enough(enter: Enter) -> None:
    """Links within a sentence may be as small as the sentence: WCAG 2.5.8 excepts them."""
    phone = enter(**PHONE).begin()
    phone.ask("ik wil niet meer leven")
    phone.ask("het gaat weer")
    phone.ask("wat is ferritine")
    phone.lines().last.get_by_role("button", name="Dit hielp niet").click()
    small = phone.page.evaluate(
        """() => [...document.querySelector("kalm-chat").shadowRoot
          .querySelectorAll("button, input, textarea, .calls a")]
          .filter((one) => one.offsetParent)
          .map((one) => [one.className, one.getBoundingClientRect()])
          .filter(([, {width, height}]) => width < 24 || height < 24).map(([name]) => name)"""
    )
    assert small == []


@pytest.mark.parametrize("look", ["wide", "phone", "on-its-side", "enlarged", "small"])
def test_nothing_runs_out_of_the_screen(enter: Enter, look: str) -> None:
    sizes = {**LOOKS, "small": {"viewport": {"width": 320, "height": 256}}}
    shop = enter(**sizes[look]).begin()
    shop.ask("helpt magnesium bij rusteloze benen?")
    assert runs_out(shop.page) == []
    expect(shop.question()).to_be_in_viewport(ratio=1)
    expect(shop.lines().last.locator(".bubble.visitor")).to_be_in_viewport(ratio=0.9)
    shop.picture(f"size-{look}")


def runs_out(page: Page) -> list[str]:
    """Parts of the panel that are wider than the screen."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelector("kalm-chat").shadowRoot.querySelectorAll(".panel *")]
          .filter((one) => !one.closest(".unseen"))
          .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML)"""
    )
    return found


def test_letters_of_twice_the_size_keep_everything_on_the_screen(launch: Launch, enter: Enter) -> None:
    large = launch("--blink-settings=defaultFontSize=32")
    try:
        shop = enter(browser=large, **WIDE).begin()
        shop.ask("wat is ferritine")
        size = shop.page.locator("kalm-chat .passage").first.evaluate("one => getComputedStyle(one).fontSize")
        assert size == "32px"
        assert runs_out(shop.page) == []
        expect(shop.question()).to_be_in_viewport(ratio=1)
        shop.picture("letters-200")
        shop.context.close()
    finally:
        large.close()


def test_nothing_moves_for_who_wants_no_motion(enter: Enter) -> None:
    shop = enter(reduced_motion="reduce").begin()
    shop.page.route("**/webhooks/website/messages", lambda route: None)
    shop.type("wat is ferritine")
    dot = shop.page.locator("kalm-chat .typing i").first
    assert dot.evaluate("one => getComputedStyle(one).animationName") == "none"
    expect(shop.page.locator("kalm-chat .typing")).to_contain_text("Kalm zoekt een antwoord")


def test_the_keyboard_of_a_phone_leaves_room_for_the_question_and_the_answer(enter: Enter) -> None:
    """The keyboard makes the visual viewport smaller and leaves the page as it is; here a test does so."""
    phone = enter(**PHONE).begin()
    phone.ask("wat is ferritine")
    phone.page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, "height", {value: 420});
          Object.defineProperty(visualViewport, "offsetTop", {value: 60});
          visualViewport.dispatchEvent(new Event("resize"));
        }"""
    )
    box = phone.question().bounding_box()
    assert box is not None
    assert 60 < box["y"] < box["y"] + box["height"] <= 480
    panel = phone.page.locator("kalm-chat .panel").bounding_box()
    assert panel == {"x": 0, "y": 60, "width": 390, "height": 420}
    log = phone.page.get_by_role("log").bounding_box()
    assert log is not None
    assert log["height"] > 150


def test_a_late_judgement_takes_nothing_from_who_types_the_next_question(shop: Shop) -> None:
    answer = shop.begin().ask("wat is ferritine")
    answer.get_by_role("button", name="Dit hielp niet").click()
    reason = answer.get_by_role("button", name="Ik snap het niet")
    expect(reason).to_be_visible()  # else it may be the first judgement that is held
    held: list[Route] = []
    shop.page.route("**/webhooks/website/feedback", lambda route: held.append(route))
    reason.click()
    expect(answer.get_by_role("button", name="Dit hielp niet")).to_be_focused()
    shop.question().focus()
    shop.page.keyboard.type("wat is ")
    held[0].fallback()
    expect(answer).to_contain_text("Dank je")
    shop.page.keyboard.type("PLMD")
    expect(shop.question()).to_have_value("wat is PLMD")


def test_escape_is_left_to_what_the_page_shows_above_all_else(shop: Shop) -> None:
    shop.begin()
    shop.page.evaluate(
        """() => {
            const dialog = document.createElement("dialog");
            dialog.append(document.createElement("input"));
            document.body.append(dialog);
            dialog.showModal();
        }"""
    )
    shop.page.keyboard.press("Escape")
    assert shop.page.evaluate("document.querySelector('body > dialog').open") is False
    expect(shop.page.get_by_role("dialog", name="Kalm")).to_be_visible()


def test_pressing_twice_moves_the_focus_once(shop: Shop) -> None:
    shop.begin()
    shop.page.get_by_role("button", name="Wis gesprek").dblclick()
    shop.question().focus()
    shop.page.keyboard.type("wat is ferritine")
    expect(shop.question()).to_have_value("wat is ferritine")
