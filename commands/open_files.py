"""How many files and connections a server may have open."""

from __future__ import annotations

import resource
from contextlib import suppress

MANY = 65_536
"""Each visitor who is being answered, or kept waiting for a refusal, holds one."""


def allow_many_open_files() -> None:
    """Raise this process's own limit, mostly 1024, towards what the system lets it have.

    The usual one is that low for programs that use ``select``; asyncio, psycopg2 and Kalm use none.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY if most == resource.RLIM_INFINITY else min(MANY, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(OSError, ValueError):  # it goes on with what it has
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
