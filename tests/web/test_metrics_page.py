from __future__ import annotations

import httpx
from starlette.testclient import TestClient

from kalm.metrics import Metrics
from kalm.scraping import Scraper
from tests.web.conftest import refuse
from web import create_app


def client_at(address: str, scraper: Scraper | None) -> TestClient:
    others = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
    return TestClient(create_app(others, scraper=scraper), client=(address, 50000))


def test_this_machine_reads_the_metrics() -> None:
    with client_at("127.0.0.1", Scraper(Metrics("web"))) as client:
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "kalm_store_errors_total 0.0" in answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


def test_another_machine_does_not() -> None:
    with client_at("10.0.0.1", Scraper(Metrics("web"))) as client:
        answer = client.get("/metrics")
    assert answer.status_code == 401
    assert "kalm_" not in answer.text


def test_without_metrics_there_is_no_such_page() -> None:
    with client_at("127.0.0.1", None) as client:
        assert client.get("/metrics").status_code == 404
