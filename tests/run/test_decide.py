"""The decision to release: six layers, each removed, aged, of another version or failing in its turn."""

from datetime import timedelta

import msgspec
import pytest
from tests._outcomes import outcome
from tests._release import (
    NOW,
    POLICY,
    admitted,
    aged,
    aggregate,
    change,
    compared,
    evaluated,
    people,
    policed,
    replayed,
    six,
)

from traceeval.errors import ConfigError
from traceeval.model.release import LAYERS
from traceeval.run import decide
from traceeval.run._evidence import BenchmarkEvidence, Evidence
from traceeval.run._systems import NOT_STATED, in_fields, stated


def decided(gathered, at=NOW, **layers):
    return decide(policed(**layers), gathered, at=at)


def with_(layer, found):
    path = POLICY["layers"][layer]["evidence"]
    return {**six(), layer: {path: found}}


def each(layer):
    """The one piece of evidence of a layer."""
    return next(iter(six()[layer].values()))


def test_six_layers_that_hold_are_a_release():
    found = decided(six())
    assert found.answer == "release"
    assert [one.layer for one in found.layers] == list(LAYERS)
    assert {one.state for one in found.layers} == {"holds"}
    assert (found.gaps, found.failures) == ((), ())
    assert all(one.evidence[0].age_days == 2.0 for one in found.layers)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_whose_evidence_is_gone_leaves_it_undecided_and_is_named(layer):
    without = {name: found for name, found in six().items() if name != layer}
    found = decided(without)
    assert found.answer == "not decidable"
    assert [gap.partition(": ")[::2] for gap in found.gaps] == [
        (layer, f"missing: {POLICY['layers'][layer]['evidence']}: nothing is there")
    ]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_the_policy_leaves_out_is_a_gap(layer):
    found = decided(six(), **{layer: None})
    assert found.answer == "not decidable"
    assert found.gaps == (f"{layer}: missing: the policy names no evidence; add {layer}, or waive it",)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_whose_evidence_is_too_old_leaves_it_undecided_and_is_named(layer):
    most = POLICY["layers"][layer]["max_age_days"]
    assert decided(with_(layer, aged(each(layer), most - 2))).answer == "release"
    found = decided(with_(layer, aged(each(layer), most - 1.9)))
    assert found.answer == "not decidable"
    assert len(found.gaps) == 1
    assert found.gaps[0].startswith(f"{layer}: stale: ")
    assert f"{most + 0.1:.1f} days old, at most {most} are allowed" in found.gaps[0]


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_about_another_version_leaves_it_undecided_and_is_named(layer):
    one = each(layer)
    other = msgspec.structs.replace(one, states=dict.fromkeys(one.states, ("1",)))
    found = decided(with_(layer, other))
    assert found.answer == "not decidable"
    assert [gap.split(": ")[:2] for gap in found.gaps] == [[layer, "other version"]]
    assert "is about" in found.gaps[0]


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ({}, "does not say which it is about: release, agent_sha256, judge is asked for, it states nothing"),
        ({"model": ("m",)}, "it states model"),
        ({"release": ("1", "2")}, "is about release 1; decided on is release 2"),
        ({"release": (NOT_STATED, "2")}, "in part does not state it"),
        ({"release": (NOT_STATED, "1", "2")}, "is about release 1 and in part does not state it"),
        ({"release": ("2",), "judge": ("k",)}, "is about judge k"),
    ],
)
def test_evidence_has_to_state_the_version_and_no_other(states, says):
    found = decided(with_("scores", msgspec.structs.replace(evaluated(), states=states)))
    assert found.answer == "not decidable"
    assert says in found.gaps[0]


@pytest.mark.parametrize("created", ["", "yesterday", "2026-11-29T00:00:00"])
def test_evidence_that_does_not_say_when_it_was_made_is_stale(created):
    found = decided(with_("scores", msgspec.structs.replace(evaluated(), created=created)))
    assert "does not say when it was made" in found.gaps[0]
    assert found.layers[1].evidence[0].age_days is None


