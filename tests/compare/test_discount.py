"""Benchmarks with one thing wrong at a time, and their clean twins: each input takes what it should and no more."""

import random
from datetime import date

import pytest
from tests.compare._asked import NOUN_WORDS, TOPICS, asked, production, said

from traceeval.compare import Fields, Known, discount

TODAY = date(2026, 1, 1)
FIELDS = Fields(label="right")


def benchmark(seed, n=40, *, strange=0.0):
    """Rows that ask what production asks, a share of them something else; each with a text of its own."""
    rng = random.Random(seed)
    rows = []
    for at in range(n):
        off = rng.random() < strange
        question = (
            f"prove the {rng.choice(NOUN_WORDS)} theorem over finite fields"
            if off
            else said(rng.choice([*TOPICS]), rng)
        )
        words = " ".join(f"{rng.choice(NOUN_WORDS)}{rng.randrange(900)}" for _ in range(30))
        rows.append({"id": str(at), "question": question, "text": words, "right": rng.random() < 0.8})
    return rows


def known(rows, seed=0, **told):
    made, _ = production(seed, 300)
    given = {
        "until": TODAY,
        "published": TODAY,
        "questions": [asked(row["question"], None) for row in rows],
        "production": made,
        "elsewhere": ["a page that holds nothing of it"],
        "right": [float(row["right"]) for row in rows],
    }
    return Known(**{**given, **told})


def factors(report):
    return {one.name: one.factor.value for one in report.factors}


def old(rows, rng):
    return rows, {"published": date(2019 + rng.randrange(3), 1, 1)}


def strange(rows, rng):
    return benchmark(rng.randrange(10**6), strange=0.9), {}


def copied(rows, rng):
    page = " ".join(row["text"] for row in rng.sample(rows, 30))
    return rows, {"elsewhere": [page]}


def leaked(rows, rng):
    return rows, {"elsewhere": ["output: te-41f7 and so on"], "canaries": ["te-41f7"]}


PLANTS = {old: "age", strange: "closeness", copied: "contamination", leaked: "contamination"}
HALF = 0.5
"""Under this a factor is flagged, in the test's own words."""


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
@pytest.mark.parametrize("seeds", [2, pytest.param(6, marks=pytest.mark.soak)])
def test_what_was_planted_takes_its_factor_down_and_no_other_and_the_twin_keeps_all(plant, seeds):
    for seed in range(seeds):
        rows = benchmark(seed)
        clean = factors(discount(rows, FIELDS, known(rows)))
        assert [name for name, value in clean.items() if value < HALF] == []
        worse, told = plant(rows, random.Random(seed))
        found = factors(discount(worse, FIELDS, known(worse, **told)))
        assert [name for name, value in found.items() if value < HALF] == [PLANTS[plant]]


def test_age_halves_every_two_years_and_what_came_after_the_cutoff_has_none():
    rows = benchmark(0)
    after = known(rows, published=date(2025, 6, 1), until=date(2025, 1, 1))
    assert factors(discount(rows, FIELDS, after))["age"] == 1.0
    four = known(rows, published=date(2022, 1, 1), until=date(2026, 1, 1))
    assert factors(discount(rows, FIELDS, four))["age"] == pytest.approx(0.25, abs=1e-9)
    assert factors(discount(rows, FIELDS, four, half_life=4))["age"] == pytest.approx(0.5, abs=1e-9)


def test_the_weight_is_the_product_and_so_are_its_ends():
    rows = benchmark(1, strange=0.3)
    report = discount(rows, FIELDS, known(rows, published=date(2024, 1, 1)))
    age, closeness, contamination = report.factors
    assert report.weight.value == pytest.approx(age.factor.value * closeness.factor.value * contamination.factor.value)
    assert report.weight.low == pytest.approx(age.factor.low * closeness.factor.low * contamination.factor.low)
    assert report.weight.high == pytest.approx(age.factor.high * closeness.factor.high * contamination.factor.high)


@pytest.mark.parametrize(
    ("name", "lacking"),
    [("age", {"published": None}), ("closeness", {"production": None}), ("contamination", {"elsewhere": ()})],
)
def test_an_unknown_input_leaves_bounds_and_says_what_it_needs(name, lacking):
    rows = benchmark(2)
    report = discount(rows, FIELDS, known(rows, **lacking))
    (unknown,) = report.unknown
    assert (unknown.name, unknown.factor.low, unknown.factor.high) == (name, 0.0, 1.0)
    assert "--" in unknown.input.why
    assert (report.weight.value, report.weight.low) == (None, 0.0)
    assert report.weight.high > 0.5
    assert (report.counts.value, report.counts.why) == (None, f"{name} not known")


def test_a_score_is_told_as_it_was_measured_and_its_worth_is_unknown_while_an_input_is():
    rows = [{"id": str(at), "text": f"row {at}", "right": at % 4 > 0} for at in range(400)]
    told = Known(
        until=date(2024, 1, 1), published=date(2022, 1, 1), elsewhere=["x"], right=[float(row["right"]) for row in rows]
    )
    report = discount(rows, FIELDS, told)
    assert (report.right.value, report.right.n) == (0.75, 400)
    assert (report.counts.value, report.counts.why) == (None, "closeness, contamination not known")


def test_rows_that_stood_elsewhere_are_left_out_of_the_clean_score():
    rows = benchmark(3, 100)
    for row in rows[:30]:
        row["right"] = True
    page = " ".join(row["text"] for row in rows[:30])
    report = discount(rows, FIELDS, known(rows, elsewhere=[page], published=date(2024, 1, 1)))
    rest = [row["right"] for row in rows[30:]]
    assert report.clean.value == pytest.approx(sum(rest) / 70)
    assert report.right.value > report.clean.value
    wide, narrow = report.counts.high - report.counts.low, report.clean.high - report.clean.low
    assert wide > 1.3 * narrow
    assert report.counts.n == int(100 * report.weight.value)


def test_a_leaked_canary_leaves_nothing():
    rows, told = leaked(benchmark(4), None)
    report = discount(rows, FIELDS, known(rows, **told))
    assert (report.weight.value, report.weight.high) == (0.0, 0.0)
    assert (report.counts.value, report.counts.why) == (
        None,
        "at its least weight all of it counts for less than one row",
    )


def test_rows_too_short_to_look_for_may_be_either():
    rows = benchmark(5, 20)
    for row in rows[:10]:
        row["text"] = "short"
        row["question"] = "short"
    factor = discount(rows, FIELDS, known(rows)).factors[2].factor
    assert (factor.value, factor.n) == (1.0, 10)
    assert factor.low < 0.5
