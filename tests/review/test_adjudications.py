"""What adjudication came to: blind verdicts that changed, whom third persons joined, why people differed."""

import pytest

from traceeval.errors import NotFound
from traceeval.review import claim, provisional, submit
from traceeval.review.adjudications import Share, adjudications


def dispute(store, kit, number, first, second):
    kit.fill(store, kit.unit(number))
    kit.give(store, "ana", first, 5, 5, 5, 5, key=f"a{number}", **(kit.BAD if first < 3 else {}))
    kit.give(store, "ben", second, 5, 5, 5, 5, key=f"b{number}", **(kit.BAD if second < 3 else {}))


def settle(store, kit, blind, final, **fields):
    lease = claim(store, "default", "cleo")
    alone = kit.said(blind, 5, 5, 5, 5, **(kit.BAD if blind < 3 else {}))
    provisional(store, lease.slot, "cleo", lease.fence, alone)
    said = kit.said(final, 5, 5, 5, 5, **(kit.BAD if final < 3 else {}), **fields)
    submit(store, lease.slot, "cleo", lease.fence, said, f"c{lease.slot}")


def test_changed_minds_agreement_and_causes_are_counted(store, kit):
    dispute(store, kit, 1, 1, 5)
    settle(store, kit, 5, 1, cause="reviewer_error")
    dispute(store, kit, 2, 5, 1)
    settle(store, kit, 5, 5, cause="guideline_gap")
    dispute(store, kit, 3, 1, 5)
    settle(store, kit, 5, 5, cause="guideline_gap", indeterminate=True)
    found = adjudications(store, "default")
    assert (found.decided, found.indeterminate) == (2, 1)
    assert found.changed == Share(2, 3)
    assert (found.first, found.second) == (Share(10, 10), Share(8, 10))
    assert found.causes == {"guideline_gap": {"groundedness": 2}, "reviewer_error": {"groundedness": 1}}


def test_of_a_queue_without_a_dispute_nothing_is_told(store, kit):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    assert adjudications(store, "default").changed == Share(0, 0)
    with pytest.raises(NotFound):
        adjudications(store, "nowhere")
