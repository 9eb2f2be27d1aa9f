"""Citations against the passages as they were shown."""

import pytest
from tests.scorers.generator._citations import BRIDGE, FIRST, LEASE, RULES, SECOND

from traceeval.graph import TraceGraph, build_views
from traceeval.judge import Desk, drive
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.measures.citations import citations_in
from traceeval.model import Partial
from traceeval.scorers.generator.cited_right import cited_right
from traceeval.testing import check_scorer, hits, model, retrieval, trace, user

MARKS = {"numbers": "[{n}] ", "ids": "[{doc}] ", "plain": ""}


def read(passages, answer, shown="numbers", marks=None):
    lines = [(marks or MARKS[shown]).format(n=n, doc=doc) + text for n, (doc, text) in enumerate(passages, 1)]
    prompt = [("system", "Context:\n" + "\n".join(lines)), ("user", "Tell me.")]
    sample = trace(
        user("Tell me."), retrieval(*passages), model(answer, prompt=prompt), question="Tell me.", answer=answer
    )
    return drive(cited_right(build_views(TraceGraph(sample)).answer), Desk(LexicalChecker()))


@pytest.mark.parametrize("case", [*FIRST, *SECOND], ids=lambda case: case.name)
def test_citations_are_right_wrong_or_open(case):
    found = read(case.passages, case.answer, case.shown)
    if case.expected is None:
        assert (found.status, found.value) == ("undefined", None)
    elif isinstance(case.expected, tuple):
        assert (found.status, found.bounds) == ("failed", case.expected)
    else:
        assert (found.status, found.value) == ("scored", pytest.approx(case.expected))


@pytest.mark.parametrize("marks", ["Document {n}: ", '<document index="{n}"> ', "{n}. ", "Source {n} (kb): "])
def test_numbers_are_those_of_the_prompt_however_it_writes_them(marks):
    assert read((LEASE, RULES), "Quiet hours last from 10 pm until 6 am [2].", marks=marks).value == 1


def test_a_prompt_that_counts_from_another_number_is_believed():
    prompt = f"[4] {LEASE[1]}\n[5] {RULES[1]}"
    sample = trace(retrieval(LEASE, RULES), model("The tenant may keep one dog [4].", prompt=[("system", prompt)]))
    view = build_views(TraceGraph(sample)).answer
    assert [passage.label for passage in view.passages] == ["4", "5"]
    assert drive(cited_right(view), Desk(LexicalChecker())).value == 1


def test_what_names_nothing_is_wrong_and_said():
    found = read((LEASE, RULES), "The tenant may keep one dog [9].")
    assert found.why == "citations: 0 of 1 right; not in the prompt: 9"
    (evidence,) = found.evidence
    assert evidence.field == "answer, citing 9 (not in the prompt)"
    assert evidence.quote == "The tenant may keep one dog"


def test_a_passage_that_is_cut_may_say_it_where_it_is_cut():
    from msgspec import structs

    span = retrieval(LEASE, BRIDGE)
    cut = tuple(structs.replace(hit, text=Partial(state="cut", value=hit.text)) for hit in hits(LEASE, BRIDGE))
    sample = trace(
        structs.replace(span, body=structs.replace(span.body, hits=cut)),
        model("The lift was renewed by a firm from Graz [1].", prompt=[("system", f"[1] {LEASE[1]} [2] {BRIDGE[1]}")]),
    )
    found = drive(cited_right(build_views(TraceGraph(sample)).answer), Desk(LexicalChecker()))
    assert (found.status, found.bounds) == ("failed", (0.0, 1.0))


def test_without_a_recorded_prompt_citations_cannot_be_looked_up():
    sample = trace(retrieval(LEASE), model("The tenant may keep one dog [1]."))
    found = drive(cited_right(build_views(TraceGraph(sample)).answer), Desk(LexicalChecker()))
    assert found.status == "failed"
    assert found.why.startswith("missing_evidence")


def test_an_answer_without_marks_is_undefined_whatever_was_recorded():
    sample = trace(retrieval(LEASE), model("The tenant may keep one dog."))
    found = drive(cited_right(build_views(TraceGraph(sample)).answer), Desk(LexicalChecker()))
    assert found.status == "undefined"


def test_a_wall_of_marks_is_read_in_bounded_time():
    assert len(citations_in("[1]" * 50_000).marks) == 200
    assert len(citations_in("(source: " + "a" * 50_000).marks) == 0


def test_the_contract_holds():
    check_scorer("generator.cited_right")
