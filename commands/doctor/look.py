"""What every subject looks at."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from commands.doctor.reaching import Reach
from commands.doctor.reading import Refused
from kalm.settings import ROOT, Settings


@dataclass
class Look:
    """An installation, at one moment.

    Attributes:
        settings: those in use; the default for each that was refused.
        environment: as the command was started in, with what stands in the files of ``KALM_SECRETS``.
        refused: settings that cannot be used.
        now: seconds since 1970.
        root: the checkout.
    """

    settings: Settings
    environment: Mapping[str, str]
    refused: tuple[Refused, ...] = ()
    now: float = field(default_factory=time.time)
    root: Path = ROOT

    @cached_property
    def database(self) -> Reach:
        """The database, which is looked for once."""
        return Reach(self.settings.database_url)
