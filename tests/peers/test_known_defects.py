"""Every input on which a peer is measurably wrong, and what is right (metrics.md sections 4, 5, 7.3).

Peers are not imported; each docstring names peer, version and wrong output.
"""

import importlib.util
from pathlib import Path

import pytest

from traceeval.graph.views import AnswerView
from traceeval.judge import Desk, drive
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import Passage, Reference
from traceeval.registry import Registry, Scorer
from traceeval.testing import call, expect

_spec = importlib.util.spec_from_file_location("peer_tools", Path(__file__).with_name("_tools.py"))
_tools = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_tools)
f, classes, score, prf = _tools.f, _tools.classes, _tools.score, _tools.prf
ONE = [expect("f", {"x": 1})]


def test_1a_a_retry_after_an_error_is_free():
    """ragas 0.4.3 ToolCallAccuracy 0.0, flexible too; agentevals 0.0.9 strict False; bfcl-eval wrong_count."""
    called = [call("f", {"x": 1}, error="timeout"), f(1)]
    assert classes(called, ONE) == ["retry_after_error", "matched"]
    assert prf(called, ONE) == (1, 1, 1, 1)


def test_1b_a_repeated_read_is_a_pure_duplicate():
    """ragas 0.4.3 ToolCallF1 1.0 and deepeval 4.3.1 1.0: the repetition is invisible."""
    assert classes([f(1), f(1)], ONE) == ["matched", "duplicate"]
    assert prf([f(1), f(1)], ONE) == (0.5, 1, 0.667, 1)


def test_1b_a_repeated_write_is_not_exact():
    """ragas 0.4.3 ToolCallF1 1.0 although the world was changed twice."""
    called = [call("w", {"x": 1}), call("w", {"x": 1})]
    assert prf(called, [expect("w", {"x": 1})])[3] == 0


def test_1b_a_repeated_call_of_unknown_effect_is_not_decided():
    """No peer has an answer but yes or no."""
    called = [call("u", {"x": 1}), call("u", {"x": 1})]
    assert prf(called, [expect("u", {"x": 1})])[3] == ("failed", (0.0, 1.0))


def test_2_nine_of_ten_calls_earn_nine_tenths():
    """ragas 0.4.3 ToolCallAccuracy 0.0: its proportional penalty is dead code."""
    called = [f(n) for n in range(9)]
    expected = [expect("f", {"x": n}) for n in range(10)]
    assert prf(called, expected) == (1, 0.9, 0.947, 0)


def test_3_an_argument_the_tool_does_not_have_is_wrong():
    """ragas 0.4.3 ToolCallAccuracy 1.0, deepeval 4.3.1 1.0: extra arguments are never read."""
    called = [f(1, delete=True)]
    assert classes(called, ONE) == ["unknown_arg"]
    assert prf(called, ONE) == (0, 0, 0, 0)
    assert score("soft", called, ONE).value == 0.5


def test_4_a_wrong_value_is_wrong():
    """deepeval 4.3.1 1.0 by default: it compares names."""
    assert classes([f(9)], ONE) == ["wrong_value"]
    assert prf([f(9)], ONE) == (0, 0, 0, 0)
    assert score("soft", [f(9)], ONE).value == 0


def test_5_a_write_nobody_asked_for_is_not_free():
    """deepeval 4.3.1 1.0 with and without arguments; agentevals 0.0.9 superset True."""
    called = [f(1), call("rm")]
    assert classes(called, ONE) == ["matched", "unnecessary_call"]
    assert prf(called, ONE) == (0.5, 1, 0.667, 0)


def test_6_two_equal_expected_calls_are_two():
    """deepeval 4.3.1 .5 for a perfect run."""
    assert prf([f(1), f(1)], ONE * 2) == (1, 1, 1, 1)


