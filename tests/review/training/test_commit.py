"""A commit of exactly the files of a candidate, in a repository of this test alone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from review.access.members import Member
from review.training import export
from review.training.data_files import Place
from review.training.export import restore_files
from tests.review.conftest import Shop
from tests.review.training.conftest import NEW

Git = Callable[..., str]


@pytest.fixture
def git(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Runs git in the checkout, of which everything is committed."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(place.root), *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout

    run("init", "--quiet", "-b", "main")
    run("add", ".")
    run("-c", "user.name=Ans", "-c", "user.email=ans@example.org", "commit", "--quiet", "-m", "Begin")
    return run


def test_the_commit_has_these_files_and_names_who_judged(
    shop: Shop, place: Place, git: Git, trained: str, eva: Member
) -> None:
    place.path("data/ander.txt").write_text("van iemand anders")
    place.path("data/nlu/smalltalk.yml").write_text("half af")
    git("add", "data/ander.txt")

    done = export.export(trained, shop.database, eva, place)

    assert done.commit == git("rev-parse", "HEAD").strip()
    assert sorted(git("show", "--name-only", "--format=").split()) == sorted(done.files)
    assert git("show", "-s", "--format=%an <%ae> %cn").strip() == "Eva Evers <eva@kalm.invalid> Eva Evers"
    message = git("show", "-s", "--format=%B")
    assert message.startswith("Teach Kalm 2 decisions of the review team\n")
    assert "\nJudged-by: Bea Bos\nJudged-by: Eva Evers\nReviewed-by: Bram Boer\n" in message
    assert NEW not in message
    assert git("status", "--porcelain").splitlines() == ["A  data/ander.txt", " M data/nlu/smalltalk.yml"]


def test_the_way_back_is_a_commit_too(shop: Shop, place: Place, git: Git, trained: str, eva: Member) -> None:
    export.export(trained, shop.database, eva, place)
    done = restore_files(trained, shop.database, eva, place)
    assert done.commit
    assert git("show", "-s", "--format=%s").strip() == f"Take back what candidate {trained} taught Kalm"
    assert git("diff", "HEAD~2", "--stat") == ""


def test_what_others_changed_in_the_same_file_is_never_committed(
    shop: Shop, place: Place, git: Git, trained: str, eva: Member
) -> None:
    path = place.path("data/nlu/product.yml")
    now = path.read_bytes()
    path.write_bytes(now.replace(b"3.1", b"3.0", 1))
    git("-c", "user.name=Ans", "-c", "user.email=ans@example.org", "commit", "-aqm", "Another")
    path.write_bytes(now)  # as it was when the training began, but not as git has it

    done = export.export(trained, shop.database, eva, place)

    assert (done.commit, "andere veranderingen" in done.remark) == ("", True)
    assert git("log", "--format=%s").split() == ["Another", "Begin"]
    assert NEW in path.read_text()


def test_git_that_refuses_does_not_stop_the_export(
    shop: Shop, place: Place, git: Git, trained: str, eva: Member
) -> None:
    hook = place.root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)

    done = export.export(trained, shop.database, eva, place)

    assert (done.commit, "git weigerde" in done.remark) == ("", True)
    assert NEW in place.path("data/nlu/product.yml").read_text()
    assert all(line.startswith(" M") for line in git("status", "--porcelain").splitlines())
