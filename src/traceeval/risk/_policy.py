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
    return policy


def assess(trace: str, found: Sequence[RiskReason], policy: Policy) -> Risk:
    """The place of a trace in the queue. Reasons only ever add: one more never lowers the level.

    ``level = logistic(intercept + sum of weights)``; each reason's counterfactual is the level without it. ``floor`` is
    the worst severity among the reasons: a deterministic severity 5 is queued whatever the level. ``harm`` counts
    what reasons say about actions only.
    """
    total = policy.intercept + math.fsum(max(reason.weight, 0.0) for reason in found)
    reasons = tuple(
        msgspec.structs.replace(reason, counterfactual=round(sigmoid(total - max(reason.weight, 0.0)), 6))
        for reason in sorted(found, key=lambda reason: (-reason.floor, -reason.weight, reason.rule))
    )
    floor = max((reason.floor for reason in reasons), default=0)
    done = math.fsum(max(reason.weight if reason.harm is None else reason.harm, 0.0) for reason in found)
    harm = round(sigmoid(policy.intercept + done), 6)
    return Risk(trace=trace, level=round(sigmoid(total), 6), reasons=reasons, floor=floor, harm=harm)
