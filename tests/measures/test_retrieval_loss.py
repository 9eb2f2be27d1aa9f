"""The parts of the retrieval loss add up, and charge the part of the way that was broken."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.measures.retrieval_loss import Found, best_gain, nested_losses, recall_shares
from traceeval.measures.waterfall import losses

DOCS = [f"d{n}" for n in range(24)]
WAY = ("corpus", "recall", "query", "filter", "fusion")
QRELS = {"a": 3, "b": 2, "c": 1, "d": 0}


def nested(rng, docs, parts=WAY):
    """Sets within each other, each a random part of the one before."""
    sets, left = [], list(docs)
    for part in parts:
        left = rng.sample(left, rng.randint(0, len(left)))
        sets.append((part, set(left)))
    return sets


def test_the_parts_by_hand():
    """IDCG@3 = 3 + 2/log2(3) + 1/2 = 4.761860; without a: 2 + 1/log2(3) = 2.630930; b alone: 2."""
    split = nested_losses([("corpus", "bcd"), ("recall", "bd"), ("fusion", "")], QRELS, 3)
    assert split == pytest.approx(
        {
            "corpus": 1 - 2.630930 / 4.761860,
            "recall": (2.630930 - 2) / 4.761860,
            "fusion": 2 / 4.761860,
        },
        abs=1e-6,
    )


def test_the_parts_add_up_to_the_retrieval_term_on_ten_thousand_random_ways():
    rng = random.Random(5)
    for _ in range(10_000):
        qrels = {doc: rng.randint(-1, 3) for doc in rng.sample(DOCS, 9)} | {"d0": rng.randint(1, 3)}
        parts = [part for part in WAY if rng.random() < 0.7] or ["recall"]
        sets, k = nested(rng, DOCS, parts), rng.choice([1, 3, 10, 100])
        split = nested_losses(sets, qrels, k)
        pool = rng.sample(sorted(sets[-1][1]), len(sets[-1][1]))
        assert abs(sum(split.values()) - losses(pool, None, None, qrels, k).retrieval) < 1e-12
        assert all(0 <= value <= 1 for value in split.values())


found_sets = st.lists(
    st.tuples(st.sampled_from(["bm25", "dense", "graph"]), st.frozensets(st.sampled_from(DOCS)), st.booleans()),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=300)
@given(
    found_sets,
    st.dictionaries(st.sampled_from(DOCS), st.integers(-1, 3), min_size=1),
    st.sampled_from([1, 3, 10]),
    st.frozensets(st.sampled_from(DOCS)),
)
def test_the_shares_of_the_searches_add_up_to_the_recall_part(found, qrels, k, extra):
    qrels = {**qrels, "d0": 2}
    searches = [Found(name, docs, extra if also else frozenset()) for name, docs, also in found]
    known = extra.union(*(docs for _, docs, _ in found))
    shares = recall_shares(searches, DOCS, known, qrels, k)
    assert abs(sum(shares) - (best_gain(DOCS, qrels, k) - best_gain(known, qrels, k))) < 1e-12
    assert all(-1 - 1e-12 <= share <= 1 + 1e-12 for share in shares)


@settings(deadline=None)
@given(st.lists(st.frozensets(st.sampled_from(DOCS[:6])), min_size=2, max_size=5), st.randoms())
def test_the_order_of_recording_does_not_matter(found, rng):
    qrels = {doc: 1 + at % 3 for at, doc in enumerate(DOCS[:6])}
    order = list(range(len(found)))
    rng.shuffle(order)
    known = frozenset().union(*found)
    shares = recall_shares([Found(str(at), found[at]) for at in range(len(found))], qrels, known, qrels, 10)
    shuffled = recall_shares([Found(str(at), found[at]) for at in order], qrels, known, qrels, 10)
    assert [shares[at] for at in order] == pytest.approx(shuffled, abs=1e-12)


def test_a_search_that_found_everything_is_owed_by_the_one_that_found_nothing():
    assert recall_shares([Found("bm25", ""), Found("dense", "ab")], "ab", "ab", {"a": 1, "b": 1}, 10) == [0.5, -0.5]


def test_equal_searches_have_equal_shares():
    qrels = {"a": 2, "b": 2, "c": 1}
    one, other = recall_shares([Found("bm25", "ab"), Found("dense", "ab")], "abc", "ab", qrels, 10)
    assert one == other == pytest.approx((1 - best_gain("ab", qrels, 10)) / 2)


def test_a_retriever_that_searches_twice_owes_no_more_than_one_that_searches_once():
    searches = [Found("bm25", ""), Found("dense", ""), Found("dense", "")]
    assert recall_shares(searches, "a", "", {"a": 1}, 10) == pytest.approx([0.5, 0.25, 0.25])


def test_what_a_retriever_finds_for_another_query_is_not_its_recall():
    searches = [Found("bm25", "", also="a"), Found("dense", "")]
    assert recall_shares(searches, "a", "a", {"a": 1}, 10) == pytest.approx([-0.5, 0.5])


def test_nothing_relevant_has_no_parts():
    assert nested_losses([("recall", "a")], {"a": 0}, 10) is None
    assert best_gain("a", {"a": 0}, 10) == 0


@pytest.mark.parametrize("broken", WAY)
def test_breaking_one_part_of_the_way_charges_that_part(broken):
    rng = random.Random(11)
    added = charged = 0.0
    for _ in range(500):
        qrels = {doc: rng.randint(1, 3) for doc in DOCS[:12]}
        sets = {part: set(DOCS) for part in WAY}
        gone = set(rng.sample(DOCS[:12], rng.randint(1, 4)))
        sets |= {part: sets[part] - gone for part in WAY[WAY.index(broken) :]}
        after = nested_losses(list(sets.items()), qrels, 10)
        added += sum(after.values())
        charged += after[broken]
    assert charged / added >= 0.95


@pytest.mark.parametrize("broken", ["bm25", "dense"])
def test_breaking_one_search_charges_that_search(broken):
    rng = random.Random(13)
    added = charged = 0.0
    for _ in range(500):
        qrels = {doc: rng.randint(1, 3) for doc in DOCS[:6]}
        found = {"bm25": set(DOCS[:4]), "dense": set(DOCS[2:6])}  # two only of each, two of both
        gone = rng.choice(DOCS[:2] if broken == "bm25" else DOCS[4:6])
        before = shares_of(found, qrels)
        after = shares_of({**found, broken: found[broken] - {gone}}, qrels)
        added += sum(after.values()) - sum(before.values())
        charged += after[broken] - before[broken]
    assert charged / added >= 0.95


def shares_of(found, qrels):
    searches = [Found(name, docs) for name, docs in found.items()]
    return dict(zip(found, recall_shares(searches, DOCS, set().union(*found.values()), qrels, 10), strict=True))
