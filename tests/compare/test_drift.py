"""Windows that drifted in one way each, and windows that did not."""

import numpy as np
import pandas as pd
import pytest

from traceeval.compare import RunTables, find_drift
from traceeval.model import Side

SIZE, PLANTED = 150, 20
TOOLS, DOCS = ("find", "read", "send", "pay"), tuple(f"d{n}" for n in range(12))
WORDS = "how do I return my order for a refund and when does the parcel arrive please help".split()


def window(seed, *, tools=None, docs=None, words=(), passes=0.8, tokens=100, recall=0.7):
    rng = np.random.default_rng(seed)
    found = [rng.choice(DOCS, 3, replace=False, p=docs) for _ in range(SIZE)]
    called = [rng.choice(TOOLS, 2, p=tools) for _ in range(SIZE)]
    titles = [" ".join([*rng.choice(WORDS, 6), *(rng.choice(words, 2) if len(words) else ())]) for _ in range(SIZE)]
    ids = [f"{seed}-{n}" for n in range(SIZE)]
    traces = pd.DataFrame(
        {
            "trace": ids,
            "title": titles,
            "tools": called,
            "documents": found,
            "right": rng.random(SIZE) < passes,
            "tokens_in": rng.poisson(tokens, SIZE),
            "tokens_out": rng.poisson(20, SIZE),
            "cost": None,
            "seconds": rng.gamma(4, 0.3, SIZE),
            "calls": rng.poisson(2, SIZE),
        }
    )
    values = np.clip(rng.normal(recall, 0.15, SIZE), 0, 1)
    scores = pd.DataFrame({"trace": ids, "scorer": "retriever.recall", "value": values, "status": "scored"})
    return RunTables(side=Side(name="w", created="now", traces=SIZE), traces=traces, scores=scores)


def drifted(base, head):
    return {row.what for row in find_drift(base, head).rows if row.drifted}


DOCS_MOVED = np.array([3.0] * 3 + [1.0] * 9) / 18
CASES = {
    "tools": {"tools": (0.55, 0.15, 0.15, 0.15)},
    "documents": {"docs": DOCS_MOVED},
    "words": {"words": ["invoice", "tax"]},
    "right": {"passes": 0.55},
    "tokens": {"tokens": 115},
    "retriever.recall": {"recall": 0.6},
}


@pytest.mark.parametrize("what", CASES)
def test_each_kind_of_drift_is_named(what):
    assert what in drifted(window(1), window(2, **CASES[what]))


@pytest.mark.soak
@pytest.mark.parametrize("what", CASES)
def test_twenty_planted_drifts_are_found_and_their_clean_twins_are_not(what):
    found = [drifted(window(2 * n), window(2 * n + 1, **CASES[what])) for n in range(PLANTED)]
    clean = [drifted(window(2 * n), window(2 * n + 1)) for n in range(PLANTED)]
    hits = sum(what in one for one in found)
    false = sum(what in one for one in clean)
    assert hits >= 0.95 * PLANTED
    assert hits / (hits + false) >= 0.95


def test_windows_of_one_kind_are_alike():
    assert drifted(window(1), window(2)) == set()


def test_what_moved_most_is_told_with_its_shares():
    (row,) = [row for row in find_drift(window(1), window(2, words=["invoice", "tax"])).rows if row.what == "words"]
    assert {one.name for one in row.shifts[:2]} == {"invoice", "tax"}
    assert row.shifts[0].base == 0.0
    assert row.shifts[0].head == pytest.approx(1 / 8, abs=0.02)


def test_traces_without_a_record_of_their_hits_are_no_evidence_about_documents():
    """As many as recorded them: nothing moved, for what is not recorded is not another document."""
    base, head = window(1), window(1)
    head.traces["documents"] = [None if at % 2 else found for at, found in enumerate(head.traces["documents"])]
    (row,) = [row for row in find_drift(base, head).rows if row.what == "documents"]
    assert (row.base_n, row.head_n, row.drifted) == (SIZE, SIZE // 2, False)
    head.traces["documents"] = [[] if at % 2 else found for at, found in enumerate(head.traces["documents"])]
    assert "documents" not in drifted(base, head)


def test_a_window_against_itself_has_no_distance():
    same = window(1)
    assert {row.distance for row in find_drift(same, same).rows} == {0.0}
    assert {row.p for row in find_drift(same, same).rows} == {1.0}


def test_few_traces_are_no_window():
    few = window(1)
    few = RunTables(side=few.side, traces=few.traces.head(10), scores=few.scores.head(10))
    assert find_drift(few, window(2)).rows == ()
