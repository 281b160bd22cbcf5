"""One scrape of Prometheus: who may, and the text that it gets. The same for every server."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from kalm import going_live, pointer
from kalm.metrics import OTHER, Metrics
from kalm.settings import settings
from kalm.strangers import is_stranger

PATH = "/metrics"

REFUSED = "Read this on the machine itself, or with KALM_METRICS_TOKEN as Authorization: Bearer.\n"
"""For who may not; see ``docs/metrics.md``."""

_NAME = re.compile(r"(?:kalm|index)-[0-9a-f]{12}(?:\.tar\.gz)?")

Ask = Callable[[], Awaitable[Sequence[Metric]]]
"""Gives what must be asked anew at each scrape, and never raises."""


@dataclass(frozen=True)
class Scraped:
    """What a server answers."""

    status: int
    body: bytes
    content_type: str = CONTENT_TYPE_PLAIN_0_0_4


class Scraper:
    """Answers the scrapes of one server."""

    def __init__(self, metrics: Metrics, ask: Ask | None = None) -> None:
        """A scraper.

        Args:
            metrics: of this server.
            ask: what else it tells; None for nothing.
        """
        self._metrics = metrics
        self._ask = ask

    async def scrape(self, peer: str, headers: Mapping[str, str]) -> Scraped:
        """The metrics, or a refusal.

        Args:
            peer: address at the other end of the connection.
            headers: of the request.
        """
        given = {name.lower(): value for name, value in headers.items()}
        token = settings().metrics_token.get_secret_value()
        # A page in a browser on this machine comes from loopback as well.
        if "origin" in given or is_stranger(peer, given, given.get("authorization", ""), token):
            return Scraped(401, REFUSED.encode(), "text/plain; charset=utf-8")
        asked = CollectorRegistry()
        asked.register(_Ready([*_of_release(), *(await self._ask() if self._ask else ())]))
        return Scraped(200, generate_latest(self._metrics.registry) + generate_latest(asked))


class _Ready(Collector):
    """Metrics that are made already."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_release() -> Iterable[Metric]:
    """Which release is live and since when; nothing when there is none."""
    try:
        found = going_live.running() if going_live.is_supervised() else None
        if found is not None:
            names, since = found.names, found.since
        else:  # the servers are units of their own, which load what the pointer names
            names = pointer.current().names
            since = (settings().models / pointer.POINTER).stat().st_mtime
    except (pointer.ReleaseError, OSError):
        return []
    release = GaugeMetricFamily("kalm_release_info", "The release that is live.", labels=["model", "index"])
    release.add_metric([name if _NAME.fullmatch(name) else OTHER for name in names], 1.0)
    live = GaugeMetricFamily("kalm_release_live_timestamp_seconds", "When it went live.")
    live.add_metric([], since)
    return [release, live]
