"""The machine on which something was measured, and what was measured on it, in words."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

import psutil

from kalm.settings import ROOT

_PROCESSORS = Path("/proc/cpuinfo")


def describe_machine() -> str:
    """Processor, cores and memory, such as "Linux x86_64, Some CPU, 2 cores, 24 GB"."""
    model = ""
    if _PROCESSORS.exists():
        named = (
            line for line in _PROCESSORS.read_text(encoding="utf-8").splitlines() if "model name" in line
        )
        model = next(named, "").partition(":")[2].strip()
    memory = psutil.virtual_memory().total / 1024**3
    parts = (
        f"{platform.system()} {platform.machine()}",
        model,
        f"{os.cpu_count()} cores",
        f"{memory:.0f} GB",
    )
    return ", ".join(part for part in parts if part)


def describe_commit() -> str:
    """What is measured, such as "a1fca9c", or "a1fca9c-dirty" with changes; "" without Git."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=7", "--exclude=*"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (FileNotFoundError, subprocess.CalledProcessError):
        return ""
