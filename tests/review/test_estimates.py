"""Estimates over the store: who counts, with which probability, and when nothing may be said (review.md section 7)."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.errors import NotFound, Refused
from traceeval.measures.estimation import difference, hajek, sample
from traceeval.review import Store, claim, enqueue, submit, verify, withdraw
from traceeval.review._frame import frame_of
from traceeval.review.estimates import estimates
from traceeval.review.waivers import waive, waived

PASS = "accuracy: pass"


@pytest.fixture
def url(tmp_path, blank):
    """Reads are the same on both engines; the queue's own tests run on both."""
    (tmp_path / "review.db").write_bytes(blank)
    return f"sqlite:///{tmp_path / 'review.db'}"


def frame(kit, n=24, pi=0.5, **fields):
    """``n`` units of which every second one is drawn; levels rise with the number."""
    return [
        kit.unit(k, pi=pi, floor=0, level=k / n, u=(k / n) * pi if k % 2 else 0.99, k=1, **fields) for k in range(n)
    ]


def answer(store, kit, count=None, fails=lambda trace: False, who="ann"):
    """Judge what is open, ``count`` items of it; traces that ``fails`` says fail get mark 3 for accuracy."""
    done = 0
    while count is None or done < count:
        lease = claim(store, "default", who)
        if not hasattr(lease, "slot"):
            return
        assert lease.kind == "review"
        number = int(lease.shown.trace.id[1:])
        marks = (5, 5, 5, 5, 3 if fails(number) else 4)  # 4 is the mark that passes
        submit(store, lease.slot, who, lease.fence, kit.said(*marks), f"{who}-{lease.slot}")
        done += 1


def rate(found, outcome=PASS):
    return next(one for one in found.outcomes if one.outcome == outcome)


def failing(number):
    return number % 6 == 1


@pytest.fixture(scope="module")
def finished(tmp_path_factory, blank):
    """A frame of 60 whose 30 drawn units are judged: read by several tests, so made once."""
    from tests.review import conftest

    path = tmp_path_factory.mktemp("finished") / "review.db"
    path.write_bytes(blank)
    made = Store(f"sqlite:///{path}", clock=conftest.Clock())
    conftest.fill(made, *frame(conftest, n=60))
    answer(made, conftest, fails=failing)
    yield made
    made.close()


def test_a_finished_frame_is_estimated_by_the_measures(finished):
    found = estimates(finished, "default")
    assert (found.size, found.drawn, found.answered, found.open, found.interim) == (60, 30, 30, 0, False)
    drawn = [k for k in range(60) if k % 2]
    y, score = [float(not failing(k)) for k in drawn], [k / 60 for k in drawn]
    expected = difference(sample(y, [0.5] * 30, score), 60, sum(k / 60 for k in range(60)) / 60)
    assert rate(found).estimate.value == pytest.approx(expected.value)
    assert rate(found).estimate.slope == pytest.approx(expected.slope)
    assert rate(found).hajek.value == pytest.approx(hajek(sample(y, [0.5] * 30)).value) == pytest.approx(2 / 3)
    assert rate(found, "accuracy: mark").estimate.value == pytest.approx(3 + expected.value, abs=1e-6)
    assert found.score == "risk level"
    assert rate(found).refusals == ("unreplicated: every answer is one person's",)


def test_while_work_goes_on_only_what_is_closed_in_the_order_of_the_plan_counts(store, kit):
    kit.fill(store, *frame(kit))
    answer(store, kit, count=8, fails=failing)
    withdraw(store, 12, "lead", "personal data in it")  # closed, and later in the order than open ones
    found = estimates(store, "default")
    assert (found.interim, found.answered, found.unanswered, found.open) == (True, 8, 1, 3)
    assert (rate(found).hajek.n, rate(found).unanswered, rate(found).bounds) == (8, 0, None)
    until = 17 / 24  # the first open unit's u / pi
    y = [float(not failing(k)) for k in range(1, 17, 2)]
    assert rate(found).hajek.value == pytest.approx(hajek(sample(y, [0.5 * until] * 8)).value)
    assert rate(found).hajek.largest == pytest.approx(1 / (0.5 * until))
    assert any(text.startswith("interim") for text in rate(found).refusals)


