"""Worst-slice search on simulated runs of 600 traces; needs no rows. A row is a seed, fixed beforehand.

``ranked_first``: share of seeds in which the bad slice, 30 traces of a tenant that all fail, is ranked first.
``false_alarms``: share of seeds in which any slice is ranked although none is bad. Both with exact binomial intervals.
Subsets: ``pair``: the 30 are one language of one region; ``half``: 30 of a tenant's 60 fail, the rest as elsewhere;
``rare``: 1 in 100 fails, none is bad; ``sessions``: five traces each that fail together, none is bad; ``others``: share of
ranked slices that are not the bad one, over all seeds with one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from traceeval.compare import Coded, Measure, Observed, find_slices
from traceeval.model import Slices

TRACES, BAD, SEEDS = 600, 30, 200
RATE, SMALLEST = 0.05, 10
PASSES, GRADES = ("outcome", "generator.passed"), ("generator.grounded", "retriever.recall")
_PLANTED, _QUIET = ("tenant", "half", "pair"), ("none", "rare", "sessions")
MEASURES = tuple(Measure(name=name) for name in (*PASSES, *GRADES))


def rows() -> list[dict[str, Any]]:
    """The seeds."""
    return [{"id": seed, "group": seed} for seed in range(SEEDS)]


@dataclass(frozen=True, slots=True)
class World:
    """A simulated run: fields and scores by name, what repeats, and which slice is bad."""

    fields: dict[str, Any]
    scores: dict[str, Any]
    repeats: Any
    bad: dict[str, str]

    def found(self, *, repeats: bool = True) -> Slices:
        """What the search finds. ``repeats`` False: sessions are overlooked."""
        known = {name: np.unique(values, return_inverse=True) for name, values in self.fields.items()}
        observed = Observed(
            fields={name: Coded(codes, [(str(value),) for value in values]) for name, (values, codes) in known.items()},
            repeats=self.repeats if repeats else np.arange(TRACES),
            measures=MEASURES,
            read=lambda name: _column(self.scores[name]),
        )
        return find_slices(observed, rate=RATE, smallest=SMALLEST)


def _column(values: Any) -> tuple[Any, Any, Any]:
    """What is missing failed: it lies anywhere between 0 and 1."""
    unknown = np.isnan(values)
    return values, np.where(unknown, 0.0, values), np.where(unknown, 1.0, values)


def world(seed: int, kind: str) -> World:
    """One run. All scores of a trace fail together half of the time; one in twenty could not be had."""
    rng = np.random.default_rng([seed, len(kind)])
    sessions = np.repeat(np.arange(TRACES // 5), 5) if kind == "sessions" else np.arange(TRACES)
    units = sessions[-1] + 1
    fields = {
        "tenant": rng.permutation(np.repeat([f"t{at}" for at in range(20)], units // 20))[sessions],
        "language": rng.choice(["de", "en", "fr", "ja"], units, p=[0.2, 0.5, 0.2, 0.1])[sessions],
        "region": rng.permutation(np.repeat(["asia", "east", "north", "west"], units // 4))[sessions],
        "release": rng.choice(["1.2", "1.3"], TRACES),
    }
    where, hit = _planted(kind, fields, rng)
    rate = 0.01 if kind == "rare" else 0.1
    together = (rng.random(units) < rate)[sessions]
    scores = {}
    for name in (*PASSES, *GRADES):
        alone = (rng.random(units) < rate)[sessions]
        fails = np.where((rng.random(units) < 0.5)[sessions], together, alone) | hit
        scores[name] = np.where(fails, 0.0, 1.0)
        if name in GRADES:
            scores[name] = np.where(fails, rng.choice([0.0, 0.2, 0.4], TRACES), rng.choice([0.8, 0.9, 1.0], TRACES))
        scores[name][rng.random(TRACES) < 0.05] = np.nan
    return World(fields, scores, sessions, where)


def _planted(kind: str, fields: dict[str, Any], rng: np.random.Generator) -> tuple[dict[str, str], Any]:
    """(the bad slice, which traces fail in it); fields are changed so that it has the size the kind says."""
    none = np.zeros(TRACES, dtype=bool)
    if kind == "tenant":
        return {"tenant": "t7"}, fields["tenant"] == "t7"
    if kind == "half":
        fields["tenant"] = np.where(fields["tenant"] == "t8", "t7", fields["tenant"])
        none[rng.choice(np.flatnonzero(fields["tenant"] == "t7"), BAD, replace=False)] = True
        return {"tenant": "t7"}, none
    if kind == "pair":
        west, german = fields["region"] == "west", fields["language"] == "de"
        none[rng.choice(np.flatnonzero(west), BAD, replace=False)] = True
        fields["language"] = np.where(west & german, "en", fields["language"])
        fields["language"] = np.where(none, "de", fields["language"])
        return {"language": "de", "region": "west"}, none
    return {}, none


def run(rows: list[dict[str, Any]], cv: bool, path: Path | None) -> dict[str, Any]:
    """Hits and alarms over the seeds, and what simpler ways come to on the same runs. Nothing is fitted."""
    seeds = [row["id"] for row in rows]
    worlds = {kind: [world(seed, kind) for seed in seeds] for kind in (*_PLANTED, *_QUIET)}
    found = {kind: [one.found() for one in several] for kind, several in worlds.items()}
    hits = {kind: list(map(_first, worlds[kind], found[kind])) for kind in _PLANTED}
    others = [share for kind in _PLANTED for share in map(_others, worlds[kind], found[kind])]
    alarms = {kind: [bool(one.worst) for one in found[kind]] for kind in _QUIET}
    return {
        "metrics": {"ranked_first": share(hits["tenant"]), "false_alarms": share(alarms["none"])},
        "subsets": {
            "pair": {"ranked_first": share(hits["pair"])},
            "half": {"ranked_first": share(hits["half"])},
            "rare": {"false_alarms": share(alarms["rare"])},
            "sessions": {"false_alarms": share(alarms["sessions"])},
            "others": {"share": {"value": sum(others) / len(others), "low": None, "high": None}},
        },
        "baselines": _baselines(worlds, found),
        "misses": [
            f"{kind}: seed {seed}" for kind in hits for seed, hit in zip(seeds, hits[kind], strict=True) if not hit
        ],
    }


def share(hits: Sequence[bool]) -> dict[str, float | None]:
    """A rate with its exact 95 % binomial interval. Clopper & Pearson (1934)."""
    from scipy.stats import binomtest

    interval = binomtest(sum(hits), len(hits)).proportion_ci(method="exact")
    return {"value": sum(hits) / len(hits), "low": float(interval.low), "high": float(interval.high)}


def _first(run: World, found: Slices) -> bool:
    """Whether the bad slice is ranked first."""
    return bool(found.worst) and dict(found.worst[0].where) == run.bad


def _others(run: World, found: Slices) -> float:
    """Share of the ranked slices that have nothing of the bad one; 0 when none is ranked."""
    foreign = [not set(run.bad.items()) & set(row.where.items()) for row in found.worst]
    return sum(foreign) / max(len(foreign), 1)


def _baselines(worlds: dict[str, list[World]], found: dict[str, list[Slices]]) -> dict[str, dict[str, float]]:
    """The lowest mean is always somebody's; tests without correction, rank tests and overlooked sessions cry wolf."""
    lowest = [_lowest(run, slices) for run, slices in zip(worlds["tenant"], found["tenant"], strict=True)]
    overlooked = [bool(run.found(repeats=False).worst) for run in worlds["sessions"]]
    return {
        "lowest raw mean": {"ranked_first": _rate(lowest), "false_alarms": 1.0},
        "every value at .05, no correction": {"false_alarms": _rate(list(map(_uncorrected, found["none"])))},
        "rare, Mann-Whitney, corrected": {"false_alarms": _rate(list(map(_ranks, worlds["rare"])))},
        "sessions overlooked, corrected": {"false_alarms": _rate(overlooked)},
    }


def _rate(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits)


def _lowest(run: World, found: Slices) -> bool:
    """Whether the lowest mean of all values large enough to be compared is the bad slice's."""
    means = [(row.score.mean, row.where) for row in found.rows if row.p is not None and row.score.mean is not None]
    return dict(min(means, key=lambda pair: pair[0])[1]) == run.bad


def _uncorrected(found: Slices) -> bool:
    return any(row.p is not None and row.p <= RATE for row in found.rows)


def _ranks(run: World) -> bool:
    """Mann-Whitney of every value of every field against the rest, Benjamini & Hochberg over all of them."""
    from scipy.stats import false_discovery_control, mannwhitneyu

    found = []
    for values in run.fields.values():
        for value in np.unique(values):
            for scores in run.scores.values():
                mine, rest = (scores[side & ~np.isnan(scores)] for side in (values == value, values != value))
                if min(len(mine), len(rest)) >= SMALLEST:
                    found.append(mannwhitneyu(mine, rest, alternative="less", method="asymptotic").pvalue)
    return bool(min(false_discovery_control(found)) <= RATE)
