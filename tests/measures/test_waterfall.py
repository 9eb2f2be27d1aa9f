"""The loss waterfall adds up, and charges the stage that was broken."""

import random

import pytest

from traceeval.measures.waterfall import losses

QRELS = {"a": 3, "b": 2, "c": 1, "d": 0}


def test_the_vector_of_the_specification():
    split = losses(["b", "c", "x", "y"], ["x", "b", "c"], ["x", "b"], QRELS, 3)
    assert (split.retrieval, split.rerank, split.assembly) == pytest.approx((0.447500, 0.182506, 0.105001), abs=1e-6)
    assert split.total == pytest.approx(0.735007, abs=1e-6)


def ranking(rng):
    docs = [f"d{n}" for n in range(20)]
    qrels = {doc: rng.randint(0, 3) for doc in rng.sample(docs, 8)} | {"d0": 1}
    pool = rng.sample(docs, 12)
    return pool, rng.sample(pool, rng.randint(1, 12)), qrels


def test_the_terms_add_up_on_ten_thousand_random_rankings():
    rng = random.Random(7)
    for _ in range(10_000):
        pool, ranked, qrels = ranking(rng)
        packed = ranked[: rng.randint(0, len(ranked))]
        split = losses(pool, ranked, packed, qrels, 10)
        sent = losses(packed, None, packed, qrels, 10)
        assert abs(split.total - (sent.retrieval + sent.rerank)) < 1e-12


@pytest.mark.parametrize("broken", ["retrieval", "rerank", "assembly"])
def test_breaking_one_stage_charges_that_stage(broken):
    rng = random.Random(11)
    added, charged = 0.0, 0.0
    for _ in range(500):
        docs = [f"d{n}" for n in range(20)]
        qrels = {doc: rng.randint(1, 3) for doc in docs[:4]}
        best = sorted(qrels, key=qrels.get, reverse=True)
        pool, ranked, packed = best + docs[4:12], best + docs[4:8], best
        whole = losses(pool, ranked, packed, qrels, 10)
        if broken == "retrieval":
            pool = [doc for doc in pool if doc != best[0]]
            ranked = [doc for doc in ranked if doc != best[0]]
            packed = [doc for doc in packed if doc != best[0]]
        elif broken == "rerank":
            ranked = ranked[::-1]
            packed = [doc for doc in ranked if doc in packed]
        else:
            packed = packed[1:]
        after = losses(pool, ranked, packed, qrels, 10)
        added += after.total - whole.total
        charged += getattr(after, broken) - getattr(whole, broken)
    assert charged / added >= 0.95


def test_without_a_reranker_the_first_stage_order_counts_and_nothing_is_lifted():
    split = losses(["x", "a"], None, None, QRELS, 3)
    assert split.lift == 0
    assert split.assembly is None
    assert split.total is None


def test_documents_from_outside_the_pool_join_it_and_are_named():
    split = losses(["x"], ["a"], ["a"], QRELS, 3)
    assert split.outside == ("a",)
    assert split.rerank == pytest.approx(0, abs=1e-12)


def test_nothing_relevant_has_no_loss():
    assert losses(["a"], None, None, {"a": 0}, 10) is None
