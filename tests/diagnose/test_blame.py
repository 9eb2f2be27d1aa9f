"""Shares of blame: by severity, split by the waterfall among retrieval stages, one in all or none."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.diagnose import blame
from traceeval.graph import Dossier, TraceGraph
from traceeval.model import Component, Finding, Score, Subject
from traceeval.risk import load_policy
from traceeval.testing import trace, user

SUBJECT = Subject(trace="t")
EMPTY = Dossier(graph=TraceGraph(trace(user("hi"))), scores={}, policy=load_policy())


def finding(component, severity=3, **fields):
    return Finding(
        code=f"{component}.x", component=Component(component), subject=SUBJECT, severity=severity, text="x", **fields
    )


def scored(**values):
    names = {name.replace("_", ".", 1): value for name, value in values.items()}
    return {n: (Score(scorer=n, subject=SUBJECT, status="scored", value=v),) for n, v in names.items()}


def shares(*findings, scores=None):
    found = blame(replace(EMPTY, findings=findings, scores=scores or {}))
    return {one.component.value: one.share for one in found}


def test_nothing_wrong_blames_nobody():
    assert shares() == {}
    assert shares(finding("tool", state="unknown"), finding("planner", repaired=True), finding("guard", 1)) == {}
    assert shares(finding("tool", subsumed_by="planner.y")) == {}


def test_shares_follow_the_weight_of_severity():
    assert shares(finding("tool", 4), finding("planner", 3)) == pytest.approx({"tool": 2 / 3, "planner": 1 / 3})


def test_the_waterfall_splits_what_falls_to_the_retrieval_stages():
    losses = scored(retriever_loss=0.6, assembler_loss=0.2, reranker_loss=0.9)
    found = shares(finding("retriever"), finding("assembler"), finding("generator", 4), scores=losses)
    assert found == pytest.approx({"retriever": 0.5 * 0.75, "assembler": 0.5 * 0.25, "generator": 0.5})


def test_without_known_losses_the_stages_share_by_severity():
    assert shares(finding("retriever"), finding("assembler")) == pytest.approx({"retriever": 0.5, "assembler": 0.5})


def test_blame_of_a_right_end_result_is_masked():
    right = replace(EMPTY, findings=(finding("tool"),), scores=scored(generator_correct=1.0))
    wrong = replace(EMPTY, findings=(finding("tool"),), scores=scored(generator_correct=0.0))
    assert [one.masked for one in (*blame(right), *blame(wrong))] == [True, False]


found = st.builds(finding, st.sampled_from([c.value for c in Component]), st.integers(1, 5))
amounts = st.floats(-1, 1)


@settings(deadline=None)
@given(st.lists(found, max_size=8), amounts, amounts, amounts)
def test_shares_are_positive_and_sum_to_one_or_there_are_none(findings, retriever, reranker, assembler):
    losses = scored(retriever_loss=retriever, reranker_loss=reranker, assembler_loss=assembler)
    got = shares(*findings, scores=losses)
    assert all(share > 0 for share in got.values())
    assert not got or sum(got.values()) == pytest.approx(1)
    assert bool(got) == any(f.severity >= 2 for f in findings)
