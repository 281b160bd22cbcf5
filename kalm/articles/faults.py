"""What an editor must mend, and the error that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kalm.settings import ROOT


@dataclass(frozen=True)
class Fault:
    """Something an editor must mend: where it stands, what is wrong and what to do, in Dutch.

    Attributes:
        path: the file.
        message: what is wrong and what to do.
        section: heading of the section, or "".
        line: in the file, from 1; 0 for the file as a whole.
        draft: only editors see the text (``status: concept``), so nothing has to wait for it.
        remark: a person must look at it, and may leave it as it is.
    """

    path: Path
    message: str
    section: str = ""
    line: int = 0
    draft: bool = False
    remark: bool = False

    @property
    def blocking(self) -> bool:
        """Whether Kalm may not answer with the articles before this is mended."""
        return not self.draft and not self.remark

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        place = f'sectie "{self.section}" ' if self.section else ""
        line = f":{self.line}" if self.line else ""
        return f"{path}{line}: {place}{self.message}"


class ArticleError(Exception):
    """An article file cannot be read; holds every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
