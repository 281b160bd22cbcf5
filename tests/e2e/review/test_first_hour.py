"""A newcomer's first hour, as ``docs/handleiding.md`` tells it, in real browsers with the real servers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.review.conftest import Demo, Team
from tests.e2e.review.small_shop import CONTRADICTION, log_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

QUESTION = "wat doe ik tijdens een lange vlucht met rls"
SECTION = "zelf-doen-bij-rusteloze-benen#opstaan-en-bewegen"
ANSWER = "Op het moment zelf: opstaan en bewegen"


def ask_as_a_visitor(browser: Browser, demo: Demo) -> Locator:
    """Ask the question on the demo shop, as somebody who was never there."""
    page = browser.new_context(locale="nl-NL").new_page()
    page.goto(f"{demo.web_url}/winkel")
    page.get_by_role("button", name="Stel je vraag").click()
    page.get_by_role("button", name="Ja, dat is goed").click()
    page.get_by_role("textbox", name="Je vraag").fill(QUESTION)
    page.get_by_role("textbox", name="Je vraag").press("Enter")
    answer = page.locator("kalm-chat .line").last.locator(".bubble.kalm").last
    expect(answer).to_be_visible(timeout=15_000)
    expect(page.locator("kalm-chat .typing")).to_have_count(0, timeout=15_000)
    return answer


def done_today(page: Page) -> int:
    found = re.search(r"Jij deed er vandaag (\d+)", page.locator("main").inner_text())
    assert found is not None
    return int(found[1])


def test_the_first_hour(demo: Demo, team: Team, browser: Browser) -> None:
    expect(ask_as_a_visitor(browser, demo)).not_to_contain_text(ANSWER)

    bea = team.enter("bea")
    bea.look("first")
    judge_ten_by_keyboard(bea.page, demo)
    bea.look("inbox")
    say_what_should_have_answered(bea.page, demo)

    eva = team.enter("eva")
    solve_the_contradiction(eva.page, demo)
    eva.look("conflicts")
    approve_what_bea_judged(eva.page, demo)
    eva.look("second-look")

    train(eva.page, demo)
    eva.look("comparison")
    put_live(eva.page)
    eva.look("live")
    expect(ask_as_a_visitor(browser, demo)).to_contain_text(ANSWER)
    history = log_of(demo.folder)
    assert "Eva Evers" in history.splitlines()[0]
    assert "Bea Bos" in history

    go_back(eva.page)
    expect(ask_as_a_visitor(browser, demo)).not_to_contain_text(ANSWER)

    # Who goes back too soon gets a page with status 409, of which browsers complain.
    assert [error for error in (*bea.errors, *eva.errors) if "409" not in error] == []
    assert "Traceback" not in demo.printed()
    assert QUESTION not in demo.printed(), "a visitor's words in the log"


def go_back(page: Page) -> None:
    """Go back to the model before; for a moment after going live that is refused, and says so."""
    too_soon = page.get_by_text("Er gaat net een ander model live")
    for _ in range(20):
        page.get_by_role("button", name="Terug naar het vorige model").click()
        page.wait_for_load_state()
        if not too_soon.count():
            break
        page.wait_for_timeout(2_000)
    expect(page.locator("main")).to_contain_text("Het vorige model draait weer", timeout=120_000)


def press(page: Page, key: str) -> None:
    """Press a key, once the page listens to it."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def judge_ten_by_keyboard(page: Page, demo: Demo) -> None:
    """Judge ten messages that Kalm was sure of, without a mouse, and take the last one back."""
    page.goto(f"{demo.web_url}/review/postvak?zekerheid=hoog")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Bericht beoordelen")).to_be_visible()
    before_all = done_today(page)
    for _ in range(10):
        before = page.url
        # The small model takes a trembling dog for an emergency: that is for another day.
        is_danger = page.locator("input[name=bedoeling]:checked").get_attribute("value") == "report_emergency"
        press(page, "s" if is_danger else "Enter")
        expect(page).not_to_have_url(before)
    done = done_today(page)
    assert done - before_all >= 8
    press(page, "z")
    expect(page.locator("#melding")).to_contain_text("weer zoals")
    page.goto(f"{demo.web_url}/review/postvak")
    assert done_today(page) < done


def say_what_should_have_answered(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.web_url}/review/postvak?zoek=vlucht")
    page.get_by_role("link", name=QUESTION).first.click()
    page.get_by_role("radio", name=re.compile("vraag over wat je eraan doet")).check()
    page.get_by_label("Welk stukje tekst had moeten antwoorden?").select_option(SECTION)
    before = page.url
    press(page, "Control+Enter")
    expect(page).not_to_have_url(before)


def solve_the_contradiction(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.web_url}/review/tegenstrijdig")
    name = f"Haal weg bij vraag over rusteloze benen: {CONTRADICTION}"
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("button", name=name)).to_have_count(0)


def approve_what_bea_judged(page: Page, demo: Demo) -> None:
    """One by keyboard, the others together."""
    page.goto(f"{demo.web_url}/review/tweede-blik")
    press(page, "v")
    expect(page.get_by_role("button", name=re.compile("Keur goed"))).to_be_visible()
    press(page, "a")
    expect(page.locator("#melding")).to_contain_text("oedgekeurd")
    page.goto(f"{demo.web_url}/review/tweede-blik/samen")
    page.get_by_label("Alles op deze pagina").check()
    page.get_by_role("button", name="Bekijk wat je koos").click()
    page.get_by_role("button", name=re.compile("Keur deze")).click()
    expect(page.locator("#melding")).to_contain_text("oedgekeurd")


def train(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.web_url}/review/training")
    expect(page.locator("main")).to_contain_text(QUESTION)
    page.get_by_role("button", name="Train met deze wijzigingen").click()
    ready = page.get_by_role("link", name="Bekijk de vergelijking")
    expect(ready).to_be_visible(timeout=400_000)
    ready.click()
    expect(page.locator("main")).to_contain_text(QUESTION)


def put_live(page: Page) -> None:
    page.get_by_role("button", name="Zet live").click()
    expect(page.locator("main")).to_contain_text("Dit model is live", timeout=180_000)
