"""Whether the same request told otherwise comes out the same, beside how far the agent varies by itself (metrics.md section 10).

Two trials are the same by their result, by the final state, by the values the answer states, by what held of what was
asserted: each apart, never mixed, and never without the pass rates beside them, for always wrong is consistent too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import msgspec

from traceeval.compare.reliability import cell_table, kind_of
from traceeval.errors import ConfigError
from traceeval.measures import consistency as measure
from traceeval.measures.clustered import holm
from traceeval.measures.interval import wilson
from traceeval.measures.passk import all_of, over_scenarios
from traceeval.model import (
    CONSISTENCY,
    ConsistencyReport,
    ConsistencyTable,
    ParaphraseGroup,
    Sameness,
    ScenarioMean,
    TrialOutcome,
    WordingRow,
)
from traceeval.model.replayed import CellTable, Reliable

ALPHA = 0.05
_HARNESS = ("infra_error", "diverged")
Wordings = Mapping[str | None, Sequence["Telling"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One trial of one wording. ``state``, ``answer``: what two trials are compared by; None: not recorded."""

    outcome: TrialOutcome
    state: Hashable | None = None
    answer: Hashable | None = None

    def by(self, kind: Sameness) -> Hashable | None:
        """What it came to, as something that is equal or not; None where nobody can tell."""
        if kind == "result":
            return self.outcome.result if self.outcome.result in ("pass", "fail") else None
        if kind == "assertions":
            return tuple(sorted((name, one.held) for name, one in self.outcome.assertions.items())) or None
        return self.state if kind == "state" else self.answer


def find_consistency(suite: str, agent: str, replays: Sequence[str], told: Sequence[Telling]) -> ConsistencyReport:
    """What the trials of one agent say; faults, attacks and wordings that mean something else are left out.

    Raises:
        ConfigError: no scenario was told in two wordings.
    """
    reasons = [_left_out(one.outcome) for one in told]
    kept = [one for one, why in zip(told, reasons, strict=True) if not why]
    groups = {name: wordings for name, wordings in _by_wording(kept).items() if len(wordings) > 1}
    if not groups:
        raise ConfigError(
            f"{', '.join(replays)}: no scenario was told in two wordings; `traceeval scenario vary` makes some"
        )
    outcomes = [one.outcome for wordings in groups.values() for rows in wordings.values() for one in rows]
    return ConsistencyReport(
        schema_version=CONSISTENCY,
        suite=suite,
        agent=agent,
        replays=tuple(replays),
        trials=len(outcomes),
        left_out=dict(sorted(Counter(why for why in reasons if why).items())),
        tables=tuple(_tables(groups)),
        reliable=tuple(_reliable(outcomes)),
        across=tuple(_across(groups)),
    )


def _left_out(one: TrialOutcome) -> str:
    if one.result in _HARNESS:
        return one.result
    if kind_of(one.cell, one.attack) not in ("as_written", "variants"):
        return "under a fault or an attack"
    return "" if one.preserving else "it means something else"


def _by_wording(told: Iterable[Telling]) -> dict[str, dict[str | None, list[Telling]]]:
    found: dict[str, dict[str | None, list[Telling]]] = {}
    for one in told:
        found.setdefault(one.outcome.cell.scenario, {}).setdefault(one.outcome.cell.variant, []).append(one)
    return found


def _tables(groups: Mapping[str, Wordings]) -> Iterator[ConsistencyTable]:
    for kind in get_args(Sameness):
        found = [made for name, wordings in groups.items() if (made := _group(name, wordings, kind)) is not None]
        if found:
            told = _corrected(found)
            yield ConsistencyTable(
                by=kind,
                groups=tuple(sorted(told, key=lambda one: (one.p, one.between, one.scenario))),
                between=_share([one.between for one in told]),
                within=_share([one.within for one in told if one.within is not None]),
                effect=_share([one.effect for one in told if one.effect is not None]),
            )


