"""The example application against a worse version of it, as ``make demo-compare`` runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from traceeval.cli import main
from traceeval.run import compare_folders

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.soak
def test_the_planted_regressions_are_named_and_no_others(tmp_path):
    from click.testing import CliRunner

    for version in ("1.0.0", "1.1.0"):
        traces = tmp_path / f"traces-{version}"
        command = [sys.executable, "-m", "examples.support_desk.two_versions", str(traces), version]
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
        told = ["evaluate", str(traces), "--gold", str(traces / "gold.jsonl"), "--out", str(tmp_path / version)]
        tools = ["--tools", str(ROOT / "examples/support_desk/tools.yaml"), "--quiet"]
        assert CliRunner().invoke(main, [*told, *tools]).exit_code == 0
    found = compare_folders(tmp_path / "1.0.0", tmp_path / "1.1.0")
    assert {one.metric for one in found.changes if one.verdict != "undecided"} == {"reranker.lift", "tokens"}
    others = {one.metric for one in (*found.others, *found.findings) if one.verdict != "undecided"}
    assert others == {"reranker.harm", "reranker.loss", "reranker.masked_failure"}
    assert next(one for one in found.changes if one.metric == "right").value == 0
