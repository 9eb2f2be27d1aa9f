"""``by``: from traces to slices, through every engine and pass."""

import msgspec
import pytest

import traceeval
from traceeval.errors import ConfigError
from traceeval.graph import Dossier, ToolBook, TraceGraph
from traceeval.model import Policy, Reference, Score, Subject, Threshold
from traceeval.run._slicing import reading_of
from traceeval.testing import model, retrieval, trace, user

PROMPT = "Context:\n[kb-1] Refunds are paid within 14 days."
GOOD, BAD = "Refunds are paid within 14 days.", "Refunds take 99 days and cost 12 dollars."


def one(number, tenant, *, right=True, **fields):
    answer = GOOD if right else BAD
    return trace(
        user("How long do refunds take?"),
        retrieval(("kb-1", "Refunds are paid within 14 days."), query="refund time"),
        model(answer, prompt=[("system", PROMPT), ("user", "How long do refunds take?")]),
        id=f"t{number}",
        question="How long do refunds take?",
        answer=answer,
        reference=Reference(documents={"kb-1": 1}, answer=("14 days",)),
        metadata={"tenant": tenant},
        **fields,
    )


def many():
    return [one(n, "acme" if n % 5 == 0 else "globex", right=n % 5 != 0 or n % 25 == 0) for n in range(150)]


def test_the_bad_tenant_comes_first():
    run = traceeval.evaluate(many(), by=["tenant"])
    slices = run.summary().slices
    worst = slices.worst[0]
    assert worst.where == {"tenant": "acme"}
    assert worst.traces == 30
    rows = {row.score.scorer: row for row in slices.rows if row.where == {"tenant": "acme"}}
    assert (rows["outcome"].score.mean, rows["outcome"].rest) == (0.2, 1.0)
    assert rows["defect"].score.better == "lower"
    assert rows["retriever.recall"].score.mean == 1.0


def test_engines_agree_to_the_last_digit():
    runs = [traceeval.evaluate(many(), by=["tenant"], engine=engine, workers=2) for engine in ("serial", "pool")]
    assert runs[0].summary().slices == runs[1].summary().slices


def test_without_by_nothing_is_sliced():
    assert traceeval.evaluate(many()[:3]).summary().slices is None


def test_the_means_over_all_slices_are_those_of_the_scorecard():
    summary = traceeval.evaluate(many(), by=["tenant"]).summary()
    card = {row.scorer: row for row in summary.aggregates}
    for overall in summary.slices.overall:
        if overall.scorer in card and overall.mean is not None:
            assert overall.mean == pytest.approx(card[overall.scorer].mean)
            assert overall.lower == pytest.approx(card[overall.scorer].lower)
            assert overall.counts["scored"] == card[overall.scorer].counts["scored"]
    outcome = next(row for row in summary.slices.overall if row.scorer == "outcome")
    assert outcome.mean == summary.outcome.value


def test_a_field_no_trace_has_is_an_error_with_the_fields_there_are(tmp_path):
    with pytest.raises(ConfigError, match=r"tennant: no trace has it; .*metadata\.tenant") as caught:
        traceeval.evaluate(many()[:5], by=["tennant"], out=tmp_path / "out")
    assert "attributes.NAME" in str(caught.value)
    assert (tmp_path / "out" / "summary.json").exists()


def test_no_traces_make_no_unknown_field():
    assert traceeval.evaluate([], by=["tenant"]).summary().slices is None


def test_a_revised_trace_is_sliced_once_as_it_was_last():
    traces = [one(1, "acme"), one(2, "acme"), one(1, "globex", right=False)]
    slices = traceeval.evaluate(traces, by=["tenant"]).summary().slices
    assert slices.traces == 2
    assert {row.where["tenant"]: row.traces for row in slices.rows} == {"acme": 1, "globex": 1}