def test_nothing_is_said_before_what_must_be_seen_is_closed(store, kit):
    must = [kit.unit(100 + k, pi=1.0, u=0.5, floor=5, k=1) for k in range(3)]
    kit.fill(store, *frame(kit), *must)
    answer(store, kit, count=2)
    found = estimates(store, "default")
    assert found.outcomes == ()
    assert found.harm is None
    assert found.waiting.startswith("1 traces that must be seen are still open")
    answer(store, kit, count=1)
    assert estimates(store, "default").outcomes


def test_closed_without_an_answer_is_counted_adjusted_for_and_bounded(store, kit):
    kit.fill(store, *frame(kit))
    for item in (1, 2, 3):
        withdraw(store, item, "lead", "personal data in it")
    answer(store, kit, fails=failing)
    found = estimates(store, "default")
    assert (found.unanswered, rate(found).unanswered) == (3, 3)
    assert rate(found).hajek.largest == pytest.approx(1 / 0.5 * 12 / 9)  # nine stand for the twelve
    low, high = rate(found).bounds
    assert low < rate(found).estimate.value < high
    assert high - low == pytest.approx(3 / 0.5 / 24, abs=0.03)
    assert "25% was closed without an answer, at most 5% may be" in rate(found).refusals
    assert found.harm.most > 3  # nobody knows of the three


def test_the_least_probable_units_weigh_most_and_none_is_the_plain_mean(store, kit):
    often = [kit.unit(k, pi=0.9, u=0.1, floor=0, level=0.9, k=1) for k in range(10)]
    seldom = [kit.unit(100 + k, pi=0.1, u=0.05 if k < 5 else 0.99, floor=0, level=0.1, k=1) for k in range(50)]
    kit.fill(store, *often, *seldom)
    answer(store, kit, fails=lambda number: number < 100)
    found = rate(estimates(store, "default"))
    assert found.estimate.value == pytest.approx(50 / 60, abs=0.02)
    assert found.hajek.value == pytest.approx(50 / (50 + 10 / 0.9))  # the plain mean would be 1/3


def test_slices_keep_the_line_of_the_whole_and_their_own_size(finished, monkeypatch):
    def spoken(*args):
        held = frame_of(*args)
        units = tuple(replace(unit, lang="de" if k % 3 == 0 else "en") for k, unit in enumerate(held.units))
        return replace(held, units=units)

    monkeypatch.setattr("traceeval.review.estimates.frame_of", spoken)
    found = rate(estimates(finished, "default", by=["lang", "tenant"]))
    parts = found.slices
    assert {name: part.size for name, part in parts.items()} == {"lang=de": 20, "lang=en": 40, "tenant=unknown": 60}
    assert parts["lang=de"].estimate.n == 10
    assert parts["lang=de"].estimate.slope == found.estimate.slope
    assert any(text.startswith("insufficient: an effective sample of 10") for text in parts["lang=de"].refusals)
    assert parts["tenant=unknown"].estimate == found.estimate


def test_perfect_answers_leave_the_doubt_of_what_nobody_saw(store, kit):
    kit.fill(store, *frame(kit))
    answer(store, kit)
    found = rate(estimates(store, "default")).estimate
    assert (found.value, found.high) == (1, 1)
    assert 0.6 < found.low < 0.8


def test_a_second_plan_with_the_same_seed_raises_probabilities(store, kit):
    kit.fill(store, *frame(kit, pi=0.5))
    more = [kit.unit(k, pi=0.8, floor=0, level=k / 24, u=(k / 24) * 0.5 if k % 2 else 0.99, k=1) for k in range(24)]
    kit.fill(store, *more, frame="b" * 64)
    answer(store, kit)
    first, second = (estimates(store, "default", frame=number) for number in (1, 2))
    assert rate(first).hajek.largest == rate(second).hajek.largest == pytest.approx(1 / 0.8)


def test_what_does_not_arise_is_no_failure_and_what_nobody_can_judge_is_no_answer(store, kit):
    kit.fill(store, *frame(kit))
    for number in range(12):
        lease = claim(store, "default", "ann")
        absent = {"accuracy": "not_applicable" if number % 2 else "cannot_judge"} if number < 4 else {}
        marks = {
            name: 5 for name in ("groundedness", "tool_use", "trajectory", "safety", "accuracy") if name not in absent
        }
        said = kit.said()
        said = type(said)(marks=marks, absent=absent, rationale=said.rationale)
        submit(store, lease.slot, "ann", lease.fence, said, f"{number}")
    found = rate(estimates(store, "default"))
    assert (found.estimate.n, found.unanswered, found.estimate.value) == (8, 2, pytest.approx(1))


