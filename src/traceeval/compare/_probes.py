"""What must not move a judge (metrics.md section 14): each probe is a paired difference with nothing but its cause in it.

Length and self-preference compare a judge with people on pairs, half of the weight on pairs where people preferred the longer
(own) output and half on the others: a judge that errs by chance errs both ways and stays at 0, whatever people prefer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from traceeval.compare._columns import Columns
from traceeval.measures.clustered import FEWEST, Shift, contrast, holm, shift
from traceeval.model import Probe

LEAST, LEVEL = 0.05, 0.05
_ABSENT = "there are no verdicts on it"


def probes(told: Columns) -> tuple[Probe, ...]:
    """Every probe, those that could not be measured with the reason. Flags hold together: Holm over all of them."""
    found = list(_probes(told))
    measured = [probe for probe in found if probe.p is not None]
    adjusted = dict(zip(map(id, measured), holm([probe.p or 0.0 for probe in measured]), strict=True))
    return tuple(_judged(probe, adjusted.get(id(probe))) for probe in found)


def _judged(probe: Probe, adjusted: float | None) -> Probe:
    if adjusted is None:
        return probe
    flagged = adjusted < LEVEL and abs(probe.effect or 0.0) >= LEAST
    return msgspec.structs.replace(probe, adjusted=adjusted, flagged=flagged)


def _probes(told: Columns) -> Iterator[Probe]:
    yield _position(told)
    yield _against(told, "length", "pairs of unequal length", told.longer, "no pair has lengths")
    yield _changed(told, "length", "neutral padding", "padded")
    own = None if told.own is None else np.where(told.sound == 0, 0.0, told.own)
    yield _against(told, "self_preference", "pairs with its own family", own, "no pair names families and the judge's")
    yield _refusal(told)
    yield _changed(told, "injection", "an order to the judge in the output", "injected")
    framings = sorted(name for name in told.variants if name.partition(":")[0] == "framed")
    for name in framings:
        yield _changed(told, "framing", f"the question {name.partition(':')[2] or 'in other words'}", name)
    if not framings:
        yield Probe(name="framing", by="the question in other words", status="not_applicable", why=_ABSENT)
    yield _inflation(told)
    yield _blind_spot(told)


def _position(told: Columns) -> Probe:
    by = "both orders"
    if "swapped" not in told.variants:
        return Probe(name="position", by=by, status="not_applicable", why="no pair was judged in both orders")
    went_first = np.where(told.paired, told.judge - told.variants["swapped"], np.nan)
    found = shift(went_first, told.cluster)
    return _probe(
        "position", by, found and replace(found, value=found.value / 2, low=found.low / 2, high=found.high / 2)
    )


def _against(told: Columns, name: str, by: str, side: Any, absent: str) -> Probe:
    """Where ``side`` is 1 the verdict's share for a counts, where -1 that for b; people's ties and 0 are left out.

    The mean of both orders where a pair was judged in both: what a judge owes to the place cancels.
    """
    said = _both_orders(told)
    usable = told.paired & np.isfinite(said) & np.isfinite(told.people) & (told.people != 0.5)
    usable &= False if side is None else np.abs(np.nan_to_num(side)) == 1
    if not usable.any():
        return Probe(name=name, by=by, status="not_applicable", why=absent)
    judge, people = (np.where(side == 1, said, 1 - said), np.where(side == 1, told.people, 1 - told.people))
    for_it = usable & (people == 1)
    against = usable & (people == 0)
    if not for_it.any() or not against.any():
        return Probe(name=name, by=by, status="insufficient", why="people preferred one kind throughout")
    weights = np.where(for_it, 1 / for_it.sum(), 1 / max(against.sum(), 1))
    return _probe(name, by, shift(np.where(usable, judge - people, np.nan), told.cluster, weights))


def _both_orders(told: Columns) -> Any:
    """Its plain verdicts; the mean of both orders where a pair was judged in both."""
    swapped = told.variants.get("swapped")
    return told.judge if swapped is None else np.where(np.isfinite(swapped), (told.judge + swapped) / 2, told.judge)


def _changed(told: Columns, name: str, by: str, probe: str) -> Probe:
    if probe not in told.variants:
        return Probe(name=name, by=by, status="not_applicable", why=_ABSENT)
    return _probe(name, by, shift(told.variants[probe] - told.judge, told.cluster))


def _refusal(told: Columns) -> Probe:
    """Against the mean of both orders: a judge that takes what stands first has further to fall when that is refused."""
    by = "the same as a polite refusal"
    if "refused" not in told.variants:
        return Probe(name="refusal", by=by, status="not_applicable", why=_ABSENT)
    if told.refused is None or not np.isfinite(told.refused).any():
        return Probe(name="refusal", by=by, status="not_applicable", why="people judged no refusal of these")
    moved = (told.variants["refused"] - _both_orders(told)) - (told.refused - told.people)
    return _probe("refusal", by, shift(moved / 2, told.cluster), scale=2)


def _inflation(told: Columns) -> Probe:
    by = "marks above people's"
    if told.paired.all():
        return Probe(name="inflation", by=by, status="not_applicable", why="there are no marks")
    return _probe("inflation", by, shift(np.where(told.paired, np.nan, told.judge - told.people), told.cluster))


def _blind_spot(told: Columns) -> Probe:
    by = "failures passed: its own family against others"
    usable = ~told.paired & (told.people < told.passes)
    usable &= False if told.own is None else np.isfinite(told.own)
    if not usable.any():
        return Probe(
            name="blind_spot", by=by, status="not_applicable", why="no failure names its family and the judge's"
        )
    passed = np.where(np.isfinite(told.judge), told.judge >= told.passes, np.nan)
    found = contrast(passed[usable], told.own[usable] == 1, told.cluster[usable])
    return _probe("blind_spot", by, found)


def _probe(name: str, by: str, found: Shift | None, scale: float = 1) -> Probe:
    if found is None:
        return Probe(name=name, by=by, status="insufficient", why=f"under {FEWEST} scenario families")
    return Probe(
        name=name,
        by=by,
        status="measured",
        effect=found.value * scale,
        low=max(-1.0, found.low * scale),
        high=min(1.0, found.high * scale),
        p=found.p,
        n=found.n,
        clusters=found.clusters,
    )
