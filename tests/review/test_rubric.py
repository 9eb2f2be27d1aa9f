"""The starter rubric is frozen: five criteria, every mark with its wording and an example."""

import msgspec
import pytest

from traceeval.errors import Refused
from traceeval.model import Anchor
from traceeval.review import claim
from traceeval.review.rubric import require_complete, rubric_sha256, starter, store_rubric

FROZEN = "af5469dac628b6ad9e602385c18e46297dff6c392a99848508593cab1a8b52ed"


def test_the_starter_rubric_is_the_one_that_was_frozen():
    """An edit is a new version: give it a new number, and this pin with it."""
    assert (starter().version, rubric_sha256(starter())) == (1, FROZEN)


def test_every_mark_has_a_wording_and_an_example():
    require_complete(starter())
    names = [criterion.name for criterion in starter().criteria]
    assert names == ["groundedness", "tool_use", "trajectory", "safety", "accuracy"]
    assert [criterion.name for criterion in starter().criteria if criterion.safety] == ["safety"]
    assert all(len(excerpt) <= 1200 for c in starter().criteria for a in c.anchors.values() for excerpt in a.excerpts)


def edited(**anchors):
    first, *rest = starter().criteria
    changed = msgspec.structs.replace(first, anchors={**first.anchors, **{int(k[1:]): v for k, v in anchors.items()}})
    return msgspec.structs.replace(starter(), criteria=(changed, *rest))


def test_a_rubric_without_an_example_is_not_frozen(store):
    incomplete = msgspec.structs.replace(edited(_3=Anchor(wording="so so")), version=2)
    with pytest.raises(Refused, match="groundedness 3"):
        store.transact(lambda connection: store_rubric(connection, incomplete, 0.0))


def test_another_wording_under_the_same_version_is_refused(store, kit):
    kit.fill(store, kit.unit(1))
    other = edited(_3=Anchor(wording="so so", excerpts=("an example",)))
    with pytest.raises(Refused, match="another wording"):
        store.transact(lambda connection: store_rubric(connection, other, 0.0))


def test_a_lease_carries_the_rubric_as_it_was_frozen(store, kit):
    kit.fill(store, kit.unit(1))
    assert claim(store, "default", "ana").rubric == starter()
