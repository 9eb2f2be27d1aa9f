"""The table of components against the end result, streamed and merged."""

import pickle
from dataclasses import replace

import msgspec
import pytest

from traceeval.diagnose import MaskedTable, component_state, mask
from traceeval.graph import Dossier, TraceGraph
from traceeval.measures.interval import wilson
from traceeval.model import Component, Reference, Score, Subject
from traceeval.risk import load_policy
from traceeval.run import Setup, examine
from traceeval.testing import call, expect, model, retrieval, trace, user

POLICY = load_policy()


def dossier(number, recall, correct):
    """A trace with these two values; None leaves the score undefined."""
    sample = trace(user("hi"), id=f"t{number:02d}")
    scores = {
        name: (Score(scorer=name, subject=Subject(trace=sample.id), status="scored" if v is not None else "undefined", value=v),)
        for name, v in (("retriever.recall", recall), ("generator.correct", correct))
    }  # fmt: skip
    found = Dossier(graph=TraceGraph(sample), scores=scores, policy=POLICY)
    return replace(found, findings=mask(found))


ROWS = [(1.0, 1.0)] * 5 + [(0.0, 1.0)] * 4 + [(0.0, 0.0)] * 2 + [(1.0, 0.0)] * 1 + [(None, 1.0)] * 4 + [(0.0, None)] * 5


def table(rows):
    made = MaskedTable()
    for number, (recall, correct) in rows:
        made.add(dossier(number, recall, correct))
    return made


def test_the_cells_count_what_was_decided_and_what_was_not_has_columns_of_its_own():
    (row, *_) = [row for row in table(enumerate(ROWS)).rows() if row.component is Component.RETRIEVER]
    assert {cell: n for cell, n in row.cells.items() if n} == {
        "failed_passed": 4,
        "failed_failed": 2,
        "failed_unknown": 5,
        "passed_passed": 5,
        "passed_failed": 1,
        "undefined_passed": 4,
    }
    assert (row.masked.value, row.masked.n) == (4 / 9, 9)
    assert (row.masked.low, row.masked.high) == wilson(4, 9)
    assert (row.unmasked.value, row.unmasked.n) == (2 / 6, 6)
    assert row.examples["failed_passed"] == ("t05", "t06", "t07")
    assert len(row.examples["passed_failed"]) == 1
    assert all(len(ids) == min(3, row.cells[cell]) for cell, ids in row.examples.items())


def test_who_compensated_is_a_share_of_the_masked_with_its_interval():
    (row, *_) = [row for row in table(enumerate(ROWS)).rows() if row.component is Component.RETRIEVER]
    assert row.compensators == {"not_named": 4}
    assert (row.compensated["not_named"].value, row.compensated["not_named"].n) == (1.0, 4)
    assert (row.compensated["not_named"].low, row.compensated["not_named"].high) == wilson(4, 4)


def scored(status):
    sample = trace(user("hi"))
    score = Score(scorer="retriever.recall", subject=Subject(trace="t"), status=status, bounds=None)
    right = Score(scorer="generator.correct", subject=Subject(trace="t"), status="scored", value=1.0)
    scores = {"retriever.recall": (score,), "generator.correct": (right,)}
    return Dossier(graph=TraceGraph(sample), scores=scores, policy=POLICY)


@pytest.mark.parametrize(
    ("status", "state"),
    [("failed", "score_failed"), ("undefined", "undefined"), ("not_applicable", "not_applicable")],
)
def test_a_score_without_a_value_is_a_state_of_its_own(status, state):
    made = MaskedTable()
    made.add(scored(status))
    assert component_state(scored(status), Component.RETRIEVER) == state
    assert made.states(Component.RETRIEVER) == (0, 0, 1)
    assert made.rows() == ()


def test_fragility_is_over_right_end_results_and_outcome_over_known_ones():
    made = table(enumerate(ROWS))
    assert (made.fragility().value, made.fragility().n) == (4 / 13, 13)
    assert (made.outcome().value, made.outcome().n) == (13 / 16, 16)
    assert MaskedTable().fragility().value is None


def test_merging_after_a_journey_is_counting_together():
    numbered = list(enumerate(ROWS))
    first, second = table(numbered[:7]), pickle.loads(pickle.dumps(table(numbered[7:])))
    first.merge(second)
    whole = table(numbered)
    assert first.rows() == whole.rows()
    assert (first.fragility(), first.outcome()) == (whole.fragility(), whole.outcome())


@pytest.mark.parametrize(("recall", "state"), [(1.0, "passed"), (0.2, "failed"), (None, "undefined")])
def test_no_score_is_no_pass(recall, state):
    assert component_state(dossier(0, recall, 1.0), Component.RETRIEVER) == state


KIT = Setup(policy=POLICY).load()
FACT = "The parcel weighs 6650 grams."


def tool_masked(*spans, **fields):
    reference = Reference(answer=("6650 grams",), calls=(expect("weigh", {"id": "P-1"}),))
    sample = trace(*spans, model(FACT, prompt=[("user", "How heavy?")]), answer=FACT, reference=reference, **fields)
    return [f for f in examine(sample, KIT).dossier.findings if f.code == "tool.masked_failure"]


def test_a_wrong_call_that_a_later_call_made_good_is_compensated_by_it():
    (found,) = tool_masked(call("weigh", {"id": "P-2"}, "no such parcel"), call("look_up", {"id": "P-1"}, FACT))
    assert found.compensator == "later_tool"


def test_a_wrong_call_after_the_fact_was_known_owed_nothing():
    (found,) = tool_masked(call("look_up", {"id": "P-1"}, FACT), call("weigh", {"id": "P-2"}, "no such parcel"))
    assert found.compensator is None


def test_a_wrong_call_and_a_right_answer_from_nowhere_is_memory():
    (found,) = tool_masked(call("weigh", {"id": "P-2"}, "no such parcel"))
    assert found.compensator == "parametric"


def test_a_failure_that_only_a_score_tells_points_at_the_first_step_and_at_nothing_without_steps():
    failing = dossier(0, 0.0, 1.0)
    (found,) = (f for f in failing.findings if f.code == "retriever.masked_failure")
    assert [one.span for one in found.evidence] == ["root"]
    bare = replace(failing, graph=TraceGraph(msgspec.structs.replace(failing.trace, spans=())), findings=())
    assert [f.evidence for f in mask(bare)] == [()]


def test_of_several_facts_the_weakest_source_is_named():
    both = "The parcel weighs 6650 grams. It was sent on 3 May 2024."
    reference = Reference(documents={"gold": 1}, claims=("The parcel weighs 6650 grams.", "It was sent on 3 May 2024."))
    chunk = retrieval(("x", "The parcel weighs 6650 grams."))
    prompt = model(both, prompt=[("system", "The parcel weighs 6650 grams."), ("user", "How heavy?")])
    findings = examine(trace(chunk, prompt, answer=both, reference=reference), KIT).dossier.findings
    assert [f.compensator for f in findings if f.code == "retriever.masked_failure"] == ["parametric"]
