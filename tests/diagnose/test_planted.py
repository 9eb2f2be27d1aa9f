"""Planted maskings and their clean twins: which component was hidden, by what, and what the prompt held instead."""

import sys

import pytest
from tests.diagnose._planted import CASES, KINDS

from traceeval.risk import load_policy
from traceeval.run import Setup, examine

KIT = Setup(policy=load_policy()).load()


def dossier(trace):
    return examine(trace, KIT).dossier


def hidden(trace):
    """(component, compensator) of every masked failure that was found."""
    found = dossier(trace).findings
    return {(f.component.value, f.compensator) for f in found if f.code.endswith("masked_failure")}


def instead(trace):
    """The kinds of fallback that the score tells, empty where it is 0 or undefined."""
    score = dossier(trace).score("generator.fallback")
    return {told.split()[0] for told in score.why.partition(":")[0].split(", ")} if score.value else set()


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_five_of_every_kind_in_words_of_their_own(kind):
    assert len(KINDS[kind]) >= 5
    assert len({case.question for case in KINDS[kind]}) == len(KINDS[kind])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_hidden_component_is_named_with_what_compensated(case):
    assert hidden(case.planted()) == {(case.component, case.compensator)}


@pytest.mark.parametrize("case", [c for c in CASES if c.instead], ids=lambda case: case.id)
def test_the_kind_of_fallback_is_named(case):
    assert instead(case.planted()) == {case.instead}
    assert dossier(case.planted()).value("generator.fallback") == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_its_clean_twin_hides_nothing(case):
    assert hidden(case.twin()) == set()
    assert instead(case.twin()) == set()
    assert dossier(case.twin()).value("generator.correct") == 1


def precision_recall(labels):
    """(precision, recall) over (planted labels, found labels) of every trace."""
    hits = sum(len(planted & found) for planted, found in labels)
    found, planted = sum(len(found) for _, found in labels), sum(len(planted) for planted, _ in labels)
    return hits / found, hits / planted


@pytest.mark.parametrize("kind", KINDS)
def test_precision_and_recall_are_one(kind, capsys):
    cases = KINDS[kind]
    masked = [({(case.component, case.compensator)}, hidden(case.planted())) for case in cases]
    masked += [(set(), hidden(case.twin())) for case in cases]
    told = {"masked": precision_recall(masked)}
    if cases[0].instead:
        kinds = [({case.instead}, instead(case.planted())) for case in cases]
        told["fallback"] = precision_recall([*kinds, *((set(), instead(case.twin())) for case in cases)])
    with capsys.disabled():
        sys.stdout.write(f"\n{kind}: {len(cases)} planted, {len(cases)} clean:")
        for what, (precision, recall) in told.items():
            sys.stdout.write(f" {what} precision {precision:.2f}, recall {recall:.2f};")
    assert set(told.values()) == {(1.0, 1.0)}


def test_the_generator_is_told_apart_by_what_carried_it():
    assert {case.compensator for case in KINDS["carried"]} == {"retrieval"}
    assert {case.compensator for case in KINDS["carried_by_tool"]} == {"tool"}


@pytest.mark.parametrize("case", [*KINDS["carried"], *KINDS["carried_by_tool"]], ids=lambda case: case.id)
def test_blame_of_a_carried_generator_falls_on_it_alone_and_is_not_counted_twice(case):
    found = dossier(case.planted())
    assert [(share.component.value, share.share, share.masked) for share in found.blame] == [("generator", 1.0, True)]
    (finding,) = [f for f in found.findings if f.code == "generator.masked_failure"]
    assert finding.subsumed_by == "generator.unsupported_claim"
