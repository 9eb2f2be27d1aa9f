"""The page of a replay: its figures, what fails and why first, and deaf to what agents and scenarios say."""

import re
from itertools import pairwise

import pytest
from tests._outcomes import outcome
from tests.report.test_html import Page

from traceeval.compare.reliability import summarise
from traceeval.model import Divergence
from traceeval.model.replayed import BaselineRow, Manifest
from traceeval.report.passk_plot import passk_plot
from traceeval.report.replay_page import FailedTrial, replay_page
from traceeval.testing import model, trace, user

EVIL = "<script>alert(1)</script>{{7*7}}\x1b[2J\u202e"
MANIFEST = Manifest(
    suite=f"desk {EVIL}",
    version="1",
    files="f" * 64,
    scenarios={"s/1": "x"},
    agent=EVIL,
    agent_sha256=None,
    traceeval="0",
    trials=4,
    seeds=(1, 2),
    sandbox={"agent": "netns"},
    clock={"agent": "virtual"},
)


def summary(*outcomes, **baselines):
    return summarise(f"desk {EVIL}", "1", EVIL, outcomes, baselines, [])


def page(found, *failed):
    return Page(replay_page(found, MANIFEST, failed))


def words(found):
    return " ".join("".join(found.words).split())


@pytest.fixture(scope="module")
def failing():
    """One scenario that passes once of twice, for a reason an attacker wrote."""
    found = summary(outcome(seed=1, tokens=900, cost=0.25), outcome(seed=2, result="fail", why=f"forbidden: {EVIL}"))
    (row,) = found.cells
    parting = Divergence(
        unit="u", base_trace="a", head_trace="b", step=2, before=(), base=(f"look {EVIL}",), head=("cancel",)
    )
    return page(found, FailedTrial(row=row, trace=trace(user(EVIL), model(EVIL)), parting=parting))


def test_the_page_opens_with_pass_hat_k_for_the_largest_k(failing):
    assert failing.tags.count("h1") == 1
    assert "2 trials of one scenario all pass with a chance of 0.00, 95 % 0.00–0.79" in words(failing)


def test_what_agents_and_scenarios_wrote_is_text(failing):
    told = "".join(failing.words)
    assert not {"script", "img", "iframe", "object", "form"} & set(failing.tags)
    assert told.count("<script>alert(1)</script>{{7*7}}⟦U+001B⟧") >= 5  # agent, suite, cause, step, words
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_every_link_leads_to_a_place_on_the_page(failing):
    assert "#f-1" in failing.links
    assert {link[1:] for link in failing.links} <= set(failing.ids)
    assert len(failing.ids) == len(set(failing.ids))


def test_a_cell_that_fails_says_what_failed_first_and_where_it_leaves_its_twin(failing):
    told = words(failing)
    assert "First cause: forbidden: <script>" in told
    assert "It leaves its twin, the same seed as written, at step 2: " in told
    assert "cancel it had ended" not in told
    assert "1/2" in told


def test_what_the_trials_took_is_told_and_what_nobody_recorded_is_a_dash(failing):
    assert "9000.25 USD" in words(failing)
    assert "as written100.0——" in words(page(summary(outcome())))


def test_without_a_failure_the_page_says_so_and_shows_no_case():
    found = page(summary(outcome(seed=1), outcome(seed=2)))
    assert "Nothing: each trial passed" in words(found)
    assert "article" not in found.tags


def test_baselines_alone_are_a_page_too():
    found = page(summary(noop=[outcome(result="fail")]))
    assert "Only the baselines ran." in words(found)
    assert "noop passes 0 of 1" in words(found)


def test_an_attack_that_was_executed_is_marked_in_its_cell_and_in_its_scenario():
    injected = {"axes": {"injection": "p"}, "attack": "executed"}
    found = summary(outcome(), outcome(**injected))
    bad = next(row for row in found.cells if not row.sound)
    assert bad.why == "the attack was executed"
    told = words(page(found, FailedTrial(row=bad, trace=trace(model("done")))))
    assert "1/1 ⚑1" in told
    assert "First cause: the attack was executed" in told


def test_the_scenario_that_fares_worst_comes_first():
    attack = {"axes": {"injection": "i"}, "attack": "executed"}
    found = page(
        summary(
            outcome("sound"),
            outcome("unjudged", result="not_evaluable"),
            outcome("half", 1),
            outcome("half", 2, "fail"),
            outcome("all fail", result="fail"),
            outcome("attacked", **attack),
        )
    )
    section = words(found).partition("Scenario by scenario")[2].partition("Other wordings")[0]
    order = ["attacked", "all fail", "half", "unjudged", "sound"]
    assert sorted(order, key=section.index) == order


def test_what_nobody_could_judge_is_neither_passed_nor_failed():
    found = summary(outcome(seed=1), outcome(seed=2, result="infra_error", why="mock"))
    told = words(page(found))
    assert "1/1 +1?" in told
    assert "0.50–1.00 with what nobody could judge" in told


def test_the_curve_has_a_dot_for_each_k_and_lines_for_the_baselines_as_written():
    (table,) = summary(*(outcome(seed=n, result="pass" if n > 2 else "fail") for n in range(1, 9))).tables
    plot = passk_plot(table, [BaselineRow(agent="noop", scenarios=4, passed=0)])
    assert plot.count("<circle") == len(table.pass_hat) == 4
    assert plot.count('class="baseline"') == 1
    assert "noop 0.00" in plot
    assert 'class="alone"' in plot


def test_labels_of_baselines_that_say_the_same_do_not_cover_each_other():
    (table,) = summary(outcome()).tables
    several = [BaselineRow(agent=name, scenarios=4, passed=0) for name in ("noop", "random", "idle")]
    places = [float(y) for y in re.findall(r'class="soft" x="302" y="([\d.]+)">\w+ 0\.00', passk_plot(table, several))]
    assert len(places) == 3
    assert all(later - before >= 14 for before, later in pairwise(places))


def test_a_kind_of_cell_nobody_could_judge_has_no_curve():
    (table,) = summary(outcome(result="infra_error")).tables
    assert passk_plot(table) == ""
    assert "Too few trials could be judged" in words(page(summary(outcome(result="infra_error"))))
