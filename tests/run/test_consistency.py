"""Replays read back for how consistent an agent is; which of them do not add up."""

import json

import msgspec
import pytest
from click.testing import CliRunner
from tests.run.test_compare_replays import outcome, written

from traceeval.cli.compare import command as compare
from traceeval.cli.consistency import command
from traceeval.errors import ConfigError
from traceeval.model import Cell
from traceeval.run import consistency_of
from traceeval.testing import model, trace, user

NAMES = ["shop/1", "shop/2"]


def played(folder, seeds, *, polite="pass", agent="a", behaviour="b", answer="It costs {} euros."):
    """Both scenarios as written and told politely; the final state is recorded, the answer states what was paid."""
    rows, traces = [], []
    for name in NAMES:
        for variant, result in ((None, "pass"), ("polite", polite)):
            for seed in seeds:
                cell = Cell(scenario=name, variant=variant)
                id, good = cell.trial(seed), result == "pass"
                rows.append(
                    msgspec.structs.replace(
                        outcome(name, seed, result, held=good),
                        cell=cell,
                        trial=id,
                        trace=id,
                        behaviour=f"{behaviour}{good}",
                        changed=("paid=1",) if good else (),
                    )
                )
                text = answer.format(7 if good else 9)
                made = trace(user("go"), model(text), id=id, answer=text)
                traces.append(msgspec.structs.replace(made, state={"paid": int(good)}))
    written(folder, rows, digests=dict.fromkeys(NAMES, "d"))
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "agent": agent}))
    (folder / "traces.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in traces))
    return folder


def test_results_states_and_answers_are_compared_each_apart(tmp_path):
    report = consistency_of([played(tmp_path / "r", range(1, 9), polite="fail")])
    assert {table.by: (table.between.value, table.within.value) for table in report.tables} == dict.fromkeys(
        ("result", "state", "answer", "assertions"), (0.0, 1.0)
    )


def test_answers_in_other_words_with_the_same_values_are_the_same(tmp_path):
    played(tmp_path / "one", [1, 2])
    played(tmp_path / "two", [3, 4], answer="You pay {} EUR")
    report = consistency_of([tmp_path / "one", tmp_path / "two"])
    assert {table.by: table.between.value for table in report.tables}["answer"] == 1.0
    assert report.trials == 16


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ({"agent": "other"}, "not of one agent; trials of one agent on one suite add up"),
        ({}, "the same trials, in which the same was done; replay with other seeds"),
    ],
)
def test_replays_that_do_not_add_up_are_refused(tmp_path, second, why):
    played(tmp_path / "one", [1, 2])
    played(tmp_path / "two", [1, 2], **second)
    with pytest.raises(ConfigError, match=why):
        consistency_of([tmp_path / "one", tmp_path / "two"])


def test_the_same_seeds_add_up_where_the_agent_did_something_else(tmp_path):
    played(tmp_path / "one", [1, 2])
    played(tmp_path / "two", [1, 2], behaviour="another way ")
    assert consistency_of([tmp_path / "one", tmp_path / "two"]).trials == 16


def test_a_folder_that_is_no_finished_replay_is_named_wrong_as_where_runs_are_compared(tmp_path):
    folder = str(tmp_path)
    done = [CliRunner().invoke(*one) for one in ((command, [folder]), (compare, [folder, folder]))]
    assert [(one.exit_code, folder in one.stderr) for one in done] == [(2, True), (2, True)]
    assert "no finished replay; `traceeval replay --out" in done[0].stderr


def test_a_damaged_replay_is_unreadable_input(tmp_path):
    folder = played(tmp_path / "r", [1, 2])
    (folder / "outcomes.jsonl").write_bytes(b"{")
    done = CliRunner().invoke(command, [str(folder)])
    assert (done.exit_code, "outcomes.jsonl:1: cannot be read" in done.stderr) == (3, True)


def test_the_command_names_the_wording_and_writes_a_page(tmp_path):
    folder = played(tmp_path / "r", range(1, 9), polite="fail")
    result = CliRunner().invoke(command, [str(folder), "--out", str(tmp_path / "page.html")])
    assert result.exit_code == 0
    assert "shop, agent a: 2 scenarios in 4 wordings, 32 trials" in result.output
    assert "WORDING MATTERS: shop/1: 0.00 between wordings against 1.00 within one" in result.output
    assert "polite agrees with the others 0.00 (passes 0 of 8)" in result.output
    assert "pass^2 over 2 wordings 0.000" in result.output
    page = (tmp_path / "page.html").read_text()
    assert page.count("<svg") == 3
    assert "polite agrees with the others 0.00" in page
    told = json.loads(CliRunner().invoke(command, [str(folder), "--json"]).output)
    assert told["schema_version"] == "traceeval.consistency/1"


def test_a_suite_without_wordings_is_exit_code_2(tmp_path):
    rows = [outcome(name, 1) for name in NAMES]
    result = CliRunner().invoke(command, [str(written(tmp_path / "r", rows, digests=dict.fromkeys(NAMES, "d")))])
    assert (result.exit_code, "scenario vary" in result.output) == (2, True)
