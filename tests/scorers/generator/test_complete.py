"""Questions taken apart, and which parts an answer answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scorers.generator._questions import FIRST, FOURTH, OPEN, SECOND, THIRD, TOPIC

from traceeval.graph import TraceGraph, build_views
from traceeval.graph.views import AnswerView
from traceeval.measures.completeness import answered, bearing
from traceeval.measures.questions import parts_of
from traceeval.model import Reference
from traceeval.scorers.generator.complete import complete
from traceeval.scorers.generator.on_topic import on_topic
from traceeval.testing import check_scorer, model, trace, user

CASES = [*FIRST, *SECOND, *THIRD, *FOURTH]


def view(question, answer, reference=None):
    return AnswerView(trace="t", span=None, question=question, answer=answer, passages=(), reference=reference)


def value(reading):
    return reading.value if reading.status == "scored" else reading.bounds if reading.status == "failed" else None


@pytest.mark.parametrize("case", [c for c in CASES if (c.question, c.answer) not in OPEN])
def test_the_answered_share_is_told_or_left_open(case):
    found = complete(view(case.question, case.answer))
    assert value(found) == pytest.approx(case.expected)
    assert found.status != "failed" or found.why.startswith("needs_judge")


@pytest.mark.parametrize("case", [c for c in CASES if (c.question, c.answer) in OPEN])
def test_what_a_reader_can_tell_and_the_code_cannot_is_left_open_and_never_decided_wrongly(case):
    low, high = value(complete(view(case.question, case.answer)))
    assert low <= case.expected <= high


def test_no_batch_is_decided_wrongly():
    for case in CASES:
        found = complete(view(case.question, case.answer))
        if found.status == "scored" and not isinstance(case.expected, tuple):
            assert found.value == pytest.approx(case.expected), case


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was it built, and who paid for it?", ["date", "name"]),
        ("Who, when and where?", ["name", "date", "name"]),
        ("How many cars and bikes are there?", ["count", "count"]),
        ("What are the price and the weight of the lamp?", ["number", "number"]),
        ("Could you tell me whether dogs are allowed?", ["yes_no"]),
        ("Is it red or blue?", ["name"]),
        ("List five planets", ["list"]),
        ("Why?", ["free"]),
        ("I bought a lamp. It is broken.", ["free"]),
        ("refund policy", ["free"]),
        ("Wann wurde die Brücke gebaut?", ["free"]),
        ("", ["free"]),
    ],
)
def test_every_part_of_a_question_expects_a_type(question, expected):
    assert [part.expects for part in parts_of(question)] == expected


def test_a_clause_that_goes_on_about_what_was_asked_answers_it_where_its_sentence_does_not():
    asked = "When was it built, and how tall is the tower?"
    told = answered(asked, "The tower is 50 metres tall, it opened in 1900.")
    assert [state for _, state in told] == ["answered", "answered"]


def test_a_refusal_of_an_answerable_question_answers_nothing():
    found = complete(view("How do I reset the router?", "I don't know.", Reference(answerable=True, answer=("x",))))
    assert (found.status, found.value) == ("scored", 0.0)


def test_of_a_question_without_an_answer_nothing_is_asked_for():
    for gold in (Reference(answerable=False), Reference(answer=("The documents do not say.",))):
        assert complete(view("When does the branch on Mars open?", "I don't know.", gold)).status == "not_applicable"


def test_without_a_question_or_with_one_that_asks_for_nothing_it_does_not_apply():
    assert complete(view(None, "x is y.")).status == "not_applicable"
    assert complete(view("Please cancel my order 4711 and send me a note.", "Done.")).status == "not_applicable"
    assert complete(view("refund policy", "Refunds take 14 days.")).status == "failed"


def test_the_last_turn_is_what_is_answered():
    turns = (user("Where is order 7?"), model("In Ghent."), user("And when will it arrive?"))
    answering = model("It will arrive on 3 May.", prompt=[("user", "And when will it arrive?")])
    sample = trace(*turns, answering, question="Where is order 7?", answer="It will arrive on 3 May.")
    found = complete(build_views(TraceGraph(sample)).answer)
    assert (found.value, found.units) == (1.0, 1)
    agreed = trace(*turns[:2], user("Yes, please do."), model("Done."), question="Where is order 7?", answer="Done.")
    assert complete(build_views(TraceGraph(agreed)).answer).why.startswith("no_question")


def test_evidence_names_the_parts_that_are_not_answered():
    found = complete(view("When was the bridge opened, and how long is it?", "The bridge was opened in 1932."))
    assert [(one.field, one.quote) for one in found.evidence] == [("question (number), missing", "how long is it")]


@pytest.mark.parametrize("case", TOPIC)
def test_claims_bear_on_the_question_or_do_not(case):
    assert value(on_topic(view(case.question, case.answer))) == pytest.approx(case.expected)


def test_the_claim_off_the_topic_is_shown():
    found = on_topic(view("What does delivery cost?", "Delivery costs 12 euros. Our founder was born in Graz."))
    assert [one.quote for one in found.evidence] == ["Our founder was born in Graz."]


def test_on_topic_says_nothing_about_being_right():
    assert on_topic(view("When was the bridge opened?", "The bridge was opened in the year 3000.")).value == 1.0


@given(st.text(max_size=60), st.text(max_size=120))
def test_any_text_is_taken_apart_without_an_error(question, answer):
    assert parts_of(question)
    assert all(state in ("answered", "missing", "open") for _, state in answered(question, answer))
    assert all(state in ("on", "off", "open") for _, state in bearing(question, answer))


@pytest.mark.parametrize("text", ["and when " * 4000, "who, " * 4000, "what are the " + "a " * 5000, "?" * 5000])
def test_a_hostile_question_costs_no_time(text):
    assert parts_of(text)


@pytest.mark.parametrize("name", ["generator.complete", "generator.on_topic"])
def test_the_contract_holds(name):
    check_scorer(name)
