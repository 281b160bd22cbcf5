"""Make the pictures of ``docs/handleiding.md`` anew, from the demo: nothing in them was said by anybody.

Start the demo in one terminal and let it run; begin with an empty ``var/demo``, then the pictures are the
same each time::

    make demo

In another one, with Debian's Chromium installed::

    .venv/bin/python -m scripts.manual_screenshots                       # all but the comparison
    .venv/bin/python -m scripts.manual_screenshots --train               # also trains, which takes minutes
    .venv/bin/python -m scripts.manual_screenshots inloggen postvak      # these alone
    .venv/bin/python -m scripts.manual_screenshots --url http://localhost:8200

It logs in as the demo's team and works as they would: it judges, approves and writes. So do not run it where
real messages are. ``vergelijking`` is a picture of the last training that was compared; without one it is
left out and said so.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from commands.demo.filling import DEMO_TEAM, PASSWORD

TO = Path(__file__).resolve().parents[1] / "docs" / "images" / "handleiding"
MOST_BYTES = 80_000
TRAINING = 60 * 60 * 1000
"""Milliseconds that a training may take here; a busy machine needs far more than ten minutes."""

_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--lang=nl",
]
_LEARNT_FROM = "'t is of er mieren lopen"
_SECTION = "Wat RLS is"
_PLANE = "in het vliegtuig heb ik er zo'n last van"
_TEXT = (
    "Rusteloze benen (RLS) spelen op als je zit of ligt. Lang stilzitten kan daarom lastig zijn, "
    "bijvoorbeeld in een vliegtuig of in de auto. Over vliegen zelf zeggen onze bronnen niets.\n\n"
    "Wat ze wel noemen: sta bij klachten even op en loop een stukje, als dat kan. Zoek afleiding die je "
    "aandacht vasthoudt, en vecht niet tegen de drang om te bewegen. Heb je er veel last van, bespreek "
    "het dan met je huisarts."
)
_SOURCE = "Restless-legssyndroom (indicatietekst), Farmacotherapeutisch Kompas / Zorginstituut Nederland"
_SOURCE_URL = "https://www.farmacotherapeutischkompas.nl/bladeren/indicatieteksten/restless_legssyndroom"


class Demo(NamedTuple):
    """The running demo in a browser."""

    browser: Browser
    url: str
    train: bool

    @contextmanager
    def as_(self, name: str, height: int = 860) -> Iterator[Page]:
        """A page on which somebody of the team is logged in; nobody when the name is ""."""
        context = self.browser.new_context(viewport={"width": 1280, "height": height}, locale="nl-NL")
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{self.url}/review/inloggen")
        if name:
            page.get_by_label("Inlognaam").fill(name)
            page.get_by_label("Wachtwoord").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.get_by_role("heading", name=f"Dag {DEMO_TEAM[name][0].split()[0]}").wait_for()
        yield page
        context.close()

    def go(self, page: Page, path: str) -> None:
        """Go to an address of the screens."""
        page.goto(f"{self.url}/review{path}")


def log_in(demo: Demo) -> None:
    """The page before all others."""
    with demo.as_("", height=460) as page:
        keep(page, "inloggen")


def first_page(demo: Demo) -> None:
    """What waits today."""
    with demo.as_("bea", height=560) as page:
        keep(page, "begin")


def inbox(demo: Demo) -> None:
    """The list, the most instructive messages first."""
    with demo.as_("bea") as page:
        demo.go(page, "/postvak?volgorde=leerzaam")
        keep(page, "postvak")


def message(demo: Demo) -> None:
    """A message with its conversation, and what somebody says of it; it is kept afterwards."""
    with demo.as_("bea", height=1600) as page:
        demo.go(page, "/postvak?zoek=mieren&stand=alles")
        page.get_by_role("link", name=_LEARNT_FROM).click()
        page.get_by_role("radio", name="vraag over rusteloze benen").first.check()
        page.locator("#passage").select_option(
            page.locator("#passage option", has_text=_SECTION).first.get_attribute("value")
        )
        keep(page, "bericht")
        page.get_by_role("button", name="Bewaar").click()


def together(demo: Demo) -> None:
    """Several messages at once, before they are kept; kept afterwards."""
    with demo.as_("bea", height=560) as page:
        demo.go(page, "/postvak?bedoeling=thank")
        if not page.get_by_role("button", name="Kies alles op deze bladzijde").count():
            print("samen: er zijn geen bedankjes meer te beoordelen, deze afbeelding blijft zoals ze was")
            return
        page.get_by_role("button", name="Kies alles op deze bladzijde").click()
        page.locator(".together select").select_option(label="bedankt")
        page.get_by_role("button", name="Geef deze bedoeling").click()
        page.get_by_role("heading", name="Meer tegelijk beoordelen").wait_for()
        keep(page, "samen")
        page.get_by_role("button", name="Doe het voor").click()


def handed_over(demo: Demo) -> None:
    """A conversation in which somebody asked for a person."""
    with demo.as_("bea") as page:
        demo.go(page, "/doorgegeven?staat=alle")
        page.locator("tbody a").first.click()
        page.get_by_role("heading", name="Hoe je de bezoeker bereikt").wait_for()
        keep(page, "doorgegeven")


def unanswered(demo: Demo) -> None:
    """Questions about one thing together, and what can be done with them."""
    with demo.as_("eva", height=1000) as page:
        demo.go(page, "/zonder-antwoord")
        if not page.locator(".clusters").count():
            page.locator("form[action$='/kijken'] button").click()
            page.locator("progress").wait_for(state="detached", timeout=300_000)
            demo.go(page, "/zonder-antwoord")
        page.locator(".clusters a").first.click()
        page.get_by_role("heading", name="Zo werd het gevraagd").wait_for()
        keep(page, "zonder-antwoord")


def overview(demo: Demo) -> None:
    """Figures and plots."""
    with demo.as_("bea", height=760) as page:
        demo.go(page, "/overzicht")
        keep(page, "overzicht")


def second_look(demo: Demo) -> None:
    """A judgement of a colleague, before and after one's own opinion; approved afterwards."""
    with demo.as_("eva") as page:
        demo.go(page, "/tweede-blik")
        if not page.get_by_role("heading", name="Wat denk jij?").count():
            print("tweede-blik: er wacht niets, deze afbeelding blijft zoals ze was")
            return
        keep(page, "tweede-blik")
        demo.go(page, "/tweede-blik/samen")
        page.get_by_label("Alles op deze pagina").check()
        page.get_by_role("button", name="Bekijk wat je koos").click()
        page.get_by_role("button", name="Keur").click()
        page.get_by_text("goedgekeurd").first.wait_for()


