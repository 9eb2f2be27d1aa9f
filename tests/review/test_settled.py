"""What people settled, read back as plain rows."""

import pytest

from traceeval.errors import NotFound
from traceeval.review import frame_units, labels, reopen, unanswered_share, withdraw
from traceeval.review.settle import split_of
from traceeval.review.settled import family_of

FLAGGED = {"flags": ("harm_done",), "reasons": {"harm_done": "money moved"}, "evidence": ("s1",)}


def test_labels_are_those_of_settled_items_with_their_weight_and_split(store, kit):
    kit.fill(store, kit.unit(1, pi=0.25))
    kit.give(store, "ana")
    assert list(labels(store, "default")) == []
    kit.give(store, "ben")
    rows = {row.criterion: row for row in labels(store, "default")}
    assert set(rows) == {"groundedness", "tool_use", "trajectory", "safety", "accuracy"}
    safety = rows["safety"]
    assert (safety.subject, safety.pi, safety.replicated) == (kit.unit(1).sha256, 0.25, True)
    assert safety.split == split_of(safety.cluster)
    assert safety.safety is True
    assert rows["groundedness"].safety is False
    assert safety.rubric


def test_what_was_reopened_is_settled_no_more(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    assert {row.subject for row in labels(store, "default")} == {kit.unit(1).sha256}
    assert not next(labels(store, "default")).replicated
    reopen(store, 1, "lead", "a new source came up")
    assert list(labels(store, "default")) == []


def test_the_frame_is_whole_whatever_was_drawn(store, kit):
    kit.fill(store, kit.unit(1, pi=1.0), kit.unit(2, pi=1e-12))
    kit.give(store, "ana", **FLAGGED)
    kit.give(store, "ben", **FLAGGED)
    units = {one.sha256: one for one in frame_units(store, "default")}
    seen, unseen = units[kit.unit(1).sha256], units[kit.unit(2).sha256]
    assert seen.settled == ("harm_done",)
    assert unseen.settled is None
    assert unseen.pi == pytest.approx(1e-12)
    assert "harm_done" in seen.could_flag


def test_a_queue_nobody_made_is_said(store):
    with pytest.raises(NotFound):
        labels(store, "nothing")
    with pytest.raises(NotFound):
        frame_units(store, "nothing")


@pytest.mark.parametrize(
    ("model", "family"),
    [("gpt-4o-mini", "gpt"), ("anthropic/claude-3.5", "claude"), ("Llama2", "llama"), ("4o", None)],
)
def test_the_family_of_a_model_is_in_its_name(model, family):
    assert family_of(model) == family


def test_what_was_closed_without_a_label_is_weighted_by_its_chance(store, kit):
    kit.fill(store, kit.unit(1, pi=0.25, k=1), kit.unit(2, pi=0.5, k=1), kit.unit(3, k=1))
    assert unanswered_share(store, "default") is None
    kit.give(store, "ana")
    kit.give(store, "ana")
    assert unanswered_share(store, "default") == 0
    withdraw(store, 2, "lea", "it names a person")  # the one that is certain was judged first, then the first drawn
    assert unanswered_share(store, "default") == pytest.approx(2 / (4 + 2 + 1))
    reopen(store, 1, "lea", "the policy changed")
    assert unanswered_share(store, "default") == pytest.approx(2 / (2 + 1))
