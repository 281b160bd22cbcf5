"""Names in a message: behind words that introduce somebody, and in the closing of a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kalm.privacy.names import Trust, ends_name, name_at
from kalm.privacy.spans import Span, joined
from kalm.privacy.words import is_first_name, is_stop_word

NAME = "[naam]"

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

_INTRODUCTIONS: tuple[tuple[Trust, re.Pattern[str]], ...] = tuple(
    (trust, re.compile(pattern, re.IGNORECASE))
    for trust, pattern in (
        (
            Trust.SURE,
            rf"\b(?:ik\s+(?:he{{2,4}}t{{1,2}}e?|hete|hiet)|(?:wij|we)\s+heten|heet\s+ik)(?:\s*:)?\s+{_BY_THE_WAY}",
        ),
        (Trust.SURE, rf"\b{_MY}\s+{_ANY_NAME}\s*(?:(?:is|was|luidt|=)\b\s*:?|[:=])\s*{_BY_THE_WAY}"),
        (Trust.SURE, rf"(?:^|[.!?\n,;])[ \t]{{0,3}}{_ANY_NAME}\s*(?:is\b\s*:?|[:=])\s*{_BY_THE_WAY}"),
        (
            Trust.SURE,
            r"\b(?:u|je|jij|jullie|ge|gij)\s+(?:spree?kt?|praat)\s+(?:hier\s+|nu\s+|weer\s+|nog\s+)?met\s+",
        ),
        (Trust.LIKELY, r"(?:^|\n)[ \t]{0,3}(?:voor|achter)?naam\s+"),
        (Trust.SURE, r"\b(?:noem|noemt|noemen)\s+(?:me|mij)\s+(?:maar\s+|gewoon\s+)?"),
        (Trust.DOUBT, rf"\bnaam\s+(?:van\s+(?:\w+\s+){{1,3}})?is\s+{_BY_THE_WAY}"),
        (Trust.LIKELY, rf"\b(?:hij|zij|ze|{_SOMEBODY})\s+heet\s+{_BY_THE_WAY}"),
        (Trust.LIKELY, r"\b(?:op|onder)\s+(?:de\s+)?naam\s*:?\s+(?:van\s+)?"),
        (
            Trust.LIKELY,
            r"\b(?:t\.?n\.?v\.?|ten\s+name\s+van|t\.?a\.?v\.?|ter\s+attentie\s+van|namens)\s*:?\s+",
        ),
        (Trust.LIKELY, r"\b(?:ondergetekende|contactpersoon|geadresseerde|ontvanger)\s*[:,]?\s+"),
        (Trust.DOUBT, rf"\b(?:ik\s+ben|(?:wij|we)\s+zijn|dit\s+is)\s+{_BY_THE_WAY}"),
        (Trust.DOUBT, rf"\b(?:{_MY}|je|uw)\s+{_SOMEBODY},?\s+(?=(?-i:[A-Z]))"),
        (Trust.DOUBT, r"^\s*(?:goede\w+[,.!]?\s+)?met\s+"),
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

_KIND = r"(?:vriendelijke?|vr|vrndl|hartelijke?|hart|warme|zonnige|lieve|vele|veel|fijne|beste|dikke|de)"
_CLOSING = re.compile(
    rf"(?<![\d\w])(?<!\d\s)(?:{_KIND}\.?\s*)?"
    r"(?:groetjes|groetjs|groetje|groeten|groet|groetn|grtjes|grtjs|grtz|grtn|grt|gr|mvg|m\.\s?v\.\s?g|mvrgr|vrgr|liefs|"
    r"kusjes|kussen|kus|knuffel|xx+|hoogachtend)\b"
    r"(?:\s+(?:van)?uit\s+(?:\w+\s+){0,2}[\w'’-]+(?:\s*[,\n]|(?=\s+van\s)))?"
    r"[^\w?\d]{1,6}(?:(?:van|namens)\s+(?:ons\s*[,:]\s*)?)?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:bedankt|dankjewel|dankuwel|dankje|danku|dank\s+(?:je|u)(?:\s*wel)?|dank|merci|bvd|b\.\s?v\.\s?d\.?|hulp|moeite|"
    r"reactie|antwoord|fijne\s+(?:dag|avond|week)|fijn\s+weekend|tot\s+(?:ziens|horens|snel|gauw)|doei)"
    r"(?:(?P<mark>[ \t]*[,.!\n])[^\w?]{0,6}|\s+)",
    re.IGNORECASE,
)
_LAST_LINE = re.compile(r"\n[ \t]*(?=[^\n]{2,40}\Z)")
_AND = re.compile(r"\s{0,3}(?:,|&|\+|\ben\b|\bof\b|\bmaar\b)\s{1,3}", re.IGNORECASE)
_NOTHING_BEHIND = re.compile(r"[^\w]*\Z")
_MOST_NAMES = 5


def find_names(text: str) -> Iterator[Span]:
    """Names behind words that introduce somebody, and in closings; no name in the middle of a sentence."""
    found: list[tuple[int, int]] = []
    for trust, words in _INTRODUCTIONS:
        for match in words.finditer(text):
            found += _names(text, match.end(), trust)
    for match in _CLOSING.finditer(text):
        found += _names(text, match.end(), Trust.LIKELY, closing=True)
    for match in _TITLED.finditer(text):
        name = name_at(text, match.end(), Trust.LIKELY)
        if name and any(letter.isupper() for letter in text[slice(*name)]):
            found.append(name)
    found += _signatures(text)
    found += _before(text)
    yield from joined(Span(start, end, NAME) for start, end in found)


def _names(text: str, place: int, trust: Trust, *, closing: bool = False) -> list[tuple[int, int]]:
    """The name at ``place`` and those that "en" adds to it."""
    names: list[tuple[int, int]] = []
    while len(names) < _MOST_NAMES:
        name = name_at(text, place, trust)
        if name is None:
            break
        start, end = name
        small = text[start].islower()
        if (closing and small and not ends_name(text, end)) or (
            names and not is_first_name(text[start:end].split()[0])
        ):
            break
        names.append(name)
        joint = _AND.match(text, end)
        if joint is None:
            break
        place, trust = joint.end(), Trust.LIKELY
    return names


def _signatures(text: str) -> Iterator[tuple[int, int]]:
    """Names at the very end: behind thanks, or alone on the last line."""
    for match in _THANKS.finditer(text):
        name = name_at(text, match.end(), Trust.LIKELY)
        if name is None or not _NOTHING_BEHIND.match(text, name[1]):
            continue
        if _is_listed(text, name) or (match["mark"] and text[name[0]].isupper()):
            yield name
    line = _LAST_LINE.search(text)
    if line:
        name = name_at(text, line.end(), Trust.LIKELY)
        if name and name[0] == line.end() and _NOTHING_BEHIND.match(text, name[1]) and _is_listed(text, name):
            yield name


def _before(text: str) -> Iterator[tuple[int, int]]:
    """Names that are introduced afterwards: "Latifa Bouzid is de naam", "Kees hier, ..."."""
    for match in _AFTERWARDS.finditer(text):
        first = max(0, match.start() - _AFTERWARDS_REACH)
        for word in re.finditer(r"(?<!\S)[^\W\d_][\w'’-]*", text[first : match.start()]):
            # "ben nieuw hier"
            if not is_first_name(word.group()) or (word.group()[0].islower() and is_stop_word(word.group())):
                continue
            name = name_at(text, first + word.start(), Trust.LIKELY)
            if name and name[1] == match.start():
                yield name
                break


def _is_listed(text: str, name: tuple[int, int]) -> bool:
    return is_first_name(re.split(r"[\s.]", text[name[0] : name[1]])[0])
