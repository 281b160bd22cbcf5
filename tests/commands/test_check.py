from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kalm.approval import Approvals, read_approvals
from kalm.said import Said
from kalm.sentences import SENTENCES, sentences

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def write_article(articles: Path) -> Callable[..., Path]:
    """Write a good article that answers the starters; the keywords change it."""

    def write(
        heading: str = "Wat RLS is",
        source: str = "bron: Folder https://voorbeeld.nl",
        more: str = "",
        text: str = TEXT,
    ) -> Path:
        articles.mkdir(exist_ok=True)
        path = articles / "over-rls.md"
        questions = [f"- {question}" for question in sentences().starters]
        head = (
            "---\ntitle: Over RLS\nslug: over-rls\nurl: /artikelen/over-rls\npublished: 2024-01-02\n"
            "updated: 2024-09-06\nevidence: officieel\ntopics: [rls]\n---\n"
        )
        body = [f"## {heading} {{#wat}}", "", text, "", source, "vragen:", *questions, "", more]
        path.write_text(head + "\n".join(body), encoding="utf-8")
        return path

    return write


TEXT = (
    "RLS heet ook wel rusteloze benen. Een arts stelt vast of het rusteloze benen zijn. Daarvoor stelt de "
    "arts vragen over de klachten en kijkt of er iets anders aan de hand kan zijn. Soms is er bloedonderzoek "
    "nodig. Twijfel je, vraag het dan aan je huisarts. Die kan je verwijzen naar een neuroloog in het "
    "ziekenhuis. "
)
DRAFT = "## Nog niet af {#concept}\n\nTe kort.\n\nstatus: concept\nvragen:\n"


def test_good_articles_are_counted_and_praised(run_app: Run, write_article: Callable[..., Path]) -> None:
    write_article(more=DRAFT)

    code, out, err = run_app("check")

    assert code == 0
    assert "1 artikelen, 1 passages, 1 secties als concept, 3 vragen." in out
    assert "Alles in orde." in out
    assert err == ""


def test_faults_in_drafts_are_counted_on_one_line_and_do_not_block(
    run_app: Run, write_article: Callable[..., Path]
) -> None:
    write_article(more=DRAFT)

    code, out, _ = run_app("check")

    assert code == 0
    told, *_ = out.splitlines()
    assert told == "concept 3 opmerking(en); toon ze: .venv/bin/python -m kalm check --concepten"
    assert out.count("concept ") == 1
    assert "fout" not in out


def test_faults_in_drafts_are_told_when_asked_for(run_app: Run, write_article: Callable[..., Path]) -> None:
    path = write_article(more=DRAFT)

    code, out, _ = run_app("check", "--concepten")

    assert code == 0
    assert f"concept {path}:" in out
    assert 'sectie "Nog niet af" heeft 2 woorden' in out
    assert "--concepten" not in out
    assert "fout" not in out


def test_nothing_is_said_of_drafts_when_there_are_none(
    run_app: Run, write_article: Callable[..., Path]
) -> None:
    write_article()

    _, out, _ = run_app("check")

    assert "opmerking" not in out


def test_faults_come_last(run_app: Run, write_article: Callable[..., Path]) -> None:
    path = write_article(source="bewijs: officieel", text=TEXT + "Vraag het je huisarts!", more=DRAFT)

    _, out, _ = run_app("check", "--concepten")

    kinds = [line.split()[0] for line in out.splitlines()]
    assert kinds == ["concept"] * 3 + ["let"] * 4 + ["1", "fout", "1"]
    assert f'let op  {path}:10: sectie "Wat RLS is" heeft een uitroepteken' in out


def test_a_remark_does_not_block(run_app: Run, write_article: Callable[..., Path]) -> None:
    write_article(text=TEXT + "Vraag het je huisarts!")

    code, out, _ = run_app("check")

    assert code == 0
    assert "uitroepteken" in out
    assert out.strip().endswith("Alles in orde.")
    assert run_app("check", "--quiet") == (0, "", "")


def test_a_claim_blocks_and_is_named_with_its_line(run_app: Run, write_article: Callable[..., Path]) -> None:
    path = write_article(text=TEXT + "Magnesium geneest rusteloze benen.")

    code, out, _ = run_app("check")

    assert code == 1
    assert f'{path}:12: sectie "Wat RLS is" zegt in de tekst iets wat een winkel niet mag zeggen' in out
    assert "(werking_bij_klacht): ‘" in out


