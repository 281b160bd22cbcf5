"""Which words are first names, surnames or no names: the word lists in ``lists``, and the dictionary."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kalm.language import dutch, normalise
from kalm.text_cache import text_cache

_LISTS = Path(__file__).with_name("lists")


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list in the folder ``lists``, in small letters without accents; # begins a remark."""
    lines = (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_first_name(word: str) -> bool:
    """Whether a word is listed as a first name; of "Jan-Willem" the first part counts."""
    plain = normalise(word)
    return plain in listed("first_names") or plain.split("-")[0] in listed("first_names")


def is_surname(word: str) -> bool:
    """Whether a word of the dictionary is listed as a surname too, such as "bakker"."""
    return normalise(word) in listed("surnames")


def is_stop_word(word: str) -> bool:
    """Whether a word is in no name: where it comes a name ends, or there is none."""
    return normalise(word) in listed("stop_words")


def may_be_name(word: str) -> bool:
    """Whether a word may be part of a name at all; "Zechsal" and "Sifrol" may not."""
    return not is_stop_word(word) and normalise(word) not in listed("never_names")


@text_cache(4096)
def is_known(word: str) -> bool:
    """Whether the dictionary has this form."""
    return dutch().is_word(normalise(word))


def is_shouted(text: str, place: int, reach: int = 60) -> bool:
    """Whether the text around a place is typed in capitals, so that a capital says nothing."""
    around = text[max(0, place - reach) : place + reach]
    letters = sum(map(str.isalpha, around))
    return letters > 3 and sum(map(str.isupper, around)) > 0.8 * letters
