"""Agreement over the store: which verdicts go in (review.md section 11)."""

import json

import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.measures.agreement import alpha
from traceeval.measures.ratings import ratings
from traceeval.review import claim, reopen, submit
from traceeval.review.agreement import agreements


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
