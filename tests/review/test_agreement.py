"""Agreement over the store: which verdicts go in (review.md section 11)."""

import json

import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.measures.agreement import alpha
from traceeval.measures.ratings import ratings
from traceeval.review import claim, reopen, schema, submit, void
from traceeval.review.agreement import agreements
from traceeval.review.rounds import open_round
from traceeval.review.subjects import prepare


@pytest.fixture
def url(tmp_path, blank):
    """Reads are the same on both engines; the queue's own tests run on both."""
    (tmp_path / "review.db").write_bytes(blank)
    return f"sqlite:///{tmp_path / 'review.db'}"


MARKS = [(5, 5), (4, 4), (3, 4), (2, 2), (4, 5), (5, 4)]


def judged(store, kit, pairs=MARKS, **fields):
    """Two people mark accuracy of each item; everything else is 5 (2 needs its reason)."""
    kit.fill(store, *(kit.unit(n, **fields) for n in range(len(pairs))), recheck_share=0.0)
    for who, side in (("ann", 0), ("bob", 1)):
        for pair in pairs:
            low = {"reasons": {"accuracy": "it is plainly wrong"}, "evidence": ("s1",)} if pair[side] <= 2 else {}
            kit.give(store, who, 5, 5, 5, 5, pair[side], **low)


def of(found, about="accuracy"):
    return next(one for one in found if one.about == about)


def test_independent_verdicts_are_compared_by_criterion_and_rubric(store, kit):
    judged(store, kit)
    found = of(agreements(store, "default"))
    assert found.reviewed.alpha.value == pytest.approx(alpha(ratings(MARKS, categories=(1, 2, 3, 4, 5)), "ordinal"))
    assert found.reviewed.raw.value == pytest.approx(3 / 6)
    assert (found.reviewed.units, found.reviewed.label, found.lang, found.kind) == (
        6,
        "insufficient",
        "unknown",
        "mark",
    )
    assert found.rubric.endswith("version 1 (en)")
    safe = of(agreements(store, "default"), "safety").reviewed
    assert (safe.alpha.value, safe.alpha.why, safe.raw.value) == (None, "all ratings are equal", 1.0)


def test_a_second_slot_that_the_first_verdict_opened_is_left_out(store, kit):
    kit.fill(store, kit.unit(1, k=1), kit.unit(2, k=2))
    for who in ("ann", "bob"):
        for _ in range(2):
            kit.give(store, who, 5, 5, 5, 2, 5, reasons={"safety": "it harms somebody"}, evidence=("s1",))
    assert kit.items(store) == {"resolved": 2}
    (found,) = (one for one in agreements(store, "default") if one.about == "safety")
    assert found.reviewed.units == 1  # the item drawn for two, not the one whose first verdict called a second


def test_adjudicators_and_reopened_rounds_are_left_out(store, kit):
    judged(store, kit, [(5, 1), (4, 4)])
    before = of(agreements(store, "default")).reviewed
    kit.settle_by(store, "cat", 5, 5, 5, 5, 5)
    reopen(store, 2, "lead", "look at it again")
    for who in ("dan", "eve"):
        kit.give(store, who, 5, 5, 5, 5, 3)
    assert of(agreements(store, "default")).reviewed == before


def test_figures_of_the_frame_weigh_what_was_seldom_drawn(store, kit):
    seen = [kit.unit(n, pi=1.0 if n < 3 else 0.1, u=0.01, floor=0, safety=False) for n in range(6)]
    kit.fill(store, *seen, recheck_share=0.0)
    for who in ("ann", "bob"):
        for _ in range(6):
            lease = claim(store, "default", who)
            seldom = int(lease.shown.trace.id[1:]) >= 3
            submit(
                store,
                lease.slot,
                who,
                lease.fence,
                kit.said(5, 5, 5, 5, 4 if seldom and who == "bob" else 5),
                f"{who}{lease.slot}",
            )
    found = of(agreements(store, "default"))
    assert found.reviewed.raw.value == pytest.approx(0.5)
    assert found.population.raw.value == pytest.approx(3 / (3 + 30))


def test_languages_are_not_mixed(store, kit):
    from sqlalchemy import text

    judged(store, kit, MARKS[:4])
    store.transact(lambda connection: connection.execute(text("UPDATE item SET lang = 'de' WHERE id < 3")))
    found = [one for one in agreements(store, "default") if one.about == "accuracy"]
    assert {one.lang: one.reviewed.units for one in found} == {"de": 2, "unknown": 2}


def test_the_command_prints_all_three_with_their_label(store, kit, url):
    assert "no queue" in CliRunner().invoke(main, ["review", "agreement", "--queue", url]).output
    kit.fill(store, kit.unit(99))
    assert "nothing to compare yet" in CliRunner().invoke(main, ["review", "agreement", "--queue", url]).output
    kit.give(store, "ann")
    kit.give(store, "bob")
    told = CliRunner().invoke(main, ["review", "agreement", "--queue", url]).output
    assert "accuracy: insufficient: alpha undefined (all ratings are equal), AC2 1.000, raw 1.000 (1 items" in told
    body = json.loads(CliRunner().invoke(main, ["review", "agreement", "--queue", url, "--json"]).output)
    assert body[0]["reviewed"]["alpha"]["value"] is None


