"""Facts on their way from the prompt into the answer, and those that come from nowhere."""

import pytest

from traceeval.graph import given_facts
from traceeval.graph.views import AnswerView
from traceeval.model import Passage, Reference
from traceeval.scorers.generator.fallback import fallback
from traceeval.scorers.generator.kept_qualifiers import kept_qualifiers
from traceeval.scorers.generator.utilisation import utilisation

NILE = "The Nile is 6650 km long."
FILLER = "Bananas are yellow. Apples are green or red. Plums are blue."


def view(answer, *texts, question="How long is the Nile?", gold=("6650 km",), claims=None, **fields):
    passages = tuple(Passage(id=f"d{n}", text=text, span=f"s{n}", doc=f"d{n}") for n, text in enumerate(texts, 1))
    reference = Reference(answer=gold if claims is None else None, claims=claims)
    return AnswerView(
        trace="t", span="m", question=question, answer=answer, passages=passages, reference=reference, **fields
    )


def test_with_an_empty_prompt_everything_right_is_fallback_and_utilisation_is_undefined():
    found = fallback(view(NILE))
    assert (found.value, found.why) == (1.0, "no_context 1: observed")
    assert utilisation(view(NILE)).status == "undefined"


def test_the_kinds_are_counted_apart():
    claims = ("The Nile is 6650 km long.", "The Rhine is 1230 km long.", "The Danube flows into the Black Sea.")
    context = (FILLER, "The Rhine is 1300 km long.", "The Danube flows into the Black Sea.")
    found = fallback(view(" ".join(claims), *context, claims=claims))
    assert found.value == pytest.approx(2 / 3)
    assert found.why == "contradicting_context 1, irrelevant_context 1: observed"
    assert [(one.span, one.field, one.quote) for one in found.evidence] == [("s2", "d2", "The Rhine is 1300 km long.")]


def test_a_right_fact_that_stands_in_the_prompt_is_no_fallback():
    assert fallback(view(NILE, FILLER, NILE)).value == 0.0


def test_nothing_right_is_undefined_and_no_gold_does_not_apply():
    assert fallback(view("It is 12 km long.", FILLER)).status == "undefined"
    assert fallback(view("I do not know.", FILLER)).status == "undefined"
    assert fallback(view(NILE, FILLER, gold=None)).status == "not_applicable"


def test_what_may_stand_where_the_prompt_is_cut_is_a_bound():
    found = fallback(view(NILE, FILLER, complete=False, gap="messages.0"))
    assert (found.status, found.bounds) == ("failed", (0.0, 1.0))


def test_the_words_of_the_user_are_no_context():
    asked = view(NILE)
    said = Passage(id="user-1", text=NILE, kind="user")
    from dataclasses import replace

    assert fallback(replace(asked, passages=(said,))).value == 1.0


def test_a_yes_stands_in_a_chunk_that_says_again_what_was_asked():
    asked = {"question": "Is water damage covered?", "gold": ("no",)}
    assert fallback(view("No.", "Water damage is not covered.", **asked)).value == 0.0
    assert fallback(view("No.", "Water damage is covered.", **asked)).why.startswith("contradicting_context 1")


@pytest.mark.parametrize(
    ("texts", "third"),
    [
        ((NILE, FILLER, FILLER), 1),
        ((FILLER, NILE, FILLER), 2),
        ((FILLER, FILLER, NILE), 3),
        ((f"{FILLER} {FILLER} {NILE}",), 3),
    ],
)
def test_an_ignored_fact_is_listed_with_chunk_place_and_third(texts, third):
    found = utilisation(view("I like rivers.", *texts))
    (evidence,) = found.evidence
    at = texts.index(next(text for text in texts if NILE in text))
    assert (found.value, evidence.span) == (0.0, f"s{at + 1}")
    assert evidence.field == f"d{at + 1} (third {third} of the context)"
    assert texts[at][evidence.start : evidence.end] == evidence.quote == NILE


def test_a_fact_in_several_thirds_is_in_none_and_a_short_context_has_none():
    (several,) = given_facts(view("x", NILE, FILLER, NILE))
    assert several.thirds == {1, 3}
    (short,) = given_facts(view("x", NILE))
    assert short.thirds == frozenset()


def test_a_used_fact_is_used_and_a_refusal_uses_none():
    assert utilisation(view(NILE, NILE, FILLER)).value == 1.0
    assert utilisation(view("I could not find it in the documents.", NILE, FILLER)).value == 0.0


def test_a_refusal_keeps_no_qualifiers_and_loses_none():
    from traceeval.judge import Desk, drive
    from traceeval.judge.checkers.lexical import LexicalChecker

    found = drive(kept_qualifiers(view("I do not know.", "The Nile may be 6650 km long.")), Desk(LexicalChecker()))
    assert (found.status, found.why.partition(":")[0]) == ("not_applicable", "refusal")
