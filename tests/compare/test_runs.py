"""Run against run: what is paired, what is proven, and what nobody can tell."""

import numpy as np
import pandas as pd
import pytest

from traceeval.compare import Metric, RunTables, compare_runs
from traceeval.compare._divergence import Steps, parting
from traceeval.compare._units import pair
from traceeval.model import Side

RIGHT, RECALL = Metric(name="right"), Metric(name="retriever.recall", component="retriever")
TOKENS = Metric(name="tokens", better="lower")


def traces(n, **columns):
    """``n`` traces with everything known; ``columns`` say what is otherwise."""
    table = {
        "trace": [f"t{at}" for at in range(n)],
        "scenario": [None] * n,
        "trial": [None] * n,
        "title": [None] * n,
        "inputs": [f"said {at}" for at in range(n)],
        "right": [True] * n,
        "tokens_in": [100] * n,
        "tokens_out": [20] * n,
        "cost": [0.01] * n,
        "seconds": [1.5] * n,
        "calls": [2] * n,
        "codes": [[] for _ in range(n)],
        "fields": [[] for _ in range(n)],
        "steps": [["find(1)", "send(2)"] for _ in range(n)],
        **columns,
    }
    return pd.DataFrame(table)


def scores(table, values, status="scored", name="retriever.recall", ends=(0.0, 1.0)):
    statuses = [status] * len(table) if isinstance(status, str) else status
    failed = [one == "failed" for one in statuses]
    return pd.DataFrame(
        {
            "trace": table["trace"],
            "scorer": name,
            "value": [value if one == "scored" else None for value, one in zip(values, statuses, strict=True)],
            "status": statuses,
            "lower": [ends[0] if one else None for one in failed],
            "upper": [ends[1] if one else None for one in failed],
        }
    )


NONE = pd.DataFrame(columns=["trace", "scorer", "value", "status", "lower", "upper"])


def run(table, *rows):
    told = pd.concat(rows, ignore_index=True) if rows else NONE
    return RunTables(side=Side(name="x", created="now", traces=len(table)), traces=table, scores=told)


def compared(base, head, *asked, **options):
    return compare_runs(base, head, asked=asked, **options)


def one(base, head, metric, **options):
    return next(found for found in compared(base, head, metric, **options).changes if found.metric == metric.name)


def test_a_run_against_itself_shows_nothing():
    table = traces(
        40, right=[at % 3 > 0 for at in range(40)], codes=[["tool.loop"] if at % 2 else [] for at in range(40)]
    )
    mine = run(table, scores(table, np.linspace(0, 1, 40)))
    found = compared(mine, mine, RIGHT, RECALL, TOKENS)
    assert {one.verdict for one in (*found.changes, *found.others, *found.findings)} == {"undecided"}
    assert {one.value for one in found.changes} == {0.0}
    assert (found.slices, found.divergences, found.parted) == ((), (), 0)


def test_a_drop_is_a_regression_with_those_who_lost_most_first():
    table = traces(30)
    base, head = np.full(30, 0.9), np.full(30, 0.7)
    head[[4, 9]] = 0.1, 0.3
    found = one(run(table, scores(table, base)), run(table, scores(table, head)), RECALL)
    assert found.verdict == "regressed"
    assert [unit.base_trace for unit in found.worst[:2]] == ["t4", "t9"]
    assert (found.hurt, found.helped, found.best) == (30, 0, ())
    assert found.least_gain == found.low


def test_where_less_is_better_more_is_a_regression():
    base, head = traces(20), traces(20, tokens_in=[130 + at % 3 for at in range(20)])
    found = one(run(base), run(head), TOKENS)
    assert found.verdict == "regressed"
    assert found.gain == -found.value
    assert (found.hurt, found.helped) == (20, 0)
    assert len(found.worst) == 10
    assert found.least_gain == -found.high


def test_cases_are_paired_by_scenario_and_trial_whatever_their_order():
    base = traces(12, scenario=[f"s{at // 2}" for at in range(12)], trial=[f"{at % 2}" for at in range(12)])
    head = base.sample(frac=1, random_state=3).reset_index(drop=True).assign(trace=lambda table: "h" + table["trace"])
    paired = pair(base, head)
    assert paired.units == [f"scenario:s{at}" for at in range(6)]
    assert paired.trials
    assert (paired.only_base, paired.only_head, paired.doubled) == ((), (), ())