def test_other_queues_and_frames_are_refused_in_words(store, kit):
    with pytest.raises(NotFound, match="no queue"):
        estimates(store, "default")
    kit.fill(store, *frame(kit))
    with pytest.raises(NotFound, match="no frame 7"):
        estimates(store, "default", frame=7)


def test_frames_are_counted_within_their_queue(store, kit):
    kit.fill(store, *frame(kit), queue="other")
    kit.fill(store, *frame(kit, n=6), frame="b" * 64)
    kit.fill(store, *frame(kit), frame="c" * 64)
    told = [estimates(store, "default", frame=number) for number in (1, 2, None)]
    assert [(found.frame, found.frame_sha256[0], found.size) for found in told] == [
        (1, "b", 6),
        (2, "c", 24),
        (2, "c", 24),
    ]


def test_the_command_prints_intervals_and_json_without_the_plain_mean(finished):
    url = finished.url
    told = CliRunner().invoke(main, ["review", "estimates", "--queue", url, "--by", "lang"]).output
    assert "queue default, frame 1: 60 traces, 30 drawn by plan" in told
    assert "accuracy: pass: 0.6" in told
    assert "harm among the 30 traces nobody reviewed: at most" in told
    assert "no gate: unreplicated" in told
    body = json.loads(CliRunner().invoke(main, ["review", "estimates", "--queue", url, "--json"]).output)
    assert body["outcomes"][0]["estimate"]["n"] == 30
    assert "mean" not in json.dumps(body)


def gate(url, *gates, code):
    asked = [word for one in gates for word in ("--fail-under", one)]
    said = CliRunner().invoke(main, ["review", "estimates", "--queue", url, "--by", "lang", *asked])
    assert said.exit_code == code, said.output
    return said.stderr


@pytest.fixture
def replicated(store, kit):
    """Everything drawn for certain and judged by two who agree; a lead stands in for what they cannot show by so few."""
    kit.fill(store, *(kit.unit(k, pi=1.0, floor=0, level=k / 40, k=2) for k in range(40)))
    for who in ("ann", "ben"):
        answer(store, kit, fails=lambda number: number % 8 == 1, who=who)
    waive(store, "default", "accuracy", "lea", "forty items show no more")
    return store


def test_a_gate_reads_the_worse_bound_of_a_rate(replicated):
    assert gate(replicated.url, "accuracy: pass=0.8", code=0) == ""
    assert "accuracy: pass: lower bound 0.8750 is under 0.9 (n = 40)" in gate(
        replicated.url, "accuracy: pass=0.9", code=1
    )
    assert "accuracy: pass@lang=unknown: lower bound" in gate(replicated.url, "accuracy: pass@lang=unknown=0.9", code=1)


def test_a_gate_on_flags_reads_the_upper_bound(store, kit):
    kit.fill(store, *(kit.unit(k, pi=1.0, floor=0, level=k / 40, k=2) for k in range(40)))
    flagged = {"flags": ("harm_done",), "reasons": {"harm_done": "money moved"}, "evidence": ("s1",)}
    for who in ("ann", "ben"):
        for _ in range(40):
            lease = claim(store, "default", who)
            wrong = flagged if int(lease.shown.trace.id[1:]) % 8 == 1 else {}
            submit(store, lease.slot, who, lease.fence, kit.said(**wrong), f"{who}-{lease.slot}")
    assert "flag: harm_done: upper bound 0.1250 is over 0.1 (n = 40)" in gate(store.url, "flag: harm_done=0.1", code=1)
    assert "agreement is exploratory" in gate(store.url, "flag: harm_done=0.2", code=1)
    waive(store, "default", "harm_done", "lea", "forty items show no more")
    assert gate(store.url, "flag: harm_done=0.2", code=0) == ""


def test_a_gate_refuses_what_one_person_said_and_what_people_do_not_agree_on(finished):
    said = gate(finished.url, "accuracy: pass=0.1", code=1)
    assert "accuracy: pass: unreplicated: every answer is one person's" in said
    assert "accuracy: pass: people among themselves: agreement is not known" in said


