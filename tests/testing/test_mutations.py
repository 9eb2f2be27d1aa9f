"""Mutation acceptance: a rule without an operator fails, a rule that sleeps fails, a rule that cries wolf fails."""

from dataclasses import replace

import pytest

from traceeval.model import Component, Finding, Subject
from traceeval.testing import Carrier, Edited, call, check_diagnosis, mutate, trace, user
from traceeval.testing import _check_diagnosis as check
from traceeval.testing import _mutation as mutation

RULE = "tool.wrong_entity"


def carriers(count=40):
    return [Carrier(trace(user("hello"), call("get_order", {"id": f"A-{n}"}), id=f"t{n}")) for n in range(count)]


def with_rule(monkeypatch, finds):
    """The rule in the place of the real one: ``finds(dossier)`` says whether it fires."""
    real = mutation.RULES.get(RULE)

    def fires(dossier):
        subject = Subject(trace=dossier.trace.id)
        return [Finding(code=RULE, component=Component.TOOL, subject=subject, severity=3, text="x")] * finds(dossier)

    class Rules:
        def get(self, code):
            return replace(real, call=fires)

    monkeypatch.setattr(mutation, "RULES", Rules())


def test_every_rule_of_the_catalogue_has_an_operator():
    assert mutation.missing_operators() == {}


def test_a_rule_without_an_operator_fails_the_check():
    with pytest.raises(AssertionError, match="no operator and no twin"):
        check_diagnosis("retriever.missed_gold", operator=True)


def test_the_missing_file_is_named(monkeypatch):
    class Few:
        def names(self):
            return ()

    monkeypatch.setattr(mutation, "MUTATIONS", Few())
    assert mutation.missing_operators()[RULE] == "src/traceeval/testing/mutations/tool/wrong_entity.py"


def test_a_planted_defect_that_goes_unnoticed_fails_the_check(monkeypatch):
    with_rule(monkeypatch, lambda dossier: 0)
    with pytest.raises(AssertionError, match="0 of 40 planted defects were found"):
        check._check_mutations(RULE, carriers())


def test_a_clean_twin_that_is_called_a_defect_fails_the_check(monkeypatch):
    with_rule(monkeypatch, lambda dossier: len(dossier.graph.calls) > 1)
    with pytest.raises(AssertionError, match="40 of 40 clean twins"):
        check._check_mutations(RULE, carriers())


def test_few_carriers_decide_nothing(monkeypatch):
    with_rule(monkeypatch, lambda dossier: 0)
    assert check._check_mutations(RULE, carriers(5)).kill == 0.0


def test_a_trace_in_which_the_rule_fires_already_is_no_carrier(monkeypatch):
    with_rule(monkeypatch, lambda dossier: 1)
    assert mutate(RULE, carriers()).planted == 0


def test_the_same_seed_plants_the_same():
    assert mutate(RULE, carriers(), seed=3) == mutate(RULE, carriers(), seed=3)


def test_the_most_carriers_are_as_many_as_were_asked_for():
    assert mutate(RULE, carriers(), most=7).planted == 7


def test_an_edited_trace_is_a_trace():
    (carrier,) = carriers(1)
    operator = mutation.MUTATIONS.get(RULE)
    from random import Random

    edited = operator.call(carrier, Random(0))
    assert isinstance(edited, Edited)
    assert [span.seq for span in edited.trace.spans] == list(range(len(edited.trace.spans)))
    assert len({span.id for span in edited.trace.spans}) == len(edited.trace.spans)
