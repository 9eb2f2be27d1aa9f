"""The collector is seldom at work while traces stream by, and as it was behind them."""

import gc
import weakref

import pytest

from traceeval import evaluate
from traceeval.run import _collector
from traceeval.run._collector import seldom_collecting
from traceeval.testing import trace, user


class Knot:
    """Refers to itself: only the collector takes it away."""

    def __init__(self):
        self.me = self


def looks(work):
    """How often the collector looked for cycles meanwhile."""
    seen = []
    gc.callbacks.append(lambda phase, told: seen.append(phase))
    try:
        work()
    finally:
        gc.callbacks.pop()
    return seen.count("start")


def make_many():
    return [[number] for number in range(50_000)]


def test_what_lives_is_not_looked_through_again_and_again():
    gc.collect()
    assert looks(make_many) > 20
    with seldom_collecting():
        assert looks(make_many) <= 1


def test_cycles_that_a_plug_in_leaves_behind_go_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr(_collector, "_MOST_LEFT", 5_000)
    with seldom_collecting():
        first = weakref.ref(Knot())
        for _ in range(10_000):
            Knot()
        assert first() is None


def test_a_run_that_fails_leaves_the_collector_as_it_was():
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), seldom_collecting():
        raise ZeroDivisionError(f"{gc.get_threshold()} is not {before}")
    assert gc.get_threshold() == before


def test_a_collector_that_was_turned_off_stays_off():
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with seldom_collecting():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)


def test_an_evaluation_leaves_the_collector_as_it_was(tmp_path):
    before = gc.get_threshold()
    evaluate([trace(user("Hello?"))], engine="serial", out=tmp_path / "out")
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