def conflicts(demo: Demo) -> None:
    """Sentences that contradict each other."""
    with demo.as_("eva", height=760) as page:
        demo.go(page, "/tegenstrijdig")
        keep(page, "tegenstrijdig")


def writing(demo: Demo) -> None:
    """A section that is being written, with the check beside it; nothing is kept."""
    with demo.as_("eva", height=1240) as page:
        demo.go(page, "/artikelen/zelf-doen-bij-rusteloze-benen/nieuw")
        page.get_by_label("Kop", exact=True).fill("Lang stilzitten, zoals in het vliegtuig")
        page.get_by_label("Tekst", exact=True).fill(_TEXT)
        page.get_by_label("Titel van bron 1").fill(_SOURCE)
        page.get_by_label("Adres van bron 1").fill(_SOURCE_URL)
        questions = (
            "Wat doe je tegen rusteloze benen op een lange vlucht?",
            _PLANE,
            "rls en lang stilzitten in de auto",
        )
        page.get_by_label("Vragen van bezoekers").fill("\n".join(questions))
        page.get_by_label("Knop").fill("RLS en vliegen")
        page.locator("#stand", has_text=re.compile("^In orde")).wait_for(timeout=90_000)
        page.evaluate("window.scrollTo(0, 0)")
        keep(page, "schrijven")


def training(demo: Demo) -> None:
    """What Kalm can learn now; with ``--train`` it is learnt."""
    with demo.as_("eva") as page:
        demo.go(page, "/training")
        button = page.get_by_role("button", name="Train met deze wijzigingen")
        if not button.count():
            print("training: er wacht niets of er loopt er een, deze afbeelding blijft zoals ze was")
        else:
            keep(page, "training")
            if demo.train:
                button.click()
        if demo.train:
            page.get_by_role("link", name="Bekijk", exact=False).first.wait_for(timeout=TRAINING)


def comparison(demo: Demo) -> None:
    """The last training that was compared with what is live."""
    with demo.as_("eva") as page:
        demo.go(page, "/training")
        addresses = [
            link.get_attribute("href") for link in page.locator("tbody th a[href*='/training/']").all()
        ]
        for address in addresses:
            page.goto(f"{demo.url}{address}")
            if page.get_by_role("heading", name="In het kort").count():
                keep(page, "vergelijking")
                return
        print("vergelijking: er is nog geen training vergeleken; doe het met --train")


def team(demo: Demo) -> None:
    """Who may do what."""
    with demo.as_("hans", height=900) as page:
        demo.go(page, "/team")
        keep(page, "team")


PICTURES: dict[str, Callable[[Demo], None]] = {
    "inloggen": log_in,
    "begin": first_page,
    "postvak": inbox,
    "bericht": message,
    "samen": together,
    "doorgegeven": handed_over,
    "zonder-antwoord": unanswered,
    "overzicht": overview,
    "tweede-blik": second_look,
    "tegenstrijdig": conflicts,
    "schrijven": writing,
    "training": training,
    "vergelijking": comparison,
    "team": team,
}
"""In this order: what is judged first is approved and learnt later."""


def keep(page: Page, name: str) -> None:
    """Write what stands in the window as a picture with few colours.

    Raises:
        SystemExit: it is larger than a picture in the manual may be.
    """
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_timeout(300)
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").quantize(32, dither=Image.Dither.NONE).save(TO / f"{name}.png", optimize=True)
    size = (TO / f"{name}.png").stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{name}.png is {size} bytes, more than {MOST_BYTES}; show less of the page")
    print(f"{name}.png, {size // 1000} kB")


def main() -> None:
    """Make the pictures that were asked for."""
    parser = argparse.ArgumentParser(
        description="Make the pictures of docs/handleiding.md from a running demo."
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(PICTURES)}; all without")
    parser.add_argument("--url", default="http://localhost:8000", help="where the demo runs (%(default)s)")
    parser.add_argument("--train", action="store_true", help="train for the picture of a comparison")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(PICTURES):
        parser.error(f"there is no picture {', '.join(sorted(unknown))}; there are {', '.join(PICTURES)}")
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("There is no Chromium; install Debian's package 'chromium'.")
    TO.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_CHROMIUM)
        demo = Demo(browser, asked.url.rstrip("/"), asked.train)
        for name, make in PICTURES.items():
            if not asked.names or name in asked.names:
                make(demo)
        browser.close()


if __name__ == "__main__":
    main()
