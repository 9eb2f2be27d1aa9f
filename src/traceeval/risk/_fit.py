"""Recalibrating the level on what people decided. Little is learned from little: under 50 labels nothing at all."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import msgspec

from traceeval.measures.calibration import brier, ece
from traceeval.measures.monotone import Monotone, fit_monotone, sigmoid
from traceeval.model import Policy, RiskFit

ENOUGH, MANY = 50, 300
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Labelled:
    """One decided trace: log-odds each rule added, and whether people confirmed harm or a breach.

    ``family``: what may not be split; ``pi``: the chance it had to be seen at all.
    """

    weights: Mapping[str, float]
    confirmed: bool
    family: str
    pi: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit came to. ``fit`` None: nothing was refitted, and ``why`` says so.

    Figures before and after, those after on rows left out by family; None where they cannot be had.
    """

    labels: int
    confirmed: int
    why: str
    fit: RiskFit | None = None
    brier_before: float | None = None
    brier_after: float | None = None
    ece_before: float | None = None
    ece_after: float | None = None


def fit_risk(rows: Sequence[Labelled], policy: Policy, *, seed: int = 0) -> Fitted:
    """A fit for ``Policy.fit``: slope and shift from 50 labels on, weights too from 300 on; signs stay.

    Rows count by 1 / pi, so that what was queued for its risk does not make the world look worse than it is.
    """
    confirmed = sum(row.confirmed for row in rows)
    before = [(sigmoid(_logit(row, policy)), row.confirmed) for row in rows]
    done = Fitted(len(rows), confirmed, "", brier_before=brier(before), ece_before=ece(before))
    if len(rows) < ENOUGH:
        return _say(done, f"{len(rows)} labels, {ENOUGH} are needed: nothing is refitted, levels stay uncalibrated")
    if confirmed in (0, len(rows)):
        return _say(done, "all labels say the same: nothing is refitted, levels stay uncalibrated")
    fit = _fit(rows, policy, seed)
    after = list(_left_out(rows, policy))
    learned = "slope, shift and weights" if len(rows) >= MANY else "slope and shift"
    said = _say(done, f"{len(rows)} labels, {confirmed} confirmed: {learned} refitted")
    return replace(said, fit=fit, brier_after=brier(after), ece_after=ece(after))


def _fit(rows: Sequence[Labelled], policy: Policy, seed: int) -> RiskFit:
    rules, intercept = _weights(rows, policy) if len(rows) >= MANY else ({}, None)
    used = policy if intercept is None else msgspec.structs.replace(policy, rules=rules, intercept=intercept)
    if (
        intercept is None and policy.fit is not None
    ):  # weights an earlier fit relearned are what these rows were scored by
        rules, intercept = dict(policy.fit.rules), policy.fit.intercept
    scored = [(_logit(row, policy, used), row) for row in rows]
    line = _line(scored)
    return RiskFit(
        labels=len(rows),
        confirmed=sum(row.confirmed for row in rows),
        slope=round(line.weights["z"], 6),
        shift=round(line.intercept, 6),
        rules={name: round(weight, 6) for name, weight in rules.items()},
        intercept=None if intercept is None else round(intercept, 6),
        draws=tuple(_draws(scored, seed)),
        sha256=_digest(rows),
    )


def _logit(row: Labelled, policy: Policy, used: Policy | None = None) -> float:
    """Log-odds of a row: as recorded, or with other weights in the place of the policy's."""
    if used is None or used is policy:
        return policy.intercept + sum(row.weights.values())
    times = _times(row, policy)
    return used.intercept + sum(used.rules.get(name, 0.0) * value for name, value in times.items())


def _times(row: Labelled, policy: Policy) -> dict[str, float]:
    """How often each rule's weight was added."""
    return {name: value / known for name, value in row.weights.items() if (known := policy.rules.get(name, 0.0)) > 0}


def _weights(rows: Sequence[Labelled], policy: Policy) -> tuple[dict[str, float], float]:
    prior = {name: weight for name, weight in policy.rules.items() if weight > 0}
    table = [_times(row, policy) for row in rows]
    model = fit_monotone(table, [row.confirmed for row in rows], prior=prior, times=[1 / row.pi for row in rows])
    return dict(model.weights), model.intercept


def _line(scored: Sequence[tuple[float, Labelled]]) -> Monotone:
    return fit_monotone(
        [{"z": logit} for logit, _ in scored],
        [row.confirmed for _, row in scored],
        prior={"z": 1.0},
        times=[1 / row.pi for _, row in scored],
    )


def _draws(scored: Sequence[tuple[float, Labelled]], seed: int) -> Iterator[tuple[float, float]]:
    """(slope, shift) of resamples of families; one that lacks a class is drawn again, at most as often as it is asked for."""
    families: dict[str, list[tuple[float, Labelled]]] = {}
    for one in scored:
        families.setdefault(one[1].family, []).append(one)
    rng, names, made = random.Random(seed), sorted(families), 0
    for _ in range(2 * DRAWS):
        drawn = [one for name in rng.choices(names, k=len(names)) for one in families[name]]
        if len({row.confirmed for _, row in drawn}) == 2 and made < DRAWS:
            made += 1
            line = _line(drawn)
            yield round(line.weights["z"], 6), round(line.intercept, 6)


def _left_out(rows: Sequence[Labelled], policy: Policy, folds: int = 5) -> Iterator[tuple[float, bool]]:
    """(probability, label) of every row by a fit on the families of the other folds."""
    names = sorted({row.family for row in rows})
    random.Random(0).shuffle(names)
    at = {name: number % folds for number, name in enumerate(names)}
    for fold in range(folds):
        rest = [row for row in rows if at[row.family] != fold]
        held = [row for row in rows if at[row.family] == fold]
        if len({row.confirmed for row in rest}) < 2:
            continue
        rules, intercept = _weights(rest, policy) if len(rest) >= MANY else ({}, None)
        used = policy if intercept is None else msgspec.structs.replace(policy, rules=rules, intercept=intercept)
        line = _line([(_logit(row, policy, used), row) for row in rest])
        yield from ((line({"z": _logit(row, policy, used)}), row.confirmed) for row in held)


def _digest(rows: Sequence[Labelled]) -> str:
    told = sorted(repr((sorted(row.weights.items()), row.confirmed, row.family, row.pi)) for row in rows)
    return sha256("\n".join(told).encode()).hexdigest()


def _say(done: Fitted, why: str) -> Fitted:
    return replace(done, why=why)


def as_toml(fit: RiskFit) -> str:
    """The ``[fit]`` table to put at the end of a policy file."""
    lines = [
        "",
        "# Written by `traceeval risk fit` from decisions of people; delete this table to go back to the weights above.",
        "[fit]",
        f"labels = {fit.labels}",
        f"confirmed = {fit.confirmed}",
        f"slope = {fit.slope!r}",
        f"shift = {fit.shift!r}",
        *([] if fit.intercept is None else [f"intercept = {fit.intercept!r}"]),
        f'sha256 = "{fit.sha256}"',
        f"draws = [{', '.join(f'[{slope!r}, {shift!r}]' for slope, shift in fit.draws)}]",
    ]
    if fit.rules:
        lines += ["[fit.rules]", *(f"{name} = {weight!r}" for name, weight in sorted(fit.rules.items()))]
    return "\n".join(lines) + "\n"
