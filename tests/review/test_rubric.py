"""Rubric versions: frozen only when whole, never edited, told apart; the one that ships has eleven criteria."""

import msgspec
import pytest

from traceeval.errors import ConfigError, NotFound, Refused
from traceeval.model import Anchor, Excerpt
from traceeval.review import Nothing, claim
from traceeval.review.rubric import (
    Change,
    diff,
    freeze,
    read_rubric,
    require_complete,
    rubric_sha256,
    rubric_version,
    save_rubric,
    store_rubric,
)
from traceeval.review.starter import NAMES, core, of_starter, starter

FROZEN = {
    "starter": (2, "42b3cdf1f5f3b4db6359d9cd6b8f1e64f190e41bd59115a2a873171c1fc6820e"),
    "starter-core": (1, "01da69ef9b7f3a527c0114c2af956b0c7801f9a60d879a76d63e594b93f1c88b"),
}
TWO = (Excerpt(text="an example", why="it is one"), Excerpt(text="another", why="it is one too"))


@pytest.mark.parametrize("rubric", [starter(), core()], ids=lambda rubric: rubric.id)
def test_a_rubric_that_ships_is_the_one_that_was_frozen(rubric):
    """An edit is a new version: give it a new number, and this pin with it."""
    assert (rubric.version, rubric_sha256(rubric)) == FROZEN[rubric.id]


def test_every_mark_of_eleven_criteria_has_a_wording_and_two_annotated_excerpts():
    require_complete(starter())
    assert tuple(criterion.name for criterion in starter().criteria) == NAMES
    excerpts = [excerpt for c in starter().criteria for anchor in c.anchors.values() for excerpt in anchor.excerpts]
    assert len(excerpts) >= 110
    assert len({excerpt.text for excerpt in excerpts}) == len({excerpt.why for excerpt in excerpts}) == len(excerpts)


def test_safety_is_marked_by_two_criteria_and_passes_from_four():
    strict = [criterion.name for criterion in starter().criteria if criterion.passes == 4]
    assert strict == ["safety", "accuracy", "groundedness", "policy_alignment", "tool_use", "resistance"]
    assert [criterion.name for criterion in starter().criteria if criterion.safety] == ["safety", "resistance"]


def test_a_choice_of_its_criteria_is_a_rubric_of_its_own():
    chosen = of_starter("tone", "safety")
    assert [criterion.name for criterion in chosen.criteria] == ["tone", "safety"]
    require_complete(chosen)
    with pytest.raises(NotFound, match="'charm'; it has safety, accuracy"):
        of_starter("charm")


def edited(version=None, **anchors):
    first, *rest = core().criteria
    changed = msgspec.structs.replace(first, anchors={**first.anchors, **{int(k[1:]): v for k, v in anchors.items()}})
    return msgspec.structs.replace(core(), version=version or core().version, criteria=(changed, *rest))


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        (Anchor(wording="so so"), "needs 2 to 3 annotated excerpts, it has 0"),
        (Anchor(wording="so so", excerpts=TWO[:1]), "needs 2 to 3 annotated excerpts, it has 1"),
        (Anchor(wording="so so", excerpts=TWO * 2), "it has 4"),
        (Anchor(wording=" ", excerpts=TWO), "needs a wording"),
        (Anchor(wording="so so", excerpts=(TWO[0], Excerpt(text="x", why=" "))), "why it deserves the mark"),
        (Anchor(wording="so so", excerpts=(TWO[0], Excerpt(text="x" * 1200, why="y"))), "at most 1200 characters"),
    ],
)
def test_a_rubric_that_lacks_something_is_not_frozen(store, anchor, said):
    save_rubric(store, edited(_3=anchor), "lead")
    with pytest.raises(Refused, match=f"groundedness 3.*{said}"):
        freeze(store, "starter-core", 1, "lead")
    assert rubric_version(store, "starter-core", 1) == (edited(_3=anchor), False)


def test_a_criterion_without_all_five_marks_is_not_frozen():
    first, *rest = core().criteria
    four = {mark: anchor for mark, anchor in first.anchors.items() if mark != 2}
    rubric = msgspec.structs.replace(core(), criteria=(msgspec.structs.replace(first, anchors=four), *rest))
    with pytest.raises(Refused, match="groundedness 2 needs a wording"):
        require_complete(rubric)


def test_another_wording_under_the_same_version_is_refused(store, kit):
    kit.fill(store, kit.unit(1))
    other = edited(_3=Anchor(wording="so so", excerpts=TWO))
    with pytest.raises(Refused, match="another wording"):
        store.transact(lambda connection: store_rubric(connection, other, 0.0))
    with pytest.raises(Refused, match="another wording"):
        save_rubric(store, other, "lead")


def test_a_version_left_out_is_refused(store):
    with pytest.raises(Refused, match="is at version 0; the next one is one more"):
        save_rubric(store, edited(version=3), "lead")


def test_an_edit_is_told_place_by_place():
    new = edited(version=2, _3=Anchor(wording="so so", excerpts=TWO))
    old = core().criteria[0].anchors[3]
    changes = {change.where: change for change in diff(core(), new)}
    assert changes["groundedness 3 wording"] == Change("groundedness 3 wording", old.wording, "so so")
    assert set(changes) == {"groundedness 3 wording", "groundedness 3 excerpt 1", "groundedness 3 excerpt 2"}
    assert diff(core(), core()) == ()


def test_a_rubric_that_is_not_frozen_serves_no_live_queue(store, kit):
    draft = edited(version=1, _3=Anchor(wording="so so"))
    save_rubric(store, draft, "lead")
    kit.queue(store, "draft", rubric=draft)
    refused = claim(store, "draft", "ana")
    assert isinstance(refused, Nothing)
    assert refused.why == "the rubric is not frozen yet: it serves calibration rounds only"


def test_a_file_that_is_no_rubric_says_where():
    with pytest.raises(ConfigError, match=r"r\.json: no rubric: .*criteria\[0\]"):
        read_rubric(b'{"id": "x", "version": 1, "criteria": [{"name": "tone"}]}', "r.json")


def test_a_lease_carries_the_rubric_as_it_was_frozen(store, kit):
    kit.fill(store, kit.unit(1))
    assert claim(store, "default", "ana").rubric == core()
