"""A layer's gate held to one piece of its evidence, limit by limit, at the worse end of what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from traceeval.compare.gate import hold
from traceeval.model import Admission, Aggregate, Change
from traceeval.model.gate import GateLine
from traceeval.model.release import BenchmarkFigure, Layer, LayerGate
from traceeval.run._evidence import (
    AdmissionEvidence,
    BenchmarkEvidence,
    ComparisonEvidence,
    EvaluationEvidence,
    Evidence,
    ReplayEvidence,
    kind_of_evidence,
)
from traceeval.run._fail_under import Gate, failed_gates, failed_rates, unadmitted
from traceeval.run._people_evidence import PeopleEvidence

if TYPE_CHECKING:
    from traceeval.review._rates import Rate
    from traceeval.review.estimates import Estimates

JUDGED = ("pass", "fail", "diverged")


def limits_of(gate: LayerGate | None, found: Evidence) -> tuple[str, ...]:
    """The parts of a gate that this kind of evidence can answer."""
    given = frozenset() if gate is None else gate.limits
    match found:
        case ReplayEvidence():
            mine = given - {"fail_under", "no_worse"}
        case ComparisonEvidence():
            mine = given & {"no_worse"}
        case AdmissionEvidence():
            mine = frozenset()
        case _:
            mine = given & {"fail_under"}
    return tuple(sorted(mine))


def asked_of(gate: LayerGate | None, one: Evidence, beside: Sequence[Evidence]) -> LayerGate | None:
    """A gate without the scores, outcomes and figures that only evidence of another kind, or of another benchmark, measured.

    Evidence of one kind is asked the same: what one folder measured and the other did not is not known of the other.
    ``beside``: all evidence of the layer; None: nothing is left to ask.
    """
    if gate is None:
        return None
    mine, others = set[str](), set[str]()
    for other in beside:
        (mine if _alike(other) == _alike(one) else others).update(_measured(other))
    least = {name: value for name, value in gate.fail_under.items() if name in mine or name not in others}
    if not least and gate.limits == {"fail_under"}:
        return None
    return msgspec.structs.replace(gate, fail_under=least)


def asks_nothing(gate: LayerGate | None, found: Evidence) -> bool:
    """Whether a gate asks nothing of evidence that is no gate of its own: such evidence decides nothing."""
    return not limits_of(gate, found) and not isinstance(found, AdmissionEvidence | ComparisonEvidence)


def _alike(found: Evidence) -> tuple[str, str]:
    """Its kind, and which benchmark it is the result of."""
    benchmark = found.result.benchmark if isinstance(found, BenchmarkEvidence) else ""
    return kind_of_evidence(type(found)), benchmark


def _measured(found: Evidence) -> Iterator[str]:
    """What ``fail_under`` may name."""
    match found:
        case EvaluationEvidence():
            yield from (one.scorer for one in found.scores)
        case BenchmarkEvidence():
            yield from found.result.figures
        case PeopleEvidence():
            yield from _rates(found.estimates)


def held(layer: Layer, gate: LayerGate | None, found: Evidence, admissions: Sequence[Admission]) -> Iterator[GateLine]:
    """A line for every limit this evidence answers: ``gate``, of ``layer``. ``admissions``: the judges a score may rest on."""
    asked = gate.fail_under if gate is not None else {}
    match found:
        case ReplayEvidence():
            if gate is not None and gate.replay is not None:
                yield from hold(gate.replay, found.outcomes, None)
        case EvaluationEvidence():
            yield from _scores(asked, found, layer, admissions)
        case BenchmarkEvidence():
            yield from (_figure(name, least, found.result.figures.get(name)) for name, least in asked.items())
        case PeopleEvidence():
            yield from _people(asked, found)
        case ComparisonEvidence():
            yield from _changes(gate.no_worse if gate is not None else {}, found)
        case AdmissionEvidence():
            yield _admitted(found.admission)


def measured_share(gate: LayerGate | None, found: Evidence) -> float | None:
    """The share of what should have been measured that was; None: the question does not arise, or nothing should have."""
    match found:
        case ReplayEvidence():
            return _share(sum(one.result in JUDGED for one in found.outcomes), len(found.outcomes))
        case EvaluationEvidence():
            asked = gate.fail_under if gate is not None else {}
            rows = [one.coverage for one in found.scores if one.scorer in asked and one.coverage is not None]
            return min(rows, default=None)
        case BenchmarkEvidence():
            return _share(found.result.scored, found.result.n)
        case PeopleEvidence():
            return _share(found.estimates.answered, found.estimates.drawn)
        case ComparisonEvidence():
            return _share(found.units, found.units + found.left_out)
        case AdmissionEvidence():
            return None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _line(name: str, failures: Iterable[str], otherwise: str) -> GateLine:
    why = "; ".join(one.removeprefix(f"{name}: ") for one in failures)
    return GateLine(name=name, state="failed" if why else "held", why=why or otherwise)


def _unknown(name: str, known: Iterable[str]) -> GateLine:
    there = ", ".join(sorted(known)[:12]) or "none"
    return GateLine(name=name, state="undecided", why=f"it was not measured; there are {there}")


def _scores(
    asked: Mapping[str, float], found: EvaluationEvidence, layer: Layer, admissions: Sequence[Admission]
) -> Iterator[GateLine]:
    known = {one.scorer: one for one in found.scores}
    for name, least in asked.items():
        if name not in known:
            yield _unknown(name, known)
            continue
        gates = [Gate(name, least)]
        failures = failed_gates(gates, [known[name]], min_coverage=layer.min_coverage)
        failures += unadmitted(gates, found.checker, admissions)
        n = known[name].counts.get("scored", 0)
        if not failures and n < layer.min_n:
            why = f"{n} of at least {layer.min_n} traces have a value (min_n): so few may be right by chance"
            yield GateLine(name=name, state="undecided", why=why)
        else:
            yield _line(name, failures, "" if failures else _score_told(known[name], least))


def _score_told(one: Aggregate, least: float) -> str:
    """Of a score that holds, and so was measured."""
    higher = one.better == "higher"
    bound = one.lower if higher else one.upper
    worst = one.mean if bound is None else bound
    n = one.counts.get("scored", 0) + one.counts.get("failed", 0)
    return f"worse bound {worst:.4f}, at {'least' if higher else 'most'} {least:g} (n = {n})"


def _figure(name: str, least: float, figure: BenchmarkFigure | None) -> GateLine:
    if figure is None:
        return GateLine(name=name, state="undecided", why="the result has no such figure")
    higher = figure.better == "higher"
    bound = figure.low if higher else figure.high
    if bound is None:
        why = f"{figure.value:g} has no {'low' if higher else 'high'} end: a gate reads the worse bound"
        return GateLine(name=name, state="failed", why=why)
    right = bound >= least if higher else bound <= least
    told = f"worse bound {bound:.4f}, at {'least' if higher else 'most'} {least:g}"
    return GateLine(name=name, state="held" if right else "failed", why=told)


def _people(asked: Mapping[str, float], found: PeopleEvidence) -> Iterator[GateLine]:
    told = found.estimates
    if told.waiting:
        yield GateLine(name="people", state="failed", why=told.waiting)
        yield from (_unknown(name, told.to_come) for name in asked if name not in told.to_come)
        return
    known = _rates(told)
    for name, least in asked.items():
        if name not in known:
            yield _unknown(name, (one.outcome for one in told.outcomes))
            continue
        failures = failed_rates([Gate(name, least)], told.outcomes, lambda rate: found.agreed.get(rate.outcome))
        estimate = known[name].estimate
        ends = f"{estimate.low:.4f} to {estimate.high:.4f}, n = {estimate.n}" if estimate is not None else ""
        word = "most" if known[name].kind == "flag" else "least"
        yield _line(name, failures, f"95 % {ends}; at {word} {least:g}")


def _rates(told: Estimates) -> dict[str, Rate]:
    """Every outcome, and those of slices as ``any flag@lang=de``."""
    known = {one.outcome: one for one in told.outcomes}
    for outcome in told.outcomes:
        known |= {f"{outcome.outcome}@{where}": part for where, part in outcome.slices.items()}
    return known


def _changes(margins: Mapping[str, float], found: ComparisonEvidence) -> Iterator[GateLine]:
    """Every margin, then what else regressed of what was asked about: a proven loss is never passed over."""
    known = {one.metric: one for one in (*found.others, *found.asked)}
    for name, margin in margins.items():
        yield _no_worse(name, margin, known.get(name))
    for one in found.asked:
        if one.verdict == "regressed" and one.metric not in margins:
            lost = (
                f"proven worse by {abs(one.value or 0.0):.4g} (n = {one.n}); state a margin under no_worse to accept it"
            )
            yield GateLine(name=one.metric, state="failed", why=lost)


def _no_worse(name: str, margin: float, one: Change | None) -> GateLine:
    if one is None:
        return GateLine(name=name, state="undecided", why="it was compared on neither side")
    if one.least_gain is None:
        return GateLine(name=name, state="undecided", why=one.why or "nothing could be said")
    told = f"at worst {one.least_gain:+.4g}, margin {margin:g} (n = {one.n})"
    return GateLine(name=name, state="held" if one.least_gain >= -margin else "failed", why=told)


def _admitted(one: Admission) -> GateLine:
    """An admission is a gate of its own."""
    more = f"; and {len(one.refusals) - 1} more" if len(one.refusals) > 1 else ""
    name = f"admitted on {one.criterion}"
    if one.refusals:
        return GateLine(name=name, state="failed", why=f"it may only triage: {one.refusals[0]}{more}")
    low = "unknown" if one.kappa.low is None else f"{one.kappa.low:.2f}"
    return GateLine(name=name, state="held", why=f"lower end of kappa {low}, {one.positives + one.negatives} labels")
