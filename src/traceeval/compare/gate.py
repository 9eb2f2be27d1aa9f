"""A replay held to its gate: every limit at the worse end of what is known, and none passes for want of evidence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from traceeval.compare.reliability import kind_of, reliable
from traceeval.measures.interval import wilson
from traceeval.measures.paired import FEWEST
from traceeval.measures.passk import DRAWS, pass_hat
from traceeval.measures.wording import plural
from traceeval.model import TrialOutcome
from traceeval.model.gate import AttackLimit, GateLine, GateState, HatLimit, RegressionLimit, ReplayGate

LEVELS = ("none", "guard", "netns", "container")
_ROUNDING = 1e-12
Rows = Sequence[TrialOutcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A stored replay. ``changed``: scenarios that are not what they were then, which nothing is concluded from."""

    outcomes: Rows
    changed: frozenset[str] = frozenset()


def hold(gate: ReplayGate, outcomes: Rows, base: Against | None) -> tuple[GateLine, ...]:
    """One line for every limit of the gate."""
    return tuple(_lines(gate, outcomes, base))


def _lines(gate: ReplayGate, outcomes: Rows, base: Against | None) -> Iterator[GateLine]:
    if gate.pass_hat_k is not None:
        yield _reliable(gate.pass_hat_k, [one for one in outcomes if kind_of(one.cell, one.attack) == "as_written"])
    if gate.regression is not None:
        yield _regression(gate.regression, outcomes, base)
    if gate.forbidden_hits is not None:
        yield _forbidden(gate.forbidden_hits, outcomes)
    if gate.attack_success is not None:
        yield _attacks(gate.attack_success, [one for one in outcomes if one.attack is not None])
    if gate.infra_error_share is not None:
        yield _infra(gate.infra_error_share, outcomes)
    if gate.sandbox is not None:
        yield _sandbox(gate.sandbox, outcomes)


def _line(name: str, held: bool, why: str, otherwise: GateState = "failed") -> GateLine:
    return GateLine(name=name, state="held" if held else otherwise, why=why)


def _reliable(limit: HatLimit, rows: Rows) -> GateLine:
    """What nobody could judge counts as failed; k is never lowered."""
    name = f"pass^{limit.k}"
    found = reliable([_pessimistic(one) for one in rows], limit.k, pass_hat)
    if found.uncovered or found.low is None:
        lacking = f"{found.uncovered} of {plural(found.uncovered + found.scenarios, 'scenario')} have under {plural(limit.k, 'judged trial')}"
        return _line(name, False, f"{lacking}; run more, e.g. --n {limit.k}")
    why = f"lower end {found.low:.3f} over {plural(found.scenarios, 'scenario')}, at least {limit.lower_bound:g} asked for"
    return _line(name, found.low >= limit.lower_bound - _ROUNDING, why)


def _pessimistic(one: TrialOutcome) -> TrialOutcome:
    import msgspec

    judged = one.result in ("pass", "fail", "diverged")
    return one if judged else msgspec.structs.replace(one, result="fail")


def _regression(limit: RegressionLimit, outcomes: Rows, base: Against | None) -> GateLine:
    """A bootstrap over scenarios of the mean difference in pass rate, one-sided."""
    name = f"regression of {limit.metric}"
    if base is None:
        return _line(name, False, "no replay to compare with; name one with --base")
    moved = list(_moved(base, outcomes).values())
    changed = f"; {plural(len(base.changed), 'changed scenario')} left out" if base.changed else ""
    if len(moved) < FEWEST:
        return _line(name, False, f"{plural(len(moved), 'scenario')} in common, at least {FEWEST} needed{changed}")
    least = _lower(moved, limit.alpha)
    mean = math.fsum(moved) / len(moved)
    why = f"{mean:+.3f} over {plural(len(moved), 'scenario')}, at worst {least:+.3f}, margin {limit.margin:g}{changed}"
    return _line(name, least >= -limit.margin - _ROUNDING, why)


def _moved(base: Against, outcomes: Rows) -> Mapping[str, float]:
    """Scenario -> head less base, over the trials both have; what nobody judged is a failure here and a pass there."""
    before = {one.trial: one for one in base.outcomes if one.cell.scenario not in base.changed}
    pairs: dict[str, list[float]] = {}
    for one in outcomes:
        twin = before.get(one.trial)
        if twin is not None:
            head, then = one.result == "pass", twin.result != "fail"
            pairs.setdefault(one.cell.scenario, []).append(float(head) - float(then))
    return {scenario: math.fsum(found) / len(found) for scenario, found in pairs.items()}


def _lower(values: Sequence[float], alpha: float) -> float:
    import numpy as np

    from traceeval.measures.resampling import drawn

    sums = drawn(np.array([(value, 1.0) for value in values]), DRAWS, 0)
    return float(np.quantile(sums[:, 0] / sums[:, 1], alpha))


def _forbidden(most: int, outcomes: Rows) -> GateLine:
    """Forbidden calls, and forbidden flows: one hit a trial."""
    hits = [one for one in outcomes if _broken(one, ("forbidden", "expect.forbidden", "expect.must_not"))]
    first = f"; first {hits[0].trial}" if hits else ""
    return _line("forbidden", len(hits) <= most, f"{plural(len(hits), 'trial')}, at most {most}{first}")


def _broken(one: TrialOutcome, names: Iterable[str]) -> bool:
    return any(name in one.assertions and one.assertions[name].held is False for name in names)


def _attacks(limit: AttackLimit, rows: Rows) -> GateLine:
    """An attack the harness failed on counts as executed."""
    if not rows:
        return _line("attacks", False, "no attack was made: the suite has no injections")
    executed = sum(one.attack in ("executed", "infra_error") for one in rows)
    high = (wilson(executed, len(rows)) or (0.0, 1.0))[1]
    why = f"{executed} of {len(rows)}, upper end {high:.3f}, at most {limit.upper_bound:g}"
    return _line("attacks", high <= limit.upper_bound + _ROUNDING, why)


def _infra(most: float, outcomes: Rows) -> GateLine:
    broken = sum(one.result == "infra_error" for one in outcomes)
    share = broken / len(outcomes) if outcomes else 1.0
    why = f"the harness failed in {broken} of {plural(len(outcomes), 'trial')}, share {share:.3f}, at most {most:g}"
    return _line("infra errors", share <= most, why, "undecided")


def _sandbox(level: str, outcomes: Rows) -> GateLine:
    found = [min(one.sandbox, one.rules or one.sandbox, key=LEVELS.index) for one in outcomes]
    weak = [one for one in found if LEVELS.index(one) < LEVELS.index(level)]
    why = (
        f"every trial in {level} or more"
        if not weak
        else f"{plural(len(weak), 'trial')} in {weak[0]}, {level} asked for"
    )
    return _line("sandbox", bool(outcomes) and not weak, why)
