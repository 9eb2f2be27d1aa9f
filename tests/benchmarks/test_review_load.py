"""The load on the queue finds what it must: nothing in the queue as built, something in each build that is broken."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from benchmarks._queue_server import Servers, fill
from benchmarks._reviewers import History, Taken
from benchmarks.review_load import figures, spawned, work

from traceeval.testing.postgres import binaries

ROOT = Path(__file__).resolve().parents[2]
BROKEN = Path(__file__).with_name("_broken_server.py")
NOTHING_WRONG = {"lost": 0, "double_leases": 0, "same_person_twice": 0}


@contextmanager
def serving(folder):
    """A server with one item that nobody can finish: two people are asked for, and one of the two is not known."""
    url = f"sqlite:///{folder / 'review.db'}"
    tokens = fill(url, 1, 2)
    with Servers(url, 1) as servers:
        yield servers.addresses[0], tokens


def taken(who, told, given=None, *, slot="1", item="1", fence=1, until=100.0):
    return Taken(slot, item, fence, who, told - 0.5, told, until, given)


@pytest.mark.parametrize(
    ("leases", "count"),
    [
        ([taken("ana", 10), taken("ben", 20, fence=2)], 1),
        ([taken("ana", 10, 15), taken("ben", 20, fence=2)], 0),
        ([taken("ana", 10, until=12), taken("ben", 20, fence=2)], 0),
        ([taken("ana", 10, 15), taken("ben", 20)], 1),  # the fence was used before
        ([taken("ana", 10), taken("ana", 20)], 0),  # the lease one holds comes back
        ([taken("ana", 10), taken("ben", 10.2, fence=2)], 0),  # asked before the other was told: it may have been first
        ([taken("ana", 10), taken("ben", 20, slot="2")], 0),
    ],
)
def test_a_double_lease_is_one_that_was_given_while_another_was_surely_live(leases, count):
    assert History(taken=leases).double_leases == count


def test_one_person_on_two_slots_of_an_item_is_counted():
    history = History(taken=[taken("ana", 1), taken("ana", 2, slot="2"), taken("ana", 3, slot="3", item="2")])
    assert history.same_person_twice == 1


def test_a_slot_that_was_acknowledged_under_two_names_is_counted():
    history = History()
    for verdict in ("a", "a", "b"):
        history.acknowledge("1", verdict, 0.01)
    assert history.twice == 1


def test_the_99th_percentile_is_one_of_the_times_that_were_seen():
    history = History(latencies=[n / 1000 for n in range(1, 101)])
    assert history.p99_ms() == 99.0
    assert figures(history, 5, 0, 0, 10.0)["submits_per_s"] == 10.0
    assert History().p99_ms() is None


def test_reviewers_over_http_lose_nothing_while_the_server_is_killed_and_the_command_says_so():
    command = [sys.executable, ROOT / "benchmarks" / "review_load.py", "--spawn", "sqlite"]
    done = subprocess.run([*command, "--reviewers", "3", "--items", "6", "--kill", "1"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert list(printed) == ["verdicts", *NOTHING_WRONG, "kills", "submits_per_s", "p99_ms"]
    assert {**printed, **NOTHING_WRONG} == printed
    assert (printed["verdicts"], printed["kills"]) == (12, 1)


def test_a_server_that_ended_by_itself_is_said():
    program = (sys.executable, "-c", "raise SystemExit(3)")
    with pytest.raises(RuntimeError, match="the server ended with 3"), Servers("sqlite:///none.db", 1, program):
        pytest.fail("it never answered")


@pytest.mark.soak
def test_a_server_that_does_not_come_back_ends_the_run(tmp_path):
    """Else its reviewers would hold their leases, and all others wait for them until those run out."""
    program = (sys.executable, str(BROKEN), "starts_once", str(tmp_path / "started"))
    with pytest.raises(RuntimeError, match="the server ended with 1"):
        spawned("sqlite", 2, 6, 1, program=program)


def test_a_reviewer_that_is_refused_ends_the_run_for_all(tmp_path):
    with serving(tmp_path) as (address, tokens), pytest.raises(RuntimeError, match="reviewer-0 cannot claim: 401"):
        work([address], {**tokens, "reviewer-0": "te_unknown"}, "default", History())


@pytest.mark.parametrize(
    ("mutant", "figure"),
    [
        ("acknowledges_early", "lost"),
        pytest.param("gives_back_live_leases", "double_leases", marks=pytest.mark.soak),
    ],
)
def test_a_broken_build_is_found(mutant, figure):
    done = spawned("sqlite", 4, 10, 0, program=(sys.executable, str(BROKEN), mutant))
    assert done[figure] > 0


@pytest.mark.soak
@pytest.mark.parametrize(("engine", "kill"), [("sqlite", 0), ("postgres", 0), ("sqlite", 50), ("postgres", 50)])
def test_sixty_four_reviewers_judge_ten_thousand_items(engine, kill, figure):
    if engine == "postgres" and binaries() is None:
        pytest.skip("no PostgreSQL: install it")
    done = spawned(engine, 64, 10_000 if not kill else 3_000, kill)
    figure("2 server killed" if kill else "1 load", f"{engine}: {json.dumps(done)}")
    assert {**done, **NOTHING_WRONG} == done
    assert done["verdicts"] == 2 * (10_000 if not kill else 3_000)
    assert done["kills"] == kill


@pytest.mark.soak
def test_a_database_that_crashes_ten_times_keeps_what_was_acknowledged(figure):
    if binaries() is None:
        pytest.skip("no PostgreSQL: install it")
    done = spawned("postgres", 64, 1_000, 0, crash=10)
    figure("2 database crashed", f"postgres: {json.dumps(done)}")
    assert {**done, **NOTHING_WRONG} == done
    assert (done["verdicts"], done["kills"]) == (2_000, 10)