def test_evidence_made_after_the_moment_that_is_decided_for_is_a_gap():
    assert decided(six(), at=NOW - timedelta(days=2, minutes=4)).answer == "release"
    found = decided(six(), at=NOW - timedelta(days=2, minutes=6))
    assert "after the moment that is decided for" in found.gaps[0]


FAILING = {
    "benchmarks": (replayed([outcome(f"s/{n}", seed, "fail") for n in range(20) for seed in (1, 2)]), "pass^2"),
    "scores": (evaluated(lower=0.7), "worse bound 0.7000 is under 0.8"),
    "judge": (admitted("too few failures", "a probe is flagged"), "may only triage: too few failures; and 1 more"),
    "people": (people(low=0.7), "lower bound 0.7000 is under 0.8"),
    "red_team": (
        replayed([outcome(f"s/{n}", axes={"injection": "i"}, attack="executed") for n in range(20)]),
        "20 of 20",
    ),
    "regression": (compared(change("tokens", 90.0, 80.0, 99.0, "regressed", "lower")), "tokens: proven worse by 90"),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_one_failing_layer_is_enough_not_to_release(layer):
    bad, says = FAILING[layer]
    found = decided(with_(layer, bad))
    assert found.answer == "do not release"
    assert {one.layer for one in found.layers if one.state == "fails"} == {layer}
    assert says in found.failures[0]


def test_a_gap_leaves_it_undecided_whatever_else_fails_and_the_failure_is_still_told():
    found = decided({**with_("people", people(low=0.7)), "judge": {}})
    assert found.answer == "not decidable"
    assert found.failures[0].startswith("people: safety: pass")


@pytest.mark.parametrize(
    ("layer", "bad", "says"),
    [
        ("scores", evaluated(scored=20, failed=10), "coverage 0.67, n = 30: coverage is under 0.95"),
        ("people", people(answered=30), "coverage: 0.750 of what should have been measured was"),
        ("people", people(waiting="3 must be seen"), "3 must be seen"),
        ("people", people(agreed="exploratory"), "agreement is exploratory"),
        ("regression", compared(left_out=10), "coverage: 0.750"),
        ("benchmarks", replayed([outcome(f"s/{n}", result="infra_error") for n in range(9)]), "coverage: 0.000"),
        ("red_team", replayed([outcome()]), "no attack was made"),
    ],
)
def test_too_little_measured_fails_and_never_passes(layer, bad, says):
    found = decided(with_(layer, bad))
    assert found.answer != "release"
    assert any(says in failure for failure in found.failures)


def test_a_name_that_will_never_be_measured_is_said_while_people_are_still_at_work():
    mistyped = {"people": {**POLICY["layers"]["people"], "gate": {"fail_under": {"tone: pass": 0.5}}}}
    found = decided(with_("people", people(waiting="3 must be seen")), **mistyped)
    assert any("tone: pass: it was not measured; there are safety: pass" in gap for gap in found.gaps)


@pytest.mark.parametrize(
    ("layer", "gate", "says"),
    [
        ("scores", {"fail_under": {"tool.exact": 0.5}}, "tool.exact: it was not measured; there are retriever.recall"),
        ("people", {"fail_under": {"tone: pass": 0.5}}, "tone: pass: it was not measured; there are safety: pass"),
        ("regression", {"no_worse": {"cost": 1}}, "cost: it was compared on neither side"),
        ("scores", {"forbidden_hits": 0}, "missing: nothing here answers forbidden_hits"),
        ("regression", {"fail_under": {"right": 0.5}}, "missing: nothing here answers fail_under"),
        ("benchmarks", {"infra_error_share": 0, "no_worse": {"pass": 0.1}}, "nothing here answers no_worse"),
    ],
)
def test_a_limit_that_no_evidence_answers_is_a_gap(layer, gate, says):
    found = decided(six(), **{layer: {**POLICY["layers"][layer], "gate": gate}})
    assert found.answer == "not decidable"
    assert any(says in gap for gap in found.gaps)


def test_a_margin_accepts_a_proven_loss_up_to_its_worst_end():
    dearer = with_("regression", compared(change("tokens", 90.0, 80.0, 99.0, "regressed", "lower")))
    for margin, answer in ((100, "release"), (95, "do not release")):
        gate = {"no_worse": {"right": 0.05, "tokens": margin}}
        assert decided(dearer, regression={**POLICY["layers"]["regression"], "gate": gate}).answer == answer


def test_a_score_that_rests_on_a_judge_needs_the_judge_admitted():
    def held(judge):
        found = evaluated({"decided_by": {judge: 30}}, "generator.grounded")
        layer = {**POLICY["layers"]["scores"], "gate": {"fail_under": {"generator.grounded": 0.8}}}
        return decided(with_("scores", found), scores=layer)

    assert "gpt is not calibrated against people" in held("gpt").failures[0]
    assert held("j").answer == "release"
    assert held("lexical@2").answer == "release"


def test_a_score_of_a_handful_of_traces_decides_nothing():
    """Its bounds tell what was missed; that 29 of 29 are right may be chance, whatever the gate asks."""
    few = with_("scores", evaluated(scored=29))
    found = decided(few)
    assert found.answer == "not decidable"
    assert found.gaps == (
        "scores: retriever.recall: 29 of at least 30 traces have a value (min_n): so few may be right by chance",
    )
    assert decided(few, scores={**POLICY["layers"]["scores"], "min_n": 29}).answer == "release"
    assert decided(with_("scores", evaluated(lower=0.7, scored=29))).failures


def test_a_score_that_was_nowhere_scored_fails_its_gate_in_words():
    blank = aggregate(scored=0, failed=0)
    found = decided(with_("scores", msgspec.structs.replace(evaluated(), scores=(blank,))))
    assert found.answer == "do not release"
    assert found.failures[0].startswith("scores: retriever.recall: nothing to gate on")


def test_a_waived_layer_needs_no_evidence_and_its_reason_stands_in_the_decision():
    found = decided({**six(), "judge": {}}, judge={"waived": "no judge is used"})
    assert found.answer == "release"
    assert (found.layers[2].state, found.layers[2].waived) == ("waived", "no judge is used")


def test_several_pieces_of_evidence_each_have_to_hold():
    layer = {**POLICY["layers"]["scores"], "evidence": ["out", "more"]}
    both = {**six(), "scores": {"out": evaluated(), "more": msgspec.structs.replace(evaluated(lower=0.1), path="more")}}
    found = decided(both, scores=layer)
    assert found.answer == "do not release"
    assert [line.name for line in found.layers[1].lines] == ["retriever.recall (out)", "retriever.recall (more)"]
    both["scores"].pop("more")
    assert decided(both, scores=layer).gaps == ("scores: missing: more: nothing is there",)


def test_without_a_version_nothing_is_decided():
    asked = policed()
    bare = msgspec.structs.replace(asked.policy, version={})
    with pytest.raises(ConfigError, match="which version is decided on"):
        decide(type(asked)(policy=bare, source=b""), six(), at=NOW)


def bench(figures, name="b", path="b.json"):
    result = {
        "schema_version": "traceeval.benchmark/1", "benchmark": name, "created": NOW.isoformat(), "n": 100, "scored": 98,
        "system": {"release": "2"}, "figures": figures,
    }  # fmt: skip
    told = {"kind": "benchmark", "path": path, "created": NOW.isoformat(), "states": {"release": ["2"]}}
    return msgspec.convert({**told, "result": result}, BenchmarkEvidence)


def benchmarked(least, *found):
    """Decided with these benchmarks, each limit under ``fail_under``."""
    by_path = {one.path: one for one in found}
    layer = {"evidence": list(by_path), "max_age_days": 30, "gate": {"fail_under": least}}
    return decided({**six(), "benchmarks": by_path}, benchmarks=layer)


def test_a_benchmark_run_elsewhere_is_held_at_its_worse_end():
    def held(figure, least):
        return benchmarked({"accuracy": least}, bench({"accuracy": figure}))

    assert held({"value": 0.9, "low": 0.85, "high": 0.95}, 0.85).answer == "release"
    assert held({"value": 0.9, "low": 0.85, "high": 0.95}, 0.86).answer == "do not release"
    assert held({"value": 0.1, "low": 0.05, "high": 0.2, "better": "lower"}, 0.2).answer == "release"
    assert held({"value": 0.1, "low": 0.05, "high": 0.2, "better": "lower"}, 0.1).answer == "do not release"
    assert "has no low end" in held({"value": 0.9}, 0.1).failures[0]


def test_a_figure_is_asked_of_the_benchmark_that_has_it_and_a_score_of_the_folder_that_has_it():
    sure = {"value": 0.9, "low": 0.8, "high": 0.95}
    calls, chat = bench({"accuracy": sure}, "bfcl", "calls.json"), bench({"won": sure}, "arena", "chat.json")
    least = {"accuracy": 0.8, "won": 0.8, "retriever.recall": 0.8}
    found = benchmarked(least, calls, chat, evaluated())
    assert found.answer == "release"
    assert [line.name for line in found.layers[0].lines if not line.name.startswith("coverage")] == [
        "accuracy (calls.json)",
        "won (chat.json)",
        "retriever.recall (out)",
    ]
    assert benchmarked({**least, "won": 0.81}, calls, chat, evaluated()).answer == "do not release"


def test_what_nothing_in_a_layer_measured_is_asked_of_all_of_it():
    found = benchmarked(
        {"accuracy": 0, "speed": 0}, bench({"accuracy": {"value": 1, "low": 1, "high": 1}}), evaluated()
    )
    assert found.answer == "not decidable"
    assert [gap.split(": ")[1] for gap in found.gaps] == ["speed (b.json)", "speed (out)"]


def test_what_one_result_of_a_benchmark_has_is_asked_of_its_other_results():
    figure = {"value": 0.9, "low": 0.8, "high": 0.95}
    whole, half = bench({"accuracy": figure, "won": figure}), bench({"won": figure}, path="again.json")
    found = benchmarked({"accuracy": 0.8, "won": 0.8}, whole, half)
    assert found.gaps == ("benchmarks: accuracy (again.json): the result has no such figure",)


def test_what_one_folder_of_scores_measured_is_asked_of_the_others():
    layer = {
        **POLICY["layers"]["scores"],
        "evidence": ["out", "more"],
        "gate": {"fail_under": {"retriever.recall": 0.8, "tool.exact": 0.8}},
    }
    other = msgspec.structs.replace(evaluated(scorer="tool.exact"), path="more")
    found = decided({**six(), "scores": {"out": evaluated(), "more": other}}, scores=layer)
    assert found.answer == "not decidable"
    assert [gap.split(": ")[1] for gap in found.gaps] == ["tool.exact (out)", "retriever.recall (more)"]


def test_evidence_of_which_nothing_is_asked_is_a_gap():
    found = benchmarked({"retriever.recall": 0.8}, evaluated(), bench({"accuracy": {"value": 1, "low": 1, "high": 1}}))
    assert found.answer == "not decidable"
    assert found.gaps == (
        "benchmarks: missing: the gate asks nothing that b.json measured; name it there, or leave this evidence out",
    )


def test_every_kind_of_evidence_survives_being_kept():
    from traceeval.run._decide import kept

    for layer in six().values():
        for one in layer.values():
            assert msgspec.json.decode(kept(one), type=Evidence) == one


def test_what_some_recordings_do_not_state_is_told():
    assert stated([{"release": "2"}, {"release": "1"}, {}]) == {"release": (NOT_STATED, "1", "2")}
    assert stated([]) == {}
    assert in_fields(["language=en", "system.release=a=b"]) == {"release": "a=b"}
