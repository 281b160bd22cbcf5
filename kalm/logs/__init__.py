"""The log of Kalm's servers. Nothing a visitor typed comes into it, whoever writes.

What visitors tell here is about their health (article 9 GDPR), and a log is read, copied and kept by people
who need none of it. Filtering text out of messages cannot be trusted: a library may quote a message in any
form. So nothing passes that is not known to be harmless:

- Kalm's own entries have a constant event and fields with a fixed shape (:mod:`kalm.logs.fields`).
- Of what libraries log, the message is not looked at; what the source says at that place is written instead
  (:mod:`kalm.logs.libraries`, :mod:`kalm.logs.source`). Of errors the types and places are written
  (:mod:`kalm.logs.errors`).
- Whatever else leaves the process by standard output or error leads nowhere (:mod:`kalm.logs.exits`).

While a server starts, no visitor can be in it: it does not listen yet. Until :func:`open_for_visitors`, which
it calls just before it does, everything is written whole, so that one can see why it does not start. Code
that runs before must therefore not read what visitors said: no conversations from the database.

``docs/logs.md`` tells how to read the log.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from kalm.logs import exits, libraries
from kalm.logs.entries import Entry
from kalm.logs.errors import failures_of
from kalm.logs.fields import allowed
from kalm.logs.files import folder, remove_old
from kalm.logs.libraries import LibraryHandler
from kalm.logs.sink import Sink

__all__ = [
    "alarm",
    "configure",
    "count_with",
    "failure",
    "folder",
    "log_message",
    "note",
    "open_for_visitors",
    "remove_old",
]

_OWN = logging.getLogger(__name__)

_sink: Sink | None = None
_started = 0.0


def configure(process: str) -> None:
    """Set up the log of this process, before any library does. Once, and it cannot be undone.

    Args:
        process: "bot", "actions" or "web".

    Raises:
        SettingsError: a setting has a value that cannot be used.
    """
    global _sink, _started
    _started = time.monotonic()
    _sink = Sink(process, exits.own_output())
    exits.watch(_sink)
    libraries.configure_structlog()
    _be_the_only_handler(LibraryHandler(_sink))


def open_for_visitors(port: int) -> None:
    """From now on a visitor's words may be anywhere in this process. To be called just before it listens.

    Args:
        port: where it is going to listen.
    """
    assert _sink is not None, "configure() comes first"
    _sink.for_visitors = True
    _be_the_only_handler(LibraryHandler(_sink))
    exits.close(_sink)
    note("open for visitors", port=port, seconds=time.monotonic() - _started)


def count_with(count: Callable[[Entry], None]) -> None:
    """Let each entry of this process be counted from now on.

    Args:
        count: gets what was written, which holds nothing of a visitor; it must not raise or wait, and must
            bear that a destructor calls it.
    """
    assert _sink is not None, "configure() comes first"
    _sink.count = count


def note(event: str, **fields: object) -> None:
    """Write that something happened.

    Args:
        event: what, as a constant; a test looks at all calls.
        fields: see :mod:`kalm.logs.fields`.
    """
    _write(Entry(event, logging.INFO, allowed(fields)))


def alarm(event: str, **fields: object) -> None:
    """Write that something needs a person.

    Args:
        event: what, as a constant.
        fields: see :mod:`kalm.logs.fields`.
    """
    _write(Entry(event, logging.ERROR, allowed(fields)))


def failure(event: str, error: BaseException, **fields: object) -> None:
    """Write that something failed: the types of the error and the places in the code, not its message.

    Args:
        event: what failed, as a constant.
        error: why.
        fields: see :mod:`kalm.logs.fields`.
    """
    if _sink is None:
        _write(Entry(event, logging.ERROR, allowed(fields), failures_of(error)))
    else:
        _sink.failed(event, error, allowed(fields))


def log_message(
    *, conversation: str | None, channel: str, kind: str, milliseconds: float, intent: str | None = None
) -> None:
    """The one line for each message, written by the channel when it is answered.

    Args:
        conversation: its id in small hexadecimal digits, of which the first 16 are written; None when the
            database is gone.
        channel: name of the channel.
        kind: of the reply (:class:`kalm.reply.Kind`), or what became of the message
            (``kalm.logs.fields.OUTCOMES``).
        milliseconds: from receipt to answer.
        intent: what the message was taken for, where the channel knows.
    """
    note(
        "message",
        conversation=conversation,
        channel=channel,
        kind=kind,
        intent=intent,
        milliseconds=float(milliseconds),
    )


def _write(entry: Entry) -> None:
    if _sink is None:  # a command or a test: to whatever handlers there are
        _OWN.log(entry.level, "%s", entry)
    else:
        _sink.write(entry)


def _be_the_only_handler(handler: logging.Handler) -> None:
    """Take away what libraries installed at import, and let everything come here."""
    loggers = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    for logger in loggers:
        logger.handlers.clear()
        logger.propagate = True
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
