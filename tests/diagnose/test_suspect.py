"""The two most suspected components, from the record alone: who, why, and when nobody."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.diagnose.signals._desk import OTHERS, POOL, QUESTION, REFUSAL, TIDE
from tests.diagnose.unlabelled._all import EARLIER, LATER, written

import traceeval
from traceeval.diagnose import suspect
from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals import SIGNALS
from traceeval.diagnose._suspect import FLOOR, rank
from traceeval.model import Basis, Component, Partial, Reference, Sign
from traceeval.risk import load_policy
from traceeval.run import Setup, examine
from traceeval.testing import call, dossier_of, model, rerank, retrieval, trace, user
from traceeval.testing._check_scorer import samples

TRACES = Path(__file__).parents[2] / "traces"
RIGHT = "The harbour lamp burns for 40 hours."
STAGES = (retrieval(*POOL), rerank(POOL, (TIDE, *OTHERS)))
signs = st.builds(
    Sign,
    signal=st.sampled_from(("a", "b", "c")),
    component=st.sampled_from(list(Component)),
    state=st.just("speaks"),
    strength=st.floats(0, 1),
)


def prompt(*chunks, answer=REFUSAL, question=QUESTION):
    return model(answer, prompt=[("system", "\n---\n".join(text for _, text in chunks)), ("user", question)])


def suspicion(*spans, question=QUESTION, answer=REFUSAL, **fields):
    return suspect(dossier_of(trace(*spans, question=question, answer=answer, **fields)))


def names(found):
    return [one.component.value for one in found.suspects]


def test_a_refusal_after_the_answer_was_ranked_out_suspects_the_reranker_first():
    found = suspicion(*STAGES, prompt(TIDE, *OTHERS))
    assert names(found)[0] == "reranker"
    assert (found.symptom, found.abstained) == ("refused", "")
    assert [sign.signal for sign in found.suspects[0].reasons] == ["ranked_out", "rankers_disagree"]


def test_every_suspect_says_that_it_is_inferred_and_on_what():
    found = suspicion(*STAGES, prompt(TIDE, *OTHERS))
    raw = msgspec.json.decode(msgspec.json.encode(found))
    assert [one["basis"] for one in raw["suspects"]] == ["inferred"] * len(found.suspects)
    assert all(reason.evidence and reason.text for one in found.suspects for reason in one.reasons)


@pytest.mark.parametrize(
    ("spans", "fields", "code"),
    [
        ((model(REFUSAL),), {}, "no_retrieval"),
        ((call("search", {"q": "lamp"}, "nothing"), model(REFUSAL)), {}, "no_retrieval"),
        ((retrieval(*POOL),), {"answer": None}, "no_answer"),
        ((retrieval(*POOL), prompt(*POOL)), {"question": None}, "no_question"),
        ((retrieval(*POOL), prompt(*POOL)), {"question": "?"}, "no_terms"),
        ((retrieval("a", "b"), prompt()), {}, "no_texts"),
        ((retrieval(*POOL), prompt(*POOL, answer=RIGHT)), {"answer": RIGHT}, "no_symptom"),
        ((retrieval(*POOL), prompt(*POOL, answer="Hello!")), {"answer": "Hello!"}, "no_claims"),
        ((retrieval(*POOL), model(RIGHT)), {"answer": RIGHT}, "no_prompt"),
    ],
)
def test_nobody_is_suspected_without_a_reason_and_the_reason_is_told(spans, fields, code):
    found = suspicion(*spans, **fields)
    assert (found.suspects, found.abstained.partition(":")[0]) == ((), code)


def test_other_languages_are_left_alone():
    german = (
        "lampe",
        "Die Lampe am alten Hafen brennt vierzig Stunden und wird an jedem Montag von dem Wärter gefüllt.",
    )
    found = suspicion(retrieval(german), prompt(german), answer="Das steht nicht in den Dokumenten.")
    assert found.abstained == "language: de; the signals read English"


def test_what_could_not_be_seen_is_listed_and_its_component_is_not_suspected():
    found = suspicion(*STAGES, model(REFUSAL))
    assert {sign.signal for sign in found.unknown} == {
        "lost_in_prompt",
        "cut_short",
        "passed_over",
        "told_by_lost",
        "ignored_context",
    }
    assert names(found) == ["reranker"]


def test_a_cut_prompt_is_no_evidence():
    whole = prompt(TIDE)
    first = msgspec.structs.replace(whole.body.messages[0], content=Partial(state="cut", value=TIDE[1][:20]))
    body = msgspec.structs.replace(whole.body, messages=(first, *whole.body.messages[1:]))
    found = suspicion(*STAGES, msgspec.structs.replace(whole, body=body))
    assert "ignored_context" in {sign.signal for sign in found.unknown}


def test_in_a_conversation_the_question_is_what_was_last_searched_for():
    found = suspicion(
        user("Hello, I have a question."),
        user(QUESTION),
        retrieval(TIDE, *OTHERS, query=QUESTION),
        prompt(TIDE, *OTHERS),
        question="Hello, I have a question.",
    )
    assert "'lamp'" in found.suspects[0].reasons[0].text


def test_an_answer_that_rests_on_half_a_chunk_is_a_symptom():
    text = "The lamp is filled on Mondays. " + "It is otherwise left alone by everybody who passes. " * 3
    found = suspicion(
        retrieval(("lamp", text)),
        prompt(("lamp", text[:50])),
        answer="The lamp is filled on Mondays.",
        question="When is the lamp filled?",
    )
    assert found.symptom == "rests_on_cut"
    assert names(found) == ["assembler"]


@given(st.lists(signs, max_size=12))
def test_at_most_two_are_ranked_by_their_joint_strength(told):
    ranked = rank(told)
    assert len(ranked) <= 2
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert all(FLOOR <= one.score <= 1 and one.basis is Basis.INFERRED for one in ranked)
    for one in ranked:
        strengths = [sign.strength for sign in told if sign.component is one.component]
        assert one.score >= max(strengths) - 1e-12
        assert len(one.reasons) == len(strengths)


def test_of_equals_the_earlier_stage_comes_first():
    told = [
        Sign(signal="s", component=c, state="speaks", strength=0.5) for c in (Component.GENERATOR, Component.RETRIEVER)
    ]
    assert [one.component for one in rank(told)] == [Component.RETRIEVER, Component.GENERATOR]


def test_silent_and_unknown_signs_suspect_nobody():
    assert rank([Sign(signal="s", component=Component.TOOL, state="silent", strength=0.0)]) == ()
    assert rank([Sign(signal="s", component=Component.TOOL, state="unknown", missing="the prompt")]) == ()


@pytest.mark.parametrize(("made", "case"), list(written((*EARLIER, *LATER))), ids=lambda one: getattr(one, "id", ""))
def test_what_the_stages_lose_adds_up_to_what_the_answer_leaves_unmet(made, case):
    record = Recorded(dossier_of(made))
    losses = {"unmet_question", "ranked_out", "lost_in_prompt", "ignored_context"}
    lost = sum(sign.strength for sign in (one(record) for one in SIGNALS) if sign.signal in losses)
    assert lost == pytest.approx(1 - min(record.said, record.prompt.share), abs=1e-12)


def test_gold_changes_nothing():
    kit = Setup(policy=load_policy()).load()
    told = {gold.trace: gold.reference for gold in traceeval.read_gold(TRACES / "gold.jsonl")}
    for bare in traceeval.read(sorted(TRACES.glob("*.otlp.jsonl"))):
        known = msgspec.structs.replace(
            bare, reference=told.get(bare.id, Reference(documents={"elsewhere": 1}, answer=("no",)))
        )
        assert examine(bare, kit).dossier.suspicion == examine(known, kit).dossier.suspicion


@pytest.mark.parametrize("damaged", [pytest.param(sample, id=str(n)) for n, sample in enumerate(samples())])
def test_evidence_names_spans_of_the_trace(damaged):
    spans = {span.id for span in damaged.spans}
    found = suspect(dossier_of(damaged))
    assert bool(found.suspects) != bool(found.abstained)
    assert {one.span for who in found.suspects for sign in who.reasons for one in sign.evidence} <= spans


@pytest.mark.parametrize(
    ("desks", "floor", "alarms"), [(EARLIER, 0.7, 0.15), (LATER, 0.75, 0.15)], ids=["earlier", "later"]
)
def test_written_traces_of_other_domains(desks, floor, alarms):
    found = [
        (case, [one.component.value for one in suspect(dossier_of(made)).suspects]) for made, case in written(desks)
    ]
    faults = [case.component in named for case, named in found if case.component]
    clean = [bool(named) for case, named in found if not case.component]
    assert (len(faults), len(clean)) == (4 * len(desks), 2 * len(desks))
    assert sum(faults) / len(faults) >= floor
    assert sum(clean) / len(clean) <= alarms