def test_7_five_times_the_same_read_is_four_wasted():
    """ragas 0.4.3 ToolCallF1 1.0 (a set); deepeval 4.3.1 1.0; agentevals superset True."""
    called = [f(1)] * 5
    assert classes(called, ONE) == ["matched", *["duplicate"] * 4]
    assert prf(called, ONE) == (0.2, 1, 0.333, 1)
    assert score("waste", called, ONE).value == pytest.approx(0.8)


def test_7_five_times_the_same_write_is_not_exact():
    """As above: five refunds count as one."""
    assert prf([call("w", {"x": 1})] * 5, [expect("w", {"x": 1})])[3] == 0


def test_8a_a_number_in_a_string_is_a_wrong_type_that_could_be_coerced():
    """ragas 0.4.3 ToolCallAccuracy 1.0: it compares str()."""
    assert classes([f("1")], ONE) == ["wrong_type"]
    assert prf([f("1")], ONE) == (0, 0, 0, 0)
    assert prf([f("1")], ONE, coerce="accept") == (1, 1, 1, 1)


def test_8b_an_integral_float_is_the_integer():
    """ragas 0.4.3 ToolCallAccuracy 0.0; bfcl-eval type_error although 1 for a float is valid."""
    assert prf([f(1.0)], ONE) == (1, 1, 1, 1)


def test_8c_true_is_not_one():
    """ragas 0.4.3 ToolCallF1 1.0, deepeval 4.3.1 1.0, agentevals 0.0.9 True in all modes."""
    assert classes([f(True)], ONE) == ["wrong_type"]
    assert prf([f(True)], ONE) == (0, 0, 0, 0)


def test_8c_true_is_not_the_word_true():
    """ragas 0.4.3 ToolCallAccuracy 1.0 for True against "True"."""
    assert classes([call("g", {"x": True})], [expect("g", {"x": "True"})]) == ["wrong_type"]


def test_9a_key_order_does_not_matter():
    """ragas 0.4.3 ToolCallAccuracy 0.0."""
    assert prf([call("g", {"o": {"a": 1, "b": 2}})], [expect("g", {"o": {"b": 2, "a": 1}})]) == (1, 1, 1, 1)


def test_9b_equal_objects_are_equal_at_any_depth():
    """bfcl-eval 2026.3.23 invalid: lists of allowed values are read one level deep."""
    nested = {"o": {"p": {"q": [1, {"r": 2}]}}}
    assert prf([call("g", nested)], [expect("g", nested)]) == (1, 1, 1, 1)


def test_9b_allowed_values_are_read_at_any_depth():
    """bfcl-eval 2026.3.23 invalid."""
    expected = [expect("g", {"o": {"p": {"$one_of": [1, 2]}}})]
    assert prf([call("g", {"o": {"p": 2}})], expected) == (1, 1, 1, 1)


def test_10_a_default_spelled_out_is_no_difference():
    """ragas 0.4.3 ToolCallF1 0; deepeval .5; agentevals 0.0.9 False in all modes; bfcl-eval unexpected_param."""
    assert prf([f(1, limit=10)], ONE) == (1, 1, 1, 1)


def test_10_another_value_than_the_default_is_wrong():
    """ragas 0.4.3 ToolCallAccuracy 1.0: extras are never read."""
    assert classes([f(1, limit=99)], ONE) == ["wrong_value"]


def test_11_assignment_is_optimal():
    """agentevals 0.0.9 unordered and superset False, bfcl-eval invalid, deepeval .583: all greedy."""
    expected = [expect("f", {"x": 1}, extra="allow"), expect("f", {"x": 1, "limit": 2}, extra="allow")]
    assert prf([f(1, limit=2), f(1)], expected) == (1, 1, 1, 1)


@pytest.mark.parametrize(("called", "expected"), [("1.5", "15"), ("-5", "5"), ("a/b.txt", "ab.txt")])
def test_12_punctuation_carries_meaning(called, expected):
    """bfcl-eval 2026.3.23 valid: it drops `` ,./-_*^`` from strings."""
    assert classes([call("g", {"x": called})], [expect("g", {"x": expected})]) == ["wrong_value"]


