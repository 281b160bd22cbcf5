"""What the check says, as the section editor says it: for whoever sees a form and no file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalm.articles import Fault

_PLACES = {
    "de kop": "heading",
    "de tekst": "text",
    "de eerste vraag": "questions",
    "de knop": "button",
    "een bron": "sources",
    "de titel": "title",
}
_CLAIM = re.compile(
    r"zegt in (?P<place>.+?) iets wat een winkel niet mag zeggen .*?: (?P<rest>‘.*?) Is de zin toch geen",
    re.S,
)
_KNOWN = (
    (r"heeft geen bron;", "sources", "Er is nog geen bron. Vul bij ‘Bronnen’ de titel en het adres in."),
    (
        r"heeft een bron zonder titel",
        "sources",
        "Een bron heeft geen titel of geen adres. Vul beide in.",
    ),
    (
        r"heeft (\d+) woorden; een passage heeft er minstens (\d+)",
        "text",
        "De tekst heeft {0} woorden. Maak er minstens {1} van, dan heeft een bezoeker er genoeg aan.",
    ),
    (
        r"heeft (\d+) woorden; een passage heeft er hoogstens (\d+)",
        "text",
        "De tekst heeft {0} woorden. Er passen er {1} in een antwoord: kort in, of maak er twee secties van.",
    ),
    (
        r"heeft opmaak in de tekst \('(.*)'\);",
        "text",
        "Er staan opmaaktekens in de tekst: ‘{0}’. Haal ze weg; in de chat staan ze er letterlijk.",
    ),
    (
        r"gaat over het nemen van magnesium",
        "conditions",
        "De tekst gaat over het nemen van magnesium. Kies wie eerst overlegt met huisarts of apotheker, of "
        "‘Niemand’.",
    ),
    (
        r"zegt de lezer om iets in te nemen",
        "conditions",
        "De tekst zegt de lezer om iets in te nemen. Kies wie eerst overlegt met huisarts of apotheker, of "
        "schrijf de zin anders.",
    ),
    (
        r"noemt een hoeveelheid \('(.*)'\)",
        "fits_referral",
        "De tekst noemt een hoeveelheid (‘{0}’). Wie om persoonlijk advies vroeg, leest dat als een dosis. "
        "Haal de hoeveelheid weg, of het vinkje bij ‘Past naast een verwijzing’.",
    ),
    (
        r"heeft '(.*)' in de tekst; schrijf het onder",
        "text",
        "In de tekst staat ‘{0}’. Kies dat bij ‘Wie overlegt eerst?’ en haal het uit de tekst.",
    ),
    (
        r"heeft (\d+) vragen; schrijf er minstens (\d+)",
        "questions",
        "Er staan te weinig vragen ({0}). Schrijf er minstens {1}, zoals mensen ze stellen.",
    ),
    (
        r"heeft '(.*)' als eerste vraag; die wordt",
        "questions",
        "De eerste vraag (‘{0}’) wordt een knop. Maak er een hele vraag van, met een vraagteken en hoogstens "
        "60 tekens.",
    ),
    (
        r"heeft '(.*)' als eerste vraag; op die knop",
        "questions",
        "De eerste vraag (‘{0}’) is persoonlijk, en daarop verwijst Kalm naar de huisarts. Zet een algemene "
        "vraag bovenaan, zoals ‘Kun je …?’",
    ),
    (
        r"heeft een knop van (\d+) tekens .*passen er (\d+)",
        "button",
        "De knop heeft {0} tekens. Op WhatsApp passen er {1}. Maak hem korter.",
    ),
    (r"heeft een opmaakteken in de knop", "button", "In de knop staat een opmaakteken. Haal het weg."),
    (
        r"heeft op de knop '(.*)', net als (.*); knoppen",
        "button",
        "De knop ‘{0}’ staat ook bij {1}. Geef deze sectie een andere knop.",
    ),
    (
        r"heeft de vraag '(.*)' die ook bij (.*) staat",
        "questions",
        "De vraag ‘{0}’ staat ook bij {1}. Laat die bij één van de twee staan.",
    ),
    (
        r"verwijst naar '(.*)', dat niet bestaat",
        "text",
        "De tekst verwijst naar ‘{0}’, en dat bestaat niet. Verbeter de verwijzing.",
    ),
    (
        r"heeft een uitroepteken",
        "text",
        "Er staat een uitroepteken in de tekst. Kalm praat rustig: maak er liever een punt van.",
    ),
)


def of_fault(fault: Fault) -> tuple[str, str]:
    """The field of the form that a fault is about, and what to do, in Dutch."""
    claim = _CLAIM.match(fault.message)
    if claim:
        place = claim["place"]
        message = f"In {place} staat iets wat een winkel niet mag zeggen: {claim['rest']}".replace(
            ".’.", ".’"
        )
        return _PLACES.get(place, "text"), message
    return next(_known(fault.message), ("text", f"De sectie {fault.message}."))


def _known(message: str) -> Iterator[tuple[str, str]]:
    for pattern, field, said in _KNOWN:
        if found := re.search(pattern, message, re.S):
            yield field, said.format(*found.groups())
