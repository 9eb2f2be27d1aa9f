"""docs/ci.md: what a team copies runs as it stands, on the main branch first and then on a worse agent's branch."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.replay._run import SHOP, need_netns
from tests.testing.test_cells import AGENT

from traceeval.measures.strict_yaml import documents

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "ci.md").read_text(encoding="utf-8")
GATE, REGRESSION, WORKFLOW = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
TEST = re.findall(r"""write_text\(["']{3}\n(.*?)["']{3}\)""", PAGE, re.DOTALL)[0]
NOT_HERE = ("Install", "Allow network namespaces")


def steps():
    (workflow,) = documents(WORKFLOW, "ci.md")
    return workflow.value["jobs"]["replay"]["steps"]


def copied(folder):
    """A project with six scenarios, and everything the page says to write."""
    suite = folder / "scenarios" / "shop"
    suite.mkdir(parents=True)
    for name in ("mock.py", "tools.yaml"):
        (suite / name).write_bytes((SHOP / name).read_bytes())
    scenario = yaml.safe_load((SHOP / "cancel.yaml").read_text())
    del scenario["user"]["turns"][0]["paraphrases"]
    for number in range(6):
        (suite / f"{number}.yaml").write_text(yaml.safe_dump({**scenario, "id": f"shop/{number}"}))
    (folder / "my_agent.py").write_text(AGENT)
    (folder / "test_shop.py").write_text(TEST)
    assert "lower_bound: 0.80" in GATE
    (folder / "gate.yaml").write_text(GATE.replace("0.80", "0.50"))  # six scenarios show no more
    (folder / "regression.yaml").write_text(REGRESSION)


def build(folder, *, main):
    """Run the steps as the runner does; the names of those run, and of the one that failed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = []
    for step in steps():
        if "run" in step and step["name"] not in NOT_HERE and (main or "if" not in step):
            ran.append(step["name"])
            done = subprocess.run(
                ["bash", "-e", "-c", step["run"]],
                cwd=folder,
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                return ran, done.stdout + done.stderr
    return ran, ""


def test_every_step_runs_something_or_uses_something():
    assert all(("run" in step) != ("uses" in step) for step in steps())
    assert {step["name"] for step in steps() if "run" in step} >= {*NOT_HERE, "Lint the suite", "Cells", "Replay"}


@pytest.mark.soak
def test_the_workflow_passes_on_the_main_branch_and_stops_a_worse_agent(tmp_path):
    need_netns()
    copied(tmp_path)
    ran, told = build(tmp_path, main=True)
    assert told == ""
    assert ran == ["Lint the suite", "Cells", "Replay", "No worse than the main branch", "This is the main branch now"]
    (tmp_path / "replays" / "head").rename(tmp_path / "before")
    assert build(tmp_path, main=False) == (ran[:-1], "")
    (tmp_path / "replays" / "head").rename(tmp_path / "same")
    worse = AGENT.replace('if "any more" in asked', 'if "cancel" in asked')
    (tmp_path / "my_agent.py").write_text(worse)
    ran, told = build(tmp_path, main=False)
    assert ran[-1] == "Cells"
    assert "6 failed" in told
    (tmp_path / "test_shop.py").write_text("def test_none(): pass")
    ran, told = build(tmp_path, main=False)
    assert ran[-1] == "Replay"
    assert "gate failed    forbidden: 24 trials, at most 0" in told
    assert "::error file=scenarios/shop/0.yaml,line=" in told


def test_the_replay_of_the_workflow_holds_its_gate(tmp_path, monkeypatch):
    """The two commands a gate rests on, in this process; all steps are run by the soak."""
    from click.testing import CliRunner

    from traceeval.cli import main

    copied(tmp_path)
    (tmp_path / "gate.yaml").write_text(
        (tmp_path / "gate.yaml").read_text().replace("sandbox: netns", "sandbox: guard")
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (words,) = [step["run"].split() for step in steps() if step.get("name") == "Replay"]
    words[words.index("netns")] = "auto"
    done = CliRunner().invoke(main, [*words[1:], "--engine", "serial", "--baseline", "-"])
    assert done.exit_code == 0, done.output
    assert done.output.count("gate held") == 4
    gated = CliRunner().invoke(main, ["compare", "replays/head", "replays/head", "--gate", "regression.yaml"])
    assert gated.exit_code == 0, gated.output
