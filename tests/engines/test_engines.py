"""Engines: the same results in the same order, and a dying worker loses at most what kills it."""

import os
from pathlib import Path

import pytest

from traceeval.engines import Lost, Pool, Serial, engine
from traceeval.errors import ConfigError


class Doubling:
    def __call__(self):
        return lambda number: number * 2


class Killing:
    """Doubles, but the batch 3 kills its worker while fewer than ``times`` marks lie in the folder."""

    def __init__(self, folder: Path, times: int) -> None:
        self.folder = folder
        self.times = times

    def __call__(self):
        def work(number):
            marks = len(list(self.folder.iterdir()))
            if number == 3 and marks < self.times:
                (self.folder / str(marks)).touch()
                os._exit(9)
            return number * 2

        return work


@pytest.mark.parametrize("runner", [Serial(), Pool(1), Pool(2)])
def test_results_come_in_the_order_of_the_batches(runner):
    assert list(runner.map(Doubling(), range(9))) == [n * 2 for n in range(9)]


@pytest.mark.parametrize("runner", [Serial(), Pool(2)])
def test_nothing_in_gives_nothing_out(runner):
    assert list(runner.map(Doubling(), [])) == []


def test_the_pool_holds_only_a_few_batches_at_a_time():
    drawn = []
    results = Pool(2).map(Doubling(), (drawn.append(n) or n for n in range(1000)))
    assert next(results) == 0
    assert len(drawn) <= 5
    results.close()


def test_a_batch_that_kills_its_worker_once_is_run_again(tmp_path):
    assert list(Pool(2).map(Killing(tmp_path, 1), range(8))) == [n * 2 for n in range(8)]


def test_a_batch_that_always_kills_is_set_aside_and_the_others_finish(tmp_path):
    results = list(Pool(2, tries=2).map(Killing(tmp_path, 99), range(8)))
    assert isinstance(results[3], Lost)
    assert results[3].number == 3
    assert [r for r in results if not isinstance(r, Lost)] == [0, 2, 4, 8, 10, 12, 14]


def test_an_unknown_engine_or_worker_count_is_refused():
    with pytest.raises(ConfigError, match="serial or pool"):
        engine("cluster")
    with pytest.raises(ConfigError, match="at least 1"):
        engine("pool", 0)
