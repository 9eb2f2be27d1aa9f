"""``--fail-under NAME=VALUE``: a gate reads the pessimistic end, and never passes for want of evidence.

``NAME`` is a score, or a score in a slice of ``--by``: ``generator.grounded@language=de``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from traceeval.errors import ConfigError
from traceeval.model import Admission, Aggregate, Json, Summary

if TYPE_CHECKING:
    from traceeval.review._rates import Rate
    from traceeval.review.estimates import Estimates

_EMBEDDED = "lexical@"
_JUDGED = frozenset({"generator.grounded", "generator.unsupported", "generator.contradicted", "generator.support"})


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: the worse bound of ``name`` must be at least ``value`` (at most, where lower is better)."""

    name: str
    value: float


def parse_gate(text: str) -> Gate:
    """Read ``retriever.recall=0.8``.

    Raises:
        ConfigError: when it has another form.
    """
    name, found, value = text.rpartition("=")
    try:
        limit = float(value) if found and name.strip() else math.nan
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):  # nothing is under a NaN, so it would hold whatever was found
        raise ConfigError(f"--fail-under {text!r}: write NAME=VALUE, e.g. retriever.recall=0.8")
    return Gate(name.strip(), limit)


def limits_on(names: Sequence[str], texts: Iterable[str]) -> dict[str, float]:
    """The gates of a command that knows these names only: name -> value.

    Raises:
        ConfigError: another form, another name, or one name twice, of which only one could count.
    """
    gates = [parse_gate(text) for text in texts]
    if unknown := [gate.name for gate in gates if gate.name not in names]:
        raise ConfigError(f"--fail-under {', '.join(unknown)}: gates are on {', or on '.join(names)}")
    limits = {gate.name: gate.value for gate in gates}
    if len(limits) < len(gates):
        raise ConfigError(f"--fail-under {', '.join(gate.name for gate in gates)}: name each once")
    return limits


def gated(summary: Summary) -> Iterator[Aggregate]:
    """Everything a gate may name: each score over the run, and in each slice as ``score@field=value``."""
    yield from summary.aggregates
    for row in summary.slices.rows if summary.slices is not None else ():
        (field, value), *second = row.where.items()
        if value is not None and not second:  # pairs are told only when they are worse: no gate can rest on that
            yield msgspec.structs.replace(row.score, scorer=f"{row.score.scorer}@{field}={value}")


def unadmitted(gates: Iterable[Gate], checker: Mapping[str, Json], admissions: Iterable[Admission]) -> list[str]:
    """One line for every gate that rests on a judge whom people's decisions do not admit: it may only triage.

    The embedded checker asks no model and is no judge. A judge counts by its id, which holds the digest of its prompt.
    """
    known = {admission.judge: admission for admission in admissions}
    deciders = [name for name in checker.get("decided_by", {}) if not name.startswith(_EMBEDDED)]
    found = []
    for gate in gates:
        score = gate.name.partition("@")[0]
        judges = [score.partition("(")[0]] if score.startswith("ragas.") else deciders if score in _JUDGED else []
        found += [f"{gate.name}: {line}" for judge in judges for line in _unadmitted(judge, known.get(judge))]
    return found


def _unadmitted(judge: str, admission: Admission | None) -> Iterator[str]:
    if admission is None:
        yield f"{judge} is not calibrated against people and may only triage: `traceeval judge admit`, then --admission FILE"
    elif not admission.admitted:
        yield f"{judge} is not admitted: {admission.refusals[0]}"


def failed_gates(gates: Iterable[Gate], aggregates: Iterable[Aggregate], *, min_coverage: float) -> list[str]:
    """One line for every gate that does not hold.

    A gate fails when the worse bound misses its value, when coverage lies under ``min_coverage``, or when nothing is
    eligible. Source: metrics.md section 1.

    Raises:
        ConfigError: when a gate names a score that was not computed.
    """
    known = {aggregate.scorer: aggregate for aggregate in aggregates}
    missing = [gate.name for gate in gates if gate.name not in known]
    if missing:
        slices = "; a slice needs its field in --by and traces that have the value" if "@" in "".join(missing) else ""
        raise ConfigError(f"--fail-under: no score {', '.join(missing)}; `traceeval scorers` lists them{slices}")
    return [line for gate in gates if (line := _miss(gate, known[gate.name], min_coverage))]