def test_a_claim_in_what_kalm_says_itself_blocks_too(
    run_app: Run, write_article: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article()
    claim = Said("sentences/more", "Onze gel verlicht kramp.", SENTENCES)
    monkeypatch.setattr("commands.check.said", lambda: [claim])

    code, out, _ = run_app("check")

    assert code == 1
    assert re.search(
        r"data/sentences\.yml:\d+: zegt in 'sentences/more' iets wat een winkel niet mag zeggen", out
    )


def test_articles_that_nobody_checked_or_looked_at_are_named(
    run_app: Run, write_article: Callable[..., Path]
) -> None:
    path = write_article()

    _, out, _ = run_app("check")

    assert f"{path}: is nog niet gecontroleerd door een arts of apotheker (1 secties: wat)" in out
    assert "maanden niet nagekeken" in out
    assert "de tekst is nieuw; kijk of de vragen erbij passen" in out


def test_a_safety_text_that_changed_since_it_was_approved_blocks_a_release(
    run_app: Run, write_article: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article()
    approved = read_approvals()
    changed = Approvals({**approved.safety, "danger/hart": "0000 door iemand"}, approved.passages)
    monkeypatch.setattr("commands.check.read_approvals", lambda: changed)

    code, out, _ = run_app("check", "--quiet")

    assert code == 1
    assert re.search(r"data/safety/danger\.yml:\d+: 'danger/hart' is veranderd sinds", out)
    assert "kalm approve danger/hart --door NAAM" in out


def test_quiet_says_nothing_when_all_is_well(run_app: Run, write_article: Callable[..., Path]) -> None:
    write_article(more=DRAFT)

    assert run_app("check", "--quiet") == (0, "", "")


@pytest.mark.parametrize("options", [[], ["--quiet"]])
def test_a_blocking_fault_is_told_and_ends_with_code_1(
    run_app: Run, write_article: Callable[..., Path], options: list[str]
) -> None:
    path = write_article(source="bewijs: officieel")

    code, out, _ = run_app("check", *options)

    assert code == 1
    assert f'{path}:10: sectie "Wat RLS is" heeft geen bron; voeg een regel' in out
    assert "1 fout(en)" in out
    assert "Alles in orde" not in out


@pytest.mark.parametrize("heading", ["Magnesium [oxide] en RLS", "Wat [/x] is", "[red]"])
def test_brackets_in_a_fault_are_printed_as_they_stand(
    run_app: Run, write_article: Callable[..., Path], heading: str
) -> None:
    write_article(heading=heading, source="bewijs: officieel")

    code, out, _ = run_app("check")

    assert code == 1
    assert f'sectie "{heading}" heeft geen bron' in out


def test_a_starter_that_no_article_answers_is_a_fault_of_the_sentences(
    run_app: Run, write_article: Callable[..., Path]
) -> None:
    path = write_article()
    starter = sentences().starters[0]
    path.write_text(path.read_text(encoding="utf-8").replace(starter, "Iets anders?"), encoding="utf-8")

    code, out, _ = run_app("check")

    assert code == 1
    assert f"data/sentences.yml: stelt '{starter}' voor, maar die vraag staat in geen artikel" in out


def test_a_starter_that_only_a_draft_answers_is_a_fault(
    run_app: Run, write_article: Callable[..., Path]
) -> None:
    path = write_article()
    text = path.read_text(encoding="utf-8").replace("vragen:", "status: concept\nvragen:")
    path.write_text(text, encoding="utf-8")

    code, out, _ = run_app("check")

    assert code == 1
    assert out.count("die vraag staat in geen artikel") == len(sentences().starters)


def test_an_article_that_cannot_be_read_is_told_without_stack_trace(
    run_app: Run, write_article: Callable[..., Path]
) -> None:
    path = write_article()
    path.write_text(
        path.read_text(encoding="utf-8").replace("topics: [rls]", "topics: rls"), encoding="utf-8"
    )

    code, _, err = run_app("check")

    assert code == 1
    assert err.strip() == f"{path}:8: heeft bij 'topics:' geen lijst; schrijf bijvoorbeeld [rls, ijzer]"


def test_a_missing_folder_is_told_by_name(run_app: Run, articles: Path) -> None:
    code, _, err = run_app("check")

    assert code == 1
    assert f"{articles}: bevat geen artikelen" in err


def test_a_bad_setting_is_told_by_name(run_app: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KALM_WEB_PORT", "web")

    code, _, err = run_app("check")

    assert code == 1
    assert err.startswith("KALM_WEB_PORT: ")


def test_the_real_articles_and_starters_pass(run_app: Run) -> None:
    code, out, _ = run_app("check", "--quiet")

    assert (code, out) == (0, "")
