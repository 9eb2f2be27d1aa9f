"""What cases ask is read with the tools that were called and the documents that were found; None: nobody knows which."""

import msgspec
import pytest

from traceeval.run._asked import read_cases
from traceeval.run._journal import MANIFEST, OUTCOMES, TRACES
from traceeval.testing import call, model, retrieval, trace, user


@pytest.fixture
def replayed(tmp_path):
    """Two trials of one scenario; one searched, one did not."""
    said, end = user("where is my parcel"), model("Fine.")
    searched = [retrieval(("a", "text"), ("b", "text")), retrieval(("b", "text"), ("c", "text"))]
    trials = [
        trace(said, *searched, end, id="1", scenario="parcel", question="where is my parcel"),
        trace(said, call("track", {}, result="here"), end, id="2", scenario="parcel", question="where is my parcel"),
    ]
    for name in (MANIFEST, OUTCOMES):
        (tmp_path / name).write_bytes(b"{}")
    (tmp_path / TRACES).write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in trials))
    return tmp_path


def test_trials_of_a_scenario_are_one_case_with_what_each_called_and_found(replayed):
    cases = read_cases([replayed])
    assert list(cases) == ["parcel"]
    assert [(one.tools, one.found) for one in cases["parcel"]] == [
        (frozenset(), frozenset("abc")),
        (frozenset({"track"}), None),
    ]
