"""Every sentence Kalm says itself, read from ``data/sentences.yml`` so that an editor can change it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from string import Formatter

import yaml

from kalm.limits import LONGEST_BUTTON
from kalm.settings import ROOT, Settings, settings

SENTENCES = ROOT / "data" / "sentences.yml"
_NO_SENTENCES = {"bronnen", "starters"}
_PLACEHOLDERS = {
    "source": {"article", "section", "date"},
    "too_long": {"limit"},
    "caution": {"conditions"},
    "referral_condition": {"conditions"},
    "withheld_needs_help": {"danger"},
    "needs_help": {"danger"},
    "old": {"years"},
    "erased": {"receipt"},
    "office_hours": {"hours"},
    "office_open": {"until"},
    "office_closed": {"next"},
}
_FROM_SETTINGS = {
    "shop": "shop_name",
    "contact": "contact",
    "conversation_days": "conversation_days",
    "longest_days": "longest_days",
    "privacy_page": "privacy_page",
    "articles_page": "articles_page",
}
"""Placeholders that any sentence may have, and the setting that fills each."""

_BUTTONS = (
    *("forget_wish", "forget_yes", "forget_no", "consent_agree", "consent_refuse"),
    *("more_questions", "helped_yes", "helped_no"),
)
MOST_STARTERS = 4
"""As many as a reply can offer."""

_DISCLAIMER_WORDS = "geen medisch advies"
_REQUIRED = {
    "disclaimer_long": (_DISCLAIMER_WORDS,),
    "disclaimer_short": (_DISCLAIMER_WORDS,),
    "disclaimer_danger": (_DISCLAIMER_WORDS,),
    "emergency": ("112",),
    "crisis": ("113", "112"),
    # Said without reading the message, which may have been a cry for help.
    "failure": ("112", "113"),
    "too_long": ("112", "113"),
    "after_emergency": ("112",),
    "after_crisis": ("113", "112"),
    "withheld_emergency": ("112",),
    "also_crisis": ("113", "1813"),
    "withheld_crisis": ("113", "112"),
    "settled_emergency": ("112",),
    "settled_crisis": ("113", "112"),
    "danger_line": ("112", "113", "1813"),
    "cannot_listen": ("112", "113", "1813"),
    "cannot_see": ("112", "113", "1813"),
    "cannot_read": ("112", "113", "1813"),
}
"""Words that a sentence must hold, whatever else an editor makes of it."""


class SentencesError(Exception):
    """``data/sentences.yml`` cannot be used; the message says, in Dutch, what to mend."""


@dataclass(frozen=True)
class Sentences:
    """The sentences by name; placeholders that stand for a setting are filled in already.

    ``source`` still holds ``{article}``, ``{section}`` and ``{date}``, and ``too_long`` ``{limit}``.
    """

    disclaimer_long: str
    disclaimer_short: str
    disclaimer_danger: str
    notice_magnesium: str
    helped_question: str
    next_best: str
    more: str
    no_more: str
    nothing_before: str
    no_source_before: str
    source: str
    source_rests_on: str
    clarify: str
    clarify_choices: str
    which: str
    no_answer: str
    no_answer_choices: str
    out_of_scope: str
    capabilities: str
    capabilities_choices: str
    referral: str
    referral_choices: str
    referral_passage: str
    referral_condition: str
    caution: str
    old: str
    introduction: str
    handoff: str
    handoff_after_rejection: str
    office_hours: str
    office_open: str
    office_closed: str
    privacy: str
    forget_wish: str
    forget: str
    forget_yes: str
    forget_no: str
    forget_kept: str
    forget_not_sure: str
    forget_not_yet: str
    erased: str
    failure: str
    empty: str
    only_masked: str
    too_long: str
    emergency: str
    crisis: str
    also_crisis: str
    danger_grows: str
    after_emergency: str
    after_crisis: str
    withheld_emergency: str
    withheld_needs_help: str
    withheld_crisis: str
    settled_emergency: str
    needs_help: str
    settled_crisis: str
    consent: str
    consent_agree: str
    consent_instead: str
    danger_line: str
    consent_whatsapp: str
    consent_waiting: str
    consent_unclear: str
    consent_refuse: str
    consent_refused: str
    stopped: str
    stopped_nothing: str
    stopped_before: str
    nothing_kept: str
    cannot_listen: str
    cannot_see: str
    cannot_read: str
    beside_text: str
    read_on: str
    more_questions: str
    helped_yes: str
    helped_no: str
    starters: tuple[str, ...]


def load_sentences(path: Path, chosen: Settings | None) -> Sentences:
    """Read and check the sentences.

    Args:
        path: the file.
        chosen: the settings that fill the placeholders; None leaves these as an editor wrote them.

    Raises:
        SentencesError: one is missing, unknown, holds an empty line, or lacks words it must hold.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SentencesError(
            f"{path.name}: is niet te lezen ({' '.join(str(error).split())[:160]})"
        ) from error
    if not isinstance(raw, dict):
        raise SentencesError(f"{path.name}: bevat geen zinnen met een naam; schrijf 'naam: zin'")
    expected = {field.name for field in fields(Sentences)}
    faults = [f"'{name}' ontbreekt" for name in sorted(expected - raw.keys())]
    faults += [f"'{name}' kent Kalm niet" for name in sorted(raw.keys() - expected - _NO_SENTENCES)]
    texts: dict[str, str] = {}
    for name in sorted(expected & raw.keys() - _NO_SENTENCES):
        text = str("" if raw[name] is None else raw[name]).strip()
        if not text or "\n" in text:
            faults.append(f"'{name}' is leeg of heeft een regeleinde; zet alles op één regel")
        elif _placeholders(text) != _PLACEHOLDERS.get(name, set()):
            allowed = ", ".join(sorted(_PLACEHOLDERS.get(name, set()) | _FROM_SETTINGS.keys()))
            faults.append(f"'{name}' heeft een woord tussen accolades dat niet klopt; hier kan: {allowed}")
        texts[name] = text if chosen is None else _fill(text, chosen)
    starters = raw.get("starters", ["?"])
    if (
        not isinstance(starters, list)
        or not starters
        or not all(isinstance(starter, str) and starter.strip() for starter in starters)
    ):
        faults.append("'starters' is geen lijst van vragen; schrijf elke vraag achter een streepje")
    elif len(starters) > MOST_STARTERS:
        faults.append(f"'starters' heeft {len(starters)} vragen; hoogstens {MOST_STARTERS} passen eronder")
    for name, required in _REQUIRED.items():
        faults += [
            f"'{name}' moet '{words}' bevatten" for words in required if words not in texts.get(name, words)
        ]
    faults += [
        f"'{name}' past niet op een knop: {len(texts[name])} tekens, hoogstens {LONGEST_BUTTON} kan"
        for name in _BUTTONS
        if len(texts.get(name, "")) > LONGEST_BUTTON
    ]
    if faults:
        raise SentencesError(f"{path.name}: " + "; ".join(faults))
    return Sentences(starters=tuple(raw["starters"]), **texts)


def _placeholders(text: str) -> set[str] | None:
    """Names between braces besides those of settings; None when the braces do not match."""
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return None
    return names - _FROM_SETTINGS.keys()


def _fill(text: str, chosen: Settings) -> str:
    for name, setting in _FROM_SETTINGS.items():
        text = text.replace(f"{{{name}}}", str(getattr(chosen, setting)))
    return text


@cache
def sentences() -> Sentences:
    """The sentences of this process, read once."""
    return load_sentences(SENTENCES, settings())
