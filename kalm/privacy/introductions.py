"""Names behind words that introduce somebody: "ik heet", "u spreekt met", "op naam van"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalm.privacy.names import NAME, Trust, name_at, names_at
from kalm.privacy.spans import Span, joined
from kalm.privacy.words import is_first_name, is_known, is_stop_word

_MY = r"(?:mi?j?n?|me|m['’`]n|mien|onze)"
_BY_THE_WAY = (
    r"(?:(?:nu|trouwens|overigens|zelf|ook|eigenlijk|officieel|voluit|gewoon|dus|hier|nog|even|inmiddels|niet)\s+){0,2}"
    r"[\"“*(]?"
)
_SOMEBODY = (
    r"(?:man|vrouw|partner|vriend|vriendin|zoon|zoontje|dochter|dochtertje|kind|broer|broertje|zus|zusje|moeder|vader|"
    r"ma|pa|mama|papa|oma|opa|tante|oom|buurman|buurvrouw|schoonmoeder|schoonvader|kleinkind|kleinzoon|kleindochter|"
    r"collega|baas|huisarts|arts|dokter|neuroloog|verpleegkundige|therapeut|bezorger|medewerker|medewerkster)"
)
_ANY_NAME = r"(?:volledige\s+)?(?:voor|achter|roep|meisjes|familie)?na{1,3}[mn]{0,2}"

_I = r"(?:ik|['’]?k|ikke)"
_CAPITAL = r"(?=(?-i:[A-Z]))"

_INTRODUCTIONS: tuple[tuple[Trust, re.Pattern[str]], ...] = tuple(
    (trust, re.compile(pattern, re.IGNORECASE))
    for trust, pattern in (
        (
            Trust.SURE,
            rf"\b(?:{_I}\s+(?:he{{2,4}}t{{1,2}}e?|hete|hiet)|(?:wij|we)\s+heten)(?:\s*:)?\s+{_BY_THE_WAY}",
        ),
        (Trust.SURE, rf"\bheet\s+ik\s+{_BY_THE_WAY}"),
        (Trust.SURE, rf"\b{_MY}\s*{_ANY_NAME}\s*(?:(?:is|si|was|luidt|=)\b\s*:?|[:=])\s*{_BY_THE_WAY}"),
        (Trust.SURE, rf"(?:^|[.!?\n,;])[ \t]{{0,3}}{_ANY_NAME}\s*(?:is\b\s*:?|[:=])\s*{_BY_THE_WAY}"),
        (
            Trust.SURE,
            r"\b(?:u|je|jij|jullie|ge|gij)\s+(?:spree?kt?|praat)\s+(?:(?:hier|nu|weer)\s+)?met\s+",
        ),
        (Trust.SURE, r"\bspreekt\s+(?:u\s+)?met\s+"),
        (Trust.SURE, r"\b(?:noem|noemt|noemen)\s+(?:me|mij)\s+(?:maar\s+|gewoon\s+)?"),
        (Trust.LIKELY, r"(?:^|\n)[ \t]{0,3}(?:voor|achter)?naam\s+"),
        (Trust.LIKELY, rf"\b(?:hij|zij|ze|{_SOMEBODY})\s+heet\s+{_BY_THE_WAY}"),
        (Trust.LIKELY, r"\b(?:op|onder)\s+(?:de\s+)?naam\s*:?\s+(?:van\s+)?"),
        (
            Trust.LIKELY,
            r"\b(?:t\.?n\.?v\.?|ten\s+name\s+van|t\.?a\.?v\.?|ter\s+attentie\s+van|namens)\s*:?\s+",
        ),
        (Trust.LIKELY, r"\b(?:ondergetekende|contactpersoon|geadresseerde|ontvanger)\s*[:,]?\s+"),
        (Trust.DOUBT, rf"\b(?:{_MY}\s+{_ANY_NAME}|{_I}\s+noem)\s+"),
        (Trust.DOUBT, rf"\bnaam\s+(?:van\s+(?:\w+\s+){{1,3}})?is\s+{_BY_THE_WAY}"),
        (Trust.DOUBT, rf"\b(?:{_I}\s+(?:ben|bn)|(?:wij|we)\s+zijn|dit\s+is)\s+(?:het,?\s+)?{_BY_THE_WAY}"),
        (Trust.DOUBT, rf"\b(?:het|['’]?t)\s?is\s+{_CAPITAL}"),
        (Trust.DOUBT, rf"\b(?:{_MY}|je|uw)\s+{_SOMEBODY},?\s+{_CAPITAL}"),
        (Trust.DOUBT, r"^\s*(?:goede\w+[,.!]?\s+)?met\s+"),
        (
            Trust.DOUBT,
            r"\b(?:vergeet|verwijder|wis|delete)(?:\s+(?:me|mij|alles|gegevens))?(?:\s+van)?\s?,?\s+",
        ),
        (Trust.DOUBT, r"\baangenaam[\s,.!]+(?:kennis\s+te\s+maken[\s,.!]+)?(?:ik\s+ben\s+)?"),
        (
            Trust.DOUBT,
            r"(?:^|[.!?\n,])[ \t]{0,3}(?:(?:hallo|hoi|dag|hey|hee|goede\w+|goeie\w+)[\s,!]+)?"
            r"hier\s+(?:is\s+|spreekt\s+|weer\s+)?",
        ),
    )
)
"""Words that introduce somebody, and how sure it is that a name follows."""

_TITLED = re.compile(
    r"\b(?=(?:mevrouw|mevr\.?|mw\.|meneer|mijnheer|dhr\.?|de\s+heer|familie|fam\.)\s)", re.IGNORECASE
)
_AFTERWARDS = re.compile(
    r"\s(?:is\s+(?:de|mijn|m['’]?n)\s+naam|heet\s+ik|hier(?=\s*(?:[,.!]|$)|\s+(?:weer|nog)))\b", re.IGNORECASE
)
_AFTERWARDS_REACH = 50
_FIRST_LETTERS = re.compile(r"(?<!\S)[^\W\d_][\w'’-]*")


def find_introduced_names(text: str) -> Iterator[Span]:
    """Names behind words that introduce somebody, behind a title, and before "is mijn naam"."""
    found = [*_introduced(text), *_titled(text), *_before(text)]
    yield from joined(Span(start, end, NAME) for start, end in found)


def _introduced(text: str) -> Iterator[tuple[int, int]]:
    for trust, words in _INTRODUCTIONS:
        for match in words.finditer(text):
            yield from names_at(text, match.end(), trust)


def _titled(text: str) -> Iterator[tuple[int, int]]:
    """Names behind a title, with a capital or of words in no dictionary: "mevrouw heeft gebeld" has none."""
    for match in _TITLED.finditer(text):
        name = name_at(text, match.end(), Trust.LIKELY)
        if name is None:
            continue
        words = text[slice(*name)]
        if any(map(str.isupper, words)) or not any(map(is_known, words.split())):
            yield name


def _before(text: str) -> Iterator[tuple[int, int]]:
    """Names that are introduced afterwards: "Latifa Bouzid is de naam", "Kees hier, ..."."""
    for match in _AFTERWARDS.finditer(text):
        first = max(0, match.start() - _AFTERWARDS_REACH)
        for word in _FIRST_LETTERS.finditer(text, first, match.start()):
            # "ben nieuw hier"
            if not is_first_name(word.group()) or (word.group()[0].islower() and is_stop_word(word.group())):
                continue
            name = name_at(text, word.start(), Trust.LIKELY)
            if name and name[1] == match.start():
                yield name
                break
