"""docs/metrics.md names each metric and each value of its labels, and nothing that is not there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kalm.metrics import ALARMS, FAILURES, OTHER, REFUSALS, Metrics
from kalm.scraping import Scraper
from kalm.settings import ROOT, settings
from storage.database import Database
from storage.gauges import StoreGauges
from storage.inbox import State
from storage.migrate import migrate

PAGE = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
SERVERS = {"bot": "b", "actions": "a", "web": "w"}
OF_HISTOGRAM = re.compile(r"_(bucket|sum|count)$")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, set[str]]]:
    """Names of the metrics that each server tells, with a release and a database."""
    folder = tmp_path_factory.mktemp("kalm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KALM_VAR", str(folder))
        patch.setenv("KALM_MODELS", str(folder))
        settings.cache_clear()
        migrate(settings().database_url)
        for name in ("kalm-0123456789ab.tar.gz", "index-0123456789ab"):
            (folder / name).touch()
        (folder / "release.json").write_text(
            '{"model": "kalm-0123456789ab.tar.gz", "index": "index-0123456789ab"}'
        )
        yield {server: asyncio.run(names(server)) for server in SERVERS}
    settings.cache_clear()


async def names(server: str) -> set[str]:
    metrics = Metrics(server)
    metrics.acted("action_answer_question", 0.1)
    database = Database(settings().database_url)
    asked = None if server == "actions" else StoreGauges(database)
    scraped = await Scraper(metrics, asked).scrape("127.0.0.1", {})
    database.close()
    return {
        OF_HISTOGRAM.sub("", sample.name) if family.type == "histogram" else sample.name
        for family in text_string_to_metric_families(scraped.body.decode())
        for sample in family.samples
    }


def rows(head: str) -> dict[str, list[str]]:
    """The rows of the table that begins with this head, by their first cell."""
    table = PAGE.partition(f"\n| {head} |")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {first.strip("`"): others for first, *others in cells}


def test_each_metric_of_each_server_stands_in_the_page_and_the_other_way_round(
    told: dict[str, set[str]],
) -> None:
    written = {
        server: {name for name, (servers, *_) in rows("Metric").items() if letter in servers.split()}
        for server, letter in SERVERS.items()
    }
    assert written == told


def test_the_rules_ask_for_metrics_that_there_are(told: dict[str, set[str]]) -> None:
    known = set().union(*told.values())
    asked = set(re.findall(r"\b(?:kalm|process)_[a-z_]+\b", PAGE))
    assert {OF_HISTOGRAM.sub("", name) for name in asked} == known


def test_the_tables_of_labels_are_whole() -> None:
    assert set(rows("`what`")) == {*FAILURES.values(), OTHER}
    assert set(rows("`alarm`")) == {*ALARMS.values(), OTHER}
    reasons = rows("Metric")["kalm_refusals_total"][1]
    assert [reason for reason in REFUSALS if f"`{reason}`" not in reasons] == []
    states = rows("Metric")["kalm_whatsapp_messages"][1]
    assert [state.value for state in State if f"`{state.value}`" not in states] == []


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("what", {*FAILURES.values()}),
        ("alarm", {*ALARMS.values()}),
        ("reason", {*REFUSALS}),
        ("state", {state.value for state in State}),
    ],
)
def test_the_rules_ask_for_values_that_there_are(label: str, known: set[str]) -> None:
    asked = re.findall(rf'\b{label}=~?"([^"]+)"', PAGE)
    assert asked
    assert {value for one in asked for value in one.split("|")} <= known


def test_the_page_is_found(tmp_path: Path) -> None:
    """From the settings, the log and the README."""
    for page in ("README.md", "docs/logs.md"):
        assert "metrics.md" in (ROOT / page).read_text(encoding="utf-8"), page
