"""One measure on both sides becomes a Change: what moved, how sure that is, and what may be concluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from traceeval.compare._unit_values import OWN, UnitValues
from traceeval.measures.clustered import holm
from traceeval.measures.paired import (
    FEW,
    FEWEST,
    LEAST,
    RESAMPLES,
    Difference,
    compare_pairs,
    false_discovery,
    units_needed,
)
from traceeval.model import Change, Moved, StatusChange

SHOWN = 10
FEWER = 1000  # resamples of what no decision rests on
TEN_POINTS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What is known of a measure beside its values. ``margin``: a loss up to which one version is as good as the other."""

    name: str
    component: str | None = None
    better: Literal["higher", "lower"] = "higher"
    margin: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What to call each unit, and one trace of it on either side; in the order of the arrays."""

    units: Sequence[str]
    base: Sequence[str]
    head: Sequence[str]


def change(
    measure: Metric,
    values: UnitValues,
    names: Names,
    *,
    trials: bool,
    resamples: int = RESAMPLES,
    among: int = 1,
    alpha: float = 0.05,
) -> Change:
    """The difference over the units that both sides scored; p is not corrected yet.

    ``among``: how many measures are going to be corrected together; what is detectable is so after that correction.
    """
    import numpy as np

    both = np.isfinite(values.base) & np.isfinite(values.head)
    base, head = values.base[both], values.head[both]
    found = compare_pairs(base, head, trials=trials, resamples=resamples, alpha=alpha / among)
    lower, upper, failed = _left_open(values)
    gain = head - base if measure.better == "higher" else base - head
    return Change(
        metric=measure.name,
        component=measure.component,
        better=measure.better,
        n=len(gain),
        verdict="undecided",
        base=float(base.mean()) if len(base) else None,
        head=float(head.mean()) if len(head) else None,
        lower=lower,
        upper=upper,
        failed=failed,
        statuses=_statuses(values, trials=trials),
        helped=int((gain > LEAST).sum()),
        hurt=int((gain < -LEAST).sum()),
        best=_most(both, base, head, gain, names),
        worst=_most(both, base, head, -gain, names),
        **({} if found is None else _surely(measure.name, found, base, head, alpha / among)),
    )


def _surely(name: str, found: Difference, base: Any, head: Any, alpha: float) -> dict[str, Any]:
    """The difference and how sure it is, as fields of a Change."""
    told = {field: getattr(found, field) for field in ("value", "low", "high", "p", "method", "detectable")}
    return told | {"needed": _needed(name, found, base, head, alpha)}


def _needed(name: str, found: Difference, base: Any, head: Any, alpha: float) -> int | None:
    """Units that would show ten points, where the measure is a share and differs at all."""
    share = (
        OWN.get(name, ("share",))[0] == "share"
        and min(base.min(), head.min()) >= 0
        and max(base.max(), head.max()) <= 1
    )
    return units_needed(found.spread, TEN_POINTS, alpha=alpha, grain=found.grain) if share and found.spread else None


def _left_open(values: UnitValues) -> tuple[float | None, float | None, int]:
    """Between what the mean difference lies, with every failed score at its worst and best; and how many units that is."""
    import numpy as np

    low = values.head_ends[0] - values.base_ends[1]
    high = values.head_ends[1] - values.base_ends[0]
    known = ~(np.isnan(low) | np.isnan(high))
    if not known.any():
        return None, None, 0
    ends = [float(end[known].mean()) for end in (low, high)]
    lower, upper = (end if np.isfinite(end) else None for end in ends)
    return lower, upper, int((high[known] - low[known] > LEAST).sum())


def _statuses(values: UnitValues, *, trials: bool) -> tuple[StatusChange, ...]:
    """The statuses whose share changed more than chance would have it."""
    found = []
    for name, (base, head) in values.statuses.items():
        moved = compare_pairs(base, head, trials=trials, resamples=FEWER) if (base != head).any() else None
        if moved is not None:
            found.append(StatusChange(status=name, base=float(base.mean()), head=float(head.mean()), p=moved.p))
    adjusted = false_discovery([one.p for one in found])
    return tuple(one for one, p in zip(found, adjusted, strict=True) if p < 0.05)


def _most(both: Any, base: Any, head: Any, by: Any, names: Names) -> tuple[Moved, ...]:
    """The units that moved most in one direction, the most first."""
    import numpy as np

    at = np.flatnonzero(both)
    order = [k for k in np.argsort(-by, kind="stable")[:SHOWN] if by[k] > LEAST]
    return tuple(
        Moved(
            unit=names.units[at[k]],
            base=float(base[k]),
            head=float(head[k]),
            base_trace=names.base[at[k]],
            head_trace=names.head[at[k]],
        )
        for k in order
    )


def judged(changes: Iterable[Change], margins: Mapping[str, float], *, family: bool, alpha: float) -> list[Change]:
    """Changes with p corrected (Holm for what was asked about, Benjamini-Hochberg for the rest) and a verdict."""
    changes = list(changes)
    chances = [one.p for one in changes if one.p is not None]
    adjusted = iter(holm(chances) if family else false_discovery(chances))
    corrected = (msgspec.structs.replace(one, adjusted=None if one.p is None else next(adjusted)) for one in changes)
    return [_judged(one, margins.get(one.metric), alpha) for one in corrected]


def _judged(one: Change, margin: float | None, alpha: float) -> Change:
    if one.adjusted is None or one.value is None or one.low is None or one.high is None:
        why = f"insufficient_pairs: {one.n} of at least {FEWEST}"
        return msgspec.structs.replace(one, verdict="undecided", why=why)
    if one.adjusted >= alpha and one.detectable is None and margin is None:
        return msgspec.structs.replace(
            one, why=f"no difference could show: {one.n} pairs are too few for so many measures"
        )
    few = f"; {one.n} pairs are few" if one.n < FEW else ""
    if one.adjusted < alpha and abs(one.value) > LEAST:
        if not _stands(one):
            return msgspec.structs.replace(one, why=f"the {one.failed} pairs that failed could turn it{few}")
        better = one.gain is not None and one.gain > 0
        return msgspec.structs.replace(one, verdict="improved" if better else "regressed", why=few.lstrip("; "))
    if margin is not None and _within(one, margin):
        return msgspec.structs.replace(one, verdict="equivalent", why=f"within {margin:g} either way{few}")
    return msgspec.structs.replace(one, why=f"no difference shown{few}")


def _stands(one: Change) -> bool:
    """Whether the mean difference keeps its sign whatever the failed scores would have said."""
    if not one.failed:
        return True
    return one.lower is not None and one.upper is not None and (one.lower > 0 or one.upper < 0)


def _within(one: Change, margin: float) -> bool:
    ends = [one.low, one.high, *((one.lower, one.upper) if one.failed else ())]
    return all(end is not None and abs(end) < margin for end in ends)
