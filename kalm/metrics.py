"""What Prometheus reads of one server: counters that the log feeds.

Every reply, failure and alarm passes the log already (:mod:`kalm.logs`), so that is the one place where they
are counted. A counter can never hold what a visitor typed: the values of its labels are made at the start,
from closed sets, and whatever else comes counts as "other".

Children of the counters are looked up here and not by ``labels()``, which takes a lock: the log may be
written by a destructor, also while that very lock is held, and the server would then stand still.

``docs/metrics.md`` says what each metric means.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Set
from itertools import product
from typing import Generic, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from kalm.logs.entries import Entry
from kalm.logs.fields import CHANNELS, OUTCOMES, UNKNOWN, Value, allowed
from kalm.logs.libraries import EVENT as LIBRARY
from kalm.reply import Kind

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, which no rule needs

OTHER = "other"
"""Value of a label that stands for all that is not known."""

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 60)
"""Upper bounds of the histograms; 8 is what a visitor of the website waits at most."""

REFUSING = (*sorted(CHANNELS), "metrics")
"""Where something can be refused."""

REFUSALS = ("rate", "signature", "token", "origin", "too_large", "malformed")
"""Why."""

ALARMS = {
    "a message of WhatsApp was set aside": "set_aside",
    "Meta refuses what Kalm sends; see docs/whatsapp.md": "meta_refuses",
    "a reply was not delivered": "not_delivered",
    "the mail server refused some of KALM_MAIL_TO": "mail_address",
    "not ready for visitors": "not_ready",
}
"""Names of what needs a person, by the event in the log."""

FAILURES = {
    "an action failed": "action",
    "a look before an action failed": "action",
    "a message failed": "message",
    "a message of the website failed": "message",
    "a request of the website failed": "message",
    "a message of WhatsApp failed": "message",
    "the action server did not answer in time": "action",
    "the action server answered with an error": "action",
    "the action server answered something else than JSON": "action",
    "an answer took too long": "too_slow",
    "a message waited too long for those before it": "too_slow",
    "a conversation could not be read": "store",
    "a conversation could not be saved": "store",
    "a conversation could not be locked": "store",
    "requests could not be counted for all bots together": "store",
    "a message of WhatsApp waits for the database": "store",
    "the messages of WhatsApp cannot be read and wait": "store",
    "a webhook could not be stored": "store",
    "a review screen could not reach the database": "store",
    "an apology could not be kept": "apology",
    "not even an apology could be made": "apology",
    "the rules of data/safety failed; going on without them": "safety_rules",
    "a message could not be understood before consent": "safety_rules",
    "a message could not be masked and is stored without its words": "masking",
    "a review screen failed": "review",
    "a canary question failed": "readiness",
    "the readiness could not be found out": "readiness",
    "a chore failed and is tried again": "chore",
    "the inbox could not be brought up to date and is tried again": "chore",
    "the team could not be told by e-mail": "mail",
    "a reply cannot be shown on WhatsApp": "rendering",
}
"""Names of what failed, by the event in the log; the others are "other"."""

_STORE_ERRORS = ("sqlalchemy.", "psycopg2.", "sqlite3.", "storage.errors.")
_LEVELS = {logging.WARNING: "warning", logging.ERROR: "error", logging.CRITICAL: "error"}

_Parent = TypeVar("_Parent", Counter, Histogram)


class Metrics:
    """The metrics of one server.

    Attributes:
        registry: what Prometheus's own library calls the place where they are.
    """

    def __init__(self, server: str) -> None:
        """Metrics that begin at zero.

        Args:
            server: "bot", "actions" or "web": the bot alone replies, the action server alone has actions.
        """
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._visitors = _Visitors(self.registry) if server == "bot" else None
        self._actions = _action_seconds(self.registry) if server == "actions" else None
        failures = Counter("kalm_failures", "What failed.", ["what"], registry=self.registry)
        self._failures = _Closed(failures, {*FAILURES.values(), OTHER})
        alarms = Counter("kalm_alarms", "What needs a person.", ["alarm"], registry=self.registry)
        self._alarms = _Closed(alarms, {*ALARMS.values(), OTHER})
        libraries = Counter(
            "kalm_library_entries", "What libraries logged.", ["level"], registry=self.registry
        )
        self._libraries = _Closed(libraries, {*_LEVELS.values(), OTHER})
        self._store_errors = Counter("kalm_store_errors", "Errors of the database.", registry=self.registry)

    def count(self, entry: Entry) -> None:
        """Count what was written into the log."""
        if entry.event == LIBRARY:
            self._libraries.of(_LEVELS.get(entry.level, OTHER)).inc()
        elif entry.event == "message":
            if self._visitors:
                self._visitors.count(entry.fields)
        elif entry.level >= logging.ERROR:
            # A failure always tells of an error in the code, an alarm never.
            if entry.failures:
                self._failures.of(FAILURES.get(entry.event, OTHER)).inc()
            else:
                self._alarms.of(ALARMS.get(entry.event, OTHER)).inc()
        if any(failure.type.startswith(_STORE_ERRORS) for failure in entry.failures):
            self._store_errors.inc()

    def refused(self, channel: str, reason: str) -> None:
        """Count a request that was refused.

        Args:
            channel: where, see :data:`REFUSING`.
            reason: why, see :data:`REFUSALS`.
        """
        if self._visitors:
            self._visitors.refusals.of(channel, reason).inc()

    def acted(self, action: str, seconds: float) -> None:
        """Count an action, by the name that ``domain/`` has for it."""
        if self._actions:
            name = allowed({"action": action})["action"]
            self._actions.labels(OTHER if name == UNKNOWN else name).observe(seconds)


class _Visitors:
    """The metrics of a server that replies to visitors."""

    def __init__(self, registry: CollectorRegistry) -> None:
        channels = {*CHANNELS, OTHER}
        replies = Counter("kalm_replies", "Replies to visitors.", ["kind", "channel"], registry=registry)
        self.replies = _Closed(replies, {*OUTCOMES, *(kind.value for kind in Kind), OTHER}, channels)
        answers = Histogram(
            "kalm_answer_seconds",
            "From the receipt of a message to its reply.",
            ["channel"],
            registry=registry,
            buckets=SECONDS,
        )
        self.answers = _Closed(answers, channels)
        refusals = Counter("kalm_refusals", "Refused requests.", ["channel", "reason"], registry=registry)
        self.refusals = _Closed(refusals, {*REFUSING, OTHER}, {*REFUSALS, OTHER})

    def count(self, fields: Mapping[str, Value]) -> None:
        channel = str(fields.get("channel"))
        self.replies.of(str(fields.get("kind")), channel).inc()
        milliseconds = fields.get("milliseconds")
        if isinstance(milliseconds, (int, float)):
            self.answers.of(channel).observe(milliseconds / 1000)


class _Closed(Generic[_Parent]):
    """The children of a metric, for all values that its labels can ever have."""

    def __init__(self, parent: _Parent, *values: Set[str]) -> None:
        self._values = values
        self._children: dict[tuple[str, ...], _Parent] = {
            names: parent.labels(*names) for names in product(*map(sorted, values))
        }

    def of(self, *given: str) -> _Parent:
        """The child for these values; one that is not known is :data:`OTHER`."""
        pairs = zip(given, self._values, strict=True)
        return self._children[tuple(value if value in known else OTHER for value, known in pairs)]


def _action_seconds(registry: CollectorRegistry) -> Histogram:
    return Histogram(
        "kalm_action_seconds", "How long an action took.", ["action"], registry=registry, buckets=SECONDS
    )