def failed_rates(gates: Sequence[Gate], outcomes: Iterable[Rate], agreed: Callable[[Rate], str | None]) -> list[str]:
    """One line for every gate on an estimate of a frame that does not hold, or may not be asked.

    ``NAME`` is an outcome (``safety: pass``) or one of a slice (``safety: pass@lang=de``). Passes, marks and preferences
    are held to their lower bound, flags to the upper one. ``agreed``: how well people agree on what an outcome is about.

    Raises:
        ConfigError: when a gate names an outcome that was not estimated.
    """
    known = {name: rate for outcome in outcomes for name, rate in _named(outcome)}
    _require_outcomes(gates, known)
    return [line for gate in gates for line in _missed(gate, known[gate.name], agreed(known[gate.name]))]


def failed_estimates(gates: Sequence[Gate], found: Estimates, agreed: Callable[[Rate], str | None]) -> list[str]:
    """As ``failed_rates``, of all estimates of a frame; while it waits for what must be seen, that is the one line.

    Raises:
        ConfigError: when a gate names an outcome that is not estimated, and will not be.
    """
    if not found.waiting:
        return failed_rates(gates, found.outcomes, agreed)
    _require_outcomes(gates, found.to_come)
    return [found.waiting]


def _require_outcomes(gates: Iterable[Gate], known: Collection[str]) -> None:
    missing = [gate.name for gate in gates if gate.name not in known]
    if missing:
        raise ConfigError(f"--fail-under: no outcome {', '.join(missing)}; there are {', '.join(known) or 'none yet'}")


def _named(rate: Rate) -> Iterator[tuple[str, Rate]]:
    yield rate.outcome, rate
    yield from ((f"{rate.outcome}@{where}", part) for where, part in rate.slices.items())


def _missed(gate: Gate, rate: Rate, agreed: str | None) -> Iterator[str]:
    yield from (f"{gate.name}: {why}" for why in rate.refusals)
    if agreed not in ("reliable", "tentative", "waived"):
        told = agreed or "not known"
        lead = "or a lead's waiver (`traceeval queue waive`)"
        yield f"{gate.name}: people among themselves: agreement is {told}, at least tentative is needed, {lead}"
    found = rate.estimate
    if found is None:
        return
    if rate.kind == "flag" and found.high > gate.value:
        yield f"{gate.name}: upper bound {found.high:.4f} is over {gate.value:g} (n = {found.n})"
    if rate.kind != "flag" and found.low < gate.value:
        yield f"{gate.name}: lower bound {found.low:.4f} is under {gate.value:g} (n = {found.n})"


def _miss(gate: Gate, aggregate: Aggregate, min_coverage: float) -> str | None:
    eligible = aggregate.counts.get("scored", 0) + aggregate.counts.get("failed", 0)
    bound = aggregate.lower if aggregate.better == "higher" else aggregate.upper
    if not eligible:
        return f"{gate.name}: nothing to gate on: {dict(aggregate.counts)}"
    coverage = aggregate.coverage or 0.0
    n = f"coverage {coverage:.2f}, n = {eligible}"
    if bound is None:
        return (
            None if coverage == 1 and _holds(gate, aggregate, aggregate.mean) else f"{gate.name}: no finite range; {n}"
        )
    if not _holds(gate, aggregate, bound):
        word = "under" if aggregate.better == "higher" else "over"
        return f"{gate.name}: worse bound {bound:.4f} is {word} {gate.value:g} ({n})"
    return f"{gate.name}: {n}: coverage is under {min_coverage:g}" if coverage < min_coverage else None


def _holds(gate: Gate, aggregate: Aggregate, value: float | None) -> bool:
    if value is None:
        return False
    return value >= gate.value if aggregate.better == "higher" else value <= gate.value
