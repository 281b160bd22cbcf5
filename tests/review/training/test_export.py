"""The files of a candidate come into their place all or none, whatever breaks off."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from kalm.pointer import ReleaseError
from review.access.members import Member
from review.states import ItemState
from review.training import candidates, export, journal, learning
from review.training.changes import ChangeSet, FileChange, waiting_changes
from review.training.data_files import Place
from review.training.export import ExportError, finish_interrupted, restore_files
from review.training.folders import folder_of
from storage.database import Database
from storage.schema import judgements, messages, review_items, training_edits
from tests.review.conftest import Shop
from tests.review.training.conftest import NEW


def contents(place: Place) -> dict[str, bytes]:
    return {
        path.relative_to(place.root).as_posix(): path.read_bytes()
        for path in sorted((place.root / "data").rglob("*"))
        if path.is_file()
    }


def states(shop: Shop) -> tuple[str, str, str, str]:
    """State of the item, of the edit, and which candidate has them."""
    with shop.database.reading() as connection:
        edit = connection.execute(sa.select(training_edits)).one()
        return (
            connection.execute(sa.select(review_items.c.state)).scalar_one(),
            edit.state,
            connection.execute(sa.select(judgements.c.candidate)).scalar_one(),
            edit.candidate,
        )


def test_the_files_change_and_the_work_is_learnt(shop: Shop, place: Place, trained: str, eva: Member) -> None:
    before = contents(place)

    done = export.export(trained, shop.database, eva, place)

    after = contents(place)
    assert sorted(done.files) == sorted(name for name in after if after[name] != before.get(name))
    assert NEW.encode() in after["data/nlu/product.yml"]
    assert (done.learnt, done.commit, done.remark) == (2, "", "")
    assert states(shop) == ("learnt", "learnt", trained, trained)
    assert not journal.folder().joinpath("journal.json").exists()
    assert waiting_changes(shop.database, place) == ChangeSet()


def test_it_is_the_same_twice(shop: Shop, place: Place, trained: str, eva: Member) -> None:
    export.export(trained, shop.database, eva, place)
    after = contents(place)
    done = export.export(trained, shop.database, eva, place)
    assert (done.files, contents(place)) == ((), after)


def test_the_way_back_gives_every_byte_back_and_the_work_waits(
    shop: Shop, place: Place, trained: str, eva: Member
) -> None:
    before = contents(place)
    export.export(trained, shop.database, eva, place)

    done = restore_files(trained, shop.database, eva, place)

    assert contents(place) == before
    assert (len(done.files), done.learnt) == (3, 2)
    assert states(shop) == ("approved", "approved", "", "")
    assert len(waiting_changes(shop.database, place).files) == 3


def test_a_file_that_somebody_changed_stays_and_so_do_all_others(
    shop: Shop, place: Place, trained: str, eva: Member
) -> None:
    path = place.path("data/nlu/product.yml")
    path.write_bytes(path.read_bytes() + b"# met de hand\n")
    before = contents(place)

    with pytest.raises(ExportError, match=r"data/nlu/product\.yml is veranderd"):
        export.export(trained, shop.database, eva, place)

    assert contents(place) == before
    assert states(shop)[:2] == ("approved", "approved")


def test_what_was_judged_anew_meanwhile_was_not_learnt(
    shop: Shop, place: Place, trained: str, eva: Member
) -> None:
    with shop.database.writing() as connection:
        connection.execute(judgements.update().values(text="iets anders"))
    export.export(trained, shop.database, eva, place)
    assert states(shop)[:2] == (ItemState.APPROVED.value, "learnt")


def test_whoever_was_forgotten_after_the_training_is_not_learnt_from(
    shop: Shop, place: Place, trained: str, eva: Member
) -> None:
    before = contents(place)
    with shop.database.writing() as connection:
        connection.execute(messages.delete())
    with pytest.raises(ExportError, match="gewist"):
        export.export(trained, shop.database, eva, place)
    assert contents(place) == before


@pytest.mark.parametrize("comparison", [None, {"forbidden": ["Ziet gevaar niet."]}, {}, {"forbidden": 3}])
def test_one_that_may_not_go_live_changes_nothing(
    shop: Shop, place: Place, trained: str, eva: Member, comparison: dict[str, object] | None
) -> None:
    before, path = contents(place), folder_of(trained).path / "comparison.json"
    path.write_text(json.dumps(comparison)) if comparison is not None else path.unlink()
    with pytest.raises(ExportError):
        export.export(trained, shop.database, eva, place)
    assert contents(place) == before


def test_one_whose_folder_is_gone_or_damaged_changes_nothing(
    shop: Shop, place: Place, trained: str, eva: Member
) -> None:
    before = contents(place)
    (folder_of(trained).path / "after" / "0").write_bytes(b"kapot")
    with pytest.raises(ExportError, match="beschadigd"):
        export.export(trained, shop.database, eva, place)
    shutil.rmtree(folder_of(trained).path)
    with pytest.raises(ExportError, match="zijn er niet meer"):
        export.export(trained, shop.database, eva, place)
    assert contents(place) == before


def test_a_full_disk_changes_nothing(
    shop: Shop, place: Place, trained: str, eva: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, written = contents(place), []

    def write(path: Path, content: bytes) -> None:
        if path.suffix == ".kalm":
            written.append(path)
            if len(written) == 2:
                raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(journal, "_write", write)
    with pytest.raises(OSError, match="No space"):
        export.export(trained, shop.database, eva, place)

    assert contents(place) == before
    assert not finish_interrupted(shop.database, place)


def test_a_new_file_comes_and_goes(shop: Shop, place: Place, var: Path, eva: Member) -> None:
    changes = ChangeSet(files=(FileChange("data/articles/nieuw.md", None, b"# nieuw\n", ()),))
    started = candidates.start(shop.database, eva.id, "eva", changes, time.time())
    folder_of(started).keep_comparison({"forbidden": []})

    export.export(started, shop.database, eva, place)
    assert place.path("data/articles/nieuw.md").read_bytes() == b"# nieuw\n"
    restore_files(started, shop.database, eva, place)
    assert not place.path("data/articles/nieuw.md").exists()


def killed_at(point: int, shop: Shop, place: Place, candidate_id: str, back: bool) -> bool:
    """Let a process of its own do it, which is killed at that point; whether it came to its end before."""
    number = os.fork()
    if number:
        return os.WEXITSTATUS(status) == 0 if os.WIFEXITED(status := os.waitpid(number, 0)[1]) else False
    left = point

    def deadly(then: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*given: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return then(*given, **named)

        return wrapped

    try:
        database = Database(shop.database.engine.url.render_as_string(hide_password=False))
        for owner, name in (
            *((os, "fsync"), (Path, "replace"), (Path, "unlink")),
            *((export, "_close"), (export, "_count_as_learnt"), (learning, "learn"), (journal, "close")),
        ):
            setattr(owner, name, deadly(getattr(owner, name)))
        change = restore_files if back else export.export
        change(candidate_id, database, None, place)
    except BaseException:
        os._exit(1)
    os._exit(0)


@pytest.mark.parametrize("back", [False, True])
def test_killed_at_any_point_it_is_whole_after_the_next_start(
    shop: Shop, place: Place, trained: str, eva: Member, back: bool
) -> None:
    old = contents(place)
    export.export(trained, shop.database, eva, place)
    new = contents(place)
    if not back:
        restore_files(trained, shop.database, eva, place)
    start, goal = (new, old) if back else (old, new)
    done = ("approved", "approved") if back else ("learnt", "learnt")
    outcomes = set()
    for at in range(1, 60):
        if killed_at(at, shop, place, trained, back):
            break
        begun = finish_interrupted(shop.database, place)
        found = {name: text for name, text in contents(place).items() if not name.endswith(".kalm")}
        assert found in (start, goal), f"killed at point {at}"
        if found == goal:
            outcomes.add("goal")
            assert begun or states(shop)[:2] == done
            assert states(shop)[:2] == done
            assert contents(place) == goal
        else:
            outcomes.add("start")
            assert states(shop)[:2] != done
        assert not finish_interrupted(shop.database, place)
        other = export.export if back else restore_files
        other(trained, shop.database, eva, place)
        assert contents(place) == start
    else:
        pytest.fail("it never came to its end")
    assert outcomes == {"start", "goal"}
    assert contents(place) == goal


def test_without_a_database_the_files_are_finished_and_the_counting_comes_later(
    shop: Shop, place: Place, trained: str, eva: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "write_files", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        export.export(trained, shop.database, eva, place)
    monkeypatch.undo()
    monkeypatch.setenv("KALM_VAR", str(journal.folder().parent.parent))

    assert finish_interrupted(None, place)
    assert NEW.encode() in contents(place)["data/nlu/product.yml"]
    assert states(shop)[0] == "approved"
    path = place.path("data/nlu/product.yml")
    path.write_bytes(path.read_bytes() + b"# met de hand\n")
    assert finish_interrupted(shop.database, place)
    assert states(shop)[0] == "learnt"
    assert path.read_bytes().endswith(b"# met de hand\n")
    assert not finish_interrupted(shop.database, place)


def test_what_somebody_wrote_in_between_is_put_aside(
    shop: Shop, place: Place, trained: str, eva: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(journal, "write_files", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            export.export(trained, shop.database, eva, place)
    place.path("data/nlu/rls.yml").write_bytes(b"tussendoor")

    assert finish_interrupted(shop.database, place)

    assert b"rls erfelijk?" not in place.path("data/nlu/rls.yml").read_bytes()
    assert [one.read_bytes() for one in (journal.folder().parent / "aside").iterdir()] == [b"tussendoor"]


def test_another_checkout_does_not_finish_it(
    shop: Shop, place: Place, trained: str, eva: Member, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(journal, "write_files", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            export.export(trained, shop.database, eva, place)
    assert not finish_interrupted(shop.database, Place(tmp_path / "copy", tmp_path / "copy/data/articles"))
    assert finish_interrupted(shop.database, place)


def test_another_checkout_does_not_begin_while_one_is_open(
    shop: Shop, place: Place, trained: str, eva: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(journal, "write_files", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            export.export(trained, shop.database, eva, place)
    with pytest.raises(ReleaseError, match="another checkout"):
        journal.begin(place, "x", False, [])
    assert finish_interrupted(shop.database, place), "what was open is still whole"


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"files": [{"x": 1}]}'])
def test_a_damaged_journal_says_what_to_do(shop: Shop, place: Place, var: Path, content: str) -> None:
    journal.folder().mkdir(parents=True, exist_ok=True)
    (journal.folder() / "journal.json").write_text(content)
    with pytest.raises(ReleaseError, match=r"damaged.*put them back"):
        finish_interrupted(shop.database, place)
