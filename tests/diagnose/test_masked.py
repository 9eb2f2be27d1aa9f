"""Masked failures: one planted compensation of each kind among clean traces, found with its compensator."""

import pytest

from traceeval.model import Finding, Reference, Trace
from traceeval.risk import load_policy
from traceeval.run import Setup, examine
from traceeval.testing import call, model, retrieval, trace, user

GOLD = Reference(documents={"gold": 1}, answer=("6650 km",))
KIT = Setup(policy=load_policy()).load()
FACT = "The Nile is 6650 km long."


def answered(*spans, prompt, id="t"):
    return trace(*spans, model(FACT, prompt=[("system", prompt), ("user", "How long is the Nile?")]), id=id, answer=FACT,
                 question="How long is the Nile?", reference=GOLD)  # fmt: skip


def masked(sample: Trace) -> list[Finding]:
    return [f for f in examine(sample, KIT).dossier.findings if f.code.endswith("masked_failure")]


OTHER = ("x", "Bananas are yellow.")
PROMPT = "[x] Bananas are yellow."
PLANTED = {
    "other_chunk": answered(retrieval(("x", FACT)), prompt=f"[x] {FACT}", id="other_chunk"),
    "later_tool": answered(retrieval(OTHER), call("get_length", {"river": "Nile"}, FACT), prompt=PROMPT, id="later_tool"),
    "user": answered(user(f"How long is the Nile? I read that {FACT}"), retrieval(OTHER), prompt=PROMPT, id="user"),
    "parametric": answered(retrieval(), prompt="Answer.", id="parametric"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PLANTED)
def test_the_compensator_is_named(kind):
    found = masked(PLANTED[kind])
    assert [(f.code, f.compensator) for f in found] == [("retriever.masked_failure", kind)]


def test_clean_traces_mask_nothing():
    for number in range(16):
        assert not masked(answered(retrieval(("gold", FACT)), prompt=f"[gold] {FACT}", id=f"clean-{number}"))


def test_a_wrong_end_result_hides_nothing():
    sample = trace(
        retrieval(("x", "Bananas.")),
        model("It is 12 km.", prompt=[("system", "[x] Bananas.")]),
        reference=GOLD,
        answer="It is 12 km.",
    )
    assert not masked(sample)


def test_empty_retrieval_and_a_right_answer_is_fallback_one_and_blamed_on_the_retriever():
    examined = examine(PLANTED["parametric"], KIT)
    assert examined.dossier.value("generator.fallback") == 1
    assert examined.dossier.score("generator.utilisation").status == "undefined"
    assert [(b.component.value, b.share, b.masked) for b in examined.dossier.blame] == [("retriever", 1.0, True)]


def test_blame_shares_sum_to_one_or_there_are_none():
    for sample in PLANTED.values():
        shares = [b.share for b in examine(sample, KIT).dossier.blame]
        assert not shares or sum(shares) == pytest.approx(1)
