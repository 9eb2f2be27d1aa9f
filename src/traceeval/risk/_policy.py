"""The policy file, and how reasons add up to a level."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import msgspec

from traceeval.errors import ConfigError
from traceeval.measures.monotone import sigmoid
from traceeval.model import Policy, Risk, RiskReason

MIN_RANDOM_SHARE = 0.1
_TAIL, _Z90 = 0.05, 1.6448536269514722


def load_policy(path: str | Path | None = None) -> Policy:
    """The shipped policy, or a file in its place.

    Raises:
        ConfigError: for a file that is missing, not TOML, or has a key or value we do not know.
    """
    return _shipped() if path is None else _parse(Path(path))


@lru_cache(maxsize=1)
def _shipped() -> Policy:
    return _decode("risk/policy.toml", (files("traceeval.risk") / "policy.toml").read_text(encoding="utf-8"))


def _parse(path: Path) -> Policy:
    try:
        return _decode(str(path), path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); pass another --policy") from error


def _decode(where: str, text: str) -> Policy:
    try:
        policy = msgspec.convert(tomllib.loads(text), Policy)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}; the shipped file shows every key") from error
    if policy.random_share < MIN_RANDOM_SHARE:
        raise ConfigError(
            f"{where}: random_share {policy.random_share}: at least {MIN_RANDOM_SHARE}, or rates are biased"
        )
    if not 0 < policy.slice_rate < 1 or policy.slice_smallest < 1:
        raise ConfigError(f"{where}: slice_rate lies between 0 and 1, and slice_smallest is at least 1")
    if policy.spread < 0 or (policy.fit is not None and policy.fit.slope < 0):
        raise ConfigError(f"{where}: spread and fit.slope are at least 0; a reason may not lower a level")
    return _relearned(policy)


def _relearned(policy: Policy) -> Policy:
    """The policy with the weights its fit relearned in place of its own."""
    fit = policy.fit
    if fit is None or not fit.rules:
        return policy
    if min(fit.rules.values()) < 0:
        raise ConfigError("fit.rules: a weight is at least 0; a reason may not lower a level")
    intercept = policy.intercept if fit.intercept is None else fit.intercept
    return msgspec.structs.replace(policy, rules={**policy.rules, **fit.rules}, intercept=intercept)


def assess(trace: str, found: Sequence[RiskReason], policy: Policy) -> Risk:
    """The place of a trace in the queue. Reasons only ever add: one more never lowers the level.

    ``level = sigmoid(intercept + sum of weights)``, recalibrated where the policy holds a fit; each reason's
    counterfactual is the level without it. ``floor`` is the worst severity among the reasons: a deterministic severity
    5 is queued whatever the level. ``harm`` counts what reasons say about actions only. ``low``..``high`` is a 90 %
    interval: of the fit's resamples, or, uncalibrated, of how far the shipped weights may be off.
    """
    total = policy.intercept + math.fsum(max(reason.weight, 0.0) for reason in found)
    done = math.fsum(max(reason.weight if reason.harm is None else reason.harm, 0.0) for reason in found)
    reasons = tuple(
        msgspec.structs.replace(reason, counterfactual=_level(total - max(reason.weight, 0.0), policy))
        for reason in sorted(found, key=lambda reason: (-reason.floor, -reason.weight, reason.rule))
    )
    low, high = _interval(total, len(found), policy)
    return Risk(
        trace=trace,
        level=_level(total, policy),
        reasons=reasons,
        floor=max((reason.floor for reason in reasons), default=0),
        low=low,
        high=high,
        harm=_level(policy.intercept + done, policy),
        calibration="uncalibrated" if policy.fit is None else "fitted",
    )


def _level(total: float, policy: Policy) -> float:
    fit = policy.fit
    return round(sigmoid(total if fit is None else fit.slope * total + fit.shift), 6)


def _interval(total: float, reasons: int, policy: Policy) -> tuple[float, float]:
    """90 %. Shipped weights are taken to be off independently, the intercept as much as any."""
    if policy.fit is not None and policy.fit.draws:
        levels = sorted(sigmoid(slope * total + shift) for slope, shift in policy.fit.draws)
        at = (len(levels) - 1) * _TAIL
        return round(levels[math.floor(at)], 6), round(levels[math.ceil(len(levels) - 1 - at)], 6)
    half = _Z90 * policy.spread * math.sqrt(1 + reasons)
    return round(sigmoid(total - half), 6), round(sigmoid(total + half), 6)
