from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from kalm.language import DutchLanguage, dutch
from kalm.language.analysis import TRAINED_PACKAGE, load_pipeline

VERSION = "3.7.0"


def write_trained_package(folder: Path) -> None:
    """Lay out a tiny pipeline as pip installs spaCy's own: importable, with metadata spaCy looks up.

    Its lemmas are wrong on purpose, but for one word that no dictionary knows.
    """
    pipeline = spacy.blank("nl", meta={"name": TRAINED_PACKAGE.removeprefix("nl_"), "version": VERSION})
    rules = pipeline.add_pipe("attribute_ruler")
    wrong = dict.fromkeys(("benen", "nachts", "voeten", "medicijnen", "nachten"), "verkeerd")
    for form, lemma in {**wrong, "frobbelingen": "frobbeling"}.items():
        rules.add([[{"LOWER": form}]], {"LEMMA": lemma})
    pipeline.add_pipe("sentencizer", name="parser")  # stands for what Kalm leaves out
    package = folder / TRAINED_PACKAGE
    package.mkdir()
    pipeline.to_disk(package / f"{TRAINED_PACKAGE}-{VERSION}")
    (package / "meta.json").write_text(json.dumps(pipeline.meta), encoding="utf-8")
    (package / "__init__.py").write_text(
        "from spacy.util import load_model_from_init_py\n\n\n"
        "def load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n",
        encoding="utf-8",
    )
    metadata = folder / f"{TRAINED_PACKAGE}-{VERSION}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {TRAINED_PACKAGE}\nVersion: {VERSION}\n", encoding="utf-8"
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DutchLanguage]:
    """Kalm's Dutch in a process that has the trained package."""
    folder = tmp_path_factory.mktemp("site")
    write_trained_package(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(sys.modules, TRAINED_PACKAGE, raising=False)
        patch.syspath_prepend(str(folder))
        yield dutch.__wrapped__()
        sys.modules.pop(TRAINED_PACKAGE, None)


@pytest.fixture(scope="module")
def blank() -> Iterator[DutchLanguage]:
    """Kalm's Dutch in a process without the trained package, whether or not this machine has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, TRAINED_PACKAGE, None)
        yield dutch.__wrapped__()


@pytest.fixture(params=["trained", "blank"])
def language(request: pytest.FixtureRequest) -> DutchLanguage:
    """Kalm's Dutch either way."""
    found: DutchLanguage = request.getfixturevalue(request.param)
    return found


def test_source_names_the_trained_package_where_it_is_installed(trained: DutchLanguage) -> None:
    assert trained.source == f"{TRAINED_PACKAGE} {VERSION}"


def test_source_names_spacys_blank_dutch_without_the_package(blank: DutchLanguage) -> None:
    assert blank.source == f"spacy.blank('nl') {spacy.__version__} with simplemma"


def test_trained_pipeline_leaves_the_parser_out_and_ends_in_kalms_lemmas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_trained_package(tmp_path)
    monkeypatch.delitem(sys.modules, TRAINED_PACKAGE, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        assert load_pipeline().pipe_names == ["attribute_ruler", "kalm_lemmatizer"]
    finally:
        sys.modules.pop(TRAINED_PACKAGE, None)


def test_blank_pipeline_holds_kalms_lemmas_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, TRAINED_PACKAGE, None)
    assert load_pipeline().pipe_names == ["kalm_lemmatizer"]


def test_trained_lemma_counts_only_where_no_dictionary_knows_the_word(
    trained: DutchLanguage, blank: DutchLanguage
) -> None:
    assert [token.lemma for token in trained.tokens("frobbelingen")] == ["frobbeling"]
    assert [token.lemma for token in blank.tokens("frobbelingen")] == ["frobbelingen"]


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("benen", "been"),
        ("voeten", "voet"),
        ("medicijnen", "medicijn"),
        ("Nachten", "nacht"),
        ("mg", "milligram"),
    ],
)
def test_lemmas_hold_with_and_without_the_package(language: DutchLanguage, form: str, lemma: str) -> None:
    assert [token.lemma for token in language.tokens(form)] == [lemma]


@pytest.mark.parametrize(
    "phrase",
    [
        "rusteloze benen",
        "Rusteloze Benen",
        "wriemelbenen",
        "restless legs syndroom",
        "restless legs",
        "Willis-Ekbom",
        "ziekte van Ekbom",
        "rls",
        "RLS",
    ],
)
def test_names_of_the_condition_are_one_term(language: DutchLanguage, phrase: str) -> None:
    assert [term.form for term in language.terms(phrase)] == ["rls"]


def test_longest_phrase_wins_inside_a_sentence(language: DutchLanguage) -> None:
    forms = [term.form for term in language.terms("Ik heb het restless legs syndroom en een ijzertekort")]
    assert forms == ["rls", "ijzertekort"]


def test_compound_term_knows_its_parts(language: DutchLanguage) -> None:
    (term,) = language.terms("ijzertekort")
    assert (term.form, term.parts) == ("ijzertekort", ("ijzer", "tekort"))


def test_bath_crystals_are_also_about_bath_and_crystal(language: DutchLanguage) -> None:
    # The very example of kalm.language.compounds.
    (term,) = language.terms("badkristallen")
    assert term.parts == ("bad", "kristal")


@pytest.mark.parametrize("word", ["badkristal", "badkristallen", "badzout"])
def test_bath_crystals_have_one_name(language: DutchLanguage, word: str) -> None:
    assert [term.form for term in language.terms(word)] == ["badkristallen"]


def test_marks_and_apostrophes_do_not_break_tokens(language: DutchLanguage) -> None:
    text = "'s nachts: (benen)"
    assert [token.text for token in language.tokens(text)] == ["'s", "nachts", ":", "(", "benen", ")"]
    assert [term.form for term in language.terms(text)] == ["nacht", "been"]


def test_question_word_shapes_the_question_but_is_no_content(language: DutchLanguage) -> None:
    assert [(term.form, term.content) for term in language.terms("hoe lang duurt een voetenbad")] == [
        ("hoe", False),
        ("lang", False),
        ("duren", True),
        ("voetenbad", True),
    ]


@pytest.mark.parametrize("text", ["", "   ", "?!", "hoi", "ik wil het graag weten", "🙂", "x"])
def test_words_without_a_subject_make_no_terms(language: DutchLanguage, text: str) -> None:
    assert language.terms(text) == []


def test_dictionary_word_is_no_typing_mistake(language: DutchLanguage) -> None:
    assert language.is_word("benen")
    assert not language.is_word("rusteloozzze")


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=80))
def test_tokens_stand_where_they_say(text: str) -> None:
    tokens = dutch().tokens(text)
    assert all(text[token.start : token.start + len(token.text)] == token.text for token in tokens)
    assert "".join(token.text for token in tokens) == "".join(text.split()) or any(
        letter.isspace() for token in tokens for letter in token.text
    )
    assert all(term.form for term in dutch().terms(text))


def test_process_loads_its_dutch_once() -> None:
    assert dutch() is dutch()
