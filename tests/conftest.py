"""What many tests share: a small index of three made-up articles, built once per run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest

from kalm.answering import Answering
from kalm.articles import Evidence, Passage, Source
from kalm.embedding import DIMENSIONS, Vectors
from kalm.search import SearchIndex, build_index

UNANSWERED = (
    "waar blijft mijn bestelling",
    "hoe laat gaat de winkel open",
    "wat kost de verzending naar België",
    "ik wil mijn pakket terugsturen",
    "wat wordt het weer morgen",
    "wie heeft de wedstrijd gewonnen",
    "kun je een gedicht schrijven",
    "wat eten we vanavond",
    "hoe maak ik pannenkoeken",
    "mijn fiets is gestolen",
    "hoe laat vertrekt de trein",
    "helpt een verzwaringsdeken tegen hoofdpijn",
    "wat is de hoofdstad van Frankrijk",
    "mijn wachtwoord werkt niet meer",
    "vertel een mop",
)

_ARTICLES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "onrust": ("Onrust in de benen", "https://example.org/onrust-in-de-benen", ("rls",)),
    "ijzer": ("IJzer en je lichaam", "/artikelen/ijzer", ("ijzer",)),
    "voetenbad": ("Een voetenbad met magnesium", "/artikelen/voetenbad", ("magnesium",)),
}

_SECTIONS: tuple[tuple[str, str, str, Evidence, tuple[str, ...]], ...] = (
    (
        "onrust#wat-is-het",
        "Wat rusteloze benen zijn",
        "Rusteloze benen geven een drang om te bewegen.\n\nDie drang komt vooral in rust.",
        Evidence.OFFICIAL,
        (
            "Wat zijn rusteloze benen?",
            "Wat is het restless legs syndroom?",
            "Wat betekent rls?",
            "Hoe voelen wriemelbenen?",
        ),
    ),
    (
        "onrust#avond",
        "Waarom de avond lastig is",
        "In de avond zakt de hoeveelheid dopamine in de hersenen.\nDaardoor neemt de onrust dan toe.",
        Evidence.RESEARCH,
        (
            "Waarom is de onrust in de avond erger?",
            "Waarom komt het 's avonds opzetten?",
            "Welke rol speelt dopamine?",
            "Hoe komt het dat de avond zo lastig is?",
        ),
    ),
    (
        "onrust#zwangerschap",
        "Zwangerschap",
        "Tijdens een zwangerschap komen rusteloze benen vaker voor. Na de geboorte verdwijnt het meestal.",
        Evidence.RESEARCH,
        (
            "Komen rusteloze benen vaker voor bij een zwangerschap?",
            "Hoe vaak hebben zwangere vrouwen rusteloze benen?",
            "Verdwijnt de onrust na de geboorte?",
            "Krijg je rusteloze benen door een zwangerschap?",
        ),
    ),
    (
        "onrust#erfelijk",
        "Erfelijkheid",
        "Rusteloze benen komen in families voor: erfelijke aanleg speelt mee.",
        Evidence.RESEARCH,
        (
            "Zijn rusteloze benen erfelijk?",
            "Kunnen mijn kinderen het van mij erven?",
            "Speelt aanleg een rol?",
            "Komt rls in families voor?",
        ),
    ),
    (
        "ijzer#tekort",
        "Een ijzertekort",
        "Bij een ijzertekort heeft het lichaam te weinig ijzer. Vermoeidheid is een bekend teken.",
        Evidence.OFFICIAL,
        (
            "Wat is een ijzertekort?",
            "Hoe merk je een ijzertekort?",
            "Word je moe van te weinig ijzer?",
            "Welke tekenen geeft ijzertekort?",
        ),
    ),
    (
        "ijzer#meten",
        "Ferritine meten",
        "De huisarts laat in het bloed de ferritine meten. Die waarde toont de voorraad ijzer.",
        Evidence.OFFICIAL,
        (
            "Hoe wordt ferritine gemeten?",
            "Wat zegt ferritine in het bloed?",
            "Wie meet mijn ijzervoorraad?",
            "Is een bloedonderzoek nodig voor ijzer?",
        ),
    ),
    (
        "ijzer#tabletten",
        "IJzertabletten",
        "IJzertabletten kunnen verstopping geven en de ontlasting zwart kleuren.",
        Evidence.OFFICIAL,
        (
            "Welke bijwerkingen hebben ijzertabletten?",
            "Krijg je verstopping van ijzertabletten?",
            "Waarom wordt de ontlasting zwart?",
            "Hebben ijzertabletten nadelen?",
        ),
    ),
    (
        "ijzer#eten",
        "IJzer in eten",
        "IJzer zit in volkorenbrood, peulvruchten, vlees en groene groente.",
        Evidence.GENERAL,
        (
            "In welk eten zit ijzer?",
            "Zit er ijzer in peulvruchten?",
            "Levert volkorenbrood ijzer?",
            "Welke groente bevat ijzer?",
        ),
    ),
    (
        "voetenbad#kristallen",
        "Badkristallen",
        "Badkristallen bestaan uit magnesiumchloride. Ze lossen op in warm water.",
        Evidence.GENERAL,
        (
            "Waaruit bestaan badkristallen?",
            "Wat zijn badkristallen?",
            "Lossen badkristallen op in water?",
            "Wat is magnesiumchloride?",
        ),
    ),
    (
        "voetenbad#hoe-lang",
        "Hoe lang een voetenbad duurt",
        "Een voetenbad duurt ongeveer twintig minuten.",
        Evidence.EXPERIENCE,
        (
            "Hoe lang duurt een voetenbad?",
            "Hoeveel minuten zit je in een voetenbad?",
            "Is twintig minuten genoeg?",
            "Wat is de duur van een voetenbad?",
        ),
    ),
    (
        "voetenbad#huid",
        "Opname door de huid",
        "Of magnesium door de huid wordt opgenomen is niet bewezen.",
        Evidence.RESEARCH,
        (
            "Komt magnesium door de huid?",
            "Neemt de huid magnesium op?",
            "Is opname door de huid bewezen?",
            "Werkt magnesium via de huid?",
        ),
    ),
    (
        "voetenbad#temperatuur",
        "De temperatuur van het water",
        "Water van zevenendertig graden is aangenaam. Heter water kan de huid verbranden.",
        Evidence.EXPERIENCE,
        (
            "Welke temperatuur heeft het water?",
            "Hoe warm moet het voetenbad zijn?",
            "Kan heet water verbranden?",
            "Hoeveel graden is aangenaam?",
        ),
    ),
)


class WordEmbedder:
    """Stands in for the real embedder: each word a direction of its own, some words the same one."""

    name = "words for tests"

    def __init__(self, same: dict[str, str] | None = None) -> None:
        self._same = same or {}

    def embed(self, text: str) -> Vectors:
        vector = np.full(DIMENSIONS, 0.01, dtype=np.float32)
        for word in text.lower().split():
            known = self._same.get(word, word)
            place = int.from_bytes(hashlib.sha256(known.encode("utf-8", "replace")).digest()[:2], "big")
            vector[place % DIMENSIONS] += 1
        unit: Vectors = vector / np.linalg.norm(vector)
        return unit

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.embed(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)


def _passage(
    identity: str, section: str, text: str, evidence: Evidence, questions: tuple[str, ...]
) -> Passage:
    article, url, topics = _ARTICLES[identity.partition("#")[0]]
    return Passage(
        id=identity,
        text=text,
        article=article,
        section=section,
        url=url,
        updated="2024-09-06",
        evidence=evidence,
        topics=topics,
        sources=(Source("Een richtlijn, 2023", "https://example.org/richtlijn"),),
        questions=questions,
    )


@pytest.fixture(scope="session")
def passages() -> tuple[Passage, ...]:
    """Twelve passages in three articles, in order."""
    return tuple(_passage(*section) for section in _SECTIONS)


@pytest.fixture(scope="session")
def unanswered() -> tuple[str, ...]:
    """Sentences that none of the passages answers."""
    return UNANSWERED


@pytest.fixture(scope="session")
def index(
    passages: tuple[Passage, ...], unanswered: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> SearchIndex:
    """The index over the twelve passages."""
    return build_index(passages, tmp_path_factory.mktemp("index") / "small", unanswered)


@pytest.fixture(scope="session")
def asking(index: SearchIndex) -> Answering:
    """Everything Kalm can say about the twelve passages."""
    return Answering(index)
