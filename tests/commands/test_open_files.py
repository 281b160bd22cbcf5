from __future__ import annotations

import subprocess
import sys

import pytest

_TRY = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({now}, {most}))
from commands.open_files import allow_many_open_files
allow_many_open_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("now", "most", "after"), [(256, 512, "512 512"), (512, 512, "512 512"), (1024, 1024, "1024 1024")]
)
def test_a_server_takes_what_the_system_lets_it_have(now: int, most: int, after: str) -> None:
    assert tried(_TRY.format(now=now, most=most)) == after


def test_not_more_than_many() -> None:
    hard = "resource.getrlimit(resource.RLIMIT_NOFILE)[1]"
    few = "import commands.open_files; commands.open_files.MANY = 300\nfrom commands"
    assert tried(_TRY.format(now=256, most=hard).replace("from commands", few)).split()[0] == "300"


def tried(code: str) -> str:
    """What a process of its own prints."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
