import msgspec
from tests.diagnose._found import found, lacking

from traceeval.model import Policy, Usage
from traceeval.testing import call, model

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
