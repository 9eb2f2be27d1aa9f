"""Timings never decide a test: no property has a deadline, on a busy machine as on a quiet one.

A soak notes the figure it measured; with TRACEEVAL_FIGURES=FILE it is kept there, a JSON line each, for the docs.
"""

import json
import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture
def figure(request):
    """``figure(check, text)``: what was measured, for docs/reliability.md."""

    def note(check, text):
        if kept := os.environ.get("TRACEEVAL_FIGURES"):
            with open(kept, "a", encoding="utf-8") as out:
                out.write(json.dumps({"check": check, "figure": text}, ensure_ascii=False) + "\n")

    return note
