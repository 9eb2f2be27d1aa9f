import msgspec
from tests.diagnose._found import found, lacking

from traceeval.graph import Survey
from traceeval.model import Policy, Usage
from traceeval.testing import call, model, trace

CODE = "planner.budget"


def spent(tokens=100, cost=0.5):
    return msgspec.structs.replace(model("Hello."), usage=Usage(input=tokens, output=10, cost=cost))


def over(*spans, **budget):
    return [finding.key for finding in found(CODE, *spans, policy=Policy(budget=budget))]


def test_more_steps_tokens_money_or_seconds_than_allowed_are_defects():
    spans = [spent(), call("get_order", {}), spent()]
    assert over(*spans, steps=2) == ["budget:steps"]
    assert over(*spans, tokens=219) == ["budget:tokens"]
    assert over(*spans, cost=0.99) == ["budget:cost"]
    assert over(*spans, seconds=1) == ["budget:seconds"]


def test_within_the_budget_is_none():
    assert not over(spent(), call("get_order", {}), spent(), steps=3, tokens=220, cost=1.0, seconds=60)


def test_without_a_budget_there_is_no_question():
    assert not over(*(spent() for _ in range(50)))


def test_usage_that_was_not_recorded_is_unknown_unless_the_rest_is_over_already():
    spans = [model("Hello."), spent()]
    assert lacking(CODE, *spans, policy=Policy(budget={"tokens": 500})) == ["span.usage"]
    assert over(*spans, tokens=50) == ["budget:tokens"]


def among(*others):
    """What is usual where traces of one scenario took that many steps."""
    survey = Survey()
    for number, steps in enumerate(others):
        survey.add(trace(*(call("get_order", {}) for _ in range(steps)), id=str(number), scenario="refund"))
    return survey.usual()


def steps(number):
    return [call("get_order", {}) for _ in range(number)]


def test_far_more_steps_or_seconds_than_the_other_traces_of_the_scenario_took_is_a_defect():
    usual = among(6, 7, 8, 7, 6, 30)
    finding, _ = found(CODE, *steps(30), scenario="refund", usual=usual)
    assert finding.text == "30 steps, 7 is the median of 6 traces of 'refund'"
    assert not found(CODE, *steps(9), scenario="refund", usual=among(6, 7, 8, 7, 6, 9))
    assert not found(CODE, *steps(1), scenario="refund", usual=among(6, 7, 8, 7, 6, 1)), "little is no waste"


def test_one_step_more_where_all_others_took_the_same_is_none():
    assert not found(CODE, *steps(8), scenario="refund", usual=among(7, 7, 7, 7, 7, 8))


def test_under_five_other_traces_of_the_scenario_it_is_unknown():
    few = among(6, 7, 8, 7, 30)
    assert not found(CODE, *steps(30), scenario="refund", usual=few)
    assert lacking(CODE, *steps(30), scenario="refund", usual=few) == ["peers"]
    assert lacking(CODE, *steps(30), scenario="refund") == ["peers"]
    assert not lacking(CODE, *steps(30), usual=few), "a trace of no scenario has no peers to be compared with"


def test_the_declared_budget_and_the_peers_tell_one_defect_of_one_quantity():
    usual, policy = among(6, 7, 8, 7, 6, 30), Policy(budget={"steps": 10})
    keys = [one.key for one in found(CODE, *steps(30), scenario="refund", usual=usual, policy=policy)]
    assert sorted(keys) == ["budget:seconds", "budget:steps"]
