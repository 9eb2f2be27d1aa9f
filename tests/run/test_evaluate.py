"""The whole of evaluate: what it writes, writes once, and leaves alone."""

import json
import math

import msgspec
import pandas as pd
import pytest
from sqlalchemy import create_engine, text

import traceeval
from traceeval.errors import OutputExists, UnknownPlugin
from traceeval.model import Gold, Reference
from traceeval.registry import RiskRule, Scorer
from traceeval.risk import load_policy
from traceeval.run import _examine, _setup
from traceeval.testing import model, retrieval, trace, user

DOCS = (("kb-1", "Refunds are paid within 14 days."), ("kb-2", "Shipping is free above 50 euros."))
PROMPT = "Context:\n[kb-1] Refunds are paid within 14 days.\n[kb-2] Shipping is free above 50 euros."


def sample(number=1, *, gold=("kb-1",), answer="Refunds are paid within 14 days."):
    return trace(
        user("How long do refunds take?"),
        retrieval(*DOCS, query="refund time"),
        model(answer, prompt=[("system", PROMPT), ("user", "How long do refunds take?")]),
        id=f"t{number}",
        question="How long do refunds take?",
        answer=answer,
        reference=Reference(documents=dict.fromkeys(gold, 1), answer=("14 days",)),
    )


def rows(url, table):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return found


def test_scores_are_long_and_hold_no_nan(tmp_path):
    run = traceeval.evaluate([sample()], out=tmp_path / "out")
    columns = ["trace", "span", "scorer", "component", "value", "status", "lower", "upper", "units", "why"]
    assert list(run.scores.columns) == columns
    scored = run.scores[run.scores.status == "scored"]
    assert scored.value.notna().all()
    assert run.scores[run.scores.status != "scored"].value.isna().all()
    assert not any(isinstance(v, float) and math.isnan(v) for v in scored.value)
    recall = run.scores[run.scores.scorer == "retriever.recall"].iloc[0]
    assert (recall.value, recall.status, recall.component) == (1.0, "scored", "retriever")


def test_the_summary_on_disk_is_the_summary_in_hand_and_holds_no_nan(tmp_path):
    run = traceeval.evaluate([sample()], out=tmp_path / "out")
    raw = (tmp_path / "out" / "summary.json").read_text()
    assert json.loads(raw, parse_constant=lambda name: pytest.fail(name)) == json.loads(
        msgspec.json.encode(run.summary())
    )


def test_a_notebook_shows_the_scorecard():
    assert "retriever" in traceeval.evaluate([sample()])._repr_html_()


def test_the_same_input_into_the_same_queue_adds_nothing(tmp_path):
    url = f"sqlite:///{tmp_path / 'q.db'}"
    bad = [sample(n, answer="Refunds take 99 days and cost 12 dollars.") for n in range(1, 6)]
    first = traceeval.evaluate(bad, queue=url, out=tmp_path / "a").summary().queue
    items, slots = rows(url, "item"), rows(url, "slot")
    again = traceeval.evaluate(bad, queue=url, out=tmp_path / "b").summary().queue
    assert first.added > 0
    assert again.added == 0
    assert (rows(url, "item"), rows(url, "slot")) == (items, slots)


