"""Gates read the worse bound (metrics.md section 1)."""

from types import SimpleNamespace

import pytest

from traceeval.errors import ConfigError
from traceeval.model import Aggregate
from traceeval.run._fail_under import Gate, failed_gates, limits_on, parse_gate, unadmitted


def aggregate(mean, lower, upper, *, scored=10, failed=0, better="higher"):
    counts = {"scored": scored, "undefined": 0, "not_applicable": 0, "failed": failed}
    coverage = scored / (scored + failed) if scored + failed else None
    return Aggregate(scorer="a.b", mean=mean, coverage=coverage, lower=lower, upper=upper, counts=counts, better=better)


def failures(row, value, floor=0.95):
    return failed_gates([Gate("a.b", value)], [row], min_coverage=floor)


def test_a_mean_over_the_gate_does_not_hold_when_half_is_unknown():
    # metrics.md section 1: [1, 1, 1, 1, .5] + 5 failed -> mean .90, bounds [.45, .95]; a gate at .8 fails
    assert failures(aggregate(0.9, 0.45, 0.95, scored=5, failed=5), 0.8)


def test_a_scored_mean_over_the_gate_holds():
    assert not failures(aggregate(0.9, 0.9, 0.9), 0.8)


def test_lower_is_better_gates_on_the_upper_bound():
    assert failures(aggregate(0.1, 0.1, 0.4, better="lower"), 0.3)
    assert not failures(aggregate(0.1, 0.1, 0.2, better="lower"), 0.3)


def test_coverage_under_the_floor_fails_even_when_the_bound_holds():
    row = aggregate(1.0, 0.9, 1.0, scored=9, failed=1)
    assert "coverage" in failures(row, 0.8)[0]
    assert not failures(row, 0.8, floor=0.9)


def test_nothing_eligible_fails():
    assert "nothing to gate on" in failures(aggregate(None, None, None, scored=0), 0.0)[0]


def test_a_gate_on_a_score_that_does_not_exist_is_a_usage_error():
    with pytest.raises(ConfigError, match="no score"):
        failed_gates([Gate("x.y", 1)], [], min_coverage=1)


@pytest.mark.parametrize("text", ["recall", "recall=", "=1", "recall=high", "recall=nan", "recall=inf"])
def test_a_gate_of_another_form_is_a_usage_error(text):
    with pytest.raises(ConfigError, match="NAME=VALUE"):
        parse_gate(text)


@pytest.mark.parametrize(
    ("texts", "says"), [(["c=1"], "c: gates are on a, or on b"), (["a=0.9", "a=0.1"], "name each once")]
)
def test_a_command_with_names_of_its_own_takes_each_once_and_no_other(texts, says):
    assert limits_on(("a", "b"), ["b=0.5", "a=0.9"]) == {"b": 0.5, "a": 0.9}
    with pytest.raises(ConfigError, match=says):
        limits_on(("a", "b"), texts)


def test_a_gate_may_name_parameters():
    assert parse_gate("retriever.recall(k=5)=0.8") == Gate("retriever.recall(k=5)", 0.8)


def admission(judge, *refusals):
    return SimpleNamespace(judge=judge, admitted=not refusals, refusals=refusals)


def told(*deciders):
    return {"decided_by": dict.fromkeys(deciders, 1)}


GROUNDED = [Gate("generator.grounded", 0.7)]


def test_a_gate_needs_no_admission_for_the_embedded_checker():
    assert unadmitted(GROUNDED, told("lexical@2"), []) == []


def test_a_gate_rests_on_a_judge_only_when_people_admitted_it():
    judge = "openai:m@p1"
    assert unadmitted(GROUNDED, told("lexical@2", judge), [admission(judge)]) == []
    (line,) = unadmitted(GROUNDED, told(judge), [])
    assert line.startswith("generator.grounded: openai:m@p1 is not calibrated against people and may only triage")
    (line,) = unadmitted(GROUNDED, told(judge), [admission(judge, "too few failures: 3")])
    assert line == "generator.grounded: openai:m@p1 is not admitted: too few failures: 3"


def test_another_prompt_is_another_judge():
    assert len(unadmitted(GROUNDED, told("openai:m@p2"), [admission("openai:m@p1")])) == 1


def test_scores_no_judge_had_a_part_in_are_not_asked_for_one():
    assert unadmitted([Gate("retriever.recall", 0.8)], told("openai:m@p1"), []) == []


def test_a_score_of_ragas_is_a_judges_own():
    gate = Gate("ragas.faithfulness(model='m')", 0.5)
    assert len(unadmitted([gate], told("lexical@2"), [])) == 1
    assert unadmitted([gate], told("lexical@2"), [admission("ragas.faithfulness")]) == []
