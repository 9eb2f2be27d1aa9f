"""R-CONF: two who were asked the same differ, or the one who decided was hardly sure."""

import pytest

from traceeval.model import Checked, Claim, ClaimVerdict, Score, Subject
from traceeval.testing import model


def scored(name, value):
    return name, (Score(scorer=name, subject=Subject(trace="t"), value=value, status="scored", why="", units=1),)


def ask(why, *scores, checked=None):
    return why("judges_disagree", model("It is open."), scores=dict(scores), checked=checked, answer="It is open.")


def test_far_apart_is_a_reason_that_grows_with_the_distance(why):
    reason = ask(why, scored("generator.grounded", 1.0), scored("ragas.faithfulness", 0.2))
    assert reason.weight == pytest.approx(0.8)
    assert "generator.grounded says 1.00" in reason.text


@pytest.mark.parametrize(
    "scores",
    [
        [scored("generator.grounded", 1.0), scored("ragas.faithfulness", 0.7)],
        [scored("generator.grounded", 1.0), scored("ragas.factual_correctness", 0.0)],
        [scored("generator.grounded(k=1)", 1.0), scored("generator.grounded(k=2)", 0.0)],
        [scored("generator.grounded", 1.0), scored("ragas.faithfulness", None)],
    ],
    ids=["near", "another question", "one scorer twice", "no value"],
)
def test_no_disagreement_is_none(why, scores):
    scores = [(name, one if one[0].value is not None else ()) for name, one in scores]
    assert ask(why, *scores) is None


@pytest.mark.parametrize(("p", "fires"), [(0.55, True), (0.45, True), (0.7, False), (None, False)])
def test_a_claim_decided_near_an_even_chance_is_half_a_reason(why, p, fires):
    claim = Claim(id="c1", text="It is open.", span=(0, 11))
    checked = Checked(verdicts=(ClaimVerdict(claim=claim, outcome="supported", p=p),), passages=(), by="x")
    found = ask(why, checked=checked)
    assert (found is not None) == fires
    assert not fires or found.weight == 0.5


def test_the_contract_of_a_rule_holds(contract):
    contract("judges_disagree")
