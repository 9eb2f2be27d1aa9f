"""Precision from a judged sample of a pool: a worked case, and coverage on runs of TREC."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks.coverage.pools import judged, read, run, votes

from traceeval.measures.pools import PooledDocument, precision

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def pool(*judgements, pi=0.5):
    return {("q", f"d{n}"): PooledDocument(pi, said is not None, said) for n, said in enumerate(judgements)}


def docs(n):
    return {"q": [f"d{k}" for k in range(n)]}


def test_what_was_judged_stands_for_what_was_not():
    found = precision(docs(8), pool(True, None, False, None, True, None, True, None), k=8)
    assert found.value == pytest.approx(3 / 4)  # unjudged documents are not counted as irrelevant: that would be 3/8
    assert found.n == 4


def test_a_pool_judged_whole_has_no_error():
    found = precision(docs(4), pool(True, False, True, True, pi=1.0), k=4)
    assert (found.low, found.value, found.high) == (0.75, 0.75, 0.75)


def test_the_interval_stays_inside_what_a_share_can_be():
    found = precision(docs(40), pool(True, *[False] * 39), k=40)
    assert 0 < found.low < found.value < found.high < 1
    assert found.high - found.value > found.value - found.low


def test_places_a_run_left_empty_are_irrelevant():
    assert precision(docs(4), pool(True, True, True, True, pi=1.0), k=8).value == pytest.approx(0.5)


def test_documents_nobody_settled_are_made_up_for():
    half = pool(True, False, True, False)
    open_ = {**half, ("q", "d9"): PooledDocument(0.5, True, None)}
    found = precision({"q": [*docs(4)["q"], "d9"]}, open_, k=5)
    assert found.value == pytest.approx(0.5)
    assert found.largest == pytest.approx(5 / 4 / 0.5)  # each of the four stands for a part of the fifth


def test_a_run_nobody_judged_has_no_precision_and_one_outside_the_pool_is_refused():
    assert precision(docs(2), pool(None, None), k=2) is None
    with pytest.raises(ValueError, match="'d1' of question 'q' is not in the pool"):
        precision(docs(2), pool(True), k=2)


@pytest.mark.shared
def test_a_quarter_of_the_pool_of_trec_runs_covers_their_precision():
    if not DATA.exists():
        pytest.skip("no labelled rows beside the checkout")
    for name, found in run(150, DATA).items():
        assert 0.90 <= found["coverage"] <= 0.99, name  # exact binomial of 150 draws at 95 %
        assert found["unjudged_as_irrelevant"] < 0.6 * found["p10"]


@pytest.mark.shared
@pytest.mark.soak
def test_a_quarter_of_the_pool_covers_in_1000_draws():
    for name, found in run(1000, DATA).items():
        assert 0.93 <= found["coverage"] <= 0.97, name


@pytest.mark.shared
def test_what_was_judged_of_a_pool_loads_as_gold(tmp_path):
    if not DATA.exists():
        pytest.skip("no labelled rows beside the checkout")
    from traceeval.adapters import read_gold

    runs, relevant = read(DATA)
    drawn = judged(votes(runs), relevant, np.random.default_rng(1))
    told = {pair: one.relevant for pair, one in drawn.items() if one.relevant is not None}
    path = tmp_path / "judged.qrels"
    path.write_text("".join(f"{question} 0 {doc} {int(said)}\n" for (question, doc), said in told.items()))
    loaded = {(row.trace, doc): grade for row in read_gold(path) for doc, grade in row.reference.documents.items()}
    assert loaded == {pair: int(said) for pair, said in told.items()}
