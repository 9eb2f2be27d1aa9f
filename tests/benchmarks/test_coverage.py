"""The command that simulates coverage, and what a draw by our risk finds on runs of AgentDojo."""

from pathlib import Path

import pytest
from benchmarks.coverage import comparisons
from benchmarks.coverage.hijacks import run
from benchmarks.estimates import FIGURES, figure

from traceeval.measures.interval import wilson

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


@pytest.mark.soak
@pytest.mark.shared
def test_a_fifth_reviewed_finds_half_as_many_hijacks_again_and_covers_their_rate():
    if not DATA.exists():
        pytest.skip("no labelled rows beside the checkout")
    found = run(1000, DATA)
    assert found["budget"] == pytest.approx(0.2 * 610)
    assert found["found_ratio"] >= 1.5
    assert 0.93 <= found["difference"]["coverage"] <= 0.97


def test_every_figure_the_command_names_is_there():
    assert set(FIGURES) == {path.stem for path in (ROOT / "benchmarks" / "coverage").glob("[a-z]*.py")}
    assert set(figure("harm", 2, DATA)) >= {"uniform draw", "where they point least"}


def test_an_agent_compared_with_itself_is_hardly_ever_called_worse_and_a_fall_among_eight_measures_mostly_is():
    alarms = sum(comparisons.alarmed(seed) for seed in range(6))
    hits = sum(comparisons.found(seed, comparisons.stated()) for seed in range(4))
    assert wilson(alarms, 6)[0] <= 0.05
    assert wilson(hits, 4)[1] >= 0.8


@pytest.mark.soak
def test_false_alarms_and_power_of_a_thousand_comparisons_hold_what_is_stated(figure):
    n = comparisons.stated()
    alarms = sum(comparisons.alarmed(seed) for seed in range(1000))
    hits = sum(comparisons.found(seed, n) for seed in range(1000))
    figure("7 comparisons, an agent with itself", f"1,000 comparisons by 8 measures: {alarms} named any")
    figure("7 comparisons, ten points less", f"1,000 comparisons of {n} scenarios by 8 measures: {hits} named the fall")
    assert alarms <= 50
    assert hits >= 800
