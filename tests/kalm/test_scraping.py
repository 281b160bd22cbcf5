from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from kalm import going_live
from kalm.going_live import Running
from kalm.metrics import Metrics
from kalm.scraping import Scraped, Scraper
from kalm.settings import settings

HERE = "127.0.0.1"


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KALM_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("KALM_MODELS", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


def scrape(peer: str = HERE, **headers: str) -> Scraped:
    return asyncio.run(Scraper(Metrics("web"), asked).scrape(peer, headers))


async def asked() -> Sequence[Metric]:
    gauge = GaugeMetricFamily("kalm_store_up", "Whether the database answers.")
    gauge.add_metric([], 1)
    return [gauge]


def samples(scraped: Scraped) -> dict[str, float]:
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(scraped.body.decode())
        for sample in family.samples
    }


def publish(folder: Path, model: str, index: str) -> None:
    (folder / model).touch()
    (folder / index).mkdir()
    (folder / "release.json").write_text(json.dumps({"model": model, "index": index}))


def test_this_machine_reads_all_in_one_text() -> None:
    scraped = scrape()
    assert scraped.status == 200
    assert scraped.content_type.startswith("text/plain; version=0.0.4")
    assert {"kalm_store_up", "kalm_store_errors_total", "process_cpu_seconds_total"} <= set(samples(scraped))


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("10.0.0.1", {}),
        (HERE, {"X-Forwarded-For": "10.0.0.1"}),
        (HERE, {"Origin": "https://example.org"}),  # a page in a browser on this machine
        ("?", {}),  # what the web app says of an address that it does not know
    ],
)
def test_a_stranger_reads_nothing(peer: str, headers: dict[str, str]) -> None:
    scraped = scrape(peer, **headers)
    assert scraped.status == 401
    assert b"kalm_" not in scraped.body


def test_the_token_lets_in_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_METRICS_TOKEN", "geheim")
    settings.cache_clear()
    assert scrape("10.0.0.1", Authorization="Bearer geheim").status == 200
    assert scrape("10.0.0.1", Authorization="Bearer anders").status == 401


def test_without_a_release_the_rest_is_told() -> None:
    assert not any(name.startswith("kalm_release") for name in samples(scrape()))


def test_the_release_that_the_pointer_names_is_told_with_its_time(folders: Path) -> None:
    publish(folders, "kalm-0123456789ab.tar.gz", "index-ba9876543210")
    found = samples(scrape())
    assert found["kalm_release_info index-ba9876543210 kalm-0123456789ab.tar.gz"] == 1
    told = found["kalm_release_live_timestamp_seconds"]
    assert told == pytest.approx((folders / "release.json").stat().st_mtime)


def test_under_a_supervisor_what_runs_is_told() -> None:
    running = Running("kalm-0123456789ab.tar.gz", "index-ba9876543210", since=1_800_000_000.0)
    going_live.tell_running(running)
    with patch("kalm.going_live.is_supervised", return_value=True):
        found = samples(scrape())
    assert found["kalm_release_info index-ba9876543210 kalm-0123456789ab.tar.gz"] == 1
    assert found["kalm_release_live_timestamp_seconds"] == 1_800_000_000.0


def test_a_model_of_another_name_is_told_as_other(folders: Path) -> None:
    publish(folders, "ik heb pijn.tar.gz", "index-ba9876543210")
    assert samples(scrape())["kalm_release_info index-ba9876543210 other"] == 1
