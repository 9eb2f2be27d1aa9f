"""Every suite that ships means what it says: its references pass, doing nothing fails, no step is idle."""

from pathlib import Path

import pytest

from traceeval.engines import Serial
from traceeval.replay import load_suite
from traceeval.run import lint_references

SUITES = sorted(path.parent for path in (Path(__file__).parents[1] / "scenarios").glob("*/suite.yaml"))


QUICK = {"desk_smoke", "files"}
MARKED = [pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.soak) for one in SUITES]


@pytest.mark.parametrize("folder", MARKED)
def test_a_shipped_suite_has_no_flaw(folder):
    assert lint_references(load_suite(folder), Serial()) == ()
