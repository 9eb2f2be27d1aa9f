"""Context taken away: answers known by heart are confirmed as such, answers that were read are not."""

import json

import pytest

import traceeval
from traceeval.testing import model, retrieval, trace

TOWNS = (
    "Alford Brecon Caistor Dunster Eyam Frome Goole Hexham Ilkley Jarrow Kelso Ludlow Malton Nairn Otley Penryn Quorn Ripon "
    "Settle Thirsk"
).split()
QUESTION = "When was the bridge of {} opened, and how long is it?"


def facts(number):
    town = TOWNS[number]
    return (
        f"The bridge of {town} was opened in {1801 + 7 * number}.",
        f"The bridge of {town} is {120 + 11 * number} metres long.",
    )


def answered(number):
    """A trace whose prompt holds both facts, each in a chunk of its own, and something beside them."""
    town, (opened, length) = TOWNS[number], facts(number)
    chunks = [("a", opened), ("b", f"{town} has a market on Fridays."), ("c", length)]
    prompt = [("system", "\n".join(text for _, text in chunks)), ("user", QUESTION.format(town))]
    answer = f"{opened} {length}"
    spans = (retrieval(*chunks), model(answer, prompt=prompt))
    return trace(*spans, id=f"t{number}", question=QUESTION.format(town), answer=answer)


BY_HEART = {QUESTION.format(town): " ".join(facts(number)) for number, town in enumerate(TOWNS)}


def parametric(question, passages):
    """Has learnt it, and needs no context."""
    return BY_HEART[question]


def grounded(question, passages):
    """The twin: says the facts it is given, and nothing else."""
    told = [one.text for one in passages if "bridge" in one.text]
    return " ".join(told) or "I do not know."


def half(question, passages):
    """Has learnt the year, and reads the length."""
    read = [one.text for one in passages if "metres" in one.text]
    return f"{BY_HEART[question].partition('. ')[0]}. {read[0]}" if read else "I do not know."


def replayed(replayer, folder):
    run = traceeval.evaluate([answered(number) for number in range(20)], replayer=replayer, out=folder)
    lines = [json.loads(line) for line in (folder / "replays.jsonl").read_text().splitlines()]
    return run.summary().replays, lines


@pytest.mark.parametrize(("replayer", "confirmed"), [(parametric, 20), (grounded, 0)])
def test_twenty_parametric_answers_are_confirmed_and_no_grounded_twin(tmp_path, replayer, confirmed):
    totals, lines = replayed(replayer, tmp_path / "out")
    assert sum(line["closed"]["status"] == "unchanged" for line in lines) == confirmed
    assert (totals.from_memory.n, totals.from_memory.value, totals.failed) == (20, confirmed / 20, 0)


def test_each_chunk_a_grounded_answer_rests_on_changes_it(tmp_path):
    totals, lines = replayed(grounded, tmp_path / "out")
    assert {tuple(one["dropped"]) for line in lines for one in line["chunks"]} == {("a",), ("c",)}
    assert (totals.unused.value, totals.unused.n) == (0.0, 40)


def test_a_chunk_whose_fact_is_known_by_heart_is_unused(tmp_path):
    totals, lines = replayed(half, tmp_path / "out")
    assert [line["unused"] for line in lines] == [["a"]] * 20
    assert (totals.from_memory.value, totals.unused.value) == (0.0, 0.5)
