"""Until one has judged, nothing tells what others said, who they are, why the item was chosen, or what a judge scored."""

import pytest

from traceeval.review import claim, decline, erase, provisional, reopen, show, status, submit

CANARIES = ("CANARY-REASON", "CANARY-RATIONALE", "canary-reviewer", "0.123456")


@pytest.fixture
def half(store, kit):
    """One of two has judged."""
    reasons = (("defects", "CANARY-REASON"),)
    kit.fill(store, kit.unit(1, reasons=reasons, judge_score=0.123456, signals={"conflict": 0.123456}))
    low = {"reasons": {"groundedness": "CANARY-RATIONALE low"}, "evidence": ("s1",)}
    kit.give(store, "canary-reviewer", 1, 5, 5, 5, 5, rationale="CANARY-RATIONALE because of that", **low)
    return store


def leaks(*replies):
    return [canary for canary in CANARIES if canary in repr(replies)]


def test_before_the_verdict_nothing_is_told(half):
    lease = claim(half, "default", "ben")
    view = show(half, lease.item, "ben")
    assert not leaks(lease, view, status(half, "default", "ben"), status(half, "default"))
    assert (view.verdicts, view.reasons, view.decision) == ((), (), None)


def test_a_refusal_tells_nothing_either(half, kit):
    lease = claim(half, "default", "ben")
    for attempt in (
        lambda: submit(half, lease.slot, "ben", lease.fence, kit.said(1, 5, 5, 5, 5), "k"),
        lambda: submit(half, 1, "ben", 1, kit.said(), "k"),
        lambda: provisional(half, lease.slot, "ben", lease.fence, kit.said()),
        lambda: decline(half, 1, "ben", 1, "expertise"),
        lambda: erase(half, "words:1", "ben", "let me see it"),
    ):
        with pytest.raises(Exception) as refused:  # noqa: PT011
            attempt()
        assert not leaks(str(refused.value))


def test_after_the_verdict_the_reason_is_told_and_after_the_decision_the_rest_without_names(half, kit):
    assert kit.give(half, "ben").state == "disputed"
    view = show(half, 1, "ben")
    assert view.reasons == (("defects", "CANARY-REASON"),)
    assert view.verdicts == ()
    kit.settle_by(half, "cy")
    view = show(half, 1, "ben")
    assert len(view.verdicts) == 3
    assert "canary-reviewer" not in repr(view)


def test_an_adjudicator_is_told_after_their_blind_verdict_only(half, kit):
    kit.give(half, "ben")
    lease = claim(half, "default", "cy")
    assert not leaks(lease, show(half, 1, "cy"))
    told = provisional(half, lease.slot, "cy", lease.fence, kit.said())
    assert "CANARY-RATIONALE" in repr(told)
    assert "canary-reviewer" not in repr(told)
    assert not any("at" in body or "late" in body for body in told)


def test_an_earlier_round_is_hidden_again_while_its_subject_is_open(half, kit):
    kit.give(half, "ben")
    kit.settle_by(half, "cy")
    reopen(half, 1, "lead", "the policy changed")
    lease = claim(half, "default", "dee")
    assert not leaks(lease, show(half, 1, "dee"), show(half, lease.item, "dee"))
