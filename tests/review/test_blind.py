"""Until one has judged, nothing tells what others said, who they are, why the item was chosen, or what a judge scored."""

import msgspec
import pytest

from traceeval.errors import NotFound, Refused
from traceeval.model import Imported, System, Trace, trace_hash
from traceeval.review import Submission, claim, decline, erase, expire, provisional, reopen, show, status, submit
from traceeval.review.desk import said_before
from traceeval.review.gold import promote
from traceeval.review.pairs import pair
from traceeval.review.steps import save_alone

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


def test_what_is_gold_for_one_shows_nothing_of_the_item_it_was_made_of(half, kit):
    kit.give(half, "ben")
    kit.settle_by(half, "cy")
    promote(half, 1, "lead")
    kit.configure(half, gold_share_first=1.0)
    lease = claim(half, "default", "dee")
    assert lease.item != 1
    first, own = show(half, 1, "dee"), show(half, lease.item, "dee")
    assert not leaks(first, own)
    assert (first.state, first.cause, first.shown, first.decision) == (own.state, own.cause, own.shown, None)
    assert show(half, 1, "ben").decision


@pytest.fixture
def elsewhere(half, kit):
    """What one has judged is settled in its queue, and waits for others in a second one."""
    kit.give(half, "ben", 1, 5, 5, 5, 5, **kit.BAD)
    kit.queue(half, "second", k=2)
    kit.fill(half, kit.unit(1, payload=scored(kit.unit(1).payload)), queue="second", frame="b" * 64)
    return half


def test_what_was_said_of_a_trace_in_another_queue_is_hidden_while_one_judges_it(elsewhere, kit):
    lease = claim(elsewhere, "second", "dee")
    assert not leaks(show(elsewhere, 1, "dee"))
    assert show(elsewhere, 1, "dee").verdicts == ()
    submit(elsewhere, lease.slot, "dee", lease.fence, kit.said(), "k")
    assert "CANARY-RATIONALE" in repr(show(elsewhere, 1, "dee"))


def test_it_stays_hidden_while_a_lease_that_ran_out_may_still_be_used(elsewhere, clock, kit):
    claim(elsewhere, "second", "dee")
    clock.now += kit.TTL + 1
    assert expire(elsewhere) == 1
    assert not leaks(show(elsewhere, 1, "dee"))


@pytest.fixture
def compared(store, kit):
    """Two traces of named systems, judged one by one in a queue, and side by side in another, by its mode."""

    def make(mode):
        made = [msgspec.structs.replace(one, system=System(app=f"APP-{one.id}")) for one in two(kit)]
        packed = [(trace_hash(one), msgspec.json.encode(one)) for one in made]
        single = [kit.unit(n, k=1, sha256=sha, payload=text) for n, (sha, text) in enumerate(packed, 1)]
        kit.fill(store, *single)
        for _ in single:
            kit.give(store, "ana", rationale="CANARY-RATIONALE in so many words")
        both = pair(*packed)
        kit.queue(store, "pairs", mode=mode, k=2)
        compared = kit.unit(3, sha256=both.sha256, payload=both.first, second=both.second)
        kit.fill(store, compared, queue="pairs", frame="b" * 64)
        return claim(store, "pairs", "ben")

    return make


def test_whoever_compares_two_traces_is_not_told_what_each_is_or_what_was_said_of_it(store, compared):
    lease = compared("pairwise")
    views = [show(store, number, "ben") for number in (1, 2)]
    assert not leaks(views)
    assert "APP-" not in repr(views)
    assert [view.shown.other for view in views] == [None, None]
    assert sorted(view.shown.trace.answer for view in views) == ["answer 1", "answer 2"]
    assert show(store, lease.item, "ben").shown.traces == lease.shown.traces
    assert "APP-t1" in repr(show(store, 1, "cy"))


def test_in_a_protocol_no_item_shows_the_second_response_before_the_first_is_marked(store, kit, compared):
    lease = compared("protocol")
    assert show(store, lease.item, "ben").shown.traces == (lease.shown.trace,)
    left, right = (1, 2) if lease.shown.trace.answer == "answer 1" else (2, 1)
    assert show(store, left, "ben").shown.trace == lease.shown.trace
    with pytest.raises(Refused, match=f"item {right} is part of what you are judging"):
        show(store, right, "ben")
    save_alone(store, lease.slot, "ben", lease.fence, "a", kit.said())
    assert show(store, lease.item, "ben").shown.trace.answer == f"answer {right}"
    save_alone(store, lease.slot, "ben", lease.fence, "b", kit.said())
    assert len(show(store, lease.item, "ben").shown.traces) == 2


def test_whoever_judges_a_trace_alone_is_not_told_what_was_said_of_a_pair_with_it(store, kit, compared):
    lease = compared("pairwise")
    for who in ("ben", "cy"):
        lease = claim(store, "pairs", who)
        said = Submission(marks={}, preference="a", rationale="CANARY-RATIONALE of the pair")
        submit(store, lease.slot, who, lease.fence, said, "k")
    kit.queue(store, "again")
    kit.fill(
        store, kit.unit(1, k=1, sha256=trace_hash(named(kit)), payload=msgspec.json.encode(named(kit))), queue="again"
    )
    claim(store, "again", "dee")
    view = show(store, lease.item, "dee")
    assert not leaks(view)
    assert [one.answer for one in view.shown.traces] == ["answer 1"]


def named(kit):
    one = two(kit)[0]
    return msgspec.structs.replace(one, system=System(app=f"APP-{one.id}"))
