"""Attribution: a short list with reasons, or an abstention; never the right answer's help."""

import msgspec
import pytest

from traceeval.diagnose._attribution import attribute, rank, ranker
from traceeval.diagnose._step_features import chain, features
from traceeval.diagnose._steps import roles_of, steps_of
from traceeval.graph import Dossier, TraceGraph
from traceeval.model import (
    SCHEMA_VERSION,
    Component,
    Finding,
    Generation,
    Kind,
    Message,
    Policy,
    Reference,
    Score,
    Span,
    Subject,
    Threshold,
    ToolCall,
    ToolRequest,
    Trace,
    Utterance,
)

OUTCOME = Policy(outcome=(Threshold(scorer="generator.correct", op=">=", value=0.5),))


def chat(*said, question="Which river is the longest in Peru?", answer="The Marañón, 1737 km long."):
    """A chat from (speaker, text); speakers in capitals are environments."""
    spans = [Span(id="root", kind=Kind.AGENT)]
    for seq, (who, text) in enumerate(said, 1):
        kind = Kind.TOOL if who.isupper() else Kind.HUMAN if who == "human" else Kind.MODEL
        body = {
            Kind.TOOL: ToolCall(name=who, result=text),
            Kind.HUMAN: Utterance(text=text),
            Kind.MODEL: Generation(output=Message(role="assistant", content=text)),
        }[kind]
        agent = who if kind is Kind.MODEL else None
        spans.append(Span(id=f"m{seq}", kind=kind, name=who, parent="root", seq=seq, agent=agent, body=body))
    return Trace(id="t", spans=tuple(spans), schema_version=SCHEMA_VERSION, question=question, answer=answer)


def dossier(trace, outcome=0.0, findings=()):
    score = Score(scorer="generator.correct", subject=Subject(trace="t"), status="scored", value=outcome)
    return Dossier(
        graph=TraceGraph(trace), scores={"generator.correct": (score,)}, findings=tuple(findings), policy=OUTCOME
    )


RIVER = chat(
    ("human", "Which river is the longest in Peru?"),
    ("planner", "Plan: first, search for rivers of Peru, then compare their lengths."),
    ("searcher", "```python\nsearch('rivers of Peru')\n```"),
    ("TERMINAL", "exitcode: 1 (execution failed): connection timed out"),
    ("searcher", "Assuming typical values from memory, the Marañón is 1737 km long."),
    ("checker", "That is consistent; the final answer is the Marañón, 1737 km long."),
)


def test_the_rule_chain_finds_error_assumption_and_origin():
    steps = steps_of(TraceGraph(RIVER))
    found = chain(steps, RIVER.question, RIVER.answer)
    assert [steps[found[name]].span.id for name in ("error", "assumption", "origin")] == ["m3", "m5", "m5"]


def test_people_and_environments_are_no_candidates():
    assert [step.agent for step in steps_of(TraceGraph(RIVER))] == ["planner", "searcher", "searcher", "checker"]


def test_at_most_three_suspects_with_reasons_and_quotes():
    made = attribute(dossier(RIVER))
    assert len(made.suspects) == 3
    for suspect in made.suspects:
        assert suspect.reasons
        assert suspect.evidence[0].quote in {step.said[:200] for step in steps_of(TraceGraph(RIVER))}
    assert sum(suspect.share for suspect in made.suspects) <= 1 + 1e-9
    told = {reason for suspect in made.suspects for reason in suspect.reasons}
    assert any(reason.startswith("assumption:") for reason in told)


def test_without_findings_and_effects_the_largest_shares_come_first():
    steps = steps_of(TraceGraph(RIVER))
    shares = ranker().choice.shares(features(steps, RIVER.question, RIVER.answer))
    best = sorted(zip(shares, steps, strict=True), key=lambda row: -row[0])[:3]
    assert [suspect.span for suspect in attribute(dossier(RIVER)).suspects] == [step.span.id for _, step in best]


def test_a_right_answer_has_no_suspect():
    assert attribute(dossier(RIVER, outcome=1.0)) is None


def test_one_step_is_an_abstention():
    made = attribute(dossier(chat(("human", "?"), ("a", "Lima."))))
    assert made.suspects == ()
    assert made.abstained.startswith("one_step")


def test_a_heavy_finding_leads_the_list():
    finding = Finding(
        code="planner.ignored_error",
        component=Component.PLANNER,
        severity=4,
        subject=Subject(trace="t", span="m6"),
        text="the failure was ignored",
    )
    made = attribute(dossier(RIVER, findings=[finding]))
    assert made.suspects[0].span == "m6"
    assert made.suspects[0].reasons[0] == "finding: planner.ignored_error: the failure was ignored"
    assert made.suspects[0].findings == ("planner.ignored_error",)


