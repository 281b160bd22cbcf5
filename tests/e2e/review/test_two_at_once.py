"""Two colleagues at once in real browsers, and every page as a browser and axe see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from review.navigation import NAVIGATION
from tests.e2e.review.conftest import Team

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

MESSAGE = "wat vinden jullie van CBD olie"
OTHERS = (
    "/",
    "/wachtwoord",
    "/concepten",
    "/tweede-blik/overeenstemming",
    "/postvak/gedaan",
    "/postvak/voorstellen",
)
"""Pages that the menu does not name."""


def test_who_is_second_sees_who_is_first_and_overwrites_nothing(team: Team) -> None:
    bea, eva = team.enter("bea"), team.enter("eva")
    for colleague in (bea, eva):
        colleague.go(f"/postvak?zoek={MESSAGE}")
    bea.page.get_by_role("link", name=MESSAGE).click()
    expect(bea.page.get_by_role("button", name="Bewaar")).to_be_enabled()

    eva.page.get_by_role("link", name=MESSAGE).click()
    expect(eva.page.locator("main")).to_contain_text("Bea Bos is hiermee bezig")
    expect(eva.page.get_by_role("button", name="Bewaar")).to_be_disabled()
    eva.look("locked")

    # Whoever goes on lets go of it.
    bea.page.get_by_role("link", name="Volgende").click()
    eva.page.reload()
    expect(eva.page.get_by_role("button", name="Bewaar")).to_be_enabled()
    eva.page.get_by_role("radio", name="gaat over iets anders").check()
    eva.page.get_by_role("button", name="Bewaar").click()

    # The page that bea left is still in her browser's history, and is not what it was.
    bea.page.go_back()
    expect(bea.page.locator("main")).to_contain_text("Eva Evers zei: gaat over iets anders")
    assert [*bea.errors, *eva.errors] == []


def test_what_is_typed_narrows_what_can_be_chosen(team: Team) -> None:
    bea = team.enter("bea")
    bea.go(f"/postvak?stand=alles&zoek={MESSAGE}")
    bea.page.get_by_role("link", name=MESSAGE).click()
    nothing = "Niets past hierbij"
    finding = bea.page.get_by_label("Typ om een bedoeling te vinden")
    finding.fill("product")
    expect(bea.page.get_by_role("radio", name="vraag over magnesium of een product")).to_be_visible()
    expect(bea.page.get_by_role("radio", name="gaat over iets anders")).to_be_hidden()
    expect(bea.page.get_by_text(nothing)).to_have_count(0)
    finding.fill("zwoefel")
    expect(bea.page.get_by_text(nothing)).to_be_visible()
    finding.fill("")
    expect(bea.page.get_by_text(nothing)).to_have_count(0)
    passage = bea.page.locator("#passage")
    passage.select_option("staat er niet in")
    finding = bea.page.get_by_label("Typ om een stukje tekst te vinden")
    finding.fill("zwoefel")
    expect(bea.page.get_by_text(nothing)).to_be_visible()
    finding.fill("magnesium")
    expect(bea.page.get_by_text(nothing)).to_have_count(0)
    expect(passage.locator("option:checked")).to_have_text("staat er niet in")
    assert passage.locator("optgroup option").count() > 5
    assert bea.errors == []


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_no_page_has_a_fault_that_axe_knows(team: Team, look: str) -> None:
    hans = team.enter("hans")
    if look == "phone":
        hans.page.set_viewport_size({"width": 390, "height": 780})
    hans.page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    for path in (*(path for path, _, _ in NAVIGATION), *OTHERS):
        hans.go(path)
        hans.look(f"{look}-{path.strip('/').replace('/', '-') or 'first'}")
        wide = hans.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{path} scrolls sideways"
    assert hans.errors == []