def _group(scenario: str, wordings: Wordings, kind: Sameness) -> ParaphraseGroup | None:
    """None where fewer than two wordings have a trial that says anything, or none of them states a value."""
    came = {name: [out for one in rows if (out := one.by(kind)) is not None] for name, rows in wordings.items()}
    came = {name: outs for name, outs in came.items() if outs}
    if len(came) < 2 or (kind == "answer" and not any(out for outs in came.values() for out in outs)):
        return None
    told = list(came.values())
    between = measure.between(dict(enumerate(told)))
    assert between is not None
    chances = measure.wording_chances(told)
    rows = zip(came, measure.with_others(told), chances, strict=True)
    return ParaphraseGroup(
        scenario=scenario,
        wordings=tuple(_wording(name, wordings[name], agrees, p) for name, agrees, p in rows),
        between=between,
        within=measure.within(dict(enumerate(told))),
        effect=measure.effect_of(told),
        p=min(chances),
    )


def _wording(name: str | None, rows: Sequence[Telling], agrees: float, p: float) -> WordingRow:
    judged = [one.outcome.result == "pass" for one in rows if one.outcome.result in ("pass", "fail")]
    low, high = wilson(sum(judged), len(judged)) or (None, None)
    return WordingRow(
        wording=name, trials=len(rows), passes=sum(judged), judged=len(judged), low=low, high=high, agrees=agrees, p=p
    )


def _corrected(groups: Sequence[ParaphraseGroup]) -> list[ParaphraseGroup]:
    """With p corrected for the number of scenarios; a wording is named only where its scenario differs after that."""
    found = []
    for one, p in zip(groups, holm([group.p for group in groups]), strict=True):
        rows = [msgspec.structs.replace(row, departs=p < ALPHA and row.p < ALPHA) for row in one.wordings]
        found.append(msgspec.structs.replace(one, p=p, differs=p < ALPHA, wordings=tuple(rows)))
    return found


def _share(values: Sequence[float]) -> ScenarioMean:
    """A mean over scenarios. Where all say the same, a negative one too, Wilson's interval of its size."""
    signs = [math.copysign(1.0, value) for value in values]
    turned = -1.0 if values and max(signs) < 0 else 1.0
    found = over_scenarios([turned * value for value in values])
    if turned > 0 or found.value is None or found.low is None or found.high is None:
        return ScenarioMean(value=found.value, low=found.low, high=found.high, n=found.n, by=found.by)
    return ScenarioMean(value=-found.value, low=-found.high, high=-found.low, n=found.n, by=found.by)


def _reliable(outcomes: Sequence[TrialOutcome]) -> Iterator[CellTable]:
    for kind in ("as_written", "variants"):
        if rows := [one for one in outcomes if kind_of(one.cell, one.attack) == kind]:
            yield cell_table(kind, rows)


def _across(groups: Mapping[str, Wordings]) -> Iterator[Reliable]:
    """pass^k with a wording for a trial, for k of 2, 4, 8 and the most wordings a scenario has."""
    rates = [_rates(wordings) for wordings in groups.values()]
    most = max(map(len, rates))
    for k in sorted({most, *(k for k in (2, 4, 8) if k <= most)} - {0, 1}):
        values = [all_of(told, k) for told in rates if len(told) >= k]
        found = over_scenarios(values, uncovered=len(rates) - len(values))
        yield Reliable(
            k=k,
            value=found.value,
            low=found.low,
            high=found.high,
            worst=None,
            best=None,
            scenarios=found.n,
            uncovered=found.uncovered,
            by=found.by,
        )


def _rates(wordings: Wordings) -> list[float]:
    """The pass rate of each wording that has a judged trial."""
    counted = [Counter(one.outcome.result for one in rows) for rows in wordings.values()]
    return [one["pass"] / judged for one in counted if (judged := one["pass"] + one["fail"])]
