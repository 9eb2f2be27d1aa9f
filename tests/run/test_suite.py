"""A suite replayed: the same bytes however it is run, nothing repeated after a crash, a folder written once."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.replay._run import SHOP, ended_whenever, shop

from traceeval.engines import Pool, Serial
from traceeval.errors import ConfigError, OutputExists
from traceeval.run import ReplayOrder, replay

FILES = ("traces.jsonl", "outcomes.jsonl", "trials.jsonl", "replay.json", "report.html", "manifest.json")
FAULTS = [
    {"id": "down", "at": {"tool": "get_order", "nth": 1}, "inject": {"http_500": {}}, "expect": "degrades_safely"},
    {"id": "cut", "at": {"tool": "get_order"}, "inject": {"truncated": {}}, "expect": "recovers"},
]


class Shuffled:
    """An engine that runs everything out of order by another, and hands it on in order."""

    def __init__(self, engine):
        self.engine = engine

    def map(self, make, batches):
        """Results in order."""
        given = list(batches)
        order = random.Random(6).sample(range(len(given)), len(given))
        done = dict(zip(order, self.engine.map(make, (given[place] for place in order)), strict=True))
        return (done[place] for place in range(len(given)))


def run(suite, folder, agent="reference", **options):
    return replay(ReplayOrder(suite=suite, agent=agent, folder=Path(folder), **options))


def contents(folder):
    """Every file as it is; of the manifest all but when the replay ended."""
    return {name: ended_whenever((Path(folder) / name).read_bytes()) for name in FILES}


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("suite"), faults=FAULTS)


@pytest.fixture(scope="module")
def once(suite, tmp_path_factory):
    folder = tmp_path_factory.mktemp("once") / "out"
    return run(suite, folder), folder


def test_every_trial_is_in_the_folder_in_the_order_of_the_plan(once):
    found, folder = once
    rows = [json.loads(line) for line in (folder / "outcomes.jsonl").read_text().splitlines()]
    mine = [row["outcome"]["trial"] for row in rows if row.get("agent") is None]
    assert mine == [
        f"shop/cancel[{axis}seed={seed}]" for axis in ("", "fault=down|", "fault=cut|", "turn1.p1|") for seed in (1, 2)
    ]
    assert [row["agent"] for row in rows if row.get("agent")] == ["noop", "random", "random", "reference"]
    assert len((folder / "traces.jsonl").read_text().splitlines()) == 8
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["clock"] == dict.fromkeys(("agent", "noop", "random", "reference"), "virtual")
    assert set(manifest["sandbox"].values()) <= {"netns", "guard"}
    assert found.summary.n == 2


def test_another_run_writes_the_same_bytes(suite, once, tmp_path):
    run(suite, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(once[1])


def test_the_order_in_which_trials_run_does_not_matter(suite, once, tmp_path):
    run(suite, tmp_path / "backwards", engine=Shuffled(Serial()))
    assert contents(tmp_path / "backwards") == contents(once[1])


def test_the_number_of_workers_does_not_matter(suite, once, tmp_path):
    run(suite, tmp_path / "pool", engine=Pool(2))
    assert contents(tmp_path / "pool") == contents(once[1])


class Dies(Exception):
    """The crash of a test."""


class Dying(Serial):
    """An engine that dies after some trials."""

    def __init__(self, after):
        self.after = after
        self.ran = 0

    def map(self, make, batches):
        """Results in order, while it lives."""
        for result in super().map(make, batches):
            if self.ran == self.after:
                raise Dies
            self.ran += 1
            yield result


def test_a_resumed_run_repeats_nothing_and_writes_the_same_bytes(suite, once, tmp_path):
    folder = tmp_path / "out"
    with pytest.raises(Dies):
        run(suite, folder, engine=Dying(5))
    with pytest.raises(OutputExists, match="--resume"):
        run(suite, folder)
    rest = Dying(100)
    run(suite, folder, engine=rest, resume=True)
    assert rest.ran == 12 - 5
    assert contents(folder) == contents(once[1])
    assert not (folder / "journal.jsonl").exists()


@pytest.mark.parametrize("cut", [1, 10, 500])
def test_a_line_cut_in_the_middle_is_run_again_and_no_other(suite, once, tmp_path, cut):
    folder = tmp_path / "out"
    with pytest.raises(Dies):
        run(suite, folder, engine=Dying(5))
    journal = folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-cut])
    rest = Dying(100)
    run(suite, folder, engine=rest, resume=True)
    assert rest.ran == 12 - 4
    assert contents(folder) == contents(once[1])


def test_a_run_that_dies_twice_is_resumed_twice(suite, once, tmp_path):
    folder = tmp_path / "out"
    journal = folder / "journal.jsonl"
    for options in ({}, {"resume": True}):
        with pytest.raises(Dies):
            run(suite, folder, engine=Dying(3), **options)
        journal.write_bytes(journal.read_bytes()[:-20])
    rest = Dying(100)
    run(suite, folder, engine=rest, resume=True)
    assert rest.ran == 12 - 4
    assert contents(folder) == contents(once[1])


def test_a_run_that_died_before_its_first_line_begins_anew(suite, once, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(b'{"identi')
    run(suite, folder, resume=True)
    assert contents(folder) == contents(once[1])


def test_what_has_changed_since_cannot_be_resumed(tmp_path):
    suite = shop(tmp_path)
    with pytest.raises(Dies):
        run(suite, tmp_path / "out", engine=Dying(1))
    (suite.folder / "mock.py").write_text((suite.folder / "mock.py").read_text() + "\n# another\n")
    with pytest.raises(ConfigError, match="have changed since"):
        run(suite, tmp_path / "out", resume=True)


def test_a_finished_folder_is_never_changed(suite, once):
    with pytest.raises(OutputExists, match="finished replay"):
        run(suite, once[1], resume=True)


def test_a_strangers_folder_is_left_alone(suite, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputExists, match=r"notes\.txt"):
        run(suite, tmp_path)


def test_a_scenario_names_the_baselines_its_report_shows(tmp_path):
    suite = shop(tmp_path, report={"baselines": ["noop"]})
    found = run(suite, tmp_path / "out", n=1).summary
    assert [(row.agent, row.scenarios) for row in found.baselines] == [("noop", 1), ("random", 0), ("reference", 0)]


def test_a_function_does_not_travel_to_a_pool(suite, tmp_path):
    with pytest.raises(ConfigError, match="does not travel"):
        run(suite, tmp_path / "out", agent=lambda session: None, engine=Pool(2))


def test_only_names_a_tag_or_the_beginning_of_an_id(suite, tmp_path):
    assert run(suite, tmp_path / "out", only="shop/", n=1, baselines=()).summary.trials == 4
    with pytest.raises(ConfigError, match="no scenario has that tag"):
        run(suite, tmp_path / "none", only="bank")


def test_only_names_one_cell(suite, tmp_path):
    found = run(suite, tmp_path / "out", only="shop/cancel[fault=down]", baselines=("noop",)).summary
    assert [row.cell.id for row in found.cells] == ["shop/cancel[fault=down]"]
    assert found.trials == 2
    assert [row.agent for row in found.baselines] == ["noop"]
    assert "No cell as written was replayed" in (tmp_path / "out" / "report.html").read_text()
    with pytest.raises(ConfigError, match="no cell has it"):
        run(suite, tmp_path / "none", only="shop/cancel[fault=up]")


@pytest.mark.soak
def test_a_killed_command_resumes_where_it_stopped(tmp_path):
    """SIGKILL in the middle of the pool, and again: every finished trial is kept, and the bytes are those of one run."""
    suite = tmp_path / "suite"
    shutil.copytree(SHOP, suite, ignore=shutil.ignore_patterns("__pycache__"))
    base = [sys.executable, "-m", "traceeval", "replay", str(suite), "--agent", "random", "--n", "40", "--quiet"]
    journal = tmp_path / "out" / "journal.jsonl"
    command = [*base, "--workers", "2", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, start_new_session=True)
    until = time.monotonic() + 60
    while time.monotonic() < until and (not journal.exists() or journal.read_bytes().count(b"\n") < 10):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = journal.read_bytes()
    kept = kept[: kept.rindex(b"\n") + 1]
    assert kept.count(b"\n") >= 10
    resumed = subprocess.Popen([*command, "--resume"], start_new_session=True)
    while resumed.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 20):
        time.sleep(0.02)
    if resumed.poll() is None:
        os.killpg(resumed.pid, signal.SIGKILL)
        resumed.wait()
        assert journal.read_bytes().startswith(kept)
        assert subprocess.run([*command, "--resume"], check=False).returncode == 0
    assert subprocess.run([*base, "--out", str(tmp_path / "whole")], check=False).returncode == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.soak
def test_a_thousand_scenarios_of_eight_trials_are_the_same_bytes_however_they_run(tmp_path, figure):
    text = (
        (SHOP / "cancel.yaml")
        .read_text()
        .replace("trials: {n: 2}", "trials: {n: 8}")
        .replace("paraphrases: [I do not want BL-1 any more.]", "paraphrases: []")
    )
    suite = tmp_path / "suite"
    shutil.copytree(SHOP, suite, ignore=shutil.ignore_patterns("__pycache__", "cancel.yaml"))
    for number in range(1000):
        (suite / f"s{number:04}.yaml").write_text(text.replace("id: shop/cancel", f"id: shop/cancel-{number:04}"))
    from traceeval.replay import load_suite

    loaded = load_suite(suite)
    begun, used = time.monotonic(), os.times()
    for name, engine in (("one", Serial()), ("two", Shuffled(Pool(2)))):
        found = run(loaded, tmp_path / name, engine=engine, baselines=())
        assert found.summary.trials == 8000
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    took = (time.monotonic() - begun) / 60
    now = os.times()
    work = sum(now[:4]) - sum(used[:4])
    told = f"in {took:.0f} minutes, {work / 60:.0f} of them at work"
    figure(
        "50 replay", f"1,000 scenarios x 8 trials, twice: the same bytes by 1 worker in order and by 2 shuffled, {told}"
    )
