"""The garbage collector while traces stream by."""

import gc

import pytest

from traceeval.run._collector import _MOST_LEFT, seldom_collecting


@pytest.fixture(autouse=True)
def as_before():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_cycles_are_looked_for_seldom_inside_and_as_before_outside_whatever_happens():
    before = gc.get_threshold()
    seen = []

    @seldom_collecting()
    def fails():
        seen.append(gc.get_threshold())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert (seen, gc.get_threshold()) == ([(_MOST_LEFT, *before[1:])], before)


def test_a_collector_that_somebody_turned_off_stays_off():
    gc.set_threshold(0)
    with seldom_collecting():
        assert gc.get_threshold()[0] == 0
