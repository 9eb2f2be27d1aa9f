"""Calibration rounds as their lead sees them: progress without a word of what was said, and what a round is made of."""

import msgspec
import pytest

from traceeval.errors import NotFound, Refused
from traceeval.model import Trace
from traceeval.review import claim, submit
from traceeval.review.calibration import queue_of_round, rounds, subjects_from, versions
from traceeval.review.rounds import open_round, reveal


def traces(kit, count=10, first=500):
    return [msgspec.json.decode(kit.unit(number).payload, type=Trace) for number in range(first, first + count)]


def judge(store, kit, who, count):
    for _ in range(count):
        lease = claim(store, "default", who)
        submit(store, lease.slot, who, lease.fence, kit.said(), f"{who}/{lease.slot}")


def test_a_lead_sees_how_far_people_are_and_the_agreement_only_at_the_end(store, kit):
    kit.fill(store, kit.unit(1))
    assert rounds(store, "default") == ()
    opened = open_round(store, "default", "lea", subjects_from(store, "default", traces(kit)))
    judge(store, kit, "ana", 10)
    judge(store, kit, "ben", 9)
    (now,) = rounds(store, "default")
    assert (now.id, now.n, now.open, now.items, now.started, now.through) == (opened, 1, True, 10, 2, 1)
    assert (now.alpha, now.revealed_at) == ({}, None)
    judge(store, kit, "ben", 1)
    reveal(store, opened, "lea")
    (after,) = rounds(store, "default")
    assert (after.open, after.through, set(after.alpha.values())) == (False, 2, {None})
    assert queue_of_round(store, opened) == "default"


def test_a_round_of_no_queue_is_not_found(store, kit):
    with pytest.raises(NotFound, match="no calibration round 7"):
        queue_of_round(store, 7)
    with pytest.raises(NotFound, match="no queue 'nowhere'"):
        rounds(store, "nowhere")


def test_what_a_round_is_made_of_is_redacted(store, kit):
    kit.fill(store, kit.unit(1))
    (made,) = traces(kit, 1)
    named = msgspec.structs.replace(made, answer="write to ana@example.org")
    (subject,) = subjects_from(store, "default", [named])
    assert b"ana@example.org" not in subject.payload


def test_a_queue_that_compares_is_given_both_responses_to_a_question(store, kit):
    kit.queue(store, "pairs", mode="pairwise")
    asked = [msgspec.structs.replace(one, question=f"question {n // 2}") for n, one in enumerate(traces(kit, 20))]
    subjects = subjects_from(store, "pairs", asked)
    assert ([one.parts for one in subjects], len({one.sha256 for one in subjects})) == ([2] * 10, 10)
    with pytest.raises(Refused, match="question 'question 9' has 1 responses"):
        subjects_from(store, "pairs", asked[:19])


def test_the_versions_a_round_may_try_are_listed(store, kit):
    kit.fill(store, kit.unit(1))
    assert [(one.name, one.version, one.frozen) for one in versions(store)] == [("starter-core", 1, True)]
