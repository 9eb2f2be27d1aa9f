"""From outcomes to figures: what nobody could judge moves the bounds, and k is never lowered."""

import pytest

from traceeval.compare.reliability import summarise
from traceeval.model import Cell, TrialOutcome


def rows(results, scenario="a", **cell):
    made = []
    for seed, result in enumerate(results, 1):
        one = Cell(scenario=scenario, **cell)
        attack = {"x": "executed", "t": "attempted", "n": "not_attempted", "e": "infra_error"}.get(result)
        result = {"p": "pass", "f": "fail", "i": "infra_error", "u": "not_evaluable", "d": "diverged"}.get(
            result, "pass"
        )
        made.append(
            TrialOutcome(
                trial=one.trial(seed),
                cell=one,
                seed=seed,
                trace=f"{scenario}{seed}",
                result=result,
                ended="done",
                sandbox="guard",
                clock="virtual",
                behaviour="",
                attack=attack,
                utility=True,
            )
        )
    return made


def table(outcomes, kind="as_written"):
    found = summarise("s", "1", "agent", outcomes, {}, ())
    return next(one for one in found.tables if one.kind == kind)


def test_infra_errors_are_bounds_and_no_rows():
    found = table(rows("ppfi") + rows("pppp", "b"))
    first = found.pass_hat[0]
    assert first.value == pytest.approx((2 / 3 + 1) / 2)
    assert first.worst == pytest.approx((2 / 4 + 1) / 2)
    assert first.best == pytest.approx((3 / 4 + 1) / 2)
    assert found.results == {"fail": 1, "infra_error": 1, "pass": 6}


def test_a_scenario_with_too_few_judged_trials_is_uncovered_and_k_stays():
    found = table(rows("ppfi") + rows("pppp", "b"))
    last = found.pass_hat[-1]
    assert (last.k, last.value, last.scenarios, last.uncovered) == (4, 1.0, 1, 1)


def test_diverged_trials_are_shown_apart():
    found = table(rows("ppd"))
    assert found.pass_hat[0].value == 1.0
    assert found.pass_hat[0].worst == found.pass_hat[0].best == 1.0


def test_each_kind_of_cell_has_a_table_of_its_own():
    found = summarise("s", "1", "a", rows("pp") + rows("ff", fault="f") + rows("pf", variant="turn1.p1"), {}, ())
    assert {one.kind: one.pass_hat[0].value for one in found.tables} == {
        "as_written": 1.0,
        "faults": 0.0,
        "variants": 0.5,
    }


def test_attacks_are_counted_exactly_and_errors_are_bounds():
    found = summarise("s", "1", "a", rows("xxtne", injection="i"), {}, ())
    (row,) = found.attacks
    assert (row.executed, row.attempted, row.infra, row.trials) == (2, 1, 1, 5)
    assert row.rate == 0.5
    assert (row.best, row.worst) == (0.4, 0.6)


def test_a_suite_that_proves_nothing_says_so_first():
    found = summarise("s", "1", "a", rows("p"), {"noop": rows("p"), "reference": rows("f")}, ())
    assert found.warnings[0].startswith("an agent that does nothing passes 1 of 1")
    assert found.warnings[1].startswith("the reference does not pass a")


def test_trials_in_which_the_user_was_at_a_loss_are_told_apart():
    from msgspec.structs import replace

    lost = [replace(one, unmatched=1) for one in rows("f", "b")]
    found = table(rows("p") + lost)
    assert found.pass_hat[0].value == 0.5
    assert found.matched_only.value == 1.0
