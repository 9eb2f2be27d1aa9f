"""Gold: hidden among other items, shown once to a person, never to who made it, and gone once it is retired."""

import pytest
from sqlalchemy import func, select

from traceeval.errors import LeaseLost, NotFound, Refused
from traceeval.review import Lease, claim, decline, reopen, schema, show, status, submit, verify, void
from traceeval.review.abilities import opt_out
from traceeval.review.desk import desk
from traceeval.review.gold import GoldItem, add_gold, promote, retire
from traceeval.review.graded import grade
from traceeval.review.qualification import qualifications
from traceeval.review.starter import core
from traceeval.review.subjects import prepare

RIGHT = dict.fromkeys(("groundedness", "tool_use", "trajectory", "safety", "accuracy"), 5)


@pytest.fixture
def golds(store, kit):
    def make(count, *, first=1000, queue="default", by="expert", **fields):
        values = {"marks": RIGHT, **fields}
        made = [kit.unit(number) for number in range(first, first + count)]
        subjects = [prepare(one.sha256, one.trace, one.payload) for one in made]
        return add_gold(store, queue, by, [GoldItem(subject=subject, **values) for subject in subjects])

    return make


def work(store, kit, who, *marks, times=1, queue="default", **fields):
    """Claim and submit; which kinds of slot they were."""
    kinds = []
    for _ in range(times):
        lease = claim(store, queue, who)
        if not isinstance(lease, Lease):
            break
        said = kit.said(*marks, **fields)
        submit(store, lease.slot, who, lease.fence, said, f"{who}/{lease.slot}/{lease.fence}")
        with store.read() as connection:
            kinds.append(connection.execute(select(schema.slot.c.kind).where(schema.slot.c.id == lease.slot)).scalar())
    return kinds


def test_gold_is_hidden_among_a_persons_slots_by_the_share(store, kit, golds):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(40)), gold_share_first=0.25)
    golds(30)
    kinds = work(store, kit, "ana", times=48)
    assert 6 <= kinds.count("gold") <= 18
    assert kinds.count("review") == 48 - kinds.count("gold")


def test_after_a_hundred_slots_the_share_is_the_smaller_one(store, kit, golds):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(3)), gold_share_first=0.0, gold_share=1.0)
    golds(3)
    assert work(store, kit, "ana", times=2) == ["review", "review"]
    store.transact(lambda c: [_slot(c, number) for number in range(100)])
    assert work(store, kit, "ana") == ["gold"]


def _slot(connection, number):
    """A slot ana had, made without an item of the queue to be quick."""
    from traceeval.review._rows import insert_row, slot_values

    item = connection.execute(select(schema.item)).first()
    me = connection.execute(select(schema.reviewer.c.id).where(schema.reviewer.c.handle == "ana")).scalar()
    kept = {c.name: getattr(item, c.name) for c in schema.item.c if c.name != "id"}
    new = insert_row(connection, schema.item, **{**kept, "subject_sha256": f"{number:064d}", "state": "resolved"})
    values = slot_values(new.id, item.queue_id, 0.0, new.subject_sha256, 1)
    insert_row(connection, schema.slot, **{**values, "state": "submitted", "reviewer_id": me})


def test_a_gold_item_is_shown_once_to_a_person(store, kit, golds):
    kit.fill(store, kit.unit(1, k=1), gold_share_first=1.0)
    golds(3)
    assert work(store, kit, "ana", times=9) == ["gold", "gold", "gold", "review"]
    with store.read() as connection:
        slot = schema.slot.c
        seen = select(slot.item_id, slot.reviewer_id, func.count()).group_by(slot.item_id, slot.reviewer_id)
        assert {count for *_, count in connection.execute(seen)} <= {1}


def test_gold_looks_like_any_other_item(store, kit, golds):
    kit.fill(store, kit.unit(1, k=2), gold_share_first=1.0)
    golds(1)
    gold, plain = claim(store, "default", "ana"), None
    receipt = submit(store, gold.slot, "ana", gold.fence, kit.said(), "k")
    plain = claim(store, "default", "ana")
    other = submit(store, plain.slot, "ana", plain.fence, kit.said(), "l")
    for field in ("kind", "mode", "stage", "warnings", "rubric"):
        assert getattr(gold, field) == getattr(plain, field)
    assert "gold" not in repr(gold).replace("gold_", "")
    assert (receipt.late, receipt.replayed) == (other.late, other.replayed)
    assert "gold" not in repr(receipt)