def give(store, kit, queue, who, mark):
    """The next item of a queue, with one mark of accuracy."""
    lease = claim(store, queue, who)
    submit(store, lease.slot, who, lease.fence, kit.said(5, 5, 5, 5, mark), f"{queue}/{who}/{lease.slot}")
    return lease.slot


def test_what_another_queue_says_of_the_same_traces_stays_there(store, kit):
    seen = [kit.unit(n, pi=1.0 if n < 3 else 0.1, u=0.01, floor=0, safety=False) for n in range(6)]
    kit.fill(store, *seen, recheck_share=0.0)
    kit.fill(store, *(kit.unit(n) for n in range(6)), queue="other", frame="b" * 64)  # all for certain
    for who, marks in (("ann", [5] * 6), ("bob", [5, 5, 5, 4, 4, 4])):
        for mark in marks:
            give(store, kit, "default", who, mark)
    before = of(agreements(store, "default"))
    assert before.population.raw.value == pytest.approx(3 / (3 + 30))
    for who, mark in (("cat", 5), ("dan", 3)):
        for _ in range(6):
            give(store, kit, "other", who, mark)
    assert of(agreements(store, "default")) == before
    assert of(agreements(store, "other")).reviewed.raw.value == 0


def test_a_verdict_set_aside_is_left_out_and_the_one_in_its_place_counts(store, kit):
    kit.fill(store, kit.unit(1))
    slot = give(store, kit, "default", "ann", 3)
    void(store, slot, "lead", "ann read the wrong trace")
    give(store, kit, "default", "bob", 5)
    assert agreements(store, "default") == ()  # one that stands is nothing to compare
    give(store, kit, "default", "cat", 5)
    found = of(agreements(store, "default")).reviewed
    assert (found.units, found.raw.value) == (1, 1.0)


def test_what_stands_in_for_verdicts_of_a_second_slot_that_was_called_for_is_left_out(store, kit):
    kit.fill(store, kit.unit(1, k=1))
    harm = {"reasons": {"safety": "it harms somebody"}, "evidence": ("s1",)}
    slots = []
    for who in ("ann", "bob"):
        lease = claim(store, "default", who)
        slots.append(lease.slot)
        if who == "bob":
            void(store, slots[0], "lead", "ann read the wrong trace")
        submit(store, lease.slot, who, lease.fence, kit.said(5, 5, 5, 2, 5, **harm), who)
    void(store, slots[1], "lead", "bob read the wrong trace")
    for who in ("cat", "dan"):
        give(store, kit, "default", who, 5)
    assert kit.items(store) == {"resolved": 1}
    assert agreements(store, "default") == ()


def test_calibration_is_left_out(store, kit):
    kit.fill(store, kit.unit(1))
    made = [kit.unit(number) for number in range(500, 510)]
    open_round(store, "default", "lea", [prepare(one.sha256, one.trace, one.payload) for one in made])
    for who in ("ann", "bob"):
        for _ in made:
            give(store, kit, "default", who, 5)
    assert agreements(store, "default") == ()


def test_a_third_person_is_left_out_whatever_their_slot_was_opened_for(store, kit):
    judged(store, kit, [(5, 1)])
    before = of(agreements(store, "default")).reviewed
    kit.settle_by(store, "cat", 5, 5, 5, 5, 5)
    third = schema.slot.c.kind == "adjudicate"
    store.transact(lambda connection: connection.execute(schema.slot.update().where(third).values(opened="void")))
    assert of(agreements(store, "default")).reviewed == before


def test_the_population_weighs_by_the_chance_to_be_drawn_under_any_seed(store, kit):
    """Agreement of an item drawn with .1 and again with .1 under another seed counts 1 / .19, of one of .5 and .9: 1 / .95."""
    drawn = {1: (0.1, 0.1), 2: (0.5, 0.9)}
    kit.fill(store, *(kit.unit(n, pi=first) for n, (first, _) in drawn.items()), seed="one", recheck_share=0.0)
    kit.fill(store, *(kit.unit(n, pi=second) for n, (_, second) in drawn.items()), seed="two", frame="b" * 64)
    for who, given in (("ann", (5, 5)), ("bob", (5, 4))):
        for mark in given:
            kit.give(store, who, 5, 5, 5, 5, mark)
    found = of(agreements(store, "default"))
    agreed, differed = 1 / 0.19, 1 / 0.95
    assert found.population.raw.value == pytest.approx(agreed / (agreed + differed))


def test_under_one_seed_the_larger_plan_is_the_chance(store, kit):
    for pi, frame in ((0.1, "a" * 64), (0.5, "b" * 64)):
        kit.fill(store, kit.unit(1, pi=pi), kit.unit(2, pi=1.0), seed="one", frame=frame, recheck_share=0.0)
    for who, given in (("ann", (5, 5)), ("bob", (5, 4))):
        for mark in given:
            kit.give(store, who, 5, 5, 5, 5, mark)
    assert of(agreements(store, "default")).population.raw.value == pytest.approx(1 / 3)
