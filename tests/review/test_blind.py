"""Until one has judged, nothing tells what others said, who they are, why the item was chosen, or what a judge scored."""

import msgspec
import pytest

from traceeval.errors import NotFound
from traceeval.model import Imported, System, Trace, trace_hash
from traceeval.review import Submission, claim, decline, erase, provisional, reopen, show, status, submit
from traceeval.review.desk import said_before
from traceeval.review.pairs import pair

SCORED = (Imported(name="their judge", value=0.123456),)
CANARIES = ("CANARY-REASON", "CANARY-RATIONALE", "canary-reviewer", "0.123456")


def scored(payload):
    """The trace with a score it came with."""
    made = msgspec.json.decode(payload, type=Trace)
    return msgspec.json.encode(msgspec.structs.replace(made, imported=SCORED))


@pytest.fixture
def half(store, kit):
    """One of two has judged."""
    reasons = (("defects", "CANARY-REASON"),)
    payload = scored(kit.unit(1).payload)
    kit.fill(store, kit.unit(1, reasons=reasons, payload=payload, judge_score=0.123456, signals={"conflict": 0.123456}))
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


def test_a_judges_score_is_told_after_the_verdict_and_only_where_the_queue_says_so(half, kit):
    kit.give(half, "ben")
    quiet = show(half, 1, "ben")
    assert (quiet.judge, quiet.shown.trace.imported) == (None, ())
    kit.configure(half, show_judge=True)
    told = show(half, 1, "ben")
    assert (told.judge, told.shown.trace.imported) == (0.123456, SCORED)
    assert not leaks(show(half, 1, "cy"))


def test_a_queue_that_tells_scores_keeps_them_from_whoever_has_not_judged(half, kit):
    kit.configure(half, show_judge=True)
    lease = claim(half, "default", "ben")
    assert not leaks(lease, show(half, 1, "ben"))


def test_nothing_names_the_systems_of_a_pair_until_one_has_judged(store, kit):
    kit.queue(store, mode="pairwise", k=2)
    made = [msgspec.structs.replace(one, system=System(app=name)) for name, one in zip("PQ", two(kit), strict=True)]
    both = pair(*((trace_hash(one), msgspec.json.encode(one)) for one in made))
    subject = {"sha256": both.sha256, "payload": both.first, "second": both.second}
    kit.fill(store, kit.unit(1, **subject))
    lease = claim(store, "default", "ben")
    assert [one.system for one in sides(show(store, lease.item, "ben"))] == [None, None]
    said = Submission(marks={}, preference="a", rationale="because the trace shows it plainly")
    submit(store, lease.slot, "ben", lease.fence, said, "k")
    assert sorted(one.system.app for one in sides(show(store, lease.item, "ben"))) == ["P", "Q"]


def two(kit):
    return [msgspec.json.decode(kit.unit(number).payload, type=Trace) for number in (1, 2)]


def sides(view):
    return [view.shown.trace, view.shown.other]


def test_what_the_others_said_is_not_found_before_ones_own_blind_verdict(half, kit):
    kit.give(half, "ben")
    lease = claim(half, "default", "cy")
    with pytest.raises(NotFound, match="judge the trace alone first"):
        said_before(half, lease.slot, "cy")
    provisional(half, lease.slot, "cy", lease.fence, kit.said())
    _, others = said_before(half, lease.slot, "cy")
    assert "CANARY-RATIONALE" in repr(others)
