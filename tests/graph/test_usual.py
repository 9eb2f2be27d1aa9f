import pytest

from traceeval.graph import Survey
from traceeval.graph import _usual as usual
from traceeval.model import System
from traceeval.testing import call, model, trace


def surveyed(*traces):
    survey = Survey()
    for one in traces:
        survey.add(one)
    return survey.usual()


def test_a_scenario_is_known_by_the_middle_of_what_its_traces_took():
    traces = [trace(*(call("f", {}) for _ in range(n)), id=str(n), scenario="s") for n in (1, 2, 9)]
    middle = surveyed(*traces, trace(call("f", {}), id="other", scenario="t")).scenarios["s"]["steps"]
    assert (middle.n, middle.median) == (3, 2)


def test_what_was_not_recorded_of_a_trace_counts_for_no_scenario():
    found = surveyed(trace(model("Hello."), id="t", scenario="s")).scenarios["s"]
    assert "tokens" not in found
    assert found["steps"].n == 1


def test_a_trait_counts_once_a_trace_and_apart_for_each_application():
    twice = trace(call("f", {"to": "a@b.example"}), call("f", {"to": "c@b.example"}), id="1", system=System(app="desk"))
    suites = surveyed(twice, trace(call("f", {"to": 3}), id="2")).suites
    assert suites["desk"].traits == {("f",): 1, ("f", "to"): 1, ("f", "to", "address at b.example"): 1}
    assert suites[""].traces == 1
    assert suites[""].numbers[("f", "to")].n == 1


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("https://user@Docs.example:80/a?b", "address at docs.example"),
        ("ann@corp.example", "address at corp.example"),
        ("-1,204.50", "number as text"),
        ("two words", "text"),
        (True, "yes or no"),
        (1.5, "number"),
        (None, "nothing"),
        ([1], "list"),
        ({}, "object"),
    ],
)
def test_a_form_is_the_kind_of_a_value(value, form):
    assert usual.form(value) == form


def test_an_application_whose_calls_never_repeat_has_nothing_usual_and_costs_no_more(monkeypatch):
    monkeypatch.setattr(usual, "MOST_OF_SUITE", 10)
    survey = Survey()
    for number in range(50):
        survey.add(trace(call(f"tool{number}", {"n": number}), id=str(number)))
    assert survey.usual().suites == {}
    assert max(len(kept.traits) for kept in survey._suites.values()) < 20


def test_one_trace_of_ten_thousand_traits_adds_a_few_hundred():
    big = trace(*(call(f"tool{number}", {"n": number}) for number in range(2000)), id="t")
    assert len(surveyed(big).suites[""].traits) == usual.MOST_TRAITS
