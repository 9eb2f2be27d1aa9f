"""Folders on disk: which are runs, what each says, and those that cannot be read."""

import json
from pathlib import Path

import msgspec
import pytest
from tests.run.test_compare_replays import both, written

import traceeval
from traceeval.compare.reliability import summarise
from traceeval.errors import ConfigError
from traceeval.model import Reference, System
from traceeval.run import list_runs, trend_of
from traceeval.testing import model, trace, user


def answered(n, right, release="1"):
    text = f"The fee is {7 if right else 9} euros."
    return trace(
        user(f"what is fee {n}?"), model(text), id=f"t{n}", question=f"what is fee {n}?", answer=text,
        reference=Reference(answer=("7 euros",)), system=System(app="desk", release=release),
    )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    traceeval.evaluate([answered(n, n < 8) for n in range(10)], out=place / "day1")
    traceeval.evaluate([answered(n, n < 4, release="2") for n in range(10)], out=place / "deep" / "day2")
    for at, name in enumerate(("day1", "deep/day2"), start=1):
        file = place / name / "summary.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "created": f"2026-01-0{at}T08:00:00+00:00"}))
    return place


def replayed(folder, *results):
    outcomes = [one for name in ("shop/1", "shop/2") for one in both(name, *results)]
    written(folder, outcomes, digests={"shop/1": "a", "shop/2": "b"})
    (folder / "replay.json").write_bytes(msgspec.json.encode(summarise("shop", "1", "a", outcomes, {}, ())))
    return folder


def by_name(paths, root):
    return {str(Path(row.run).relative_to(root)): row for row in list_runs(paths).runs}


def test_runs_are_found_at_any_depth_the_oldest_first_with_version_and_figures(place):
    rows = list_runs([place]).runs
    assert [(row.version, row.subject, row.n, row.status) for row in rows] == [
        ("1", "desk", 10, "complete"),
        ("2", "desk", 10, "complete"),
    ]
    right = rows[0].figures["right"]
    assert (right.value, right.n) == (0.8, 10)
    assert (right.low, right.high) == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert rows[0].main[0] == "right"
    assert rows[0].figures["calls"].better == "lower"


def test_a_folder_named_twice_is_one_run(place):
    assert len(list_runs([place, place / "day1", place]).runs) == 2


def test_the_trend_goes_over_both_and_marks_the_version(place):
    found = trend_of("right", [place])
    assert [(point.figure.value, point.new) for point in found.points] == [(0.8, False), (0.4, True)]


def test_a_replay_has_the_measures_by_which_replays_are_compared(tmp_path):
    replayed(tmp_path / "r", "pass", "fail")
    (row,) = list_runs([tmp_path]).runs
    assert (row.kind, row.subject, row.n, row.version) == ("replay", "shop", 4, "a")
    assert (row.figures["pass"].value, row.figures["pass^2"].value, row.figures["pass@2"].value) == (0.5, 0.0, 1.0)
    assert row.main == ("pass", "pass^2")


def test_what_nobody_could_judge_is_left_open(tmp_path):
    replayed(tmp_path / "r", "pass", "infra_error")
    (row,) = list_runs([tmp_path]).runs
    assert (row.figures["pass"].lower, row.figures["pass"].upper) == (0.5, 1.0)


def test_replays_of_other_scenarios_are_left_out_by_name(tmp_path):
    replayed(tmp_path / "r1", "pass", "fail")
    other = replayed(tmp_path / "r2", "pass", "pass")
    manifest = json.loads((other / "manifest.json").read_text())
    (other / "manifest.json").write_text(json.dumps({**manifest, "scenarios": {"shop/1": "changed", "shop/2": "b"}}))
    found = trend_of("pass", [tmp_path])
    assert len(found.points) == 1
    (left,) = found.left_out
    assert "other settings: scenarios 2 (" in left.why


def test_what_did_not_finish_and_what_is_damaged_is_listed_with_the_reason(place, tmp_path):
    for name in ("cut", "stopped", "foreign", "old"):
        (tmp_path / name).mkdir()
    for name in ("traces.parquet", "scores.parquet"):
        (tmp_path / "cut" / name).write_bytes((place / "day1" / name).read_bytes())
        (tmp_path / "old" / name).write_bytes((place / "day1" / name).read_bytes())
    (tmp_path / "old" / "summary.json").write_text('{"schema_version": "traceeval.summary/0"}')
    (tmp_path / "stopped" / "journal.jsonl").write_text('{"identity": "x"}\n')
    (tmp_path / "foreign" / "summary.json").write_text("{}")
    (tmp_path / "foreign" / "manifest.json").write_text("{}")
    rows = by_name([tmp_path], tmp_path)
    assert {name: row.status for name, row in rows.items()} == {
        "cut": "unfinished", "stopped": "unfinished", "old": "unreadable",
    }  # fmt: skip
    assert "--resume goes on" in rows["stopped"].why
    assert "another version wrote it" in rows["old"].why


def test_a_table_that_is_none_is_unreadable_and_no_crash(place, tmp_path):
    (tmp_path / "r").mkdir()
    for name in ("summary.json", "scores.parquet"):
        (tmp_path / "r" / name).write_bytes((place / "day1" / name).read_bytes())
    (tmp_path / "r" / "traces.parquet").write_bytes(b"PAR1 but not really")
    (row,) = list_runs([tmp_path]).runs
    assert (row.status, row.figures) == ("unreadable", {})


def test_no_folder_and_no_run_are_errors_in_words(tmp_path):
    with pytest.raises(ConfigError, match="no folder; name folders that hold runs"):
        list_runs([tmp_path / "none"])
    with pytest.raises(ConfigError, match="no run of `traceeval evaluate` or `traceeval replay` there"):
        list_runs([tmp_path])
