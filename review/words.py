"""What the screens call things, in Dutch."""

from __future__ import annotations

from datetime import date

from kalm.reply import dutch_date

INTENTS = {
    "ask_rls": "vraag over rusteloze benen",
    "ask_treatment": "vraag over wat je eraan doet",
    "ask_product": "vraag over magnesium of een product",
    "ask_personal_advice": "vraagt persoonlijk advies",
    "report_emergency": "meldt iets dringends",
    "report_crisis": "denkt aan zelfmoord",
    "greet": "groet",
    "goodbye": "neemt afscheid",
    "thank": "bedankt",
    "bot_challenge": "vraagt of dit een mens is",
    "ask_capabilities": "vraagt wat Kalm kan",
    "ask_human": "wil een mens spreken",
    "ask_source": "vraagt waar het staat",
    "ask_more": "wil er meer over weten",
    "reject_answer": "vindt het antwoord niet passen",
    "choose_suggestion": "kiest een voorstel",
    "give_feedback_positive": "is geholpen",
    "give_feedback_negative": "is niet geholpen",
    "affirm": "zegt ja",
    "deny": "zegt nee",
    "forget_me": "wil vergeten worden",
    "out_of_scope": "gaat over iets anders",
    "nlu_fallback": "niet begrepen",
    "": "niets",
}
"""Each intent as a reviewer reads it; a test compares the names with ``domain/``."""

KINDS = {
    "answer": "antwoord",
    "source": "bron",
    "clarify": "vraag terug",
    "no_answer": "geen antwoord gevonden",
    "referral": "naar huisarts of apotheek",
    "emergency": "noodgeval",
    "crisis": "crisis",
    "handoff": "naar een medewerker",
    "out_of_scope": "ander onderwerp",
    "privacy": "over privacy",
    "failure": "storing",
    "small_talk": "praatje",
    "nothing": "geen reactie",
}
"""Each kind of reply; a test compares the names with ``kalm.reply.Kind``."""

THEMES = {
    "about_the_answer": "over het antwoord",
    "about_the_bot": "over Kalm zelf",
    "crisis": "zelfmoord",
    "emergency": "iets dringends",
    "entities": "woorden die ertoe doen",
    "out_of_scope": "andere onderwerpen",
    "personal_advice": "persoonlijk advies",
    "product": "magnesium en producten",
    "rls": "rusteloze benen",
    "smalltalk": "praatjes",
    "treatment": "wat je eraan doet",
}
"""Each file of example sentences as a reviewer knows it; a test compares the names with ``data/nlu``."""

CHANNELS = {"website": "website", "whatsapp": "WhatsApp", "rest": "koppeling"}

STATES = {
    "new": "nieuw",
    "judged": "wacht op tweede blik",
    "sent_back": "teruggestuurd",
    "approved": "goedgekeurd",
    "skipped": "overgeslagen",
    "excluded": "niet voor training",
    "learnt": "geleerd",
}

DRAFT_STATES = {
    "draft": "wordt geschreven",
    "ready": "wacht op goedkeuring",
    "approved": "goedgekeurd, wacht op een training",
    "learnt": "staat in het artikel",
    "undone": "weggegooid",
}
"""How far a text for the articles is."""

CANDIDATES = {
    "training": "wordt getraind",
    "ready": "klaar om te bekijken",
    "failed": "mislukt",
    "stopped": "afgebroken of weggegooid",
    "going_live": "gaat live",
    "live": "live",
    "retired": "was live",
}

ROLES = {
    "beoordelaar": "Beoordelaar: leest berichten en zegt wat ze betekenen",
    "eindredacteur": "Eindredacteur: keurt goed, schrijft teksten, traint en zet live",
    "beheerder": "Beheerder: laat ook mensen toe en leest het logboek",
}


def intent(name: str) -> str:
    """An intent in Dutch; one that is not known by its own name."""
    return INTENTS.get(name, name)


def kind(name: str) -> str:
    """A kind of reply in Dutch."""
    return KINDS.get(name, name)


def channel(name: str) -> str:
    """A channel in Dutch."""
    return CHANNELS.get(name, name)


def day(when: date) -> str:
    """A day, such as "30 november 2026"."""
    return dutch_date(when.isoformat())


def percent(share: float) -> str:
    """A share of 1 as a whole percentage."""
    return f"{share * 100:.0f}%"


def number(value: float) -> str:
    """A whole number with points between the thousands."""
    return f"{value:,.0f}".replace(",", ".")


def noun(number_: int, one: str, more: str) -> str:
    """What stands behind a number."""
    return one if number_ == 1 else more


def count(number_: int, one: str, more: str) -> str:
    """A number with its noun."""
    return f"{number(number_)} {noun(number_, one, more)}"
