"""The environment of the processes in which Rasa runs."""

from __future__ import annotations

import os

from kalm.settings import LOOPBACK, settings


def rasa_environment() -> dict[str, str]:
    """Environment for Rasa's processes: our settings, no telemetry, no noise of its old dependencies."""
    return {
        **os.environ,
        **settings().environment(),
        **NO_TELEMETRY,
        # Rasa's cache looks at a component's class alone, not at the code in kalm/ that it calls.
        "RASA_MAX_CACHE_SIZE": "0",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Whatever the shell says: the training would otherwise print what it learns from.
        "LOG_LEVEL": "WARNING",
        "SANIC_HOST": LOOPBACK,
        "PYTHONUNBUFFERED": "1",
    }


ONE_THREAD = {"OMP_NUM_THREADS": "1"}
"""For servers, before anything loads OpenMP: its threads spin for each other at every sentence otherwise, and
under load that takes most of the processor (``benchmarks/whatsapp.py``)."""

NO_TELEMETRY = {"RASA_TELEMETRY_ENABLED": "false"}
"""Rasa reports how it is used to its makers unless this stands in the environment of the process."""