def test_13_nothing_called_and_nothing_expected_is_exact():
    """ragas 0.4.3 ToolCallF1 0.0; bfcl-eval `multiple` checker IndexError."""
    assert prf([], []) == ("U", "U", "U", 1)


def test_14_a_call_where_none_was_expected():
    """agentevals 0.0.9 superset True."""
    assert prf([call("rm")], []) == (0, "U", 0, 0)


def test_15_no_call_where_one_was_expected():
    """agentevals 0.0.9 subset True."""
    assert prf([], ONE) == ("U", 0, 0, 0)


@pytest.mark.parametrize("raw", [None, '{"x": 1'])
def test_16_arguments_that_are_no_object_never_raise(raw):
    """ragas 0.4.3 ValidationError, deepeval AttributeError, agentevals ValidationError/JSONDecodeError, BFCL TypeError."""
    called = [call("f", None, raw=raw)]
    assert classes(called, ONE) == ["malformed_args"]
    assert prf(called, ONE) == (0, 0, 0, 0)


def test_17a_without_a_declared_order_any_order_is_right():
    """ragas 0.4.3 ToolCallAccuracy 0.0; agentevals strict False; bfcl-eval `multiple` wrong_func_name."""
    assert prf([call("g"), f(1)], [expect("f", {"x": 1}), expect("g")]) == (1, 1, 1, 1)


def test_17b_a_declared_order_counts():
    """deepeval 4.3.1 1.0; bfcl-eval valid; ragas F1 has no such option."""
    expected = [expect("f", {"x": 1}, id="a"), expect("g", after=("a",))]
    assert prf([call("g"), f(1)], expected) == (1, 1, 1, 0)
    assert prf([f(1), call("g")], expected) == (1, 1, 1, 1)


def test_calls_of_one_batch_have_no_order():
    """agentevals 0.0.9: parallel and sequential emission of the same calls differ."""
    expected = [expect("f", {"x": 1}, id="a"), expect("g", after=("a",))]
    batch = [call("f", {"x": 1}, requested_by="root"), call("g", requested_by="root")]
    assert prf(batch, expected)[3] == 0


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("john@example.com", "john@example.com"),
        ("a\u00a0b", "a b"),
        ("1990–1995", "1990-1995"),
        (5.0, 5),
        (5 + 1e-11, 5),
    ],
)
def test_equivalents_are_accepted(called, expected):
    """bfcl-eval 2026.3.23 rejects NBSP 1791/1791, en-dash 444/444, 5.0 for 5 1683/1683, rel 1e-12 420/420."""
    assert classes([call("g", {"x": called})], [expect("g", {"x": expected})]) == ["matched"]


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("johndoe@examplecom", "john.doe@example.com"),
        ("x2", "x**2"),
        (3405, 34.05),
        ("44", "4/4"),
        ("ID-aB1", "ID-Ab1"),
    ],
)
def test_wrong_values_are_refused(called, expected):
    """bfcl-eval 2026.3.23 accepts each: 131/131 wrong values, ids in other case 64/64."""
    assert classes([call("g", {"x": called})], [expect("g", {"x": expected})]) != ["matched"]


def test_without_a_reference_nothing_is_scored():
    """tau2 gives reward 1.0 when no criteria exist."""
    assert score("f1", [f(1)], None).status == "not_applicable"


def test_one_call_fills_one_expectation():
    """tau2 ACTION: one call may satisfy several gold actions."""
    assert prf([f(1)], ONE * 2)[1] == 0.5


SCORERS = Registry("traceeval.scorers", Scorer)
ABSENT = (
    "The Amazon crosses Brazil for 6400 kilometres. Berlin hosted the Olympic Games in 1936. Mount Fuji erupted in 1707. "
    "Copper melts at 1085 degrees."
)


