"""A commit of the files that a candidate changed, where the checkout is under git.

Never more than those files, never what somebody else changed in them, and never a reason for anything to
fail: what git does not want is told, and the files are what they are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from review.access.members import Member
from review.training.folders import Kept

_WITHIN = 3.0
_COMMIT_WITHIN = 15.0
"""Seconds that git gets; for a commit more, with whatever the checkout wants to be run at one. Together they
stay below what the supervisor gives ``kalm export``."""

_UNCLEAN = (
    "Niet vastgelegd in git: in dezelfde bestanden stonden nog andere veranderingen. Vraag de beheerder om "
    "ze samen vast te leggen."
)
_FAILED = "Niet vastgelegd in git, want git weigerde het. De bestanden zelf zijn wel goed vervangen."


@dataclass(frozen=True)
class Committed:
    """What git did.

    Attributes:
        id: of the commit, "" for none.
        remark: why not, in Dutch; "" where there is no git.
    """

    id: str = ""
    remark: str = ""


def unclean(root: Path, paths: Sequence[Path]) -> bool:
    """Whether somebody changed these files and did not commit that; asked before they are replaced."""
    if not _is_under_git(root) or not paths:
        return False
    found = _git(root, "status", "--porcelain", "--", *map(str, paths))
    return found is None or found.returncode != 0 or bool(found.stdout.strip())


def commit(
    root: Path, paths: Sequence[Path], were_unclean: bool, message: str, author: Member | None
) -> Committed:
    """Commit these files and no others.

    Args:
        root: the checkout.
        paths: below it.
        were_unclean: see :func:`unclean`.
        message: of the commit.
        author: None for whoever git takes for the author.
    """
    if not _is_under_git(root) or not paths:
        return Committed()
    if were_unclean:
        return Committed(remark=_UNCLEAN)
    names = [str(path) for path in paths]
    changed = _git(root, "status", "--porcelain", "--", *names)
    if changed is not None and changed.returncode == 0 and not changed.stdout.strip():
        return Committed()  # git ignores them
    identity = _identity(root, author)
    done = _git(root, "add", "--all", "--", *names)
    if done is not None and done.returncode == 0:
        done = _git(root, "commit", "--quiet", "-m", message, "--only", "--", *names, more=identity)
    if done is None or done.returncode != 0:
        _git(root, "reset", "--quiet", "--", *names)
        return Committed(remark=_FAILED)
    found = _git(root, "rev-parse", "HEAD")
    return Committed(id=found.stdout.strip() if found is not None else "")


def message_of(candidate_id: str, kept: Kept, back: bool) -> str:
    """What the commit says: what, from which candidate, and who judged and reviewed it."""
    if back:
        return f"Take back what candidate {candidate_id} taught Kalm\n"
    count = sum(len(of_kind) for of_kind in kept.learns.values())
    what = "a decision" if count == 1 else f"{count} decisions"
    lines = [
        f"Teach Kalm {what} of the review team",
        "",
        f"Candidate {candidate_id} of the review screens learnt from it.",
        "",
        *(f"Judged-by: {_on_one_line(name)}" for name in kept.judged_by),
        *(f"Reviewed-by: {_on_one_line(name)}" for name in kept.reviewed_by),
    ]
    return "\n".join(lines) + "\n"


def _identity(root: Path, author: Member | None) -> dict[str, str]:
    if author is None:
        return {}
    # Nobody of the team has an address here; this domain never exists (RFC 2606).
    who = {"NAME": _on_one_line(author.full_name), "EMAIL": f"{author.name}@kalm.invalid"}
    found = {f"GIT_AUTHOR_{name}": value for name, value in who.items()}
    known = _git(root, "config", "user.email")
    if known is None or not known.stdout.strip():
        found |= {f"GIT_COMMITTER_{name}": value for name, value in who.items()}
    return found


def _is_under_git(root: Path) -> bool:
    return (root / ".git").exists() and shutil.which("git") is not None


def _git(
    root: Path, *arguments: str, more: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str] | None:
    """Run git; None when it took too long or cannot be started."""
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **(more or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",  # a hook of the checkout prints what it likes
            timeout=_COMMIT_WITHIN if arguments[0] == "commit" else _WITHIN,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _on_one_line(name: str) -> str:
    return " ".join(name.replace("<", "").replace(">", "").split())
