"""Engines: the same results in the same order, and a dying worker loses at most what kills it."""

import os
import signal
import subprocess
import sys
import time
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


PARENT = """
import os, time
from traceeval.engines import Pool

class Telling:
    def __call__(self):
        return lambda number: os.getpid()

if __name__ == "__main__":
    results = Pool(2).map(Telling(), range(1000))
    print(next(results), flush=True)
    time.sleep(600)
"""


def test_workers_end_with_a_parent_that_was_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        worker = int(parent.stdout.readline())
        assert alive(worker)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(worker)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # where there is one: a worker nobody has fetched is dead too
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