def test_the_agent_is_the_one_with_the_largest_share_of_all_its_steps():
    made = rank(dossier(RIVER), ranker().choice)
    steps = steps_of(TraceGraph(RIVER))
    shares = ranker().choice.shares(features(steps, RIVER.question, RIVER.answer))
    sums = {}
    for step, share in zip(steps, shares, strict=True):
        sums[step.agent] = sums.get(step.agent, 0) + share
    assert made.agent == max(sums, key=sums.get)
    assert made.agent_share == pytest.approx(sums[made.agent])


def test_the_reference_changes_nothing():
    told = msgspec.structs.replace(RIVER, reference=Reference(answer=("The Ucayali",)))
    assert attribute(dossier(told)) == attribute(dossier(RIVER))


def test_names_of_spans_change_nothing():
    renamed = msgspec.structs.replace(
        RIVER, spans=tuple(msgspec.structs.replace(span, id=f"x{span.id}") for span in RIVER.spans)
    )
    assert [s.step for s in attribute(dossier(renamed)).suspects] == [
        s.step for s in attribute(dossier(RIVER)).suspects
    ]


def test_where_calls_change_the_world_the_changing_calls_lead():
    def asking(seq, name):
        request = ToolRequest(name=name, id=f"c{seq}", arguments={"order_id": "W1"})
        return Span(
            id=f"m{seq}",
            kind=Kind.MODEL,
            parent="root",
            seq=seq,
            body=Generation(output=Message(role="assistant", tool_calls=(request,))),
        )

    def done(seq, name, result):
        body = ToolCall(
            name=name, arguments={"order_id": "W1"}, result=result, call_id=f"c{seq - 1}", requested_by=f"m{seq - 1}"
        )
        return Span(id=f"m{seq}", kind=Kind.TOOL, name=name, parent="root", seq=seq, body=body)

    spans = (
        Span(id="root", kind=Kind.AGENT),
        Span(id="m1", kind=Kind.HUMAN, parent="root", seq=1, body=Utterance(text="Cancel order W1")),
        asking(2, "get_order_details"),
        done(3, "get_order_details", "W1: pending"),
        asking(4, "cancel_order"),
        done(5, "cancel_order", "cancelled"),
    )
    trace = Trace(id="t", spans=spans, schema_version=SCHEMA_VERSION, question="Cancel order W1", answer="Done.")
    made = attribute(dossier(trace))
    assert made.suspects[0].span == "m4"
    assert made.suspects[0].reasons[0] == "effect: cancel_order took effect, and the outcome is made of effects"


def test_failed_changes_lead_then_those_with_a_finding_then_the_latest():
    def round_(seq, error=None):
        request = ToolRequest(name="cancel_order", id=f"c{seq}", arguments={"order_id": f"W{seq}"})
        asking = Generation(output=Message(role="assistant", tool_calls=(request,)))
        body = ToolCall(name="cancel_order", arguments={"order_id": f"W{seq}"}, result=error or "ok", call_id=f"c{seq}")
        return (
            Span(id=f"m{seq}", kind=Kind.MODEL, parent="root", seq=seq, body=asking),
            Span(id=f"m{seq + 1}", kind=Kind.TOOL, name="cancel_order", parent="root", seq=seq + 1, body=body),
        )

    spans = (Span(id="root", kind=Kind.AGENT), *round_(1, "Error: no such order"), *round_(3), *round_(5), *round_(7))
    trace = Trace(id="t", spans=spans, schema_version=SCHEMA_VERSION, question="Cancel them", answer="Done.")
    heavy = Finding(
        code="guard.policy", component=Component.GUARD, subject=Subject(trace="t", span="m4"), severity=4, text="breach"
    )
    made = attribute(dossier(trace, findings=[heavy]))
    assert [suspect.span for suspect in made.suspects] == ["m1", "m3", "m7"]


def test_a_failure_somebody_else_knows_of_is_looked_at_too():
    unjudged = Dossier(graph=TraceGraph(RIVER), scores={})
    assert attribute(unjudged) is None
    assert attribute(unjudged, failed=True).suspects


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("Verification_Expert", {"verifier"}),
        ("WebSurfer", {"browser"}),
        ("Bob", set()),
        ("lead planner", {"orchestrator"}),
    ],
)
def test_roles_come_from_the_words_of_a_name(name, roles):
    assert roles_of(name) == roles


def test_every_shipped_weight_belongs_to_a_feature():
    rows = features(steps_of(TraceGraph(RIVER)), RIVER.question, RIVER.answer)
    assert set(ranker().weights) == set(rows[0])
    assert len(ranker().rows_sha256) == 64
