"""Timings never decide a test: no property has a deadline, on a busy machine as on a quiet one.

What was left out because PostgreSQL, Chromium, axe or network namespaces are missing is said loudly at the end; with TRACEEVAL_TESTS=all it
fails the run. A soak notes the figure it measured; with TRACEEVAL_FIGURES=FILE it is kept there for the docs.
"""

import json
import os
import re

import pytest
from hypothesis import HealthCheck, settings

# Each worker and whatever it starts computes on one thread: as many threads as cores in each of them wait for one another.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

MISSING = re.compile(r"no (?:postgresql|chromium|axe|network namespaces)\b", re.IGNORECASE)
left_out = {}


@pytest.fixture
def figure(request):
    """``figure(check, text)``: what was measured, for docs/reliability.md."""

    def note(check, text):
        if kept := os.environ.get("TRACEEVAL_FIGURES"):
            with open(kept, "a", encoding="utf-8") as out:
                out.write(json.dumps({"check": check, "figure": text}, ensure_ascii=False) + "\n")

    return note


def pytest_runtest_logreport(report):
    """Count tests that something is missing for."""
    reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
    if MISSING.search(reason):
        left_out[reason] = left_out.get(reason, 0) + 1


def pytest_terminal_summary(terminalreporter):
    """Say what was left out."""
    if left_out:
        terminalreporter.section("LEFT OUT", red=True, bold=True)
        for reason, count in sorted(left_out.items()):
            terminalreporter.write_line(f"{count} tests: {reason.removeprefix('Skipped: ')}", red=True)


def pytest_sessionfinish(session):
    """Where everything has to run, nothing may be left out."""
    if left_out and os.environ.get("TRACEEVAL_TESTS") == "all" and session.exitstatus == 0:
        session.exitstatus = 1
