"""Candidates that can be tried, and a stand-in for the process in which they answer."""

from __future__ import annotations

import html
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from review.guests.trials import Patience, Trials
from review.requests import PREFIX
from storage.schema import guest_marks
from tests.review.conftest import Colleague, Enter, Keep, Shop

ONE, OTHER = "abcdef012345", "012345abcdef"
DIES, NEVER_READY = "dead00000000", "51ee90000000"

_STAND_IN = Path(__file__).with_name("stand_in.py")


def text_of(page: str) -> str:
    """What a person reads of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@dataclass
class StandIns:
    """The processes that stood in for candidates.

    Attributes:
        file: where each notes that it was started.
    """

    file: Path
    shop: Shop
    _made: list[Trials] = field(default_factory=list)

    def use(self, patience: Patience | None = None) -> Trials:
        """Let candidates of the shop be played from now on."""
        review = next(one.app for one in self.shop.app.routes if getattr(one, "path", "") == PREFIX)

        def command(candidate: str) -> list[str]:
            return [sys.executable, str(_STAND_IN), str(self.file), candidate]

        review.state.trials = Trials(self.shop.database, command, patience)
        self._made.append(review.state.trials)
        return self._made[-1]

    @property
    def started(self) -> list[tuple[str, int]]:
        """Id of the candidate and number of the process, of each that was started."""
        if not self.file.exists():
            return []
        lines = [line.split() for line in self.file.read_text(encoding="utf-8").splitlines()]
        return [(candidate, int(number)) for candidate, number in lines]

    def close(self) -> None:
        """End them all."""
        for one in self._made:
            one.close()


@pytest.fixture
def stand_ins(shop: Shop, tmp_path: Path) -> Iterator[StandIns]:
    """Candidates are played, with the usual patience."""
    made = StandIns(tmp_path / "started", shop)
    made.use()
    yield made
    made.close()


@pytest.fixture
def candidate(keep_candidate: Keep, var: Path) -> Keep:
    """Keeps a candidate that can be tried, and gives its id."""
    return partial(keep_candidate, release={"model": "m.tar.gz", "index": "i"})


@dataclass
class Guest:
    """Somebody with a link and a browser, without an account.

    Attributes:
        path: the link's address behind ``/review``.
    """

    browser: Colleague
    path: str
    shop: Shop

    def page(self) -> str:
        """The page, as it is now."""
        return self.browser.get(self.path).text

    def ask(self, question: str, number: int | None = None) -> int:
        """Send a question; gives the status."""
        shown = re.search(r'name="number" value="(\d+)"', self.page()) if number is None else None
        form = {"question": question, "number": shown[1] if shown else str(number)}
        return self.browser.client.post(f"{PREFIX}{self.path}", data=form).status_code

    def wait(self) -> str:
        """Wait until nothing is being answered, and read the page."""
        for _ in range(6000):
            page = self.page()
            if "hx-trigger" not in page:
                return text_of(page)
            time.sleep(0.01)
        raise AssertionError("no answer came")

    def said(self, question: str) -> str:
        """Ask, wait, and read the page."""
        assert self.ask(question) == 303
        return self.wait()

    def judge(self, mark_id: int, mark: str, remark: str = "") -> int:
        """Say what to think of a reply; gives the status."""
        form = {"mark": mark, "remark": remark}
        address = f"{PREFIX}{self.path}/oordeel/{mark_id}"
        return self.browser.client.post(address, data=form).status_code

    def marks(self) -> list[sa.engine.Row]:
        """What is kept, of all guests, in order."""
        with self.shop.database.reading() as connection:
            return list(connection.execute(guest_marks.select().order_by(guest_marks.c.id)))


Invite = Callable[..., Guest]


def link_on(page: str) -> str:
    """The link that a page shows, behind ``/review``."""
    found = re.search(r'value="http://localhost/review(/gast/[\w-]{43})"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def invite(shop: Shop, enter: Enter, candidate: Keep, stand_ins: StandIns) -> Invite:
    """Makes a link as an editor does, for a candidate that is kept when it is not there yet."""
    known: set[str] = set()

    def make(name: str = "Karin", candidate_id: str = ONE, days: int = 3) -> Guest:
        if candidate_id not in known:
            known.add(candidate(candidate_id))
        page = enter("eva").post(f"/training/{candidate_id}/gasten", {"name": name, "days": str(days)}).text
        return Guest(shop.browser(), link_on(page), shop)

    return make
