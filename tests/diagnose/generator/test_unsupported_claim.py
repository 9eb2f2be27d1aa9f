"""GRD-1 on answers that are a value and nothing else; the rest of it stands in ``test_soundness``."""

import pytest
from tests.diagnose._found import found

from traceeval.testing import call, model, user

EVENTS = [
    {"title": "Yoga", "start": "2024-05-21 18:00:00"},
    {"title": "Lunch", "start": "2024-05-21 13:30:00"},
    {"title": "Team sync", "start": "2024-05-21 10:00:00", "end": "2024-05-21 11:00:00"},
]


def told(answer):
    asked = user("What is on my calendar?")
    return found("generator.unsupported_claim", asked, call("get_events", {}, EVENTS), model(answer))


@pytest.mark.parametrize("answer", ["2024-05-21 18:00", "3", "2:30", "18:00"])
def test_a_bare_value_that_stands_there_a_count_and_a_span_are_none(answer):
    assert not told(answer)


@pytest.mark.parametrize("answer", ["4711", "19:45", "2:31"])
def test_a_bare_value_from_nowhere_is_one(answer):
    (finding,) = told(answer)
    assert (finding.severity, finding.evidence[0].quote) == (4, answer)
