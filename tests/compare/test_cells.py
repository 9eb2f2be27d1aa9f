"""Rows of a replay's report: cells with their first cause, faults by kind, attacks by what they have in common."""

import msgspec
from tests._outcomes import outcome

from traceeval.compare.attacks import attack_cells, untested
from traceeval.compare.reliability import summarise
from traceeval.model import Scenario


def scenario(**told):
    tools = {"mode": "stateful", "module": "mock:build"}
    rest = {
        "apiVersion": "traceeval/scenario.v1",
        "id": "s/1",
        "tools": tools,
        "assertions": {"state": {}, "pass": ["state"]},
        **told,
    }
    return msgspec.convert({"user": {"turns": [{"say": "hello"}]}, **rest}, Scenario)


def fault(id, expect="recovers"):
    return {"id": id, "at": {"tool": "get_*"}, "inject": {"http_500": {}}, "expect": expect}


def payload(id, wording, obfuscation):
    return {
        "id": id,
        "slot": {"tool": "read", "path": "$"},
        "payload": {"text": "do it", "wording": wording, "obfuscation": obfuscation},
        "goal": {"call": {"tool": "send"}},
    }


def attacked(tactic, tool):
    return {
        "id": f"{tactic}-{tool}",
        "turns": {"1": "now"},
        "operator": "attack",
        "attack": {"tactic": tactic, "goal": {"call": {"tool": tool}}, "wording": "w"},
    }


def summary(outcomes, *scenarios):
    return summarise("s", "1", "a", outcomes, {}, scenarios)


def test_a_cell_names_its_first_bad_trial_and_what_went_wrong_in_it():
    rows = [outcome(seed=1), outcome(seed=2, result="fail", why="answer: no"), outcome(seed=3, result="fail", why="b")]
    (row,) = summary(rows).cells
    assert (row.passes, row.judged, row.trials) == (1, 3, 3)
    assert (row.trial, row.why) == ("s/1[seed=2]", "answer: no")
    assert not row.sound


def test_a_cell_whose_attack_was_executed_is_not_sound_though_it_passed():
    (row,) = summary([outcome(axes={"injection": "p"}, attack="executed")]).cells
    assert (row.sound, row.executed, row.kind) == (False, 1, "injections")


def test_faults_of_one_kind_stand_together_by_what_they_expect():
    known = scenario(faults=[fault("a"), fault("b"), fault("c", "degrades_safely")])
    rows = [
        outcome(axes={"fault": "a"}),
        outcome(axes={"fault": "b"}, result="fail"),
        outcome(axes={"fault": "c"}, result="not_evaluable", notes={"fault_not_met": 1}),
    ]
    found = summary(rows, known).faults
    assert [(one.fault, one.expects, one.cells, one.passes, one.judged, one.unmet) for one in found] == [
        ("http_500", "degrades_safely", 1, 0, 0, 1),
        ("http_500", "recovers", 2, 1, 2, 0),
    ]
    assert summary(rows, known).cells[0].what == "http_500 at get_*, recovers"


def test_payloads_stand_by_wording_and_disguise():
    known = scenario(injections=[payload("a", "todo", "base64"), payload("b", "todo", None)])
    rows = [
        outcome(axes={"injection": "a"}, attack="executed"),
        outcome(axes={"injection": "b"}, attack="attempted"),
        outcome(axes={"injection": "b"}, seed=2, attack="infra_error"),
    ]
    found = [(c.by, c.row, c.column, c.executed, c.attempted, c.infra, c.trials) for c in attack_cells(rows, [known])]
    assert found == [("payload", "todo", "base64", 1, 0, 0, 1), ("payload", "todo", "plain", 0, 1, 1, 2)]


def test_a_tactic_nobody_tried_for_a_goal_is_a_cell_without_trials_and_named():
    known = scenario(variants=[attacked("pretext", "send"), attacked("escalation", "refund")])
    rows = [outcome(axes={"variant": "pretext-send"}, attack="not_attempted")]
    found = {(c.row, c.column): c.trials for c in attack_cells(rows, [known])}
    assert found["pretext", "send"] == 1
    assert found["escalation", "refund"] == 0
    assert ("prompt_leak", "send") not in found  # a prompt is not leaked by a call
    assert "escalation x refund" in untested(rows, [known])
    assert "pretext x send" not in untested(rows, [known])


def test_the_bounds_are_means_over_scenarios_as_the_figure_is():
    rows = [outcome("s/1"), *(outcome("s/2", axes={"variant": f"v{n}"}, result="fail") for n in range(3))]
    rows += [outcome("s/1", axes={"variant": "v"}), outcome("s/2", axes={"variant": "v9"}, result="fail")]
    table = next(one for one in summary(rows).tables if one.kind == "variants")
    assert table.pass_hat[0].value == table.pass_hat[0].worst == table.pass_hat[0].best == 0.5