def test_a_gate_refuses_while_more_than_one_in_twenty_has_no_label(replicated, kit):
    kit.fill(replicated, *(kit.unit(k, pi=1.0, floor=0, level=0.1, k=2) for k in range(100, 103)), frame="c" * 64)
    for item in (41, 42, 43):
        withdraw(replicated, item, "lead", "personal data in it")
    both = [kit.unit(k, pi=1.0, floor=0, level=0.1, k=2) for k in (*range(40), *range(100, 103))]
    kit.fill(replicated, *both, frame="d" * 64)
    assert "7% was closed without an answer, at most 5% may be" in gate(replicated.url, "accuracy: pass=0.1", code=1)


def must_see(kit):
    """A frame of which something must be seen first."""
    return (kit.unit(k, pi=1.0, floor=4 if k == 5 else 0, level=k / 40) for k in range(40))


@pytest.mark.parametrize(
    ("name", "known"),
    [("acuracy: pass", "accuracy: pass"), ("any flags", "any flag"), ("any flag@land=de", "any flag@lang=unknown")],
)
def test_a_mistyped_outcome_is_a_usage_error_whatever_is_open(store, kit, name, known):
    kit.fill(store, *must_see(kit))
    assert "must be seen are still open" in gate(store.url, "accuracy: pass=0.9", code=1)
    told = gate(store.url, f"{name}=0.9", "accuracy: pass=0.9", code=2)
    assert f"--fail-under: no outcome {name}; there are" in told
    assert known in told


def test_a_slice_may_be_gated_on_while_something_must_be_seen(store, kit):
    kit.fill(store, *must_see(kit))
    assert "must be seen are still open" in gate(store.url, "accuracy: pass@lang=unknown=0.9", code=1)


def test_a_gate_before_the_work_is_done_is_refused(store, kit):
    kit.fill(store, *frame(kit))
    answer(store, kit, count=8)
    assert "interim: drawn traces are still open" in gate(store.url, "accuracy: pass=0.1", code=1)
    kit.fill(store, kit.unit(90), frame="e" * 64)
    assert "must be seen are still open" in gate(store.url, "accuracy: pass=0.1", code=1)


def test_a_gate_on_nothing_that_is_estimated_names_what_is(replicated):
    assert "no outcome charm: pass; there are groundedness: pass" in gate(replicated.url, "charm: pass=0.5", code=2)


def test_a_waiver_stands_on_record_for_one_criterion_of_one_rubric_version(replicated):
    assert waived(replicated, "default") == {"accuracy": "forty items show no more"}
    assert "safety: pass: people among themselves" in gate(replicated.url, "safety: pass=0.1", code=1)
    with pytest.raises(Refused, match="asks nothing named 'charm'; it asks groundedness"):
        waive(replicated, "default", "charm", "lea", "because I say so")
    with pytest.raises(Refused, match="reason"):
        waive(replicated, "default", "safety", "lea", " ")
    assert verify(replicated).problem is None


def test_a_draw_that_was_interrupted_is_not_estimated_until_it_went_on_to_its_end(store, kit):
    units = [kit.unit(n, pi=1.0 if n < 3 else 0.001, u=0.0 if n < 3 else 0.9, k=1) for n in range(1500)]

    def draw(source):
        enqueue(store, source, queue="default", frame_sha256="f" * 64, frame_size=1500, seed="quiet", plan={})

    def broken():
        yield from units[:1200]
        raise OSError("the disk is gone")

    kit.queue(store)
    with pytest.raises(OSError, match="the disk is gone"):
        draw(broken())
    answer(store, kit)
    found = estimates(store, "default")
    assert "interrupted: 1000 of its 1500 traces are stored" in found.waiting
    assert "draw again with the same traces" in found.waiting
    assert (found.outcomes, found.harm) == ((), None)
    assert PASS in found.to_come
    draw(units)
    found = estimates(store, "default")
    assert (found.waiting, found.size) == ("", 1500)


def test_a_trace_that_was_named_twice_leaves_no_frame_incomplete(store, kit):
    kit.fill(store, kit.unit(1, k=1), kit.unit(2, k=1), kit.unit(1, k=1))
    answer(store, kit)
    found = estimates(store, "default")
    assert (found.waiting, found.size) == ("", 2)