def test_traces_of_one_session_are_one_case():
    traces = [one(n, "acme", session=f"s{n // 4}") for n in range(40)]
    slices = traceeval.evaluate(traces, by=["tenant"]).summary().slices
    assert (slices.traces, slices.units) == (40, 10)


def test_scorers_asked_for_by_name_are_compared_those_without_a_range_are_not():
    run = traceeval.evaluate(many()[:30], by=["tenant"], scorers=["retriever.ndcg(k=5)", "reranker.headroom_used"])
    names = {row.scorer for row in run.summary().slices.overall}
    assert "retriever.ndcg(k=5)" in names
    assert not {"reranker.headroom_used", "retriever.recall"} & names


def test_a_policy_of_one_s_own_says_what_passing_is():
    policy = Policy(passes={"retriever": (Threshold(scorer="retriever.recall", op=">=", value=2.0),)}, slice_smallest=1)
    slices = traceeval.evaluate(many()[:10], by=["tenant"], policy=policy).summary().slices
    passed = next(row for row in slices.overall if row.scorer == "retriever.passed")
    assert passed.mean == 0.0
    assert slices.smallest == 1


def test_claims_nobody_could_decide_leave_a_failed_score_with_its_bounds():
    german = (
        "Die Rückzahlung wird von uns innerhalb von vierzehn Tagen und ohne weitere Kosten auf das Konto überwiesen."
    )
    traces = [msgspec.structs.replace(one(n, "acme"), answer=german) for n in range(12)]
    slices = traceeval.evaluate(traces, by=["tenant"]).summary().slices
    grounded = next(row for row in slices.overall if row.scorer == "generator.grounded")
    assert (grounded.mean, grounded.coverage, grounded.counts["failed"]) == (None, 0.0, 12)
    assert grounded.lower < grounded.upper


POLICY = Policy(
    passes={"tool": (Threshold(scorer="tool.exact", op=">=", value=1.0),)},
    outcome=(Threshold(scorer="tool.exact", op=">=", value=1.0),),
)


@pytest.mark.parametrize(
    ("status", "value", "bounds", "reading"),
    [
        ("scored", 1.0, (1.0, 1.0), (1.0, 1.0, 1.0)),
        ("scored", 0.5, (0.5, 0.5), (0.0, 0.0, 0.0)),
        ("failed", None, (0.0, 0.5), (None, 0.0, 1.0)),
        ("not_applicable", None, None, (None, None, None)),
        ("undefined", None, None, (None, None, None)),
    ],
)
@pytest.mark.parametrize("name", ["outcome", "tool.passed"])
def test_passing_is_failed_where_what_it_rests_on_failed_and_never_a_zero(name, status, value, bounds, reading):
    score = Score(scorer="tool.exact", subject=Subject(trace="t"), status=status, value=value, bounds=bounds)
    assert reading_of(name, dossier({"tool.exact": (score,)}), POLICY) == reading


def test_several_scores_of_one_trace_are_their_mean_and_failed_when_one_is():
    scored = [
        Score(scorer="s", subject=Subject(trace="t"), status="scored", value=v, bounds=(v, v)) for v in (0.2, 0.6)
    ]
    failed = Score(scorer="s", subject=Subject(trace="t"), status="failed", bounds=(0.0, 1.0))
    assert reading_of("s", dossier({"s": tuple(scored)}), POLICY) == pytest.approx((0.4, 0.4, 0.4))
    value, low, high = reading_of("s", dossier({"s": (scored[0], failed)}), POLICY)
    assert (value, low, high) == (None, pytest.approx(0.1), pytest.approx(0.6))


def dossier(scores):
    return Dossier(graph=TraceGraph(trace(), ToolBook({})), scores=scores, policy=POLICY)


def test_what_is_written_reads_back(tmp_path):
    run = traceeval.evaluate(many(), by=["tenant", "language"], out=tmp_path / "out")
    written = msgspec.json.decode((tmp_path / "out" / "summary.json").read_bytes(), type=traceeval.Summary)
    assert written.slices == run.summary().slices
