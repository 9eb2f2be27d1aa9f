"""Stated confidence: the vector of metrics.md section 13, and the words it is read off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.calibration import brier, ece
from traceeval.measures.confidence import aurc, auroc, decompose, overconfidence, skill, stated

VECTOR = list(
    zip(
        (0.95, 0.90, 0.80, 0.70, 0.60, 0.55, 0.85, 0.30),
        map(bool, (1, 1, 1, 0, 1, 0, 0, 0)),
        strict=True,
    )
)


def test_the_vector_of_the_specification():
    """Bins of 2, size guard off."""
    found = decompose(VECTOR, most=4, smallest=2)
    assert brier(VECTOR) == pytest.approx(0.227188, abs=6e-7)
    assert ece(VECTOR, enough=0, most=4, smallest=2) == pytest.approx(0.243750, abs=6e-7)
    assert auroc(VECTOR) == 0.8125
    assert aurc(VECTOR) == pytest.approx(0.280655, abs=6e-7)
    assert found.reliability == pytest.approx(0.078594, abs=6e-7)
    assert (found.resolution, found.uncertainty) == (pytest.approx(0.125), pytest.approx(0.25))


def test_always_saying_the_base_rate_has_no_skill():
    assert skill([(0.5, True), (0.5, False)]) == 0.0
    assert skill([(1.0, True), (0.0, False)]) == 1.0
    assert skill([(0.9, True)]) is None


def test_promising_more_than_is_kept_is_positive():
    assert overconfidence([(0.9, True), (0.9, False)]) == pytest.approx(0.4)
    assert overconfidence([]) is None


def test_one_class_has_no_discrimination_and_nothing_has_no_area():
    assert auroc([(0.2, True), (0.9, True)]) is None
    assert aurc([]) is None


@pytest.mark.parametrize(
    ("text", "p", "by"),
    [
        ("The pump is broken. Confidence: 0.85", 0.85, "number"),
        ("I am 80 % sure it is the pump.", 0.8, "number"),
        ("I'm 95% confident that it ships on Monday.", 0.95, "number"),
        ("With a confidence of about 70%, yes.", 0.7, "number"),
        ("Confidence level: 1.0", 1.0, "number"),
        ("It is probably the pump.", 0.7, "hedge"),
        ("It is almost  certainly the pump.", 0.95, "hedge"),
        ("That is highly unlikely.", 0.05, "hedge"),
        ("Probably not, the warranty ended.", 0.25, "hedge"),
    ],
)
def test_numbers_and_hedges_are_read(text, p, by):
    found = stated(text)
    assert (found.p, found.by) == (pytest.approx(p), by)


@pytest.mark.parametrize(
    "text",
    [
        "It ships on Monday.",
        "The battery lasts 80 % longer.",
        "Confidence: 850",
        "Insurance costs 12 %.",
        "certificate 0.5",
    ],
)
def test_a_number_about_something_else_is_no_confidence(text):
    assert stated(text) is None


pairs = st.lists(st.tuples(st.integers(0, 10).map(lambda n: n / 10), st.booleans()), min_size=1, max_size=40)


@given(pairs, st.randoms())
def test_the_order_of_equals_never_matters(some, rng):
    mixed = list(some)
    rng.shuffle(mixed)
    assert aurc(mixed) == pytest.approx(aurc(some))
    assert auroc(mixed) == (auroc(some) if auroc(some) is None else pytest.approx(auroc(some)))


@given(pairs)
def test_areas_and_parts_stay_in_their_range(some):
    assert 0 <= aurc(some) <= 1
    assert auroc(some) is None or 0 <= auroc(some) <= 1
    assert -1 <= overconfidence(some) <= 1
