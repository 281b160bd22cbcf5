"""What is looked at, a file per subject, in the order in which it is told."""

from __future__ import annotations

from commands.doctor.running import Subject
from commands.doctor.subjects import (
    articles,
    clock,
    database,
    disk,
    files,
    mail,
    release,
    secrets,
    settings,
    team,
    ways_in,
    whatsapp,
)

SUBJECTS: dict[str, Subject] = {
    "settings": settings.look,
    "secrets": secrets.look,
    "files": files.look,
    "ways in": ways_in.look,
    "articles": articles.look,
    "release": release.look,
    "database": database.look,
    "disk": disk.look,
    "clock": clock.look,
    "team": team.look,
    "mail": mail.look,
    "whatsapp": whatsapp.look,
}
"""By name."""
