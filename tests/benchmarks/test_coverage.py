"""The command that simulates coverage, and what a draw by our risk finds on runs of AgentDojo."""

from pathlib import Path

import pytest
from benchmarks.coverage.hijacks import run
from benchmarks.estimates import FIGURES, figure

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