def test_gold_is_no_part_of_progress_labels_or_decisions(store, kit, golds):
    kit.fill(store, kit.unit(1, k=1), gold_share_first=1.0)
    golds(2)
    work(store, kit, "ana", times=3)
    assert status(store, "default").items == {"resolved": 1}
    assert status(store, "default").slots == {"submitted": 1}
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.decision)).scalar_one() == 1
        labelled = set(connection.execute(select(schema.label.c.subject_sha256)).scalars())
    assert len(labelled) == 1
    assert verify(store).problem is None


def test_a_gold_slot_that_lapsed_comes_back_to_the_same_person(store, clock, kit, golds):
    kit.fill(store, kit.unit(1, k=1), gold_share_first=1.0)
    golds(2)
    first = claim(store, "default", "ana")
    clock.now += kit.TTL + 1
    other = claim(store, "default", "ben")
    again = claim(store, "default", "ana")
    assert (again.slot, again.fence) == (first.slot, first.fence + 1)
    assert other.slot != first.slot


def test_gold_that_was_declined_is_not_offered_again(store, kit, golds):
    kit.fill(store, kit.unit(1, k=1), gold_share_first=1.0)
    golds(1)
    first = claim(store, "default", "ana")
    decline(store, first.slot, "ana", first.fence, "distress")
    assert work(store, kit, "ana", times=3) == ["review"]


def test_gold_that_was_declined_brings_no_more_gold_than_the_share(store, kit, golds):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(40)), gold_share_first=0.2)
    golds(20)
    kinds = []
    for turn in range(40):
        lease = claim(store, "default", "ana")
        with store.read() as connection:
            kinds.append(connection.execute(select(schema.slot.c.kind).where(schema.slot.c.id == lease.slot)).scalar())
        if kinds[-1] == "gold":
            decline(store, lease.slot, "ana", lease.fence, "expertise")
        else:
            submit(store, lease.slot, "ana", lease.fence, kit.said(), f"k{turn}")
    assert 2 <= kinds.count("gold") <= 16
    assert verify(store).problem is None


def test_a_declined_slot_is_found_no_more_whether_it_was_gold_or_not(store, kit, golds):
    kit.fill(store, kit.unit(1, k=1))
    golds(1)
    for share in (1.0, 0.0):
        kit.configure(store, gold_share_first=share)
        lease = claim(store, "default", "ana")
        decline(store, lease.slot, "ana", lease.fence, "expertise")
        with pytest.raises(NotFound, match="of yours; claim one"):
            desk(store, lease.slot, "ana")
        with pytest.raises(LeaseLost):
            submit(store, lease.slot, "ana", lease.fence, kit.said(), f"k{share}")


def test_who_made_gold_is_never_shown_it(store, kit, golds):
    kit.fill(store, kit.unit(1, k=1), gold_share_first=1.0)
    golds(2, made_by=("ana",))
    assert work(store, kit, "ana", times=3) == ["review"]
    assert work(store, kit, "ben", times=3) == ["gold", "gold"]


def test_an_adjudicated_item_becomes_gold_for_who_never_judged_it(store, kit):
    kit.fill(store, kit.unit(1), gold_share_first=1.0)
    kit.give(store, "ana", 5, 5, 5, 5, 5)
    kit.give(store, "ben", 2, 5, 5, 5, 5, **kit.BAD)
    with pytest.raises(Refused, match="not decided by adjudication"):
        promote(store, 1, "lead")
    kit.settle_by(store, "cy", 3, 5, 5, 5, 5)
    new = promote(store, 1, "lead")
    with pytest.raises(Refused, match="is gold already"):
        promote(store, 1, "lead")
    assert work(store, kit, "ana", times=2) == []
    assert claim(store, "default", "dee").item == new


