"""Runs the subjects one after another; what breaks or takes too long is a finding and hides no other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from commands.doctor.finding import Finding, fault
from commands.doctor.look import Look
from commands.doctor.redacting import Redactor
from kalm.articles import ArticleError
from kalm.release import ReleaseError
from kalm.safety import SafetyError
from kalm.sentences import SentencesError
from kalm.settings import SettingsError
from storage.errors import StorageError

Subject = Callable[[Look], Iterator[Finding]]
"""Looks at one thing; gives at least one finding, a good one when all is well."""

PATIENCE = 20.0
"""Seconds for one subject. What reaches outside has a limit of its own below it; this is for a name server
that does not answer, or a disk that hangs."""

_EXPLAINED = (ArticleError, ReleaseError, SafetyError, SentencesError, SettingsError, StorageError)
"""Errors whose message is meant for a person."""


def examine(look: Look, subjects: Mapping[str, Subject], patience: float = PATIENCE) -> list[Finding]:
    """What all subjects found, in their order.

    Args:
        look: at what.
        subjects: by name.
        patience: seconds for each.
    """
    redactor = Redactor(look.settings, look.environment)
    found = [one for name, subject in subjects.items() for one in _findings(name, subject, look, patience)]
    return [
        replace(
            one,
            what=redactor.clean(one.what),
            where=redactor.clean(one.where),
            remedy=redactor.clean(one.remedy),
        )
        for one in found
    ]


def _findings(name: str, subject: Subject, look: Look, patience: float) -> list[Finding]:
    found: list[Finding] = []

    def work() -> None:
        try:
            for one in subject(look):
                found.append(one)
        except _EXPLAINED as error:
            found.append(fault("", str(error), "mend what the message says"))
        except Exception as error:  # its message may hold anything
            what = f"this check broke ({type(error).__name__})"
            found.append(fault("", what, "that is a mistake in Kalm: report it with the version of Kalm"))

    # A daemon: a check that hangs must not keep the command from ending.
    worker = threading.Thread(target=work, name=f"doctor: {name}", daemon=True)
    worker.start()
    worker.join(patience)
    done = list(found)
    if worker.is_alive():
        what = f"this check was not done within {patience:g} s"
        done.append(fault("", what, "look whether a disk or the name server hangs, and try again"))
    return [replace(one, subject=name) for one in done]
