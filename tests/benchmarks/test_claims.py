"""Claim suites on labelled rows: the figures of faithfulness.md, the floors of the same run, and honest draws."""

import json
from pathlib import Path

import pytest
from benchmarks.suites import _claims, begin, claims, mtrag_human, qags, wice

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SUITES = {"qags": qags, "wice": wice, "begin": begin, "mtrag_human": mtrag_human}


def measured(name, cv=False):
    path = DATA / name / "dev.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return SUITES[name].run(rows, cv, path)


@pytest.fixture(scope="module")
def told():
    if not DATA.exists():
        pytest.skip("no labelled rows beside the checkout")
    return {name: measured(name, cv=True) for name in SUITES}


def by_set(told, metric):
    """The five sets of the specification: qags counts as two."""
    found = {name: result["metrics"][metric]["value"] for name, result in told.items() if name != "qags"}
    return found | {f"qags_{name}": one[metric]["value"] for name, one in told["qags"]["subsets"].items()}


def floors(told):
    known = {
        name: max(result["baselines"][plain]["auroc"] for plain in ("cov", "lcs")) for name, result in told.items()
    }
    del known["qags"]
    plain = told["qags"]["baselines"]
    return known | {f"qags_{s}": max(plain[name][f"auroc_{s}"] for name in ("cov", "lcs")) for s in ("cnndm", "xsum")}


@pytest.mark.shared
def test_discrimination_is_above_the_formula_of_the_specification(told):
    page = {"qags_cnndm": 0.781, "qags_xsum": 0.733, "wice": 0.803, "begin": 0.960, "mtrag_human": 0.857}
    ours = by_set(told, "auroc")
    assert {name for name, value in page.items() if round(ours[name], 3) < value} == set()
    assert sum(ours.values()) / 5 > 0.84
    assert told["mtrag_human"]["metrics"]["spearman"]["value"] >= 0.685


@pytest.mark.shared
def test_discrimination_is_above_coverage_and_order_on_every_set(told):
    ours, floor = by_set(told, "auroc"), floors(told)
    assert {name for name in floor if ours[name] <= floor[name]} == set()


@pytest.mark.shared
def test_after_deferring_thirty_percent_the_rest_is_right(told):
    assert sum(by_set(told, "accuracy_at_70").values()) / 5 >= 0.80
    assert sum(by_set(told, "accuracy_at_70_cal").values()) / 5 >= 0.84
    assert set(by_set(told, "overflow_at_70").values()) == {0.0}


@pytest.mark.shared
def test_the_evidence_is_among_the_first_five_sentences(told):
    assert told["wice"]["metrics"]["recall@5"]["value"] >= 0.80


def test_the_generic_suite_reads_any_labelled_claims():
    rows = [
        {"id": n, "group": f"g{n}", "contexts": ["Water boils at 100 degrees."], "claim": claim, "label": label}
        for n, (claim, label) in enumerate(
            [("Water boils at 100 degrees.", 1), ("The moon is made of old cheese.", 0)] * 5
        )
    ]
    assert claims.run(rows, False, Path())["metrics"]["auroc"]["value"] == 1.0


def test_labels_and_scored_rows_never_share_a_group():
    rows = [_claims.Row(str(n), ("a b c",), "a b c", n % 2 == 0, group=str(n // 10)) for n in range(100)]
    found = [_claims.Scored(row, n / 100) for n, row in enumerate(rows)]
    assert len(_claims._draw(found, 0)) == 60


J = _claims.Judged


def test_the_surest_come_first():
    judged = [J(0.9, True), J(0.1, False), J(0.55, False), J(0.45, True)]
    assert _claims.accuracy_at(judged, 0.5) == 1.0
    assert _claims.accuracy_at(judged, 1.0) == 0.5


def test_what_a_rule_defers_goes_first_and_the_asked_share_is_deferred():
    judged = [J(1.0, False, ruled=True), J(0.9, True), J(0.8, True), J(0.45, True), J(0.2, False)]
    assert _claims.decided(judged, 0.6) == [judged[1], judged[2], judged[4]]
    assert _claims.accuracy_at(judged, 0.6) == 1.0
    assert _claims.overflow_at(judged, 0.6) == 0.0


def test_what_overflows_is_decided_by_nobody_and_told_apart():
    judged = [J(1.0, False, ruled=True), J(0.0, True, ruled=True), J(0.8, True), J(0.45, True)]
    assert _claims.accuracy_at(judged, 1.0) == 0.5
    assert _claims.overflow_at(judged, 1.0) == 0.5
    assert _claims.overflow_at(judged, 0.75) == 0.25
    assert _claims.overflow_at(judged, 0.5) == 0.0


@pytest.mark.parametrize(
    ("answer", "ruled"),
    [
        ("The gate was not opened at nine on Monday.", True),
        ("The gate was opened at nine on Monday.", False),
        ("The gate was not opened at nine on Monday. Seven pirates stole the emerald of Samarkand.", False),
    ],
)
def test_a_row_is_deferred_by_rule_unless_another_claim_settles_it(answer, ruled):
    context = "The gate was opened at nine on Monday. A guard stood beside it."
    assert _claims.score([_claims.Row("1", (context,), answer, True, "g")])[0].ruled is ruled
