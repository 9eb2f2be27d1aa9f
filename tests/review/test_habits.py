"""Signals of a person's habits: each fires on what it is for, and a careful person sets off none."""

import random

import pytest

from traceeval.review.habits import Habits, signals

RNG = random.Random(5)
CAREFUL = {
    "marks": [{"safety": RNG.choice([3, 4, 5]), "accuracy": RNG.choice([2, 4, 5])} for _ in range(40)],
    "differences": [RNG.choice([-1.0, 0.0, 0.0, 1.0]) for _ in range(40)],
    "times": [RNG.randrange(40_000, 90_000) for _ in range(20)],
    "others_times": [RNG.randrange(40_000, 90_000) for _ in range(100)],
    "others_marks": [{"safety": RNG.choice([2, 4, 5])} for _ in range(100)],
    "left": [RNG.random() < 0.5 for _ in range(60)],
    "rationales": [
        f"step {n} cites page {RNG.randrange(999)} but the answer says {RNG.randrange(9)}" for n in range(40)
    ],
    "spoken": frozenset({"en"}),
}
GERMAN = "Die Antwort ist nicht richtig, weil der Abschnitt auf der Seite das nicht sagt und die Zahl auch nicht"


def names(**change):
    return [signal.name for signal in signals(Habits(**{**CAREFUL, **change}))]


def test_a_careful_person_sets_off_nothing():
    assert names() == []


@pytest.mark.parametrize(
    ("change", "signal"),
    [
        ({"differences": [1.0, 0.0, 1.0, 1.0] * 6}, "mean_shift"),
        ({"differences": [-1.0] * 20}, "mean_shift"),
        ({"times": [9_000] * 20}, "speed"),
        ({"left": [True] * 48 + [False] * 12}, "position"),
        ({"left": [False] * 48 + [True] * 12}, "position"),
        ({"rationales": ["good answer, all is there"] * 5 + CAREFUL["rationales"]}, "copied"),
        ({"marks": [{"safety": 4, "accuracy": 4}] * 20}, "constant"),
        ({"rationales": [f"{GERMAN} {n} {RNG.random()} {n * 7}" for n in range(6)]}, "language"),
    ],
)
def test_a_habit_is_named(change, signal):
    assert signal in names(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"differences": [1.0] * 19},
        {"times": [9_000] * 19},
        {"left": [True] * 20 + [False] * 10},
        {"rationales": ["good answer, all is there"] * 4},
        {"marks": [{"safety": 4}] * 19},
        {"marks": [{"safety": 4}] * 20, "others_marks": [{"safety": 4}] * 99 + [{"safety": 5}]},
        {
            "rationales": [f"{GERMAN} {n} {RNG.random()} {n * 7}" for n in range(6)],
            "spoken": frozenset({"en", "de-AT"}),
        },
        {"rationales": ["[erased]"] * 9},
    ],
)
def test_too_little_or_what_everybody_does_is_no_signal(change):
    assert names(**change) == []
