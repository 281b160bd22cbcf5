"""The files by which it is agreed what is wanted and what runs."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from kalm import pointer
from kalm.atomic import replace_file
from kalm.going_live.kinds import BusyError, NoSupervisorError, Outcome, Reason, Running, Step, Wish
from kalm.going_live.presence import folder, is_supervised
from kalm.pointer import Release
from kalm.settings import settings

_Kept = TypeVar("_Kept", Wish, Outcome, Running)
_KINDS: dict[str, type | tuple[type, ...]] = {"str": str, "bool": bool, "int": int, "float": (int, float)}
"""What a field of that type may hold."""


def ask(wish: Wish) -> None:
    """Leave a wish for the supervisor.

    Raises:
        NoSupervisorError: there is none.
        BusyError: it has not done with another.
    """
    if not is_supervised():
        raise NoSupervisorError
    draft = folder() / f"wish.{wish.id}"
    draft.write_text(json.dumps(asdict(wish)), encoding="utf-8")
    try:
        os.link(draft, folder() / "wish.json")  # fails when there is one, also when two ask at once
    except FileExistsError:
        raise BusyError from None
    finally:
        draft.unlink()


def wish() -> Wish | None:
    """What is wanted and not done yet.

    Raises:
        ValueError: there is a wish that cannot be read.
    """
    found = _read("wish.json")
    return None if found is None else _as_wish(found)


def _as_wish(found: dict[str, Any]) -> Wish:
    try:
        return _sound(Wish(**found))
    except TypeError as error:
        raise ValueError("no wish") from error


def _sound(read: _Kept) -> _Kept:
    """The same, unless a field holds something else than it should.

    Raises:
        TypeError: one does.
    """
    for one in fields(read):
        if not isinstance(getattr(read, one.name), _KINDS.get(str(one.type), object)):
            raise TypeError(f"{one.name} is no {one.type}")
    return read


def take_away() -> None:
    """Take the wish away: it is done, or nobody can read it."""
    (folder() / "wish.json").unlink(missing_ok=True)


def outcome() -> Outcome | None:
    """How far the last wish is; None when there was none yet."""
    try:
        found = _read("outcome.json")
        return None if found is None else _sound(Outcome(**{**found, "step": Step(found["step"])}))
    except (KeyError, TypeError, ValueError):
        return None


def outcome_of(wish_id: str) -> Outcome:
    """How far this wish is; also when its supervisor came to an end without telling."""
    wanted = wish_or_none()  # first: the outcome is told before the wish is taken away
    found = outcome()
    if found is None or found.wish != wish_id:
        found = Outcome(wish_id, Step.WAITING)
    return _unless_it_broke_off(found, wanted)


def last_about(candidate: str) -> Outcome | None:
    """How far the last wish about a candidate is; None when it was not the last one."""
    wanted = wish_or_none()
    if wanted is not None and wanted.candidate == candidate:
        found = outcome()
        if found is None or found.wish != wanted.id:
            found = Outcome.of(wanted, Step.WAITING)
        return _unless_it_broke_off(found, wanted)
    found = outcome()
    if found is None or found.candidate != candidate:
        return None
    return _unless_it_broke_off(found, wanted)


def _unless_it_broke_off(found: Outcome, wanted: Wish | None) -> Outcome:
    is_wanted = wanted is not None and wanted.id == found.wish
    if found.step.is_end or (is_wanted and is_supervised()):
        return found
    return replace(found, step=Step.REFUSED, reason=Reason.STOPPED.value)


def wish_or_none() -> Wish | None:
    """What is wanted and not done yet, as far as it can be read."""
    try:
        return wish()
    except ValueError:
        return None


def tell(reached: Outcome) -> None:
    """Keep how far a wish is."""
    replace_file(folder() / "outcome.json", json.dumps(asdict(reached)))


def running() -> Running | None:
    """What runs, or ran when Kalm was last stopped; None when that is not known."""
    try:
        found = _read("running.json")
        if found is None:
            return None
        model, index = map(str, found["earlier"])
        return _sound(Running(**{**found, "earlier": (model, index)}))
    except (KeyError, TypeError, ValueError):
        return None


def tell_running(now: Running) -> None:
    """Keep what runs."""
    replace_file(folder() / "running.json", json.dumps(asdict(now)))


def actions_url() -> str:
    """Address of the action server that the bot uses."""
    found = running()
    if found is None or not found.actions_port or not is_supervised():
        return settings().actions_url
    return settings().actions_url.rpartition(":")[0] + f":{found.actions_port}"


def kept() -> set[Path]:
    """Models and indexes that must stay: they run, ran before, or are wanted."""
    names: list[str] = []
    found = running()
    if found is not None:
        names += [*found.names, *found.earlier]
    wanted = wish_or_none()
    if wanted is not None:
        names += [wanted.model, wanted.index]
    return {settings().models / name for name in names if name}


def _read(name: str) -> dict[str, Any] | None:
    """Content of a file, None when it is not there.

    Raises:
        ValueError: it is no JSON object.
    """
    try:
        found = json.loads((folder() / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if not isinstance(found, dict):
        raise ValueError(f"{name} holds no object")
    return found


def release_of(names: tuple[str, str]) -> Release | None:
    """The release of these names, None when it is not there (any more)."""
    try:
        found = pointer.named(*names)
    except pointer.ReleaseError:
        return None
    return found if found.is_there else None