def test_trials_that_only_one_side_has_are_left_out():
    base = traces(4, scenario=["s"] * 4, trial=["1", "2", "3", "4"], right=[True, True, False, False])
    head = traces(2, scenario=["s"] * 2, trial=["1", "2"])
    assert pair(base, head).base["trial"].tolist() == ["1", "2"]


def test_a_trial_recorded_twice_leaves_its_case_out_and_is_named():
    base = traces(3, scenario=["a", "a", "b"], trial=["1", "1", "1"])
    paired = pair(base, traces(2, scenario=["a", "b"], trial=["1", "1"]))
    assert paired.doubled == ("a",)
    assert paired.units == ["scenario:b"]


def test_cases_without_a_partner_are_named_and_left_out():
    base, head = traces(9), traces(9, inputs=[f"said {at + 2}" for at in range(9)])
    found = compared(run(base), run(head), RIGHT)
    assert found.units == 7
    assert found.only_base == ("t0", "t1")
    assert found.only_head == ("t7", "t8")


def test_where_nothing_was_said_the_trace_id_pairs():
    table = traces(7, inputs=[None] * 7)
    assert compared(run(table), run(table), RIGHT).paired_by == {"trace": 7}


def test_the_same_question_asked_again_is_a_trial_of_one_case():
    """Eight recordings of two questions are two cases: far too few for any number."""
    table = traces(8, inputs=["a", "b"] * 4)
    found = one(run(table), run(table.assign(right=False)), RIGHT)
    assert (found.n, found.value, found.verdict) == (2, None, "undecided")
    assert found.why == "insufficient_pairs: 2 of at least 6"
    assert found.least_gain is None


def test_failed_scores_that_could_turn_it_leave_it_undecided():
    """Ten of thirty fell from .9 to .8; of six the head failed, and they may hold anything from 0 to 1."""
    table = traces(30)
    base = scores(table, np.full(30, 0.5))
    head_values = np.full(30, 0.4)
    sure = one(run(table, base), run(table, scores(table, head_values)), RECALL)
    assert sure.verdict == "regressed"
    open_ = one(run(table, base), run(table, scores(table, head_values, ["failed"] * 9 + ["scored"] * 21)), RECALL)
    assert (open_.verdict, open_.failed) == ("undecided", 9)
    assert open_.lower < 0 < open_.upper
    assert "could turn it" in open_.why
    assert open_.least_gain < sure.least_gain


def test_a_failed_score_without_a_range_leaves_everything_open():
    table = traces(30)
    failed = scores(table, np.full(30, 0.1), ["failed"] + ["scored"] * 29, ends=(None, None))
    found = one(run(table, scores(table, np.full(30, 0.9))), run(table, failed), RECALL)
    assert (found.verdict, found.lower, found.upper) == ("undecided", None, None)


def test_more_failed_scores_are_themselves_a_change():
    table = traces(40)
    base = scores(table, np.full(40, 0.5))
    head = scores(table, np.full(40, 0.5), ["failed"] * 12 + ["scored"] * 28)
    (status,) = one(run(table, base), run(table, head), RECALL).statuses
    assert (status.status, status.base, status.head) == ("failed", 0.0, 0.3)


def test_equal_is_said_only_within_a_stated_margin():
    table, rng = traces(60), np.random.default_rng(5)
    base = rng.random(60)
    head = base + rng.normal(0, 0.01, 60)
    sides = run(table, scores(table, base)), run(table, scores(table, head))
    assert one(*sides, RECALL).verdict == "undecided"
    assert one(*sides, Metric(name="retriever.recall", margin=0.05)).verdict == "equivalent"
    assert one(*sides, Metric(name="retriever.recall", margin=0.0001)).verdict == "undecided"


def test_a_mean_within_the_margin_is_not_equal_while_its_interval_reaches_out():
    table, rng = traces(20), np.random.default_rng(5)
    noise = rng.normal(0, 0.2, 20)
    base, head = np.full(20, 0.5), 0.5 + noise - noise.mean()
    found = one(
        run(table, scores(table, base)), run(table, scores(table, head)), Metric(name="retriever.recall", margin=0.05)
    )
    assert abs(found.value) < 1e-9
    assert found.verdict == "undecided"


