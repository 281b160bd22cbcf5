"""``kalm live``: let what was trained by hand take over while Kalm runs, or go back."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.console import Console

from commands.errors import CommandError
from kalm import going_live, release
from kalm.going_live import BusyError, NoSupervisorError, Outcome, Reason, Step, Wish

_POLL = 0.3

_STEPS = {
    Step.WAITING: "De nieuwe Kalm begint zo ...",
    Step.STARTING: "De nieuwe Kalm start naast de oude ...",
    Step.ANSWERED: "De proefvragen gingen goed.",
    Step.LIVE: "De nieuwe Kalm is live.",
}

_REASONS = {
    Reason.MISSING: "its model or its index is not there; run 'make train'",
    Reason.RUNNING: "it runs already",
    Reason.ENDED: "a new server ended by itself; the screen of 'kalm run' says why",
    Reason.TOO_SLOW: "the new servers took longer than KALM_START_TIMEOUT",
    Reason.NO_ACTIONS: "the new action server does not answer",
    Reason.NO_STORE: "the new bot cannot reach the database",
    Reason.NO_ANSWER: "the first starter in data/sentences.yml got no answer with a passage",
    Reason.NO_HELP: "a message of danger did not get the numbers of help",
    Reason.FILES: "the files could not be put in their place",
    Reason.FAILED: "something else broke; the screen of 'kalm run' says what",
    Reason.STOPPED: "Kalm was stopped meanwhile",
}


def live(
    back: Annotated[bool, typer.Option("--terug", help="Terug naar wat hiervoor draaide.")] = False,
) -> None:
    """Laat wat het laatst getraind is overnemen terwijl Kalm draait, als het een proefvraag beantwoordt."""
    console = Console(highlight=False, soft_wrap=True)
    wish = _way_back() if back else _newest()
    try:
        going_live.ask(wish)
    except NoSupervisorError:
        raise CommandError(
            "Kalm does not run here under 'kalm run' (with this KALM_VAR), so nothing can take over; "
            "a start takes what is trained"
        ) from None
    except BusyError:
        raise CommandError("another model is just going live; wait until that is done") from None
    outcome = _follow(console, wish)
    if outcome.step is not Step.LIVE:
        reason = _REASONS.get(Reason(outcome.reason), outcome.reason)
        raise CommandError(f"nothing changed: {reason}. {outcome.details}".strip())
    if back and not wish.candidate:
        console.print("De teksten en voorbeelden zijn niet veranderd; een herstart neemt wat die zeggen.")


def _newest() -> Wish:
    """What the present files were trained to.

    Raises:
        CommandError: they were not.
    """
    wanted = release.wanted()
    if not wanted.is_there:
        raise CommandError("the files changed after the last training; run 'make train' first")
    return Wish(*wanted.names)


def _way_back() -> Wish:
    """What ran before.

    Raises:
        CommandError: there is no way back.
    """
    running = going_live.running()
    earlier = None if running is None else going_live.release_of(running.earlier)
    if running is None or earlier is None:
        raise CommandError("there is nothing to go back to")
    return Wish(*earlier.names, candidate=running.candidate, back=bool(running.candidate))


def _follow(console: Console, wish: Wish) -> Outcome:
    """Tell each step as it is reached; gives the last one."""
    told: Step | None = None
    while True:
        outcome = going_live.outcome_of(wish.id)
        if outcome.step is not told and outcome.step in _STEPS:
            console.print(_STEPS[outcome.step])
            told = outcome.step
        if outcome.step.is_end:
            return outcome
        time.sleep(_POLL)
