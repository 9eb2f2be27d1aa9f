"""The embedded checker: the vectors of faithfulness.md section 3, its outcomes, and what it must never do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.judge import Ask
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import Passage

CHECKER = LexicalChecker()
KYC = (
    "Background checks found no prior sanctions, but the customer is under enhanced review. The account was opened on "
    "3 May 2012 with a deposit of $500 by two managers."
)
DRUG = "Aspirin may reduce the risk of stroke in some adults."


def check(answer, *texts):
    passages = tuple(Passage(id=f"p{n}", text=text) for n, text in enumerate(texts))
    return CHECKER.check(Ask.supports(answer, passages))


def one(answer, *texts, checker=CHECKER):
    passages = tuple(Passage(id=f"p{n}", text=text) for n, text in enumerate(texts))
    verdicts = checker.check(Ask.supports(answer, passages)).verdicts
    assert len(verdicts) == 1
    return verdicts[0]


@pytest.mark.parametrize(
    ("claim", "score", "veto"),
    [
        ("Background checks found no prior sanctions.", 1.0, None),
        ("Background checks found prior sanctions.", 1.0, "negation"),
        ("The account was opened on 3 May 2012 with a deposit of $5,000.", 0.783343, "number"),
        ("The account was opened on 3 May 2012 with a deposit of $500 by one manager.", 0.902964, "number"),
        ("Aspirin reduces the risk of stroke in adults.", 1.0, "hedge"),
        ("Aspirin may increase the risk of stroke in some adults.", 0.824950, "antonym"),
        ("Screening turned up nothing on the client so far.", 0.037037, None),
        ("The customer lives in Oslo and owes 250 euros.", 0.045630, None),
    ],
)
def test_the_vectors_of_the_specification_hold(claim, score, veto):
    verdict = one(claim, KYC, DRUG, checker=LexicalChecker(1))
    assert verdict.p == pytest.approx(score, abs=1e-6)
    assert (verdict.diffs[0].veto if verdict.diffs else None) == veto


def test_a_veto_defers_and_never_condemns():
    verdict = one("Background checks found prior sanctions.", KYC)
    assert verdict.outcome == "defer"
    assert verdict.codes == ("veto_negation",)


def test_the_lexical_checker_never_says_contradicted():
    assert "contradiction" not in CHECKER.can


def test_without_context_every_claim_is_unsupported():
    assert one("The Nile is 6650 km long.").outcome == "unsupported"


def test_a_claim_in_another_script_than_its_evidence_is_deferred():
    assert one("Нил имеет длину шесть тысяч километров и течёт на север.", KYC).codes == ("language_mismatch",)


def test_a_claim_that_needs_two_passages_has_two_edges():
    verdict = one(
        "The Nile flows north and one mile equals 1.609 kilometres.",
        "The Nile flows north.",
        "One mile equals 1.609 kilometres.",
    )
    assert {edge.passage for edge in verdict.edges} == {"p0", "p1"}


def test_edges_quote_text_that_is_there():
    for edge in one("Background checks found no prior sanctions.", KYC).edges:
        assert KYC[edge.span[0] : edge.span[1]] == edge.quote


def test_claims_point_into_the_original_answer():
    answer = "Hello!\n1. The account was opened on 3 May 2012 [p1].\n- Aspirin may reduce the risk of stroke."
    for verdict in check(answer, KYC, DRUG).verdicts:
        start, end = verdict.claim.span
        assert verdict.claim.text.split()[0] in answer[start:end]


@pytest.mark.parametrize(
    "answer",
    [
        "I don't know.",
        "I could not find this in our documents.",
        "Das weiß ich nicht, ich weiß es nicht.",
        "わかりません",
    ],
)
def test_refusals_are_refusals_in_several_languages(answer):
    assert check(answer, KYC).refusal


def test_a_number_that_was_computed_is_deferred_not_condemned():
    verdict = one(
        "The Nile is about 4132 miles long in total.", "The Nile is 6650 km long.", "One mile is 1.609344 km long."
    )
    assert verdict.outcome != "unsupported" or "absent_number" in verdict.codes


def test_a_dropped_condition_is_told():
    checked = check(
        "You can return the blender within 30 days.", "You can return the blender within 30 days unless it was opened."
    )
    assert [diff.source.partition(":")[0] for diff in checked.dropped] == ["unless"]


words = st.lists(
    st.sampled_from("alpha beta gamma delta river stone 12 400 Oslo not may paid".split()), min_size=3, max_size=12
).map(lambda found: " ".join(found).capitalize() + ".")


@settings(max_examples=80, deadline=None)
@given(words, st.lists(words, min_size=1, max_size=4))
def test_scores_stay_in_range_and_order_and_copies_of_passages_change_no_coverage(claim, passages):
    first, second = one(claim, *passages), one(claim, *passages[::-1], passages[0])
    assert 0 <= first.p <= 1
    assert dict(first.features)["cov"] == dict(second.features)["cov"]


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=4), words)
def test_more_context_never_lowers_coverage(passages, claim):
    before, after = one(claim, *passages), one(claim, *passages, "Something else entirely stands here.")
    assert dict(after.features)["cov"] >= dict(before.features)["cov"]


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=4), st.data())
def test_a_sentence_copied_from_the_context_is_never_unsupported(passages, data):
    claim = data.draw(st.sampled_from(passages))
    for verdict in check(claim, *passages).verdicts:
        assert verdict.outcome != "unsupported"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_of_any_script_raises(answer, passage):
    check(answer, passage)


OVEN = "Clean the oven with a soft cloth. Keep the door shut while it is hot."
FAULTY = "The pressure sensor of the boiler is faulty."


def asked_by_a_user(answer, said, *texts):
    passages = [Passage(id=f"p{n}", text=text) for n, text in enumerate(texts)]
    return CHECKER.check(Ask.supports(answer, (*passages, Passage(id="user-1", text=said, kind="user")))).verdicts


@pytest.mark.parametrize(
    "asked",
    [
        "Does code F75 mean that the pressure sensor of the boiler is faulty?",
        "Please check whether the pressure sensor of the boiler is faulty",
        "the pressure sensor of the boiler is faulty?",
        "I see a red light. Is the pressure sensor of the boiler faulty?",
    ],
)
@pytest.mark.parametrize("texts", [(OVEN,), (OVEN, DRUG, KYC), ()])
def test_what_the_user_asks_supports_no_claim(asked, texts):
    (with_question,), without = asked_by_a_user(FAULTY, asked, *texts), one(FAULTY, *texts)
    assert with_question.outcome == without.outcome == "unsupported"
    assert with_question.p <= without.p + 0.05
    assert not any(edge.passage == "user-1" and "sensor" in edge.quote for edge in with_question.edges)


def test_a_name_that_only_the_question_has_is_missing_from_the_evidence():
    texts = "Beta Inc offers refunds within 30 days."
    (verdict,) = asked_by_a_user("Acme Corp offers refunds within 30 days.", "Does Acme Corp offer refunds?", texts)
    assert (verdict.outcome, verdict.missing) == ("defer", ("Corp",))


def test_what_the_user_says_supports_a_claim():
    (verdict,) = asked_by_a_user(FAULTY, "The pressure sensor of my boiler is faulty. What does it cost?", OVEN)
    assert verdict.outcome == "supported"
    assert verdict.edges[0].passage == "user-1"


def test_the_language_of_a_question_is_still_read():
    asked = Passage(id="user-1", text="Which of the two parcels was sent to the house in the north?", kind="user")
    assert CHECKER.check(Ask.supports("Parcel 17.", (asked,))).language == "en"
