from __future__ import annotations

from pathlib import Path

import pytest

from kalm.articles import Fault
from kalm.settings import ROOT


def test_a_fault_in_the_project_is_named_by_its_path_from_the_root() -> None:
    fault = Fault(ROOT / "data" / "articles" / "ijzer.md", "heeft geen bron", "Dosering", 12)

    assert str(fault) == 'data/articles/ijzer.md:12: sectie "Dosering" heeft geen bron'


@pytest.mark.parametrize(
    ("draft", "remark", "blocking"),
    [(False, False, True), (True, False, False), (False, True, False), (True, True, False)],
)
def test_only_a_fault_that_visitors_meet_blocks(draft: bool, remark: bool, blocking: bool) -> None:
    assert Fault(Path("a.md"), "heeft iets", draft=draft, remark=remark).blocking is blocking