def test_a_finding_that_came_and_one_that_went_are_told():
    base = traces(30, codes=[["tool.loop"] for _ in range(30)])
    head = traces(30, codes=[["guard.leak"] for _ in range(30)])
    found = {one.metric: one for one in compared(run(base), run(head), RIGHT).findings}
    assert found["guard.leak"].verdict == "regressed"
    assert found["tool.loop"].verdict == "improved"
    assert (found["tool.loop"].base, found["tool.loop"].head) == (1.0, 0.0)


def test_a_slice_that_changed_is_named_though_the_whole_does_not_move_alike():
    fields = [
        ["language=de", "system.release=1"] if at % 2 else ["language=en", "system.release=1"] for at in range(60)
    ]
    base = traces(60, fields=fields)
    head = traces(60, fields=fields, right=[at % 2 == 0 for at in range(60)])
    (found,) = compared(run(base), run(head), RIGHT).slices
    assert (found.field, found.value, found.change.verdict, found.change.n) == ("language", "de", "regressed", 30)


def test_what_describes_a_version_is_no_slice_and_a_field_counts_only_where_both_sides_have_it():
    half = [["system.release=1", "tier=gold"] if at % 2 else [] for at in range(60)]
    base = traces(60, fields=half)
    head = traces(60, fields=[["system.release=1"] if at % 2 else [] for at in range(60)], right=[False] * 60)
    assert compared(run(base), run(head), RIGHT).slices == ()


def test_the_first_step_that_differs_is_shown_with_what_stood_before_it():
    base = Steps("case", "b", ["find(1)", "read(2)", "send(3)", "end()"])
    found = parting(base, Steps("case", "h", ["find(1)", "read(2)", "send(4)"]))
    assert (found.step, found.before) == (3, ("find(1)", "read(2)"))
    assert (found.base, found.head) == (("send(3)", "end()"), ("send(4)",))
    assert parting(base, base) is None
    assert parting(base, Steps("case", "h", base.steps[:2])).head == ()


def test_many_measures_are_corrected_together():
    """Eleven of sixteen fell: alone that is p = .0386 by the vector of McNemar; among eight measures it is not enough."""
    table = traces(40)
    head = np.ones(40)
    head[:10] = 0.0
    base = np.ones(40)
    base[10:12] = 0.0
    names = [f"retriever.m{at}" for at in range(7)]
    noise = [scores(table, np.ones(40), name=name) for name in names]
    sides = run(table, scores(table, base), *noise), run(table, scores(table, head), *noise)
    alone = one(*sides, RECALL)
    among = compared(*sides, RECALL, *(Metric(name=name) for name in names)).changes[0]
    assert alone.adjusted == pytest.approx(0.038574, abs=5e-7)
    assert alone.verdict == "regressed"
    assert among.adjusted == pytest.approx(8 * alone.p)
    assert among.verdict == "undecided"
    assert among.detectable > alone.detectable
    assert among.needed > alone.needed > 40


def test_where_no_p_could_be_small_enough_that_is_said_and_no_difference_is_called_detectable():
    """Six cases that all fall are p = .031: proof of one measure, never of eight."""
    table, names = traces(6), [f"retriever.m{at}" for at in range(7)]
    same = [scores(table, np.ones(6), name=name) for name in names]
    sides = run(table, scores(table, np.ones(6)), *same), run(table, scores(table, np.arange(6) / 10), *same)
    found = compared(*sides, RECALL, *(Metric(name=name) for name in names)).changes[0]
    assert (found.verdict, found.detectable) == ("undecided", None)
    assert found.why == "no difference could show: 6 pairs are too few for so many measures"
    assert one(*sides, RECALL).verdict == "regressed"


def test_costs_in_money_are_no_share_however_small():
    head = traces(12, cost=[0.01 + at / 1000 for at in range(12)], right=[at > 1 for at in range(12)])
    found = compared(run(traces(12)), run(head), RIGHT, Metric(name="cost", better="lower")).changes
    assert [one.needed is None for one in found] == [False, True]
