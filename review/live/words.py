"""What the screens say about going live."""

from __future__ import annotations

from kalm.going_live import Outcome, Reason, Step

NO_SUPERVISOR = (
    "Vanaf dit scherm kan nu niets live, omdat Kalm op een andere manier gestart is. Vraag je beheerder om "
    "Kalm te starten met ‘make run’."
)
INCOMPLETE = "Dit model is niet meer compleet. Train opnieuw."
BUSY = "Er gaat net een ander model live. Wacht tot dat klaar is, en probeer het dan nog eens."

_REASONS = {
    Reason.MISSING: INCOMPLETE,
    Reason.RUNNING: "Dit model draait al.",
    Reason.ENDED: "De nieuwe Kalm stopte tijdens het starten. Vraag je beheerder om uit te zoeken waarom.",
    Reason.TOO_SLOW: "De nieuwe Kalm was niet op tijd klaar. Probeer het nog eens als het rustiger is.",
    Reason.NO_ACTIONS: "Een deel van de nieuwe Kalm gaf geen antwoord. Vraag je beheerder om hulp.",
    Reason.NO_STORE: "De nieuwe Kalm kon niet bij de gesprekken. Vraag je beheerder.",
    Reason.NO_ANSWER: "De nieuwe Kalm gaf op de proefvraag geen antwoord met een stuk tekst erbij.",
    Reason.NO_HELP: "De nieuwe Kalm gaf op een proefbericht over gevaar niet de hulpnummers.",
    Reason.FILES: "De nieuwe teksten konden niet op hun plaats gezet worden. Vraag je beheerder.",
    Reason.STOPPED: "Kalm werd intussen gestopt. Probeer het nog eens.",
    Reason.FAILED: "Er ging iets mis, bijvoorbeeld omdat de schijf vol is. Vraag je beheerder.",
}
_UNKNOWN = "Het ging niet door. Vraag je beheerder om uit te zoeken waarom."


def why_not(outcome: Outcome) -> str:
    """Why a wish was refused, in one or two sentences."""
    if outcome.reason == Reason.FILES.value and outcome.details:
        return outcome.details
    known = {reason.value: text for reason, text in _REASONS.items()}
    return known.get(outcome.reason, _UNKNOWN)


def steps_of(outcome: Outcome) -> list[tuple[str, str]]:
    """The steps in order, each with how far it is: klaar, bezig, wacht or mislukt."""
    names = [
        "De nieuwe Kalm wordt gestart, naast de Kalm die er al is",
        "Hij beantwoordt een proefvraag, en een proefbericht over gevaar",
        "Hij neemt over; bezoekers merken daar niets van",
    ]
    if outcome.back:
        names[0] = "De vorige Kalm wordt gestart, naast de Kalm die er nu is"
    reached = {Step.WAITING: 0, Step.STARTING: 1, Step.ANSWERED: 2, Step.LIVE: 3}.get(outcome.step, 0)
    if outcome.step is Step.STARTING:  # starting and being tried cannot be told apart from outside
        return [(names[0], "bezig"), (names[1], "bezig"), (names[2], "wacht")]
    marks = ["klaar" if place < reached else "bezig" if place == reached else "wacht" for place in range(3)]
    return list(zip(names, marks, strict=True))
