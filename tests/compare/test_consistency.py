"""Agents that keep to one answer whatever the words, agents that only waver, and agents that go by the words."""

import numpy as np
import pytest
from tests._outcomes import outcome

from traceeval.compare.consistency import Telling, find_consistency
from traceeval.errors import ConfigError

WORDINGS, TRIALS, PLANTED = (None, "polite", "terse", "typos"), 8, 20


def telling(scenario, wording, seed, result="pass", *, state=None, answer=None, **told):
    made = outcome(scenario, seed, result, axes={"variant": wording} if wording else None, **told)
    return Telling(outcome=made, state=state, answer=answer)


def scenario(name, rates, seed=0, trials=TRIALS):
    """Trials of a scenario whose wordings pass at these rates; the final state and the answer go with it."""
    rng = np.random.default_rng([seed, *name.encode()])
    for wording, rate in rates.items():
        for at in range(1, trials + 1):
            good = rng.random() < rate
            yield telling(
                name, wording, at, "pass" if good else "fail",
                state=("paid=1",) if good else (), answer=frozenset({7.0 if good else 9.0}),
                forbidden=not good,
            )  # fmt: skip


def found(*rows):
    return find_consistency("shop", "agent", ["r"], [one for part in rows for one in part])


def tables(report):
    return {table.by: table for table in report.tables}


def suite(seed, *, planted):
    """Twenty scenarios an agent passes 19 times of 20; in a planted one it fails when told in one wording."""
    rows, truth = [], {}
    for at in range(PLANTED):
        rates = dict.fromkeys(WORDINGS, 0.95)
        if planted:
            truth[f"s/{at}"] = WORDINGS[at % len(WORDINGS)]
            rates[truth[f"s/{at}"]] = 0.05
        rows += scenario(f"s/{at}", rates, seed)
    return rows, truth


def test_twenty_planted_scenarios_are_named_with_their_wording_and_their_clean_twins_are_not():
    rows, truth = suite(1, planted=True)
    named = tables(found(rows))
    clean = tables(found(suite(2, planted=False)[0]))
    for by in ("result", "state", "answer", "assertions"):
        hits = {(group.scenario, row.wording) for group in named[by].groups for row in group.wordings if row.departs}
        false = [group for group in clean[by].groups if group.differs]
        right = hits & set(truth.items())
        assert len(right) >= 0.95 * PLANTED
        assert len(right) / (len(hits) + len(false)) >= 0.95


def test_an_agent_that_only_wavers_is_called_inconsistent_by_nobody_and_its_noise_is_told():
    report = found(*(scenario(f"s/{at}", dict.fromkeys(WORDINGS, 0.5)) for at in range(12)))
    table = tables(report)["result"]
    assert [group for group in table.groups if group.differs] == []
    assert table.between.value == pytest.approx(0.5, abs=0.06)
    assert table.effect.low < 0 < table.effect.high


def test_an_agent_that_goes_by_the_words_has_an_effect_beyond_its_noise():
    report = found(*(scenario(f"s/{at}", {None: 1, "polite": 1, "terse": 0}) for at in range(12)))
    table = tables(report)["result"]
    assert (table.within.value, table.between.value) == (1.0, pytest.approx(1 / 3))
    assert table.effect.low == pytest.approx(2 / 3 * 12 / (12 + 1.96**2), abs=0.2)
    assert all(group.differs for group in table.groups)
    assert {row.wording for group in table.groups for row in group.wordings if row.departs} == {"terse"}


def test_always_wrong_is_consistent_and_its_passes_stand_beside_it():
    (group,) = tables(found(scenario("s", dict.fromkeys(WORDINGS, 0))))["result"].groups
    assert (group.between, group.differs) == (1.0, False)
    assert {(row.passes, row.judged) for row in group.wordings} == {(0, TRIALS)}


def test_the_same_result_in_another_way_is_told_apart():
    """Every trial passes; told politely it pays in two parts."""
    rows = [telling("s", wording, at, state=("a", wording == "polite")) for wording in WORDINGS for at in range(1, 9)]
    told = tables(found(rows))
    assert not told["result"].groups[0].differs
    assert [row.wording for row in told["state"].groups[0].wordings if row.departs] == ["polite"]
    assert "answer" not in told


def test_without_repeats_noise_is_unknown_and_nothing_is_called_a_difference():
    rows = [telling("s", wording, 1, "fail" if wording == "polite" else "pass") for wording in WORDINGS]
    table = tables(found(rows))["result"]
    assert table.groups[0].between == pytest.approx(0.5)
    assert (table.groups[0].within, table.groups[0].effect, table.groups[0].differs) == (None, None, False)
    assert (table.effect.value, table.effect.n) == (None, 0)


def test_what_is_no_paraphrase_is_left_out_and_counted():
    rows = list(scenario("s", {None: 1, "polite": 1}))
    rows += [telling("s", "no receipt", 1, "fail", preserving=False)]
    rows += [telling("s", "liar", 1, "fail", attack="executed")]
    rows += [Telling(outcome=outcome("s", 1, "fail", axes={"fault": "down"}))]
    rows += [telling("s", "polite", 90, "infra_error"), telling("s", "polite", 91, "diverged")]
    report = found(rows)
    assert report.left_out == {
        "under a fault or an attack": 2, "infra_error": 1, "diverged": 1, "it means something else": 1,
    }  # fmt: skip
    assert report.trials == 2 * TRIALS
    assert tables(report)["result"].between.value == 1.0


def test_a_trial_nobody_could_judge_still_has_a_state():
    rows = [telling("s", wording, at, "not_evaluable", state=()) for wording in (None, "polite") for at in (1, 2)]
    assert list(tables(found(rows))) == ["state"]


def test_pass_at_k_goes_over_trials_and_over_wordings():
    """Half of the wordings always pass: two different ones both do with a chance of 1 / 6 * 1."""
    report = found(scenario("s", {None: 1, "polite": 1, "terse": 0, "typos": 0}))
    assert [(one.k, one.value) for one in report.across] == [(2, pytest.approx(1 / 6)), (4, 0.0)]
    by = {table.kind: {one.k: one.value for one in table.pass_hat} for table in report.reliable}
    assert by["as_written"] == {1: 1.0, 2: 1.0, 4: 1.0, 8: 1.0}
    assert by["variants"][8] == pytest.approx(1 / 3)


def test_one_wording_is_nothing_to_compare():
    with pytest.raises(ConfigError, match="no scenario was told in two wordings; `traceeval scenario vary` makes some"):
        found(scenario("s", {None: 1}))