def test_gold_of_harmful_content_is_not_shown_to_who_opted_out(store, clock, kit, golds):
    kit.fill(store, kit.unit(1, warnings=("violence",)), gold_share_first=1.0)
    kit.give(store, "ana")
    kit.give(store, "ben", 1, 5, 5, 5, 5, **kit.BAD)
    kit.settle_by(store, "cy", 5, 5, 5, 5, 5)
    promote(store, 1, "lead")
    opt_out(store, "dan", ["violence"])
    assert not isinstance(claim(store, "default", "dan"), Lease)
    assert claim(store, "default", "eve").warnings == ("violence",)
    clock.now += kit.TTL + 1
    opt_out(store, "eve", ["violence"])
    assert not isinstance(claim(store, "default", "eve"), Lease)


def test_gold_of_a_decision_that_is_reopened_is_retired_and_counts_for_nobody(store, kit):
    kit.fill(store, kit.unit(1), gold_share_first=1.0)
    kit.give(store, "ana", 5, 5, 5, 5, 5)
    kit.give(store, "ben", 2, 5, 5, 5, 5, **kit.BAD)
    kit.settle_by(store, "cy", 3, 5, 5, 5, 5)
    promote(store, 1, "lead")
    reopen(store, 1, "lead", "the guideline changed")
    with store.read() as connection:
        assert connection.execute(select(schema.gold.c.retired_reason)).scalar_one() == "its decision was reopened"
    assert work(store, kit, "dee") == ["review"]


def test_retired_gold_is_offered_no_more(store, kit, golds):
    kit.fill(store, kit.unit(1, k=1), gold_share_first=1.0)
    golds(1)
    with store.read() as connection:
        item = connection.execute(select(schema.gold.c.item_id)).scalar_one()
    with pytest.raises(Refused, match="say why"):
        retire(store, item, "lead", "")
    retire(store, item, "lead", "it was posted in a chat")
    with pytest.raises(NotFound):
        retire(store, item, "lead", "it was posted in a chat")
    assert work(store, kit, "ana", times=2) == ["review"]


def test_a_verdict_on_gold_is_not_voided(store, kit, golds):
    kit.fill(store, kit.unit(1, k=1), gold_share_first=1.0)
    golds(1)
    lease = claim(store, "default", "ana")
    submit(store, lease.slot, "ana", lease.fence, kit.said(), "k")
    with pytest.raises(Refused, match="retire the gold instead"):
        void(store, lease.slot, "lead", "it was wrong")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"marks": {"charm": 5}}, "gold charm=5"),
        ({"marks": {"safety": 6}}, "gold safety=6"),
        ({"marks": {}}, "gold needs marks"),
        ({"flags": ("odd",)}, "it has 'odd'"),
    ],
)
def test_gold_that_the_rubric_does_not_know_is_refused(store, kit, golds, fields, why):
    kit.fill(store, kit.unit(1, k=1))
    with pytest.raises(Refused, match=why):
        golds(1, **fields)


@pytest.mark.parametrize(
    ("given", "flags", "hit", "safe"),
    [
        ({}, (), True, True),
        ({"accuracy": 4}, (), True, True),
        ({"accuracy": 3}, (), False, True),
        ({"safety": 4}, (), True, True),
        ({"safety": 3}, (), False, False),
        ({}, ("harm_done",), True, False),
        ({"accuracy": None}, (), False, True),
    ],
)
def test_off_by_more_than_one_is_an_error_and_so_is_safety_on_the_other_side(given, flags, hit, safe):
    marks = {name: mark for name, mark in {**RIGHT, **given}.items() if mark is not None}
    found = grade(RIGHT, [], {"marks": marks, "flags": list(flags), "preference": None}, core())
    assert (found.hit, found.safe, found.error) == (hit, safe, not (hit and safe))


def test_a_preference_against_the_gold_is_an_error():
    body = {"marks": {}, "flags": [], "preference": "a"}
    assert grade({"preference": "a"}, [], body, core()).hit
    assert not grade({"preference": "b"}, [], body, core()).hit


@pytest.fixture
def strict(store, kit):
    kit.fill(store, *(kit.unit(n, k=1, lang="en") for n in range(5)), qualification=True, gold_share_first=0.0)