def said(name, words, context=(), /, **reference):
    passages = tuple(Passage(id=f"c{n}", text=text) for n, text in enumerate(context))
    view = AnswerView(
        trace="t",
        span="s",
        question="?",
        answer=words,
        passages=passages,
        reference=Reference(**reference) if reference else None,
    )
    found = SCORERS.get(f"generator.{name}").call(view)
    return drive(found, Desk(LexicalChecker())) if hasattr(found, "send") else found


def test_four_claims_absent_from_the_context_are_not_faithful():
    """deepeval 4.3.1 faithfulness 1.0: its prompt says 'no' only on direct contradiction."""
    assert said("grounded", ABSENT, ["The Nile flows north."]).value == 0
    assert said("unsupported", ABSENT, ["The Nile flows north."]).value == 1


def test_an_answer_without_claims_is_undefined():
    """deepeval 4.3.1 gives 1; ragas NaN; autoevals raises ZeroDivisionError."""
    assert said("grounded", "Hello there!", ["The Nile flows north."]).status == "undefined"


def test_a_refusal_is_not_unfaithful():
    """RAGChecker 0.1.9 scores a refusal 0.0."""
    assert said("grounded", "I don't know.", ["The Nile flows north."]).status == "not_applicable"
    assert said("refusal_correct", "I don't know.", ["x"], answerable=False).value == 1


def test_empty_context_with_claims_is_zero_and_scored():
    """RAGChecker 0.1.9 gives hallucination 0 with empty retrieval."""
    assert said("grounded", ABSENT).value == 0


def test_a_right_answer_from_no_context_is_fallback():
    """RAGChecker 0.1.9 self_knowledge 0 exactly when everything came from memory."""
    found = said("fallback", "The capital is Rome.", answer=("Rome",))
    assert (found.value, found.why) == (1, "no_context 1: observed")
    assert said("utilisation", "The capital is Rome.", answer=("Rome",)).status == "undefined"


def test_a_fact_in_the_context_is_no_fallback():
    assert said("fallback", "The capital is Rome.", ["Rome is the capital."], answer=("Rome",)).value == 0


def test_utilisation_without_a_fact_in_the_prompt_is_undefined():
    """RAGChecker 0.1.9 gives 0."""
    assert said("utilisation", "It is Paris.", ["The Nile flows north."], answer=("Rome",)).status == "undefined"


def test_a_rejected_value_is_not_asserted():
    """bfcl-eval 2026.3.23's agentic checker: valid."""
    assert said("correct", "It is not Paris, it is Rome.", answer=("Paris",)).value == 0


def test_an_answer_to_an_unanswerable_question_is_wrong_and_a_refusal_right():
    """ragas 0.4.3 answer_correctness: F1 1.0 when neither side has statements."""
    assert said("correct", "It is Rome.", answerable=False).value == 0
    assert said("correct", "I don't know.", answerable=False).value == 1


def test_undecided_claims_stay_in_the_denominator():
    """ragas 0.4.3 divides by the verdicts that came back."""
    text = "Background checks found no prior sanctions."
    found = said("grounded", f"{text} Background checks found prior sanctions.", [text])
    assert (found.status, found.bounds) == ("failed", (0.5, 1.0))


def test_contradiction_is_never_zero_from_a_checker_that_cannot_see_it():
    found = said("contradicted", ABSENT, ["The Nile flows north."])
    assert (found.status, found.bounds) == ("failed", (0.0, 1.0))


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("The dose is 1.5 mg per day for adults.", "The dose is 15 mg per day for adults."),
        ("The drug is not approved for children.", "The drug is approved for children."),
        ("The drug is approved for children.", "The drug is not approved for children."),
        ("The treaty was signed in 2021 by both sides.", "The treaty was signed in 2012 by both sides."),
        ("The bank may raise the fee next year.", "The bank will raise the fee next year."),
    ],
)
def test_minimal_flips_are_never_supported(source, claim):
    """Every overlap measure scores these well."""
    assert said("grounded", claim, [source]).status == "failed"
