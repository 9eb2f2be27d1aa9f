"""The example traces: what is planted, and that they can be made again."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from benchmarks.suites import planted

import traceeval
from traceeval.model import trace_hash

ROOT = Path(__file__).resolve().parents[2]
TRACES = ROOT / "traces"
LABELS = [json.loads(line) for line in (TRACES / "labels.jsonl").read_text().splitlines()]


def hashes(folder):
    found = traceeval.read(sorted(folder.glob("*.otlp.jsonl")))
    return {one.id: trace_hash(one) for one in found}


@pytest.fixture(scope="module")
def found():
    return planted.run(LABELS, False, TRACES)


def test_there_are_thirteen_kinds_of_faults_and_clean_traces():
    kinds = Counter(row["fault"] for row in LABELS)
    assert len(kinds) == 14
    assert min(kinds.values()) >= 3
    assert sum(kinds.values()) >= 60


def test_labels_and_gold_name_traces_that_are_there():
    known = hashes(TRACES)
    assert {row["trace"] for row in LABELS} == set(known)
    gold = [json.loads(line) for line in (TRACES / "gold.jsonl").read_text().splitlines()]
    assert {row["trace"] for row in gold if "trace" in row} <= set(known)


def test_the_knowledge_base_has_sixty_documents():
    text = (ROOT / "examples" / "support_desk" / "knowledge.md").read_text()
    assert sum(line.startswith("## ") for line in text.splitlines()) >= 60


def test_every_fault_is_found_and_the_right_component_is_blamed(found):
    assert found["metrics"]["precision"]["value"] >= 0.95
    assert found["metrics"]["recall"]["value"] >= 0.95
    assert found["metrics"]["component_accuracy"]["value"] >= 0.95


def test_each_kind_is_found(found):
    weak = {kind: m["recall"]["value"] for kind, m in found["subsets"].items() if m["recall"]["value"] < 0.95}
    assert weak == {}


def test_with_gold_withheld_the_right_component_is_among_the_two_suspects(found):
    two = {kind: m["no_gold_top2"]["value"] for kind, m in found["subsets"].items() if kind in planted.CHAIN}
    assert set(two) == planted.CHAIN
    assert min(two.values()) >= 0.75
    assert (
        found["metrics"]["no_gold_top2"]["value"] > found["baselines"]["always retriever and generator"]["no_gold_top2"]
    )
    assert found["metrics"]["no_gold_clean_suspected"]["value"] <= 0.1


def test_a_trace_without_its_gold_has_none():
    from traceeval.model import Diagnostic, Gold, Reference

    gold = Gold(reference=Reference(answer=("x",)), trace="t")
    known = next(iter(traceeval.read([TRACES / "clean.otlp.jsonl"])))
    told = msgspec.structs.replace(known, reference=gold.reference)
    note = Diagnostic(code="x", level="info", text="x")
    assert planted._without_gold(gold) is None
    assert planted._without_gold(told) == known
    assert planted._without_gold(note) is note


def test_a_right_answer_from_no_context_is_a_masked_failure_of_the_retriever(tmp_path):
    labelled = {row["trace"] for row in LABELS if row["fault"] == "no_context_right_answer"}
    tools = traceeval.load_tools(ROOT / "examples" / "support_desk" / "tools.yaml")
    run = traceeval.evaluate(traceeval.read([TRACES]), gold=traceeval.read_gold(TRACES / "gold.jsonl"), tools=tools)
    scores = run.scores
    fallback = scores[(scores.scorer == "generator.fallback") & scores.trace.isin(labelled)]
    assert len(labelled) >= 3
    assert (fallback.value == 1).all()
    masked = [f for f in run.findings if f.code == "retriever.masked_failure"]
    assert {f.subject.trace for f in masked} == labelled
    assert all("parametric" in f.text for f in masked)


def test_they_are_regenerated_with_equal_hashes(tmp_path):
    command = [sys.executable, "-m", "examples.support_desk.make_traces", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    assert hashes(tmp_path) == hashes(TRACES)
    assert (tmp_path / "labels.jsonl").read_text() == (TRACES / "labels.jsonl").read_text()


def test_a_stack_trace_names_no_folder_of_the_machine():
    import sysconfig

    from examples.support_desk.make_traces import placeless

    raised = {"events": [f'File "{sysconfig.get_path("purelib")}/a.py"', f'File "{ROOT}/examples/b.py"', 3]}
    assert placeless(raised) == {"events": ['File "site-packages/a.py"', 'File "./examples/b.py"', 3]}
    assert not any('File \\"/' in path.read_text() for path in TRACES.glob("*.jsonl"))
