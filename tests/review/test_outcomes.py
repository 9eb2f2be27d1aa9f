"""Settled items read back: the latest decision, its flags and the chance the item had to be seen."""

import pytest

from traceeval.errors import NotFound
from traceeval.review import outcomes

FLAGGED = {"flags": ("harm_done",), "reasons": {"harm_done": "money moved"}, "evidence": ("s1",)}


def test_only_settled_items_are_told_with_their_flags(store, kit):
    kit.fill(store, kit.unit(1, pi=0.25))
    kit.give(store, "ana", **FLAGGED)
    assert list(outcomes(store, "default")) == []
    assert kit.give(store, "ben").state == "disputed"
    assert list(outcomes(store, "default")) == []
    kit.settle_by(store, "cyd", **FLAGGED)
    (found,) = outcomes(store, "default")
    assert (found.sha256, found.flags, found.pi) == (kit.unit(1).sha256, ("harm_done",), 0.25)


def test_the_chance_of_an_item_is_to_be_drawn_under_any_seed(store, kit):
    for seed, pi, frame in (("one", 0.25, "a"), ("one", 0.5, "b"), ("two", 0.2, "c")):
        kit.fill(store, kit.unit(1, pi=pi, k=1), frame=frame * 64, seed=seed)
    kit.give(store, "ana")
    (found,) = outcomes(store, "default")
    assert found.pi == pytest.approx(0.6)


def test_a_queue_nobody_made_is_said(store):
    with pytest.raises(NotFound):
        outcomes(store, "nothing")
