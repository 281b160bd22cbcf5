"""Is an article good enough to answer from? Every rule of the editors' page, in one place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from kalm.articles.faults import Fault
from kalm.articles.model import Article, Section, without_references
from kalm.articles.short_titles import check_button, same_buttons
from kalm.safety.claims import claim_message, claims_in
from kalm.safety.conditions import condition_rules

SHORTEST_PASSAGE = 40
LONGEST_PASSAGE = 120
FEWEST_QUESTIONS = 3
LONGEST_FIRST_QUESTION = 60
_SHOWN = 40
_KEBAB = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_REFERENCE = re.compile(r"\]\((?P<target>[^)]+)\)")
_OWN_PAGES = "/artikelen/"
_PERSONAL = re.compile(r"^\W*(mag|moet) ik\b", re.IGNORECASE)
_MARKUP = re.compile(
    r"\*\*|__|`|(?m:^\s*(?:#{1,6}|[*+>])\s)"
    r"|(?<!\w)(?P<mark>[*_])[^\s*_](?:[^*_\n]*[^\s*_])?(?P=mark)(?!\w)"
    r"|</?[a-zA-Z][a-zA-Z0-9]*\s*/?>"
)
_TAKING = re.compile(
    r"magnesium\w*\b[^.?!]*\b(?:slik\w*|innem\w*|inneem\w*|neemt?\b|gebruik\w*|nemen|supplement\w*|extra)"
    r"|\b(?:slik\w*|innem\w*|inneem\w*|neemt?|gebruik\w*|nemen|extra|supplement\w*)\b[^.?!]*\bmagnesium"
    r"|magnesium(?:supplement|tablet|poeder|capsule|pil)\w*",
    re.IGNORECASE,
)

_TOLD_TO_TAKE = re.compile(
    r"(?:^|[.!?:\n]\s*)(?:neem|slik|gebruik|drink)\b(?!\s+(?:je|u|contact)\b)(?![^.?!]*\b(?:geen|nooit|niet)\b)[^.?!]*(?:magnesium|supplement|tablet|capsule|poeder)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?:\d+(?:[.,]\d+)?|\b(?:halve|twee|drie|vier|vijf|zes))\s*(?:halve\s+)?"
    r"(?:mg|milligram\w*|mcg|µg|microgram|gram|g|ml|ie|tablet\w*|capsule\w*|pil\w*|druppels?|schep\w*|zakjes?"
    r"|eetlepels?|theelepels?)\b",
    re.IGNORECASE,
)
_FIELD_AS_TEXT = re.compile(r"^\s*let[ _-]?op\s*:\s*(?P<name>\w+)", re.IGNORECASE | re.MULTILINE)


def check_articles(articles: list[Article], today: date | None = None) -> list[Fault]:
    """All faults in all articles, in order; an empty list means that they can be published.

    Args:
        articles: as read.
        today: the day that dates may not lie after; default today.
    """
    today = today or date.today()
    faults: list[Fault] = []
    for article in articles:
        faults.extend(_check_article(article, today))
    faults.extend(_check_together(articles))
    faults.extend(same_buttons(articles))
    return faults


def count_words(text: str) -> int:
    """Words of a passage: runs with a letter or digit between white space."""
    return sum(1 for word in text.split() if any(letter.isalnum() for letter in word))


def _check_article(article: Article, today: date) -> Iterator[Fault]:
    def fault(message: str) -> Fault:
        return Fault(article.path, message)

    if not _KEBAB.match(article.slug):
        yield fault(f"heeft slug '{article.slug}'; gebruik kleine letters, cijfers en streepjes")
    if article.path.stem != article.slug:
        yield fault(f"heet anders dan zijn slug; noem het bestand {article.slug}.md")
    if not _is_good_url(article.url, article.slug):
        yield fault(
            f"heeft url '{article.url}'; gebruik een adres met https:// of {_OWN_PAGES}{article.slug}"
        )
    if article.updated < article.published:
        yield fault("is volgens de kop bijgewerkt voordat het verscheen; zet 'updated:' op de latere datum")
    for name, day in (("published", article.published), ("updated", article.updated)):
        if day > today:
            yield fault(f"heeft bij '{name}:' een datum in de toekomst ({day}); zet de echte datum")
    for claim in claims_in(article.title):
        yield fault(claim_message("de titel", claim))
    if not article.sections:
        yield fault("heeft geen secties; begin elke sectie met '## Kop {#id}'")
    for section in article.sections:
        for message in _check_section(section):
            yield Fault(article.path, message, section.heading, section.line, draft=section.draft)
        yield from _claims(article, section)
        for message in _remarks(section):
            yield Fault(
                article.path, message, section.heading, section.line, draft=section.draft, remark=True
            )


def _check_section(section: Section) -> Iterator[str]:
    if not section.id:
        yield "heeft geen id; zet achter de kop bijvoorbeeld {#korte-naam}"
    elif not _KEBAB.match(section.id):
        yield f"heeft id '{section.id}'; gebruik kleine letters, cijfers en streepjes"
    words = count_words(section.text)
    if words < SHORTEST_PASSAGE:
        yield f"heeft {words} woorden; een passage heeft er minstens {SHORTEST_PASSAGE}, vul haar aan"
    if words > LONGEST_PASSAGE:
        yield f"heeft {words} woorden; een passage heeft er hoogstens {LONGEST_PASSAGE}, splits haar"
    markup = _MARKUP.search(without_references(section.text))
    if markup:
        yield (
            f"heeft opmaak in de tekst ('{_around(section.text, markup[0])}'); haal de tekens weg, in de "
            "chat staan ze er letterlijk"
        )
    if section.conditions is None and _TAKING.search(without_references(section.text)):
        yield (
            "gaat over het nemen van magnesium en heeft geen 'let_op:'; noem wie eerst moet overleggen, "
            "bijvoorbeeld 'let_op: nierziekte, zwangerschap', of schrijf 'let_op: geen'"
        )
    if not section.conditions and _TOLD_TO_TAKE.search(without_references(section.text)):
        yield (
            "zegt de lezer om iets in te nemen en heeft bij 'let_op:' niemand; noem wie eerst moet "
            "overleggen, of schrijf de zin anders"
        )
    if section.fits_referral and (amount := _AMOUNT.search(section.text)):
        yield (
            f"noemt een hoeveelheid ('{amount[0]}') en heeft 'bij_verwijzing: ja'; wie om een persoonlijk "
            "advies vroeg, leest dat als een dosis, dus haal een van beide weg"
        )
    found = _FIELD_AS_TEXT.search(section.text)
    if found and found["name"].lower() in condition_rules().conditions:
        yield f"heeft '{found[0].strip()}' in de tekst; schrijf het onder de tekst als veld, 'let_op: ...'"
    if not section.sources:
        yield "heeft geen bron; voeg een regel 'bron: titel, uitgever, jaar https://...' toe"
    for source in section.sources:
        if not source.title or not _host(source.url):
            named = source.title or source.url or "leeg"
            yield f"heeft een bron zonder titel of zonder adres aan het eind ({named[:60]}); vul haar aan"
    if len(section.questions) < FEWEST_QUESTIONS:
        yield (
            f"heeft {len(section.questions)} vragen; schrijf er minstens {FEWEST_QUESTIONS} onder 'vragen:', "
            "zoals mensen ze stellen"
        )
    for question in section.questions[:1]:
        if len(question) > LONGEST_FIRST_QUESTION or not question.endswith("?"):
            yield (
                f"heeft '{question[:50]}' als eerste vraag; die wordt een knop, dus een hele vraag met "
                f"vraagteken van hoogstens {LONGEST_FIRST_QUESTION} tekens"
            )
        elif _PERSONAL.match(question):
            yield (
                f"heeft '{question}' als eerste vraag; op die knop zegt Kalm dat het geen persoonlijk advies "
                "geeft, zet er een algemene vraag boven, zoals 'Kun je ...?'"
            )
    yield from check_button(section)


def _claims(article: Article, section: Section) -> Iterator[Fault]:
    """What a shop may not say, wherever a visitor reads it."""
    shown = (
        ("de kop", section.heading),
        ("de tekst", without_references(section.text)),
        ("de eerste vraag", "".join(section.questions[:1])),
        ("de knop", section.button),
        *(("een bron", source.title) for source in section.sources),
    )
    for place, text in shown:
        for claim in claims_in(text):
            line = line_of(article, section, claim.sentence)
            yield Fault(article.path, claim_message(place, claim), section.heading, line, draft=section.draft)


def line_of(article: Article, section: Section, sentence: str) -> int:
    """The line of the file where a sentence begins; that of the heading when it cannot be found."""
    try:
        lines = article.path.read_text(encoding="utf-8-sig").splitlines()
    except OSError:  # made in memory, or gone meanwhile
        return section.line
    begin = sentence[:_SHOWN]
    found = (number for number, line in enumerate(lines, 1) if number >= section.line and begin in line)
    return next(found, section.line)


def _remarks(section: Section) -> Iterator[str]:
    """What a person has to judge: it may be right as it is."""
    if "!" in section.text:
        yield (
            f"heeft een uitroepteken ('{_around(section.text, '!')}'); Kalm praat rustig, maak er liever een "
            "punt van"
        )


def _around(text: str, found: str) -> str:
    """The piece of the line where ``found`` stands, for an editor to look up."""
    line = next((line for line in text.splitlines() if found in line), found).strip()
    start = max(0, line.find(found) - _SHOWN // 2)
    return line[start : start + _SHOWN].strip()


def _check_together(articles: list[Article]) -> Iterator[Fault]:
    slugs: dict[str, Article] = {}
    for article in articles:
        if article.slug in slugs:
            yield Fault(article.path, f"heeft dezelfde slug als {slugs[article.slug].path}; kies een andere")
        slugs[article.slug] = article
    ids = {f"{article.slug}#{section.id}" for article in articles for section in article.sections} | set(
        slugs
    )
    asked: dict[str, list[tuple[Article, Section]]] = defaultdict(list)
    for article in articles:
        seen: dict[str, Section] = {}
        for section in article.sections:
            if section.id and section.id in seen:
                yield Fault(
                    article.path,
                    f"heeft een id dat al bestaat ({section.id}); kies een ander",
                    section.heading,
                    section.line,
                    draft=section.draft or seen[section.id].draft,
                )
            seen[section.id] = section
            yield from _dead_references(article, section, ids)
            for question in section.questions:
                asked[_fold(question)].append((article, section))
    for question, places in asked.items():
        if len(places) > 1:
            article, section = places[-1]
            first = f'{places[0][0].path.name}, sectie "{places[0][1].heading}"'
            yield Fault(
                article.path,
                f"heeft de vraag '{question}' die ook bij {first} staat; laat haar bij één sectie",
                section.heading,
                section.line,
                draft=sum(not place.draft for _, place in places) <= 1,
            )


def _dead_references(article: Article, section: Section, ids: set[str]) -> Iterator[Fault]:
    for match in _REFERENCE.finditer(section.text):
        target = match["target"]
        if target.startswith("#"):
            known = f"{article.slug}{target}" in ids
        elif target.startswith(_OWN_PAGES):
            known = target.removeprefix(_OWN_PAGES) in ids
        else:
            known = target.startswith("https://")
        if not known:
            yield Fault(
                article.path,
                f"verwijst naar '{target}', dat niet bestaat; verbeter de verwijzing",
                section.heading,
                section.line,
                draft=section.draft,
            )


def _is_good_url(url: str, slug: str) -> bool:
    return (url.startswith(("http://", "https://")) and bool(_host(url))) or url == f"{_OWN_PAGES}{slug}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:  # a broken IPv6 address
        return ""


def _fold(question: str) -> str:
    return re.sub(r"[^\w ]", "", question.lower()).strip()
