"""A calibration moves what the score decided, and nothing else."""

import pytest
from tests.compare.test_calibrate import population

from traceeval.compare import calibrate, draw
from traceeval.judge import Ask, Calibrated
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import Passage

NILE = Passage(id="p", text="The Nile is 6650 km long and flows north through eleven countries to the sea.")
READER = LexicalChecker()


def fitted(**changes):
    from msgspec import structs

    rows, truth = population()
    made = calibrate(rows, {one.claim: truth[one.claim] for one in draw(rows, 60, "0")}, min_accuracy=0.5)
    return structs.replace(made, **changes)


def verdict(answer, calibration, system=None):
    found = Calibrated(READER, calibration).check(Ask.supports(answer, (NILE,), None, system)).verdicts
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(("shift", "outcome"), [(8.0, "supported"), (-8.0, "unsupported")])
def test_the_fitted_numbers_decide(shift, outcome):
    said = verdict("The Nile flows north to the sea through green valleys.", fitted(a=0.1, b=shift, h=0.1))
    assert said.outcome == outcome
    assert said.calibration == fitted().id


def test_inside_the_band_it_defers():
    said = verdict("The Nile flows north through eleven countries.", fitted(a=0.001, b=0.0, h=0.2))
    assert (said.outcome, said.codes[0]) == ("defer", "uncertain")


def test_a_veto_stays_a_veto():
    said = verdict("The Nile is 6651 km long and flows north through eleven countries.", fitted(a=0.1, b=8.0, h=0.0))
    assert said.outcome == "defer"
    assert said.codes[0] == "veto_number"
    assert said.calibration is None


def test_labels_that_cannot_tell_defer_everything():
    said = verdict("The Nile flows north through eleven countries.", fitted(state="cannot_tell"))
    assert (said.outcome, said.codes[0]) == ("defer", "cannot_tell")


@pytest.mark.parametrize("other", [{"systems": ("shop 2.0",)}, {"language": "de"}])
def test_another_system_or_language_is_left_uncalibrated(other):
    said = verdict("The Nile flows north through eleven countries.", fitted(a=0.1, b=-8.0, h=0.0, **other))
    assert said.outcome == "supported"
    assert said.calibration is None


def test_the_system_of_the_labels_is_calibrated():
    said = verdict("The Nile flows north.", fitted(a=0.1, b=-8.0, h=0.0, systems=("shop 2.0",)), system="shop 2.0")
    assert said.outcome == "unsupported"
