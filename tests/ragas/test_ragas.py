"""Scores of ragas 0.4.3, by the real package, with a scripted endpoint."""

import json
import os
import re

import pytest
from tests.judge._stub import Stub

from traceeval.graph import TraceGraph, build_views
from traceeval.judge import Judges
from traceeval.model import CallSpec, Claim, Passage, Reference
from traceeval.registry import Registry, Scorer
from traceeval.testing import call, model, retrieval, trace, user

pytestmark = pytest.mark.filterwarnings("ignore")  # of langchain, about itself

CONTEXT = "The Nile is long. Cairo lies on the Nile."
ANSWER = "The Nile is long. The Nile is pink."
REFERENCE = "The Nile is long. Cairo is old."


def sentences(text):
    return [one.strip() + "." for one in text.split(".") if one.strip()]


def scripted(body, number):
    """What a fair model says to each of ragas' prompts, told apart by the shape of their last input."""
    text = body["messages"][-1]["content"]
    given = json.loads(re.findall(r"input: (\{.*?\})\s*Output:", text, re.DOTALL)[-1])
    if "statements" in given:
        rows = [
            {"statement": one, "reason": "-", "verdict": int(one in given["context"])} for one in given["statements"]
        ]
        return json.dumps({"statements": rows})
    if "context" in given:
        rows = [
            {"statement": one, "reason": "-", "attributed": int(one in given["context"])}
            for one in sentences(given["answer"])
        ]
        return json.dumps({"classifications": rows, "verdict": int("Nile" in given["context"]), "reason": "-"})
    if "answer" in given:
        return json.dumps({"statements": sentences(given["answer"])})
    return json.dumps({"claims": sentences(given["response"]), "question": "How long?", "noncommittal": 0})


def views(answer=ANSWER, reference=REFERENCE, context=CONTEXT, calls=()):
    gold = Reference(answer=(reference,) if reference else (), calls=(CallSpec(tool="look", args={"x": 1}),))
    found = trace(
        user("Is the Nile long?"),
        retrieval(("d", context)),
        *calls,
        model(answer, prompt=[("system", f"[d] {context}")]),
        question="Is the Nile long?",
        answer=answer,
        reference=gold,
    )
    return build_views(TraceGraph(found))


def score(name, stub, view, **options):
    scorer = Registry("traceeval.scorers", Scorer).get(f"ragas.{name}")
    return scorer.call(view, model="m", base_url=stub.url, **options)


@pytest.mark.parametrize(
    ("name", "value", "calls"),
    [
        ("faithfulness", 0.5, 2),
        ("context_recall", 0.5, 1),
        ("context_precision", 1.0, 1),
        ("factual_correctness", 0.5, 4),
        ("noise_sensitivity", 0.0, None),
    ],
)
def test_a_score_is_what_ragas_makes_of_the_verdicts(name, value, calls):
    with Stub(reply=scripted) as stub:
        reading = score(name, stub, views().answer)
    assert (reading.status, reading.why) != ("failed", "")
    assert reading.value == pytest.approx(value, abs=1e-6), reading
    assert calls in (None, len(stub.requests))
    assert "ragas 0.4.3, m" in reading.why


def test_the_verdict_on_each_statement_is_kept():
    with Stub(reply=scripted) as stub:
        reading = score("faithfulness", stub, views().answer)
    assert [(one.field, one.quote) for one in reading.evidence] == [
        ("ragas verdict 1", "The Nile is long."),
        ("ragas verdict 0", "The Nile is pink."),
    ]


def test_nan_becomes_a_status_with_its_reason():
    with Stub(reply=lambda body, n: json.dumps({"statements": []})) as stub:
        reading = score("faithfulness", stub, views().answer)
    assert (reading.status, reading.value) == ("undefined", None)
    assert reading.why.startswith("no_statements:")


def test_fewer_verdicts_than_statements_are_no_smaller_denominator():
    def forgets(body, number):
        said = json.loads(scripted(body, number))
        return json.dumps({"statements": said["statements"][: 1 if number else 9]})

    with Stub(reply=forgets) as stub:
        reading = score("faithfulness", stub, views().answer)
    assert reading.status == "failed"
    assert reading.why.startswith("ragas_incomplete: 2 statements asked, 1 verdicts returned")


def test_an_endpoint_that_fails_is_a_failure_without_the_key_in_it():
    with Stub(failing=1.0, status=401) as stub:
        reading = score("faithfulness", stub, views().answer)
    assert reading.status == "failed"
    assert reading.why.startswith("ragas_failed:")
    assert "secret" not in repr(reading)


def test_without_a_reference_or_a_context_nothing_is_asked():
    with Stub(reply=scripted) as stub:
        assert score("context_recall", stub, views(reference=None).answer).status == "not_applicable"
        assert score("faithfulness", stub, views(answer="").answer).status == "failed"
    assert not stub.requests


def test_answer_relevancy_needs_an_embedding_and_is_a_cosine():
    with Stub(reply=scripted) as stub:
        reading = score("answer_relevancy", stub, views().answer, embeddings="e")
    assert reading.value == pytest.approx(1.0)


def test_tool_call_accuracy_asks_nobody():
    scorer = Registry("traceeval.scorers", Scorer).get("ragas.tool_call_accuracy")
    assert scorer.call(views(calls=[call("look", {"x": 1}, "ok")]).calls).value == 1.0
    assert scorer.call(views(calls=[call("look", {"x": 2}, "ok")]).calls).value == 0.0


def test_telemetry_is_off():
    with Stub(reply=scripted) as stub:
        score("faithfulness", stub, views().answer)
    assert os.environ["RAGAS_DO_NOT_TRACK"] == "true"


def test_the_verdict_step_judges_our_claims_and_its_own_splitting_is_bypassed():
    from traceeval.judge.checkers.ragas import ragas

    claims = [Claim(id=f"c{n}", text=text, span=(0, 1)) for n, text in enumerate(sentences(ANSWER))]
    with Stub(reply=scripted) as stub, Judges() as judges:
        checker = ragas(judges, model="m", base_url=stub.url)
        found = checker.check(claims, [Passage(id="p", text=CONTEXT)])
    assert [verdict.outcome for verdict in found] == ["supported", "unsupported"]
    assert len(stub.requests) == 1
    assert checker.id == "ragas:m@0.4.3"


def test_claims_without_a_verdict_of_ragas_stay_open():
    from traceeval.judge.checkers.ragas import ragas

    claims = [Claim(id=f"c{n}", text=text, span=(0, 1)) for n, text in enumerate(sentences(ANSWER))]

    def forgets(body, number):
        return json.dumps({"statements": json.loads(scripted(body, number))["statements"][:1]})

    with Stub(reply=forgets) as stub, Judges() as judges:
        found = ragas(judges, model="m", base_url=stub.url).check(claims, [Passage(id="p", text=CONTEXT)])
    assert [(verdict.outcome, verdict.codes) for verdict in found] == [("defer", ("checker_failed",))] * 2
