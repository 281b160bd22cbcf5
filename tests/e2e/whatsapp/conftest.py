"""The servers with WhatsApp, once for each module, or once for each sort of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.whatsapp.phone import Meta, Phone, running_meta
from tests.storage.conftest import new_postgresql, postgresql_server

__all__ = ["postgresql_server"]  # the fixture


@pytest.fixture(scope="module")
def sort() -> str:
    """The database of the servers; ``either`` takes its place where it matters which one it is."""
    return "sqlite"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def either(request: pytest.FixtureRequest) -> str:
    """Each sort of database in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def meta(
    sort: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Meta]:
    """Meta between the phones and the bot."""
    address = ""
    if sort == "postgresql":
        address = new_postgresql(request.getfixturevalue("postgresql_server"))
    with pytest.MonkeyPatch.context() as patch:
        if address:
            patch.setenv("KALM_DATABASE", address)
        with running_meta(tmp_path_factory.mktemp("whatsapp"), address) as running:
            yield running


@pytest.fixture(autouse=True)
def as_new(meta: Meta) -> Iterator[None]:
    """Nothing goes wrong at Meta unless a test says so, and Meta refused nothing for its form."""
    meta.graph.clear()
    yield
    assert meta.graph.refusals == []


@pytest.fixture
def phone(meta: Meta) -> Phone:
    """Somebody who has not written yet."""
    return Phone(meta)


@pytest.fixture
def visitor(phone: Phone) -> Phone:
    """Somebody who agreed to a conversation."""
    phone.agree()
    return phone
