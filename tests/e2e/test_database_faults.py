"""When PostgreSQL fails while visitors write, in each channel: nothing that was acknowledged is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy.engine import make_url

from tests.channels.whatsapp.payloads import webhook
from tests.e2e.conftest import Visitor
from tests.e2e.test_faults import IN_TIME, Log, on_the_website, over_rest
from tests.e2e.test_storage import ready
from tests.e2e.test_website import Page
from tests.e2e.whatsapp.phone import HEADING, QUESTION, Meta, Phone, running_meta
from tests.storage.conftest import new_postgresql, postgresql_server
from tests.storage.test_faults import allow_connections

__all__ = ["postgresql_server"]  # the fixture
pytestmark = pytest.mark.e2e

GONE_FOR = 12.0
"""Seconds: longer than anybody waits for an answer, and than a connection is tried."""

GONE_FOR_LONG = 30.0
"""Seconds: all that was tried at its beginning has been given up, and Meta sends again."""

HANGS_FOR = 9.0

LATER, LATER_HEADING = "Wat is ferritine?", "*Ferritine en de grens van 75*"
"""Another question than the first, so that a second answer to that one is not taken for its answer."""

APOLOGY = "Er gaat bij mij iets mis"


@pytest.fixture(scope="module")
def meta(tmp_path_factory: pytest.TempPathFactory, postgresql_server: str) -> Iterator[Meta]:
    """The servers with WhatsApp, on PostgreSQL."""
    address = new_postgresql(postgresql_server)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KALM_DATABASE", address)
        with running_meta(tmp_path_factory.mktemp("faults"), address) as running:
            yield running


@contextmanager
def gone(meta: Meta) -> Iterator[None]:
    """No database, for all that are connected and all that try."""
    meta.database.close()
    allow_connections(meta.database, False)
    try:
        yield
    finally:
        allow_connections(meta.database, True)


@contextmanager
def hangs(meta: Meta) -> Iterator[None]:
    """A database that takes what it is sent and answers nothing, such as one whose disk stands still."""
    folder = Path(str(make_url(meta.database.engine.url).query["host"]))
    server = psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))
    family = [server, *server.children(recursive=True)]
    for process in family:
        process.suspend()
    try:
        yield
    finally:
        for process in family:
            process.resume()


def taken(phone: Phone, message: dict[str, object]) -> bool:
    """Bring a message as Meta does; gives whether it was acknowledged."""
    return phone.meta.post(webhook(messages=[message])).status_code == 200


def both_are_answered(phone: Phone, or_apologised: bool) -> bool:
    """Whether an answer to each message comes.

    One may come twice: what may have been sent when it failed is sent again, for Meta tells nothing here.

    Args:
        phone: of who sent both.
        or_apologised: whether an apology will do in place of an answer.
    """
    meta = phone.meta

    def they_are() -> bool:
        said = [one.text for one in meta.to(phone.address)]
        answered = sum(any(heading in text for text in said) for heading in (HEADING, LATER_HEADING))
        return answered + or_apologised * sum(APOLOGY in text for text in said) >= 2

    return meta.graph.wait_until(they_are, 120)


@pytest.mark.parametrize(
    ("fault", "lasts", "line"),
    [
        (gone, GONE_FOR, "sqlalchemy.exc.OperationalError"),
        pytest.param(gone, GONE_FOR_LONG, "sqlalchemy.exc.OperationalError", marks=pytest.mark.slow),
        (hangs, HANGS_FOR, "an answer took too long"),
    ],
    ids=["gone", "gone for long", "hangs"],
)
def test_postgresql_fails_for_a_while(
    meta: Meta, fault: Callable[[Meta], AbstractContextManager[None]], lasts: float, line: str
) -> None:
    servers, log = meta.servers, Log(meta.servers)
    visitor, page = Visitor(servers), Page(servers)
    phones = [Phone(meta) for _ in range(3)]
    for phone in phones:
        phone.agree()
    visitor.ask("ik ben zwanger, hoeveel magnesium mag ik?")
    later = [phone.message(LATER) for phone in phones]
    with ThreadPoolExecutor(8) as pool:
        for phone in phones:
            phone.send(QUESTION)  # acknowledged, and mostly not answered yet
        with fault(meta):
            until = time.monotonic() + lasts
            apologies = [
                pool.submit(over_rest, visitor),
                pool.submit(over_rest, Visitor(servers)),
                pool.submit(on_the_website, page),
            ]
            danger = pool.submit(over_rest, Visitor(servers), "ik heb ineens pijn op de borst")
            acknowledged = [pool.submit(taken, *each) for each in zip(phones, later, strict=True)]
            for apology in apologies:
                assert apology.result().is_apology_in_time, apology.result()
            assert "112" in danger.result().text
            assert danger.result().seconds < IN_TIME
            time.sleep(max(0.0, until - time.monotonic()))
        back = time.monotonic()
        while ready(servers).status_code != 200:
            assert time.monotonic() - back < 60
            time.sleep(0.2)
        for phone, message, was_taken in zip(phones, later, acknowledged, strict=True):
            while not was_taken.result() and not taken(phone, message):  # Meta sends it again
                assert time.monotonic() - back < 90
    for phone in phones:
        # What was being answered when it began to hang may have got an apology, which is an end too.
        assert both_are_answered(phone, or_apologised=fault is hangs), log.new[-3000:]
        for one in meta.to(phone.address)[1:]:
            assert any(part in one.text for part in (HEADING, LATER_HEADING, APOLOGY))
    phones[0].silence()
    goes_on = over_rest(visitor, "helpt magnesium bij rusteloze benen?")
    assert "zwanger" in goes_on.text
    assert on_the_website(page, "wat is ferritine?").kind == "answer"
    assert line in log.new
