"""Labels of claims from decisions on answers."""

import pytest

from traceeval.compare.from_decisions import claim_labels
from traceeval.errors import ConfigError
from traceeval.model import ClaimRow, PeopleRow


def claim(trace, n=1, **changes):
    values = {
        "claim": f"{trace}:c{n}",
        "trace": trace,
        "text": "It left.",
        "evidence": (),
        "outcome": "defer",
        "support": 0.5,
    }
    return ClaimRow(**{**values, "p": None, "codes": ("uncertain",), "by": "lexical@2", **changes})


def decided(trace, mark, split="calibration", criterion="groundedness"):
    return PeopleRow(subject=f"sha-{trace}", cluster=trace, criterion=criterion, mark=mark, split=split)


def labels(claims, people):
    return claim_labels(claims, people, {f"sha-{row.trace}": row.trace for row in claims})


def test_a_decision_on_an_answer_of_one_claim_is_one_on_the_claim():
    found = labels([claim("t1"), claim("t2")], [decided("t1", 5), decided("t2", 2)])
    assert found.labels == {"t1:c1": True, "t2:c1": False}


def test_an_answer_of_several_claims_tells_none_of_them():
    found = labels([claim("t1"), claim("t1", 2)], [decided("t1", 2)])
    assert (found.labels, found.several) == ({}, 1)


def test_labels_of_other_splits_and_criteria_are_not_learnt_from():
    people = [decided("t1", 5, "test"), decided("t2", 5, "regression"), decided("t3", 5, criterion="safety")]
    found = labels([claim("t1"), claim("t2"), claim("t3")], people)
    assert (found.labels, found.elsewhere) == ({}, 2)


def test_a_claim_a_rule_decided_teaches_nothing():
    assert labels([claim("t1", codes=("veto_number",))], [decided("t1", 5)]).labels == {}


def test_without_decisions_on_groundedness_there_is_nothing_to_learn_from():
    with pytest.raises(ConfigError, match="groundedness"):
        labels([claim("t1")], [decided("t1", 5, criterion="safety")])
