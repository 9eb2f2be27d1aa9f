"""Stored verdicts and outputs of others: our measures reproduce what they published."""

import json
from functools import cache
from pathlib import Path

import pytest
from benchmarks.suites import llmbar, noveleval, pandalm, ragchecker_meta, trec_eval, wice_tokens

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [pytest.mark.shared, pytest.mark.skipif(not DATA.exists(), reason="no labelled rows beside the checkout")]


@cache
def told(suite):
    path = DATA / suite.__name__.rpartition(".")[2]
    rows = [json.loads(line) for line in (path / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    return suite.run(rows, False, path)


def test_every_value_of_trec_eval_is_met_at_four_decimals():
    found = trec_eval.run([], False, DATA / "trec_eval")
    assert found["metrics"]["values_compared"]["value"] > 250
    assert found["misses"] == []


def test_the_agreement_of_pandalms_people_is_met():
    found = told(pandalm)["metrics"]
    assert [round(found[name]["value"], 4) for name in ("kappa_01", "kappa_02", "kappa_12", "alpha")] == [
        0.8554,
        0.8549,
        0.8287,
        0.8464,
    ]


def test_the_published_judges_of_pandalm_are_met():
    found = told(pandalm)
    accuracy = {name: round(one["accuracy"]["value"], 3) for name, one in found["subsets"].items()}
    assert accuracy == {"gpt-3.5-turbo": 0.730, "pandalm-7b": 0.668}


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("Natural: GPT-4/Vanilla", (0.950, 0.940, 0.590)),
        ("Natural: ChatGPT/Vanilla", (0.840, 0.760, 0.580)),
        ("Adversarial/Neighbor: GPT-4/Vanilla", (0.815, 0.938, 0.277)),
        ("Adversarial/GPTInst: ChatGPT/Vanilla", (0.268, 0.571, 0.696)),
        ("Adversarial/Manual: GPT-4/Vanilla", (0.759, 0.815, 0.365)),
    ],
)
def test_the_report_on_llmbars_judges_is_met(name, figures):
    found = told(llmbar)["subsets"][f"LLMBar/{name}"]
    assert tuple(round(found[m]["value"], 3) for m in ("accuracy", "swap_consistency", "prefers_longer")) == figures


def test_our_answer_scores_follow_people_better_than_length_does():
    found = told(ragchecker_meta)
    length = found["baselines"]["length difference"]
    assert all(value["value"] > length[name] + 0.2 for name, value in found["metrics"].items())
    assert round(found["baselines"]["RAGChecker, same rows"]["pearson_overall"], 3) == 0.599


def test_the_lexical_reranker_beats_bm25_and_the_order_of_the_file():
    found = told(noveleval)
    ours = found["metrics"]["ndcg@10"]["value"]
    assert ours > max(found["baselines"][name]["ndcg@10"] for name in ("BM25, same rows", "order of the file"))


def test_unsupported_words_are_found_better_than_by_absence():
    found = told(wice_tokens)
    assert found["metrics"]["token_f1"]["value"] > found["baselines"]["stem absent"]["token_f1"]


def test_only_short_gaps_are_filled():
    assert wice_tokens.filled([True, False, False, True, False, False, False, True]) == [True] * 4 + [False] * 3 + [
        True
    ]


def test_published_judges_that_lean_to_what_stands_first_are_flagged_and_gpt_4_is_not():
    flagged = told(llmbar)["flagged"]
    assert "position" in flagged["ChatGPT/Vanilla"]
    assert "position" in flagged["Falcon/Vanilla"]
    assert flagged["GPT-4/Vanilla"] == ()


def test_people_of_pandalm_prefer_the_longer_two_times_of_three():
    assert round(told(pandalm)["baselines"]["people"]["prefers_longer"], 3) == 0.670
