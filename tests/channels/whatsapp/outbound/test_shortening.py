from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.outbound.shortening import shorten

PIECES = (
    "Een zin.",
    "Neem bijv. dit mee.",
    "Is dat zo? Ja!",
    "Dit telt:\n- het eerste\n- het tweede",
    "Kort",
)


def first(text: str, longest: int) -> str:
    return shorten([text], lambda texts: len(texts[0]) <= longest)[0]


def test_what_fits_stays_whole() -> None:
    assert shorten(["Een. Twee.", "Drie."], lambda texts: True) == ["Een. Twee.", "Drie."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Een zin. Nog een zin.", "Een zin."),
        ("Is het zo? Ja, dat is zo.", "Is het zo?"),
        ("Hij zei: “Kom.” Daarna ging hij.", "Hij zei: “Kom.”"),
        ("Een zin. ‘Nog een’ zin.", "Een zin."),
        ("Een zin.\nNog een zin.", "Een zin."),
        ("Een zin.\n\nLet op:\n- het eerste\n- het tweede", "Een zin."),
        ("Een zin. Let op:\n\n- Eerst dit. Dan dat.\n- het tweede", "Een zin."),
        ("Let op:\n- het eerste\n- het tweede\n\nEen zin.", "Let op:\n- het eerste\n- het tweede"),
        ("Een kop\n\nEen zin.", "Een kop"),
    ],
)
def test_one_too_long_loses_its_last_sentence(text: str, expected: str) -> None:
    assert first(text, len(text) - 1) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Neem bijv. 300 mg. per dag in.",
        "Ga naar dr. Jansen of prof. Pieters.",
        "Vraag het J. Jansen maar.",
        "Er zit o.a. Magnesium in.",
        "Eén regel die\nverder gaat op de volgende.",
        "Dit helpt:\n- alleen dit",
        "Dit helpt:\n- eerst dit\n- dan dat",
        "Dit helpt:\n\n- Alleen dit. Niets anders.",
        "Meer op https://example.org/Over.Ons en zo.",
    ],
)
def test_a_text_is_never_cut_inside_a_sentence(text: str) -> None:
    assert first(text, len(text) - 1) == ""


def test_a_cut_text_ends_with_a_paragraph_where_most_of_it_stays() -> None:
    long = "Dit is de hele eerste alinea van de tekst, en zij is lang.\n\nEen zin. Nog een zin."
    assert first(long, len(long) - 1) == long.partition("\n\n")[0]
    assert first(f"{long} Drie.\n\nVier.", len(long) + 9) == f"{long} Drie."
    assert first(long.replace("is lang.", "telt:"), len(long) - 5).endswith("telt:\n\nEen zin.")
    short = "Kort.\n\nDit is een lange zin in de tweede alinea. Nog een zin."
    assert first(short, len(short) - 1) == short.removesuffix(" Nog een zin.")


def test_what_was_asked_for_is_cut_last() -> None:
    texts = ["Een. Twee. Drie. Vier.", "Een. Twee. Drie."]
    assert shorten(texts, lambda now: sum(map(len, now)) <= 33) == ["Een. Twee. Drie. Vier.", "Een. Twee."]
    assert shorten(texts, lambda now: sum(map(len, now)) <= 22) == ["Een. Twee. Drie. Vier.", ""]
    assert shorten(texts, lambda now: sum(map(len, now)) <= 10) == ["Een. Twee.", ""]


@given(texts=st.lists(st.lists(st.sampled_from(PIECES)).map("\n\n".join)), longest=st.integers(0, 120))
def test_what_is_left_is_short_enough_and_begins_as_before(texts: list[str], longest: int) -> None:
    kept = shorten(texts, lambda now: sum(map(len, now)) <= longest)
    assert sum(map(len, kept)) <= longest
    for now, text in zip(kept, texts, strict=True):
        assert text.startswith(now)
        assert not now.endswith(("Dit telt:", "bijv."))