def speaks(store, who, *langs):
    from sqlalchemy import update

    from traceeval.review._rows import person

    def learn(connection):
        person(connection, who, 0.0)
        table = schema.reviewer
        connection.execute(update(table).where(table.c.handle == who).values(langs=list(langs)))

    store.transact(learn)


def test_twenty_gold_items_at_eighty_percent_open_live_items_for_ninety_days(store, clock, kit, golds, strict):
    golds(20, purpose="qualification", lang="en")
    speaks(store, "ana", "en")
    assert work(store, kit, "ana", times=16) == ["gold"] * 16
    assert (
        work(store, kit, "ana", 5, 5, 5, 5, 2, times=4, reasons={"accuracy": "wrong"}, evidence=("s1",)) == ["gold"] * 4
    )
    (passed,) = qualifications(store, "default", "ana")
    assert (passed.lang, passed.n, passed.accuracy, passed.safety_n, passed.passed) == ("en", 20, 0.8, 0, True)
    assert passed.valid_until == clock.now + 90 * 24 * 3600
    assert work(store, kit, "ana") == ["review"]
    clock.now += 90 * 24 * 3600
    assert (
        claim(store, "default", "ana").why
        == "you are not qualified for this rubric version yet, and no more gold is left to you"
    )


def test_fifteen_of_twenty_are_too_few_and_new_gold_is_a_new_attempt(store, clock, kit, golds, strict):
    golds(20, purpose="qualification", lang="en")
    speaks(store, "ana", "en")
    bad = {"reasons": {"accuracy": "wrong"}, "evidence": ("s1",)}
    work(store, kit, "ana", times=15)
    work(store, kit, "ana", 5, 5, 5, 5, 2, times=5, **bad)
    assert [one.passed for one in qualifications(store, "default", "ana")] == [False]
    assert work(store, kit, "ana") == []
    clock.now += 3600
    golds(20, first=2000, purpose="qualification", lang="en")
    assert work(store, kit, "ana", times=20) == ["gold"] * 20
    assert [one.passed for one in qualifications(store, "default", "ana")] == [False, True]


def test_one_safety_case_missed_is_not_made_good_by_any_number_of_others(store, kit, golds, strict):
    golds(19, purpose="qualification", lang="en")
    golds(1, first=2000, purpose="qualification", lang="en", marks={**RIGHT, "safety": 3})
    speaks(store, "ana", "en")
    work(store, kit, "ana", 5, 5, 5, 4, 5, times=20)
    (missed,) = qualifications(store, "default", "ana")
    assert (missed.accuracy, missed.safety_n, missed.safety_accuracy, missed.passed) == (1.0, 1, 0.0, False)


def test_a_language_one_did_not_qualify_in_is_not_served(store, kit, golds):
    units = [kit.unit(n, k=1, lang=lang) for n, lang in enumerate(["de", "en", "de", "en", "fr"])]
    kit.fill(store, *units, qualification=True, gold_share_first=0.0)
    golds(20, purpose="qualification", lang="en")
    speaks(store, "ana", "en", "de", "fr")
    assert work(store, kit, "ana", times=30) == ["gold"] * 20 + ["review"] * 2
    with store.read() as connection:
        item, slot = schema.item, schema.slot
        seen = select(item.c.lang).join(slot, slot.c.item_id == item.c.id).where(slot.c.kind == "review")
        assert set(connection.execute(seen.where(slot.c.reviewer_id.is_not(None))).scalars()) == {"en"}


def test_a_qualification_is_for_one_version_of_a_rubric(store, kit, golds, strict):
    golds(20, purpose="qualification", lang="en")
    speaks(store, "ana", "en")
    work(store, kit, "ana", times=20)
    from msgspec.structs import replace

    kit.queue(store, "next", rubric=replace(core(), id="starter-next"), qualification=True)
    kit.fill(store, kit.unit(90, k=1, lang="en"), queue="next", frame="9" * 64)
    assert not isinstance(claim(store, "next", "ana"), Lease)
    assert isinstance(claim(store, "default", "ana"), Lease)
    assert show(store, 1, "ana").reasons == ()
