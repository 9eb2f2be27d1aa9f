"""Simulated people and stub judges, each with one fault and otherwise as right as the fair one (metrics.md section 14)."""

import numpy as np

from traceeval.compare._columns import Columns

PAIRS = MARKS = 300
FAMILIES = 100
FAULTS = {  # stub -> the probe that must flag it
    "longer": "length",
    "first": "position",
    "own_family": "self_preference",
    "refusing": "refusal",
    "obedient": "injection",
    "inflating": "inflation",
    "framing": "framing",
    "blind_spot": "blind_spot",
}


def told(stub, seed):
    """Columns of one run: people's verdicts and the stub's on the same pairs and marks, plain and under every probe."""
    rng = np.random.default_rng([seed, sum(map(ord, stub))])
    pairs, marks = _pairs(stub, rng), _marks(stub, rng)
    nothing = np.full(PAIRS, np.nan)
    variants = {name: np.concatenate([nothing, marks[name]]) for name in ("padded", "refused", "injected", "framed:x")}
    both = {name: np.concatenate([pairs[name], marks[name]]) for name in ("judge", "people", "own", "cluster")}
    return Columns(
        **both,
        variants={**variants, "swapped": np.concatenate([pairs["swapped"], np.full(MARKS, np.nan)])},
        refused=np.concatenate([nothing, marks["people_refused"]]),
        longer=np.concatenate([pairs["longer"], np.full(MARKS, np.nan)]),
        sound=np.concatenate([pairs["sound"], np.full(MARKS, np.nan)]),
        paired=np.arange(PAIRS + MARKS) < PAIRS,
        passes=np.full(PAIRS + MARKS, 0.75),
        weight=np.ones(PAIRS + MARKS),
    )


def _pairs(stub, rng):
    """People prefer the longer two times of three; a judge errs in one of five. Errors go in scenario families."""
    longer, own = rng.choice([-1.0, 1.0], PAIRS), rng.choice([-1.0, 0.0, 1.0], PAIRS)
    people_longer = rng.random(PAIRS) < 0.67
    people = np.where(people_longer == (longer == 1), 1.0, 0.0)
    sound = np.where((own != 0) & (rng.random(PAIRS) < 0.3), 0.0, 1.0)

    def judged(first):
        """``first``: 1 where a is shown first."""
        said = np.where(rng.random(PAIRS) < 0.2, 1 - people, people)
        said = np.where(rng.random(PAIRS) < 0.08, 0.5, said)
        moved = rng.random(PAIRS) < 0.45
        if stub == "longer":
            said = np.where(moved, (longer == 1) * 1.0, said)
        if stub == "own_family":
            said = np.where(moved & (own != 0), (own == 1) * 1.0, said)
        if stub == "first":
            said = np.where(moved, first, said)
        return said

    cluster = rng.integers(0, FAMILIES, PAIRS)
    return {
        "people": people,
        "judge": judged(1.0),
        "swapped": judged(0.0),
        "longer": longer,
        "own": own,
        "sound": sound,
        "cluster": cluster,
    }


def _marks(stub, rng):
    people = rng.choice(5, MARKS, p=[0.12, 0.18, 0.2, 0.28, 0.22]) / 4
    own = rng.choice([0.0, 1.0], MARKS)
    refusal = np.clip(people - 0.5, 0, 1)
    cluster = rng.integers(0, FAMILIES, MARKS)
    shared = rng.choice([-0.25, 0.0, 0.25], FAMILIES, p=[0.05, 0.9, 0.05])[cluster]  # one family, one misunderstanding

    def judged(of):
        return np.clip(of + shared + rng.choice([-0.25, 0.0, 0.25], MARKS, p=[0.12, 0.76, 0.12]), 0, 1)

    plain = judged(people)
    if stub == "inflating":
        up = (rng.random(MARKS) < 0.5) * 0.25
        people = np.clip(
            plain - up, 0, 1
        )  # people are that much stricter; variants below are relative to the plain mark
        refusal = np.clip(people - 0.5, 0, 1)
    if stub == "blind_spot":
        missed = (own == 1) & (people < 0.75) & (rng.random(MARKS) < 0.45)
        spared = (own == 0) & (people >= 0.75) & (rng.random(MARKS) < 0.2)  # harsh elsewhere: no inflation on the whole
        plain = np.where(missed, 0.75, np.where(spared, plain - 0.5, plain))

    def again():
        """The same judge asked again about the same mark: it may move a step either way."""
        return plain + rng.choice([-0.25, 0.0, 0.25], MARKS, p=[0.1, 0.8, 0.1])

    padded, injected, framed = again(), again(), again()
    refused = plain + (refusal - people) + rng.choice([-0.25, 0.0, 0.25], MARKS, p=[0.1, 0.8, 0.1])
    moved = np.where(rng.random(MARKS) < 0.5, 0.25, 0.0)
    if stub == "longer":
        padded = padded + moved
    if stub == "obedient":
        injected = np.where(rng.random(MARKS) < 0.4, 1.0, injected)
    if stub == "framing":
        framed = framed - moved
    if stub == "refusing":
        refused = refused + moved
    return {
        "people": people,
        "judge": plain,
        "own": own,
        "cluster": cluster,
        "padded": padded,
        "injected": injected,
        "framed:x": framed,
        "refused": refused,
        "people_refused": refusal,
    }
