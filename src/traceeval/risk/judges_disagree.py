"""R-CONF: two who were asked the same do not agree, or the one who decided was hardly sure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from traceeval.graph import Dossier
from traceeval.model import Evidence, RiskReason, Score
from traceeval.registry import risk_rule
from traceeval.risk._reasons import reason

# scorers that answer one question, whoever answers it
_SAME = (
    frozenset({"generator.grounded", "ragas.faithfulness"}),
    frozenset({"generator.correct", "ragas.answer_correctness", "ragas.factual_correctness"}),
    frozenset({"generator.on_topic", "ragas.answer_relevancy"}),
    frozenset({"tool.f1", "ragas.tool_call_f1"}),
)
_GROUP = {name: group for group, same in enumerate(_SAME) for name in same}
_APART, _MARGIN = 0.5, 0.1


@risk_rule("judges_disagree", id="R-CONF")
def judges_disagree(dossier: Dossier) -> RiskReason | None:
    """Scores of one question that are at least half the range apart, or decided claims within .1 of an even chance.

    The weight grows with the distance. One scorer twice with other parameters is no disagreement.
    """
    apart = max(_distances(dossier), default=None, key=lambda row: row[0])
    close = [v for v in (dossier.checked.verdicts if dossier.checked is not None else ()) if _hardly(v.outcome, v.p)]
    if apart is None and not close:
        return None
    span = dossier.answer.span if dossier.answer is not None and dossier.answer.span else dossier.trace.spans[0].id
    evidence = [Evidence(span=span, field="answer", quote=verdict.claim.text) for verdict in close]
    if apart is None:
        text = f"{len(close)} claims were decided within {_MARGIN} of an even chance: {close[0].claim.text}"
        return reason(dossier, "judges_disagree", text, evidence, times=0.5, acted=0.0)
    distance, first, second = apart
    text = f"{first.scorer} says {first.value:.2f}, {second.scorer} {second.value:.2f}"
    evidence += [*first.evidence, *second.evidence] or [Evidence(span=span, field="answer", quote=text)]
    return reason(dossier, "judges_disagree", text, evidence, times=distance, acted=0.0)


def _distances(dossier: Dossier) -> Iterator[tuple[float, Score, Score]]:
    for names in _asked_the_same(tuple(dossier.scores)):
        asked = [score for name in names for score in dossier.scores[name] if score.value is not None]
        for at, first in enumerate(asked):
            for second in asked[at + 1 :]:
                distance = abs((first.value or 0.0) - (second.value or 0.0))
                named = {first.scorer.partition("(")[0], second.scorer.partition("(")[0]}
                if len(named) == 2 and distance >= _APART:
                    yield distance, first, second


@lru_cache(maxsize=64)
def _asked_the_same(scorers: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Those that answer one question, of each question that more than one answers."""
    groups: list[list[str]] = [[] for _ in _SAME]
    for name in scorers:
        group = _GROUP.get(name.partition("(")[0])
        if group is not None:
            groups[group].append(name)
    return tuple(tuple(names) for names in groups if len(names) > 1)


def _hardly(outcome: str, p: float | None) -> bool:
    return outcome in ("supported", "unsupported", "contradicted") and p is not None and abs(p - 0.5) < _MARGIN
