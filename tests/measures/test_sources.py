"""What is found together is one theme, and what it is found for is of it in whatever words; what nothing tells is of none."""

import random

import numpy as np
import pytest

from traceeval.measures.kinds import asked
from traceeval.measures.sources import Sources

SHIPPING, BILLING = [f"ship-{at}" for at in range(6)], [f"bill-{at}" for at in range(6)]


def searches(n=40, seed=0):
    """Half of the things find shipping documents, half billing ones; each says a word of its own theme, or none."""
    rng = random.Random(seed)
    return [
        asked(rng.choice(words), ("search",), rng.sample(documents, 3))
        for documents, words in ((SHIPPING, ("parcel late", "help")), (BILLING, ("invoice wrong", "help")))
        for _ in range(n // 2)
    ]


@pytest.fixture(scope="module")
def sources():
    return Sources(searches(), np.ones(40))


def test_two_sets_of_documents_that_are_never_found_together_are_two_themes(sources):
    assert sources.count == 2
    assert sources.together == pytest.approx(0.5, abs=0.001)
    assert set(sources.of[:20]) != set(sources.of[20:])
    assert [len(set(sources.of[part])) for part in (slice(20), slice(20, 40))] == [1, 1]


def test_what_is_asked_in_words_that_nobody_says_is_placed_by_what_it_finds(sources):
    placed = sources.placed([asked("wo bleibt mein Paket", ("search",), ["ship-0", "ship-3", "other"])])
    assert placed.tolist() == [sources.of[0]]


def test_what_nobody_knows_the_documents_of_is_placed_by_its_words(sources):
    ways = [asked("a parcel that is late", None), asked("invoice wrong again", None), asked("help", None)]
    assert sources.placed(ways).tolist() == [sources.of[0], sources.of[20], -1]


def test_documents_of_both_themes_and_of_none_place_nothing(sources):
    ways = [asked("x", (), ["ship-0", "bill-0"]), asked("x", (), ["elsewhere"]), asked("x", (), [])]
    assert sources.placed(ways).tolist() == [-1, -1, -1]


def test_a_thing_that_was_asked_more_often_counts_as_if_it_stood_there_as_often():
    things = searches()
    often = Sources(things, np.full(40, 2.0))
    twice = Sources(things + things, np.ones(80))
    assert often.together == pytest.approx(twice.together)
    assert often.of.tolist() == twice.of[:40].tolist()


def test_a_retriever_that_finds_the_same_for_everything_tells_no_themes():
    same = [asked(f"question {at}", (), SHIPPING) for at in range(20)]
    assert Sources(same, np.ones(20)).together == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("found", [None, (), ("once-{}",)], ids=["unknown", "nothing", "never again"])
def test_where_nothing_is_found_twice_there_is_no_theme(found):
    things = [asked("help", (), found and [one.format(at) for one in found]) for at in range(20)]
    told = Sources(things, np.ones(20))
    assert (told.count, set(told.of.tolist()), told.placed(things[:1]).tolist()) == (0, {-1}, [-1])


def test_the_order_of_things_changes_no_theme(sources):
    order = np.random.default_rng(0).permutation(40)
    mixed = Sources([searches()[at] for at in order], np.ones(40)).of
    groups = {frozenset(order[mixed == theme].tolist()) for theme in range(2)}
    assert groups == {frozenset(range(20)), frozenset(range(20, 40))}


def test_a_theme_that_is_small_beside_many_others_is_not_taken_together_with_another():
    """Modularity alone takes most of them together in twos and threes, where a third of what is found is of any."""
    rng = random.Random(0)
    of = [rng.randrange(40) for _ in range(1500)]
    every = [[f"{theme} {at}" for at in range(6)] for theme in range(40)]
    found = [[rng.choice(every[one] if rng.random() < 0.6 else rng.choice(every)) for _ in range(5)] for one in of]
    told = Sources([asked("help", (), one) for one in found], np.ones(1500))
    most = [np.bincount(told.of[np.array(of) == theme] + 1).argmax() - 1 for theme in range(40)]
    assert len(set(most) - {-1}) == 40


def test_searches_that_say_little_are_not_taken_for_more_themes_than_there_are():
    """Two hundred documents of each of six themes, each met twice or thrice: by chance alone they go apart in many."""
    rng = random.Random(0)
    things = [asked("help", (), rng.sample([f"{at % 6} {one}" for one in range(200)], 5)) for at in range(600)]
    assert Sources(things, np.ones(600)).count < 10


def test_what_says_nothing_is_of_no_theme_though_nearly_everything_is_of_one():
    rng = random.Random(0)
    of = ["main" if rng.random() < 0.93 else rng.choice(["a", "b", "c"]) for _ in range(1500)]
    found = [
        [f"{one} {at}" for at in rng.sample(range(8), 4)] + [f"{rng.choice('abc')} {rng.randrange(8)}"] for one in of
    ]
    told = Sources([asked(f"{name} word", (), one) for name, one in zip(of, found, strict=True)], np.ones(1500))
    sizes = np.bincount(told.of + 1)[1:]
    assert sizes.max() > 0.9 * 1500
    assert told.placed([asked("unheard", (), ["elsewhere"]), asked("", None)]).tolist() == [-1, -1]
    assert told.placed([asked("main", None)]).tolist() == [sizes.argmax()]


def test_a_document_that_is_found_with_no_other_makes_no_theme():
    things = [*searches(), *(asked("help", (), ["alone"]) for _ in range(20))]
    told = Sources(things, np.ones(60))
    assert (told.count, set(told.of[40:])) == (2, {-1})
