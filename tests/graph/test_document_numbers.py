"""The numbers a prompt gives its documents."""

import pytest

from traceeval.graph import TraceGraph, build_views
from traceeval.testing import model, retrieval, trace

ONE, TWO, THREE = "Refunds are paid within 14 days.", "Express shipping costs 12 euros.", "Seats can be booked ahead."
DOCS = (("a", ONE), ("b", TWO), ("c", THREE))


def numbers(prompt):
    sample = trace(retrieval(*DOCS), model("x", prompt=[("system", prompt)]))
    passages = build_views(TraceGraph(sample)).answer.passages
    return [passage.label for passage in passages if passage.kind == "chunk"]


@pytest.mark.parametrize("mark", ["[{n}] ", "Document {n}: ", '<document index="{n}">', "{n}. ", "Source #{n} (kb): "])
def test_a_number_before_its_text_is_read_however_it_is_written(mark):
    prompt = "\n".join(mark.format(n=n) + text for n, (_, text) in enumerate(DOCS, 1))
    assert numbers(prompt) == ["1", "2", "3"]


def test_numbers_are_those_of_the_prompt_not_of_the_ranking():
    assert numbers(f"[7] {THREE} [9] {ONE}") == ["7", "9"]


@pytest.mark.parametrize(
    "prompt",
    [
        f"{ONE}\n{TWO}\n{THREE}",
        f"[2] {ONE}\n[1] {TWO}\n[3] {THREE}",
        f"[1] {ONE}\n[1] {TWO}\n[2] {THREE}",
        f"You have 3 tries. {ONE}\n{TWO}\n{THREE}",
    ],
)
def test_without_numbers_or_with_numbers_out_of_order_nothing_is_read(prompt):
    assert set(numbers(prompt)) == {None}


def test_a_document_without_a_number_among_numbered_ones_has_none():
    assert numbers(f"[1] {ONE} {TWO} [2] {THREE}") == ["1", None, "2"]
