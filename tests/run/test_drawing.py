"""Which traces of a run go to people under a budget (review.md section 6)."""

import math

import msgspec
import pytest
from sqlalchemy import create_engine, text

import traceeval
from traceeval.risk import load_policy
from traceeval.run._batch import Unit
from traceeval.run._drawing import by_budget, by_levels
from traceeval.run._interest import WEIGHTS, interest, signals
from traceeval.run._setup import Setup
from traceeval.testing import model, trace, user

SETUP = Setup(policy=load_policy())


class Frame(list):
    frame_sha256 = "f" * 64


def units(n=40, severe=3):
    return Frame(
        Unit(
            trace=f"t{k}", sha256=f"{k:064x}", level=k / n, floor=5 if k < severe else 0, pi=1.0, u=0.3, safety=False,
            why="level", reasons=(("judges_disagree", "they differ"),) if k % 2 else (), payload=b"{}",
        )
        for k in range(n)
    )  # fmt: skip


def test_signals_are_uncertainty_risk_and_what_the_rules_said():
    found = signals(0.2, ["judges_disagree", "high_stakes_domain", "defects"])
    assert found == {"uncertainty": 0.4, "risk": 0.2, "conflict": 1.0, "ambiguity": 0.0, "stakes": 1.0}
    assert interest(found) == pytest.approx(0.4 + 0.2 + 0.5 + 0.5)
    assert signals(1.0, [])["uncertainty"] == 0


def test_a_budget_is_spent_exactly_on_must_see_first_and_then_by_interest():
    drawing = by_budget(units(), SETUP, 10)
    found = list(drawing.units())
    assert math.fsum(unit.pi for unit in found) == pytest.approx(10)
    assert [unit.pi for unit in found[:3]] == [1.0] * 3
    assert [unit.why for unit in found[2:4]] == ["floor", "random"]
    calm, doubtful = found[38], found[21]
    assert calm.pi < doubtful.pi
    assert drawing.plan["budget"] == 10
    assert drawing.plan["weights"] == dict(WEIGHTS)
    assert drawing.drawn["floor"] == 3
    assert drawing.drawn.total() == sum(unit.u < unit.pi for unit in found)


def test_another_budget_is_another_plan_of_the_same_frame():
    one, other = by_budget(units(), SETUP, 10), by_budget(units(), SETUP, 20)
    assert one.frame_sha256 != other.frame_sha256
    assert all(a.pi <= b.pi + 1e-12 for a, b in zip(one.units(), other.units(), strict=True))


def test_without_a_budget_the_probabilities_stand():
    drawing = by_levels(units(), SETUP)
    assert drawing.frame_sha256 == "f" * 64
    assert [unit.pi for unit in drawing.units()] == [1.0] * 40
    assert drawing.drawn["level"] == 40


def chances(url):
    with create_engine(url).connect() as connection:
        found = connection.execute(text("SELECT pi, drawn, signals FROM selection_unit ORDER BY id")).all()
    return found


def test_evaluate_draws_by_budget_and_says_in_no_file_who_was_drawn_before_all_were_known(tmp_path):
    traces = [trace(user(f"question {n}"), model(f"answer {n}"), id=f"t{n}", answer=f"answer {n}") for n in range(60)]
    url, out = f"sqlite:///{tmp_path / 'q.db'}", tmp_path / "out"
    row = traceeval.evaluate(traces, queue=url, out=out, budget=20).summary().queue
    found = chances(url)
    assert sum(pi for pi, _, _ in found) == pytest.approx(20)
    assert row.drawn == row.added == sum(drawn for _, drawn, _ in found) > 0
    assert "uncertainty" in found[0].signals
    lines = [msgspec.json.decode(line) for line in (out / "risk.jsonl").read_bytes().splitlines()]
    assert {line["drawn"] for line in lines} == {line["pi"] for line in lines} == {None}
    more = traceeval.evaluate(traces, queue=url, out=tmp_path / "more", budget=40).summary().queue
    assert more.drawn > row.drawn
    assert more.added == more.drawn - row.drawn  # a larger budget only adds
