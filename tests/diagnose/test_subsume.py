"""One finding of an event is on top; the others stay listed below it, told which one says it."""

from traceeval.diagnose import subsume, top_finding, weaker_than
from traceeval.model import Component, Finding, Subject
from traceeval.registry import Diagnosis


def finding(code, key="", severity=3, **fields):
    component = Component(code.partition(".")[0])
    return Finding(
        code=code, component=component, subject=Subject(trace="t"), severity=severity, text="x", key=key, **fields
    )


def rule(code, *subsumes):
    return Diagnosis(name=code, call=lambda dossier: (), severity=3, subsumes=subsumes)


RULES = weaker_than((rule("tool.duplicate_write", "planner.repeated_call"), rule("planner.repeated_call")))


def marks(*findings):
    return {(f.code, f.key): f.subsumed_by for f in subsume(findings, RULES)}


def test_a_declared_code_of_the_same_event_is_subsumed():
    told = marks(finding("planner.repeated_call", "c1"), finding("tool.duplicate_write", "c1"))
    assert told == {("tool.duplicate_write", "c1"): None, ("planner.repeated_call", "c1"): "tool.duplicate_write"}


def test_another_event_is_not():
    assert set(marks(finding("planner.repeated_call", "c1"), finding("tool.duplicate_write", "c2")).values()) == {None}


def test_a_finding_about_the_whole_trace_covers_every_event():
    told = marks(finding("planner.repeated_call", "c1"), finding("tool.duplicate_write"))
    assert told["planner.repeated_call", "c1"] == "tool.duplicate_write"


def test_what_was_repaired_or_is_unknown_subsumes_nothing():
    repaired = finding("tool.duplicate_write", "c1", repaired=True)
    unknown = finding("tool.duplicate_write", "c1", state="unknown")
    for weaker in (repaired, unknown):
        assert marks(finding("planner.repeated_call", "c1"), weaker)["planner.repeated_call", "c1"] is None


def test_a_masked_failure_says_that_its_own_component_lost_the_gold():
    masked = finding("retriever.masked_failure", "masked", masked=True)
    told = marks(finding("retriever.missed_gold", "gold"), finding("reranker.dropped_gold", "gold"), masked)
    assert told["retriever.missed_gold", "gold"] == "retriever.masked_failure"
    assert told["reranker.dropped_gold", "gold"] is None


def test_an_answer_from_memory_says_that_the_claim_is_unsupported():
    claim = finding("generator.unsupported_claim", "claim-1", severity=4)
    memory = finding("retriever.masked_failure", "masked", masked=True, compensator="parametric")
    chunk = finding("retriever.masked_failure", "masked", masked=True, compensator="other_chunk")
    assert marks(claim, memory)["generator.unsupported_claim", "claim-1"] == "retriever.masked_failure"
    assert marks(claim, chunk)["generator.unsupported_claim", "claim-1"] is None


def test_marking_twice_changes_nothing():
    once = subsume([finding("planner.repeated_call", "c1"), finding("tool.duplicate_write", "c1")], RULES)
    assert subsume(once, RULES) == once


def test_the_top_is_severe_unsubsumed_early_and_a_defect():
    listed = subsume(
        [
            finding("generator.ignored_evidence", "e", severity=4),
            finding("retriever.missed_gold", "gold", severity=4),
            finding("guard.unconfirmed_write", "w", severity=5, state="unknown"),
            finding("planner.ignored_error", "p", severity=5, repaired=True),
        ],
        RULES,
    )
    assert top_finding(listed).code == "retriever.missed_gold"
    assert listed[-1].state == "unknown"
    assert top_finding([]) is None
