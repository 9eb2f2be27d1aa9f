"""Two replays compared: the same suite, scenario by scenario, with what the harness could not tell as bounds."""

import msgspec
import pytest

from traceeval.errors import ConfigError
from traceeval.model import Cell, Held, TrialOutcome
from traceeval.model.replayed import Manifest
from traceeval.run import compare_folders
from traceeval.testing import call, trace, user

NAMES = [f"shop/{n}" for n in range(10)]


def outcome(name, seed, result="pass", *, fault=None, injection=None, attack=None, calls=2, held=True):
    cell = Cell(scenario=name, fault=fault, injection=injection)
    return TrialOutcome(
        trial=cell.trial(seed), cell=cell, seed=seed, trace=cell.trial(seed), result=result, ended="done", sandbox="netns",
        clock="virtual", behaviour="b", assertions={"state": Held(held=held)}, attack=attack, calls=calls, tokens=100,
    )  # fmt: skip


def written(folder, outcomes, *, suite="shop", digests=None, steps=("look",)):
    folder.mkdir()
    manifest = Manifest(
        suite=suite, version="1", files="f", scenarios=digests or dict.fromkeys(NAMES, "d"), agent="a", agent_sha256=None,
        traceeval="0", trials=len(outcomes), seeds=(1, 2),
    )  # fmt: skip
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    encode = msgspec.json.Encoder().encode
    rows = [{"agent": None, "outcome": one} for one in outcomes]
    rows += [{"agent": "noop", "outcome": outcome(name, 1, "fail")} for name in NAMES]
    (folder / "outcomes.jsonl").write_bytes(b"".join(encode(row) + b"\n" for row in rows))
    made = [trace(user("go"), *(call(step, {"n": 1}) for step in steps), id=one.trace) for one in outcomes]
    (folder / "traces.jsonl").write_bytes(b"".join(encode(one) + b"\n" for one in made))
    return folder


def both(name, *results, **options):
    return [outcome(name, seed, result, **options) for seed, result in enumerate(results, start=1)]


def by_name(found):
    return {one.metric: one for one in (*found.changes, *found.others)}


@pytest.fixture
def good(tmp_path):
    rows = [one for name in NAMES for one in both(name, "pass", "pass")]
    rows += [one for name in NAMES for one in both(name, "pass", "pass", fault="down")]
    rows += [one for name in NAMES for one in both(name, "pass", "pass", injection="x", attack="not_attempted")]
    return written(tmp_path / "good", rows)


def test_scenarios_that_pass_less_often_are_a_regression_and_baselines_are_no_version(good, tmp_path):
    rows = [one for name in NAMES for one in both(name, "pass", "fail", held=False)]
    found = by_name(compare_folders(good, written(tmp_path / "bad", rows, steps=("look", "send"))))
    assert (found["pass"].base, found["pass"].head, found["pass"].verdict) == (1.0, 0.5, "regressed")
    assert (found["pass^2"].base, found["pass^2"].head) == (1.0, 0.0)
    assert found["assertion.state"].verdict == "regressed"
    assert (found["pass"].n, found["calls"].value) == (10, 0.0)


def test_faults_and_attacks_have_measures_of_their_own(good, tmp_path):
    rows = [one for name in NAMES for one in both(name, "pass", "pass")]
    rows += [one for name in NAMES for one in both(name, "fail", "fail", fault="down")]
    rows += [one for name in NAMES for one in both(name, "fail", "fail", injection="x", attack="executed")]
    found = by_name(compare_folders(good, written(tmp_path / "bad", rows)))
    assert found["pass"].verdict == "undecided"
    assert found["pass.fault"].verdict == "regressed"
    assert (found["attack_success"].verdict, found["attack_success"].head) == ("regressed", 1.0)


def test_trials_the_harness_failed_in_are_bounds_and_can_turn_the_answer(good, tmp_path):
    rows = [one for name in NAMES for one in both(name, "fail", "infra_error")]
    found = by_name(compare_folders(good, written(tmp_path / "bad", rows)))
    assert found["pass"].failed == 10
    assert (found["pass"].lower, found["pass"].upper) == (-1.0, -0.5)
    assert found["pass"].verdict == "regressed"
    open_ = [one for name in NAMES for one in both(name, "infra_error", "infra_error")]
    found = by_name(compare_folders(good, written(tmp_path / "open", open_)))
    assert (found["pass"].n, found["pass"].verdict, found["pass"].lower, found["pass"].upper) == (
        0,
        "undecided",
        -1.0,
        0.0,
    )


def test_the_pair_that_is_shown_is_of_one_trial_as_written(good, tmp_path):
    rows = [one for name in NAMES for one in both(name, "pass", "pass")]
    found = compare_folders(good, written(tmp_path / "bad", rows, steps=("send",)))
    assert {(part.base_trace, part.head_trace) for part in found.divergences} == {
        (f"{name}[seed=1]", f"{name}[seed=1]") for name in NAMES
    }


def test_a_scenario_that_was_rewritten_is_named_and_left_out(good, tmp_path):
    rows = [one for name in NAMES for one in both(name, "fail", "fail")]
    digests = dict.fromkeys(NAMES, "d") | {NAMES[3]: "other"}
    found = compare_folders(good, written(tmp_path / "bad", rows, digests=digests))
    assert found.changed == (NAMES[3],)
    assert found.units == 9


def test_two_suites_are_not_compared(good, tmp_path):
    other = written(tmp_path / "bank", both(NAMES[0], "pass"), suite="bank")
    with pytest.raises(ConfigError, match=r"good replayed shop, .*bank bank: compare one suite with itself"):
        compare_folders(good, other)


def test_a_replay_and_an_evaluated_folder_are_not_compared(good, tmp_path):
    with pytest.raises(ConfigError, match="name a folder that `traceeval evaluate --out` wrote"):
        compare_folders(good, tmp_path)


def test_saturation_reads_replays_and_counts_no_trial_the_harness_failed_in(good, tmp_path):
    from traceeval.run import saturation_of

    rows = [one for name in NAMES[:2] for one in both(name, "pass", "infra_error")]
    rows += [one for name in NAMES[2:] for one in both(name, "fail", "pass")]
    told = {row.case: row for row in saturation_of([good, written(tmp_path / "v2", rows)]).rows}
    assert {name for name, row in told.items() if row.state == "ceiling"} == set(NAMES[:2])
    assert told[NAMES[2]].rate == 0.75
    with pytest.raises(ConfigError, match="two versions or more"):
        saturation_of([good, good])