@pytest.mark.parametrize("engine", ["serial", "pool"])
def test_every_engine_gives_the_same_scores(tmp_path, engine):
    traces = [sample(n, gold=("kb-1",) if n % 3 else ("kb-9",)) for n in range(250)]
    run = traceeval.evaluate(traces, engine=engine, workers=2, out=tmp_path / engine)
    base = traceeval.evaluate(traces, out=tmp_path / "base")
    pd.testing.assert_frame_equal(run.scores, base.scores)
    assert list(run.findings) == list(base.findings)


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / "thesis.doc").write_text("ten years of work")
    with pytest.raises(OutputExists, match=r"thesis\.doc"):
        traceeval.evaluate([sample()], out=tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.doc"]


def test_an_old_run_is_replaced(tmp_path):
    traceeval.evaluate([sample(1), sample(2)], out=tmp_path / "out")
    traceeval.evaluate([sample(3)], out=tmp_path / "out")
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["traces"] == 1


def test_a_run_that_dies_leaves_the_old_one_whole(tmp_path, monkeypatch):
    out = tmp_path / "out"
    traceeval.evaluate([sample()], out=out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def broken():
        yield sample(7)
        raise KeyboardInterrupt

    from traceeval.engines import Serial
    from traceeval.risk import load_policy
    from traceeval.run._evaluate import Order, evaluate_order

    order = Order(source=broken, setup=_setup.Setup(policy=load_policy()), engine=Serial(), folder=out)
    with pytest.raises(KeyboardInterrupt):
        evaluate_order(order)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_gold_of_another_namespace_is_said_and_never_scored_zero():
    odd = [sample(n, gold=(f"https://wiki.example/page/{n}",)) for n in range(30)]
    scores = traceeval.evaluate(odd).scores
    recall = scores[scores.scorer == "retriever.recall"]
    assert set(recall.status) == {"failed"}
    assert recall.why.str.startswith("id_mismatch").all()


def test_a_temporary_folder_lives_as_long_as_its_run():
    run = traceeval.evaluate([sample()])
    folder = run.folder
    assert folder.exists()
    del run
    assert not folder.exists()


def test_a_scorer_that_raises_costs_its_own_score(monkeypatch):
    def explode(view):
        raise ValueError("no luck")

    kept = _setup.Setup.load

    def load(self, judges=None):
        kit = kept(self)
        broken = [
            msgspec_like(runner, explode) if runner.name == "retriever.recall" else runner for runner in kit.scorers
        ]
        object.__setattr__(kit, "scorers", tuple(broken))
        return kit

    def msgspec_like(runner, call):
        from dataclasses import replace

        scorer: Scorer = replace(runner.scorer, call=call)
        return replace(runner, scorer=scorer, asks=False)

    monkeypatch.setattr(_setup.Setup, "load", load)
    scores = traceeval.evaluate([sample()]).scores
    assert "plugin_failed: ValueError: no luck" in scores[scores.scorer == "retriever.recall"].iloc[0].why
    assert scores[scores.scorer == "retriever.ndcg"].iloc[0].status == "scored"


def test_an_unknown_scorer_is_named():
    with pytest.raises(UnknownPlugin, match=r"retriever\.recal"):
        traceeval.evaluate([sample()], scorers=["retriever.recal"])


def test_only_the_chosen_scorers_run():
    names = set(traceeval.evaluate([sample()], scorers=["retriever.recall(k=1)"]).scores.scorer)
    assert names == {"retriever.recall(k=1)"}


def test_every_trace_keeps_its_inclusion_probability(tmp_path):
    url = f"sqlite:///{tmp_path / 'q.db'}"
    row = traceeval.evaluate([sample(n) for n in range(40)], queue=url).summary().queue
    assert row.frame == 40
    assert rows(url, "selection_unit") == 40


def test_no_trace_gives_an_empty_report_not_an_error(tmp_path):
    run = traceeval.evaluate([], out=tmp_path / "out")
    assert run.summary().traces == 0
    assert len(run.scores) == 0
    assert "Nothing was evaluated: the input holds no trace" in run.report.read_text()


def test_suspects_are_written_one_line_a_trace_and_read_back(tmp_path):
    refused = sample(1, answer="I could not find an answer to this in our documents.")
    silent = msgspec.structs.replace(refused, question="Within how many days are refunds paid?")
    run = traceeval.evaluate([silent, sample(2)], out=tmp_path / "out")
    first, second = run.suspects
    assert (first.symptom, first.suspects[0].component, first.suspects[0].basis) == ("refused", "generator", "inferred")
    assert (second.suspects, second.abstained.partition(":")[0]) == ((), "no_symptom")
    raw = [json.loads(line) for line in (tmp_path / "out" / "suspects.jsonl").read_text().splitlines()]
    assert [row["basis"] for row in raw[0]["suspects"]] == ["inferred"] * len(raw[0]["suspects"])
    rows = run.summary().suspects.rows
    assert [(row.component, row.first) for row in rows if row.first] == [("generator", 1)]


def test_gold_that_comes_after_its_trace_and_is_given_twice_counts_as_given_last():
    bare = msgspec.structs.replace(sample(), reference=None)
    gold = [Gold(trace="t1", reference=Reference(answer=(answer,))) for answer in ("30 days", "14 days")]
    run = traceeval.evaluate([bare, *gold])
    assert run.summary().outcome.value == 1


def test_a_trace_without_spans_is_scored_like_any_other():
    run = traceeval.evaluate([trace(id="empty"), trace(id="told", question="Why?", answer="Because it was."), sample()])
    assert run.summary().traces == 3


def test_a_risk_rule_that_raises_costs_its_own_reason_only(monkeypatch):
    def broken(dossier):
        raise RuntimeError("no such luck")

    rules = [RiskRule(name="broken", call=broken), *_setup.RULES.all()]
    monkeypatch.setattr(_setup.RULES, "all", lambda: rules)
    summary = traceeval.evaluate([sample(gold=("kb-9",))]).summary()
    assert summary.failures == {"broken: RuntimeError: no such luck": 1}
    assert summary.traces == 1


def test_a_trace_that_our_own_code_fails_on_is_said_and_the_others_are_scored(monkeypatch):
    def fails(dossier):
        if dossier.trace.id == "t2":
            raise ZeroDivisionError("one bad trace")
        return ()

    monkeypatch.setattr(_examine, "mask", fails)
    summary = traceeval.evaluate([sample(1), sample(2), sample(3)]).summary()
    assert (summary.traces, summary.diagnostics) == (2, {"trace.lost": 1})
    assert "trace t2 could not be scored: ZeroDivisionError: one bad trace" in summary.examples[0].text


@pytest.mark.parametrize(
    ("said", "rule", "words"),
    [
        ("Cancel it.", "ambiguous_request", "ambiguous request"),
        ("My son swallowed a battery.", "high_stakes_domain", "high stakes, safety"),
        ("Is the pleural effusion transudative?", "specialist_jargon", "specialist jargon"),
    ],
)
def test_a_trigger_queues_a_trace_whatever_its_scores_and_its_words_reach_the_queue(tmp_path, said, rule, words):
    calm = trace(user(said), model("All right.", prompt=[("user", said)]), question=said, answer="All right.")
    url = f"sqlite:///{tmp_path / 'q.db'}"
    row = traceeval.evaluate([calm], queue=url).summary().queue
    assert (row.drawn, row.called, row.by_level, row.random) == (1, 1, 0, 0)
    engine = create_engine(url)
    with engine.connect() as connection:
        reasons = json.loads(connection.execute(text("SELECT reasons FROM item")).scalar_one())
    engine.dispose()
    assert any(name == rule and words in told for name, told in reasons)


def test_a_policy_may_call_nobody(tmp_path):
    said = "My son swallowed a battery."
    calm = trace(user(said), model("All right.", prompt=[("user", said)]), question=said, answer="All right.")
    policy = msgspec.structs.replace(load_policy(), person=())
    row = traceeval.evaluate([calm], queue=f"sqlite:///{tmp_path / 'q.db'}", policy=policy).summary().queue
    assert row.called == 0
